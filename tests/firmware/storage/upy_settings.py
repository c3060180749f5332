"""Settings: defaults, checks, and falling back one by one."""

from tests.firmware.storage.norflash import NorFlash
from watch.kernel.errors import InputError
from watch.storage import records, settings
from watch.storage.journal import Journal
from watch.storage.settings import Settings


def journal(stored=None):
    made = Journal(NorFlash(4))
    made.mount()
    if stored is not None:
        made.commit({records.SETTINGS: stored})
    return made


def loaded(memory):
    found = Settings(memory)
    found.load()
    return found


def refused(found, name, value):
    try:
        found.set(name, value)
    except InputError:
        return True
    return False


def test_defaults_are_allowed_by_the_table():
    found = loaded(journal())
    assert found.refused == 0
    for name, default, _ in settings.TABLE:
        assert found.get(name) == default
        assert settings._is_allowed(name, default), name


def test_a_change_survives():
    memory = journal()
    loaded(memory).set("language", "zh")
    loaded(memory).set("utc_offset_min", 480)
    again = loaded(memory)
    assert (again.get("language"), again.get("utc_offset_min"), again.refused) == ("zh", 480, 0)
    assert again.all()["radio"] == "windows"


def test_what_is_not_allowed_is_refused():
    found = loaded(journal())
    bad = (("language", "xx"), ("language", 1), ("brightness_percent", 4), ("brightness_percent", 101))
    bad += (("brightness_percent", True), ("clock_24h", 1), ("no such", 1), ("utc_offset_min", -721))
    bad += (("utc_offset_min", 841), ("brightness_percent", 50.0))
    for name, value in bad:
        assert refused(found, name, value), (name, value)
    assert found.all() == loaded(journal()).all()


def test_unknown_name():
    try:
        loaded(journal()).get("no such")
    except InputError:
        return
    raise AssertionError("InputError expected")


def test_bad_settings_fall_back_alone():
    found = loaded(journal(b'{"language":"zh","brightness_percent":900,"gone":1,"clock_24h":1,"vibration":"off"}'))
    assert (found.get("language"), found.get("vibration")) == ("zh", "off")
    assert (found.get("brightness_percent"), found.get("clock_24h")) == (60, True)
    assert found.refused == 3


def test_unreadable_settings_are_defaults_and_counted():
    for stored in (b"", b"{", b"[]", b"null", b"7", b"\xff\xfe", b'{"language":' + b"[" * 500, b" " * 1025, b'"x"'):
        found = loaded(journal(stored))
        assert found.refused == 1, stored
        assert found.all() == Settings(journal()).all()


def test_only_what_differs_is_stored():
    memory = journal()
    found = loaded(memory)
    found.set("language", "zh")
    found.set("language", "en")
    assert memory.get(records.SETTINGS) == b"{}"
