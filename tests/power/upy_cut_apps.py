"""Power cuts and refused writes while apps come, change and go: 0 lost, 0 mixed, old or new as a whole."""

from support.bundles import CODE, Cast, Home, signed, write

from tests.power.app_campaign import Deed
from tests.power.appflash import PLACE
from tests.power.campaign import Failed
from watch.apps.settings import AppSettings
from watch.crypto import cbor

SHARE = "cuts and faults"
LONG_WORDS = {"en": {"k%d" % place: "x" * 100 for place in range(30)}}
"""Enough for several blocks."""
FILES = {"app.mpy": CODE, "words.cbor": cbor.encode(LONG_WORDS)}
OTHER = {"en": "Lamp", "zh": "\u706f"}
CAST = Cast(Home("build/tests/cuts", files=PLACE).random)
BUNDLES = [signed(CAST.maker, FILES, version=[1, number, 0]) for number in range(2)]
LAMP = signed(CAST.maker, FILES, id="lamp", names=OTHER)


def enrolled(watch):
    watch.shelf.enrol(CAST.maker.public, "Ada")
    watch.install(LAMP)


def with_app(watch):
    """An app with settings and a file."""
    enrolled(watch)
    watch.install(BUNDLES[0])
    settings = AppSettings(watch.journal, "counter")
    settings.set("count", 7)
    settings.end()
    write(PLACE + "/data/counter/book", b"pages" * 100)


def licence(watch):
    watch.shelf.add_licence(CAST.licence(watch.device_id), CAST.store_certificate)


DEEDS = {
    "install": (enrolled, lambda watch: watch.install(BUNDLES[0])),
    "update": (with_app, lambda watch: watch.install(BUNDLES[1])),
    "remove": (with_app, lambda watch: watch.shelf.remove("counter")),
    "licence": (enrolled, licence),
    "revoke": (with_app, lambda watch: watch.shelf.revoke(CAST.revocations(1, serials=[9]))),
    "enrol": (enrolled, lambda watch: watch.shelf.enrol(CAST.other.public, "Bo")),
    "dismiss": (with_app, lambda watch: watch.shelf.dismiss(CAST.maker.public)),
    "strike": (with_app, lambda watch: watch.shelf.strike("counter")),
}


def test_cut_at_every_write():
    told = []
    for name, (prepare, act) in DEEDS.items():
        deed = Deed(CAST, prepare, act).cut()
        told.append("%s %d+%d" % (name, deed.first, deed.second))
    print("NOTE apps, cuts of the deed and of the boot after it: %s; 0 lost, 0 mixed" % ", ".join(told))


def test_every_write_refused():
    """A deed that has not changed anything says so; what it says was done is there."""
    told = []
    for name, (prepare, act) in DEEDS.items():
        if name == "strike":
            continue  # one that cannot be written down counts until the next start
        deed = Deed(CAST, prepare, act).fail()
        told.append("%s %d of %d" % (name, deed.reported, deed.first))
    print("NOTE apps, refused writes that were reported: %s; 0 passed for a success" % ", ".join(told))


def test_a_shelf_that_deletes_first_is_noticed():
    """The campaign can fail: an update whose old file goes before its record loses the app."""

    def hasty(watch):
        checked = watch.check(BUNDLES[1])
        watch.parts.folder.drop(watch.shelf.find("counter").file)
        watch.shelf.install(checked)

    expect_failure(with_app, hasty)


def test_a_removal_in_two_records_is_noticed():
    """An app that goes before its settings leaves them to whoever has its name next."""

    def in_two(watch):
        watch.facts.commit(watch.parts.apps.removal("counter"))
        AppSettings(watch.journal, "counter").forget()

    expect_failure(with_app, in_two)


def expect_failure(prepare, act):
    try:
        Deed(CAST, prepare, act).cut()
    except Failed:
        return
    raise AssertionError("not noticed")
