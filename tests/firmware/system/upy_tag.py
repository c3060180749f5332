"""What the tag says when."""

from support import scrubbing
from support.world import World, refused

from watch.access import states
from watch.kernel.errors import CorruptError, InputError, LockedError, WriteError
from watch.nfc import ndef_records
from watch.nfc.ndef import NdefTag
from watch.storage import records
from watch.system.tag import RECEIPT_MS, Tag

scrubbing.leave_out()

ADDRESS = b"\xc0\xff\xee\x01\x02\x03"
PUBLIC = ndef_records.text("Tapwatch")
PAIRING = ndef_records.pairing(ADDRESS, "Tapwatch")
LINK = "https://bank.example/r/123"
RECEIPT = ndef_records.uri(LINK)
OWN = ndef_records.uri("https://example.org/me")


class Finder:
    """A guard that can be told that the watch is lost, whatever the bank says."""

    def __init__(self, guard):
        self._guard = guard
        self.text = None
        self.unlocked = guard.unlocked
        self.listen = guard.listen

    def lost(self):
        """The finder's text."""
        return self.text


class Bench:
    """A watch with a passcode, unlocked, and its tag."""

    def __init__(self):
        self.world = World().set_passcode()
        self.tag = self.make()

    def make(self):
        """The tag of the present services."""
        services = self.world.services
        self.finder = Finder(services.guard)
        self.withdrawn = 0
        tag = Tag(Parts(services, self.finder), ADDRESS)
        tag.listen(self.count)
        return tag

    def count(self):
        """A message was taken away."""
        self.withdrawn += 1

    def wait(self, milliseconds):
        """Let time pass."""
        self.world.board.clock.now_us += milliseconds * 1000


class Parts:
    """The services that a tag uses, with another guard."""

    def __init__(self, services, guard):
        self.guard = guard
        self.journal = services.journal
        self.sealed = services.sealed
        self.clock = services.clock


def test_order_of_messages():
    bench = Bench()
    tag = bench.tag
    assert tag.message() == PUBLIC
    tag.set_own(OWN)
    assert tag.message() == OWN
    tag.receipt(LINK)
    assert tag.message() == RECEIPT
    tag.pairing(True)
    assert tag.message() == PAIRING
    bench.finder.text = "Please call +1 555 0100"
    assert tag.message() == ndef_records.text("Please call +1 555 0100")
    bench.finder.text = ""
    assert tag.message() == PUBLIC, "a lost watch without a text names nobody"
    bench.finder.text = None
    tag.pairing(False)
    assert tag.message() == RECEIPT
    tag.receipt("")
    assert tag.message() == OWN
    tag.set_own(None)
    assert tag.message() == PUBLIC


def test_every_message_is_well_formed_and_fits():
    bench = Bench()
    bench.finder.text = "找" * 26 + "!!"  # 80 bytes
    ndef_records.check(bench.tag.message())
    for message in (PUBLIC, PAIRING, RECEIPT, ndef_records.uri("http://" + "x" * 113)):
        ndef_records.check(message)


def test_receipt_is_forgotten_after_two_minutes():
    bench = Bench()
    bench.tag.receipt(LINK)
    bench.wait(RECEIPT_MS - 1)
    bench.tag.tick()
    assert bench.tag.message() == RECEIPT and bench.withdrawn == 0
    bench.wait(1)
    bench.tag.tick()
    assert bench.tag._receipt is None and bench.withdrawn == 1
    assert bench.tag.message() == PUBLIC


def test_receipt_is_not_given_out_late_although_nobody_ticked():
    bench = Bench()
    bench.tag.receipt(LINK)
    bench.wait(RECEIPT_MS)
    assert bench.tag.message() == PUBLIC


def test_a_newer_receipt_has_its_own_two_minutes():
    bench = Bench()
    bench.tag.receipt(LINK)
    bench.wait(RECEIPT_MS - 1)
    bench.tag.receipt(LINK + "4")
    assert bench.withdrawn == 1
    bench.wait(RECEIPT_MS - 1)
    assert bench.tag.message() == ndef_records.uri(LINK + "4")
    refused(InputError, bench.tag.receipt, "no link at all\n")
    assert bench.tag.message() == ndef_records.uri(LINK + "4"), "a bad link changes nothing"


def test_lock_takes_receipt_and_pairing_away_but_not_the_own_record():
    bench = Bench()
    tag = bench.tag
    tag.set_own(OWN)
    tag.receipt(LINK)
    tag.pairing(True)
    bench.withdrawn = 0
    bench.world.services.guard.lock()
    assert tag.message() == OWN and bench.withdrawn == 1
    bench.world.unlock()
    assert tag.message() == OWN, "they do not come back"


