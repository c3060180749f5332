"""What a computer takes from a development watch through its REPL: picture, logs, backup, and a restore that judges."""

import json
import struct
from binascii import a2b_base64, crc32

from support import scrubbing
from support.world import World

from watch.access import states
from watch.kernel.errors import InputError, WipedError
from watch.system.main import build
from watch.system.workbench.backup import MOST_BYTES, backup, restore
from watch.system.workbench.journal import journal
from watch.system.workbench.picture import picture

scrubbing.leave_out()


class _Host:
    """Takes printed lines and gives back blocks."""

    def __init__(self):
        self.lines = []

    def blocks(self):
        found = []
        for line in self.lines[:-1]:
            mark, length, crc, text = line.split(" ")
            data = a2b_base64(text)
            assert mark == "=" and len(data) == int(length) and crc32(data) == int(crc, 16), line[:40]
            found.append(data)
        assert self.lines[-1] == ". %d" % len(found), self.lines[-1]
        return found

    def json(self):
        return json.loads(b"".join(self.blocks()))


def _watch():
    world = World()
    return world, build(world.board)


def _saved(services):
    host = _Host()
    backup(services, host.lines.append)
    return host.json()


def _told(services, what):
    host = _Host()
    restore(services, json.dumps(what) if isinstance(what, dict) else what, host.lines.append)
    return dict(host.json())


def test_a_picture_covers_the_panel_and_is_what_the_panel_shows():
    world, watch = _watch()
    board = world.board
    host, drawn = _Host(), bytearray(board.display.width * board.display.height * 2)
    picture(watch, board, host.lines.append)
    size, *strips = host.blocks()
    width, height = struct.unpack(">2H", size)
    assert (width, height) == (board.display.width, board.display.height)
    rows = 0
    for strip in strips:
        x, y, w, h = struct.unpack_from(">4H", strip)
        assert (x, w) == (0, width) and len(strip) == 8 + w * h * 2, (x, y, w, h)
        drawn[y * width * 2 : (y + h) * width * 2] = strip[8:]
        rows += h
    assert rows == height
    assert any(drawn), "all is black"


def test_the_screen_is_drawn_anew_after_a_picture():
    world, watch = _watch()
    watch.stack.render()
    picture(watch, world.board, lambda line: None)
    assert watch._ui.damage.count == 1, "what the panel shows is not known to be drawn"


def test_the_journal_gives_what_is_new():
    _, watch = _watch()
    watch.log.warning("bench", "one")
    watch.services.app_log.write("torch", "light")
    first = _Host()
    journal(watch, 0, 0, first.lines.append)
    number, lines, app_number, apps = first.json()
    assert lines[-1].endswith("warning bench: one") and apps == ["torch: light"], (lines, apps)
    watch.log.info("bench", "two")
    second = _Host()
    journal(watch, number, app_number, second.lines.append)
    number, lines, _, apps = second.json()
    assert len(lines) == 1 and lines[0].endswith("info bench: two") and apps == [], (lines, apps)
    journal(watch, 5000, 5000, _Host().lines.append)


def test_a_watch_that_did_not_start_has_its_error():
    class Broken:
        error = InputError("text")

    host = _Host()
    journal(Broken(), 0, 0, host.lines.append)
    assert host.json()[1] == ["0 error start: InputError"]


def test_what_was_saved_comes_back():
    _, watch = _watch()
    services = watch.services
    services.settings.set("language", "zh")
    services.settings.set("steps_goal", 9000)
    now = services.local_minutes()
    services.alarms.enable(services.alarms.add(7, 30, 31, now, "up"), False, now)
    saved = _saved(services)
    _, other = _watch()
    assert set(_told(other.services, saved).values()) == {""}
    assert _saved(other.services) == saved
    assert set(_told(other.services, saved).values()) == {""}
    assert len(other.services.alarms) == 1, "an alarm came twice"


def test_a_backup_holds_no_secret():
    world = World().provision().set_passcode()
    watch = build(world.board)
    assert set(_saved(watch.services)) == {"version", "settings", "alarms"}


def test_every_value_is_judged_by_itself():
    _, watch = _watch()
    settings = {"language": "xx", "wrist": "right", "brightness_percent": True, "no_such": 1, "face": "../boot"}
    alarm = {"hour": 25, "minute": 0, "days": 0, "label": "", "on": True}
    told = _told(watch.services, {"version": 1, "settings": settings, "alarms": [alarm]})
    assert told["wrist"] == "" and watch.services.settings.get("wrist") == "right"
    assert all(problem for name, problem in told.items() if name != "wrist"), told
    assert watch.services.settings.get("language") == "en" and len(watch.services.alarms) == 0


HOSTILE = (
    "",
    "[]",
    "{",
    "7",
    "{" * 5000,
    '{"version": 2, "settings": {}, "alarms": []}',
    '{"version": 1, "settings": [], "alarms": []}',
    '{"version": 1, "settings": {}}',
    '{"version": 1, "settings": {}, "alarms": [1]}',
    '{"version": 1, "settings": {}, "alarms": [{"hour": 1}]}',
    '{"version": 1, "settings": {}, "alarms": [{"hour": "1", "minute": 0, "days": 0, "label": "", "on": true}]}',
    '{"version": 1, "settings": {}, "alarms": [{"hour": true, "minute": 0, "days": 0, "label": "", "on": true}]}',
    '{"version": 1, "settings": {}, "alarms": []}' + " " * MOST_BYTES,
)


def test_what_is_no_backup_changes_nothing():
    _, watch = _watch()
    before = _saved(watch.services)
    for text in HOSTILE:
        try:
            restore(watch.services, text, lambda line: None)
        except InputError:
            continue
        raise AssertionError("taken: " + text[:60])
    assert _saved(watch.services) == before
    print("NOTE workbench.hostile_backups_refused %d" % len(HOSTILE))


def test_a_backup_with_any_byte_changed():
    """Taken in part or refused, never anything else; what is stored stays what the watch itself would store."""
    _, watch = _watch()
    services = watch.services
    services.alarms.add(7, 30, 31, services.local_minutes(), "up")
    chosen = {"wrist": "right", "steps_goal": 9000}
    text = json.dumps({"version": 1, "settings": chosen, "alarms": _saved(services)["alarms"]})
    refused = 0
    for at in range(len(text)):
        for other in ('"', "9", "}", "\x00"):
            try:
                restore(services, text[:at] + other + text[at + 1 :], lambda line: None)
            except InputError:
                refused += 1
    services.settings.load()
    assert services.settings.refused == 0 and services.alarms.refused == 0
    assert refused > len(text), refused
    print("NOTE workbench.changed_backups_refused %d of %d" % (refused, 4 * len(text)))


def test_more_alarms_than_places_are_refused_one_by_one():
    _, watch = _watch()
    alarms = [{"hour": 1, "minute": minute, "days": 0, "label": "", "on": True} for minute in range(20)]
    told = _told(watch.services, {"version": 1, "settings": {}, "alarms": alarms})
    assert sum([problem == "" for problem in told.values()]) == len(watch.services.alarms) == 16


def test_a_watch_that_is_wiped_takes_nothing():
    _, watch = _watch()
    watch.services.guard.state = states.WIPING
    try:
        restore(watch.services, '{"version": 1, "settings": {}, "alarms": []}', lambda line: None)
    except WipedError:
        return
    raise AssertionError("it was taken")