def test_losing_the_watch_takes_everything_away():
    bench = Bench()
    services = bench.world.services
    tag = Tag(services, ADDRESS)
    tag.listen(bench.count)
    tag.set_own(OWN)
    tag.receipt(LINK)
    tag.pairing(True)
    bench.withdrawn = 0
    services.guard.lose(b"issuer--", "call me", {})
    assert bench.withdrawn, "also from a reader in the middle"
    assert tag.message() == ndef_records.text("call me")
    services.guard.found(b"issuer--", {})
    assert tag.message() == OWN, "locked now"


def test_a_receipt_that_comes_while_locked_waits_for_the_unlock():
    bench = Bench()
    bench.world.services.guard.lock()
    bench.tag.receipt(LINK)
    assert bench.tag.message() == PUBLIC
    bench.world.unlock()
    assert bench.tag.message() == RECEIPT


def test_a_watch_without_a_radio_pairs_with_nobody():
    bench = Bench()
    tag = Tag(Parts(bench.world.services, bench.finder), None)
    tag.pairing(True)
    assert tag.message() == PUBLIC


def test_own_record_survives_a_restart_and_is_sealed():
    bench = Bench()
    bench.tag.set_own(OWN)
    assert OWN[4:] not in bench.world.services.journal.get(records.OWN_RECORD)
    bench.world.restart()
    tag = bench.make()
    assert tag.message() == OWN, "readable while locked"
    bench.world.unlock()
    tag.set_own(None)
    bench.world.restart()
    assert bench.make().message() == PUBLIC


def test_own_record_is_refused_while_locked_whatever_it_is():
    bench = Bench()
    bench.tag.set_own(OWN)
    bench.world.services.guard.lock()
    for message in (OWN, None, b"junk", 7):
        refused(LockedError, bench.tag.set_own, message)
    assert bench.tag.message() == OWN


def test_malformed_own_records_change_nothing():
    bench = Bench()
    bench.tag.set_own(OWN)
    for message in (b"", b"junk", OWN + b"\x00", OWN[:-1], b"\xc5\x00\x00\x00\x01\xfb" + bytes(507), 7, "text"):
        refused(InputError, bench.tag.set_own, message)
    assert bench.tag.message() == OWN
    bench.world.restart()
    assert bench.make().message() == OWN


def test_a_write_that_fails_keeps_the_old_record():
    bench = Bench()
    bench.tag.set_own(OWN)
    journal = bench.world.services.journal
    commit, journal.commit = journal.commit, refuse
    try:
        refused(WriteError, bench.tag.set_own, PUBLIC)
        refused(WriteError, bench.tag.set_own, None)
    finally:
        journal.commit = commit
    assert bench.tag.message() == OWN


def refuse(changes):
    """A flash that takes nothing."""
    raise WriteError("refused")


def test_a_damaged_record_is_an_error_and_not_an_empty_tag():
    bench = Bench()
    bench.world.services.sealed.write(records.OWN_RECORD, 5)
    refused(CorruptError, bench.make)


def test_wipe_leaves_nothing_of_the_wearer():
    bench = Bench()
    bench.tag.set_own(OWN)
    bench.tag.receipt(LINK)
    bench.tag.pairing(True)
    bench.world.services.guard.wipe()
    assert bench.world.services.guard.state == states.WIPING
    assert bench.tag.message() == PUBLIC
    bench.world.restart()
    assert bench.make().message() == PUBLIC


def test_what_is_taken_away_cannot_be_read_on():
    bench = Bench()
    ndef = NdefTag(bench.tag.message)
    bench.tag.listen(ndef.deselect)
    reply = bytearray(258)
    bench.tag.receipt(LINK)
    assert ndef.select(reply) == 0
    assert ndef.apdu(b"\x00\xa4\x00\x0c\x02\xe1\x04", 7, reply) == 0
    assert ndef.apdu(b"\x00\xb0\x00\x02\x05", 5, reply) == 5
    bench.wait(RECEIPT_MS)
    bench.tag.tick()
    assert ndef.apdu(b"\x00\xb0\x00\x02\x05", 5, reply) == -0x6985
    assert bytes(ndef._content) == bytes(len(ndef._content))
    assert ndef.select(reply) == 0
    assert RECEIPT not in bytes(ndef._content)


def test_what_is_new_waits_for_the_next_reader():
    bench = Bench()
    ndef = NdefTag(bench.tag.message)
    bench.tag.listen(ndef.deselect)
    reply = bytearray(258)
    ndef.select(reply)
    ndef.apdu(b"\x00\xa4\x00\x0c\x02\xe1\x04", 7, reply)
    bench.tag.receipt(LINK)
    bench.tag.pairing(True)
    assert ndef.apdu(b"\x00\xb0\x00\x00\x11", 5, reply) == 0x11
    assert reply[2:0x11] == PUBLIC
