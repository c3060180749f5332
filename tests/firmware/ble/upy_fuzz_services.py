"""What devices say to the services over the air, and what the flash says of bonds: damaged, invented, in any order."""

import random

from tests.firmware.ble.desk import Records
from tests.firmware.ble.upy_payment_service import FakeCard, FakeLink, cut
from tests.fuzz.campaign import Campaign
from tests.fuzz.mutate import mutated, mutated_value, noise
from tests.screens.television import TvLink
from watch.ble import events, roles, standard
from watch.ble.ams import Ams
from watch.ble.ancs import SHOWN, WAITING, Ancs
from watch.ble.attributes import Answer
from watch.ble.bond import ADDRESS_BYTES, bond_of
from watch.ble.bonds import Bonds
from watch.ble.hid.service import HidService
from watch.ble.payment_service import NAME_BYTES, PaymentService
from watch.ble.text import text_of
from watch.kernel.errors import InputError, SealError
from watch.storage import records as kinds

SHARE = "fuzz"
HEAD = b"\x00\x07\x00\x00\x00"
KINDS = (0, 1, 2, 3)
COMMAND = b"\x80\xa8\x00\x00\x23\x83\x21" + bytes(33) + b"\x00"


class Kept:
    """Inbox and player; both look at what they are given."""

    def post(self, fields):
        assert all(isinstance(fields[name], str) for name in ("src", "title", "subject", "body"))
        return True

    def gone(self, number):
        assert -(1 << 31) <= number < 1 << 31

    def take_info(self, fields):
        assert all(isinstance(fields[name], int if name == "dur" else str) for name in fields)

    def take_state(self, fields):
        assert fields["state"] in ("play", "pause", "stop") and 0 <= fields["position"] < 1_000_000


def test_answers_of_an_iphone():
    """In pieces of any size: the attributes that were asked for, or an error, or more is missing."""
    random.seed(20261122)
    answer = Answer()
    texts = (b"com.example.mail", b"Anna", b"", "\u4f60\u597d".encode() * 30)
    good = HEAD + b"".join([bytes((kind, len(text), 0)) + text for kind, text in zip(KINDS, texts)])

    def take(data):
        answer.expect(HEAD, KINDS)
        at = 0
        while at < len(data):
            size = random.randrange(1, 60)
            answer.add(data[at : at + size])
            at += size
        found = answer._look()
        if found is None:
            raise InputError("more is missing")
        assert len(found) == len(KINDS) and sum([len(one) for one in found]) <= len(data)
        for one in found:
            assert isinstance(text_of(one), str)

    share = Campaign("answers of an iPhone", take, InputError).run(lambda: mutated(good), 2_000)
    assert 0.05 < share < 0.95, share


def test_events_of_an_iphone():
    """Any notification of the source: nothing grows beyond its bounds."""
    random.seed(20261123)
    consumer = Ancs(None, Kept())

    def take(data):
        consumer._event(data)
        assert len(consumer._wanted) <= WAITING and len(consumer._shown) <= SHOWN

    def make():
        good = bytes((random.randrange(4), random.choice((0, 4)), 4, 1)) + bytes((random.getrandbits(8), 0, 0, 0))
        return mutated(good) if random.randrange(3) == 0 else good

    assert Campaign("events of an iPhone", take, (), heap_bytes=4_096).run(make, 2_000) == 1  # as many as may wait


def test_updates_of_a_player():
    random.seed(20261124)
    media = Ams(None, Kept())
    good = (b"\0\1\0001,1.0,12.5", b"\2\0\0Queen", b"\2\1\0Jazz", b"\2\2\0Mustapha", b"\2\3\000181.333")

    def make():
        update = random.choice(good)
        return mutated(update) if random.randrange(4) else update

    assert Campaign("updates of a player", media._update, ()).run(make, 2_000) == 1


def test_time_of_a_phone():
    random.seed(20261125)

    def take(data):
        if len(data) == 2:
            minutes = standard.decode_zone(data)
            assert minutes is None or -720 <= minutes <= 960
        else:
            assert 0 <= standard.decode_time(data) < 4_102_444_800 + 86_400

    def make():
        good = random.choice((b"\xea\x07\x0b\x16\x15\x1e\x05\x07\x00\x00", b"\x04\x04"))
        return mutated(good) if random.randrange(3) else noise(len(good))

    share = Campaign("time of a phone", take, InputError).run(make, 2_000)
    assert 0.05 < share < 0.95, share


def test_control_point_of_a_television():
    """Any write to any row: the gamepad is awake or suspended, and the next press is told."""
    random.seed(20261126)
    hid, link = HidService(), TvLink()
    hid.joined(link)
    hid.written(TvLink(), hid.rows[2], memoryview(b"\0"))
    assert not hid.suspended, "another television speaks for this one"

    def take(data):
        hid.written(link, random.choice(hid.rows), memoryview(data))
        assert hid.suspended in (True, False)
        hid.button(0, True)
        hid.button(0, False)
        assert link.take(), "a press was not told"

    make = lambda: random.choice((b"", b"\0", b"\1", b"\2", b"\0\0", noise(random.randrange(20))))  # noqa: E731
    assert Campaign("control point", take, ()).run(make, 1_000) == 1


def test_parts_and_names_of_a_terminal():
    """Parts of commands in any order and of any size: a command of 4 to 261 bytes, nonsense, or more must come."""
    random.seed(20261127)
    service, link = PaymentService(FakeCard()), FakeLink()
    service.joined(link)
    terminal = service._terminals[0]

    def take(parts):
        for part in parts:
            service.written(link, random.choice((service._command, service._command, service._name)), memoryview(part))
            assert terminal.ready in (-1, 0) or 4 <= terminal.ready <= 261
            assert len(terminal.name.encode()) <= NAME_BYTES
            good, terminal.ready = terminal.ready > 0, 0
        if not good:
            raise InputError("no command")

    def make():
        parts = cut(COMMAND, random.choice((20, 33, 244)))
        if random.randrange(3):
            place = random.randrange(len(parts))
            parts[place] = random.choice((mutated(parts[place]), parts[0], noise(random.randrange(245))))
        return parts

    share = Campaign("parts of commands", take, InputError).run(make, 2_000)
    assert 0.05 < share < 0.95 and link.alive, share


def test_records_of_bonds():
    """A record that was sealed and is wrong all the same: a bond whose parts are usable, or SealError."""
    random.seed(20261128)
    good = [bytes(range(7)), roles.PHONE, "Anna's phone", True, 1_795_000_000, bytes(80), bytes(80)]

    def take(fields):
        bond = bond_of(3, fields)
        assert len(bond.address) == ADDRESS_BYTES and bond.role in roles.ROLES and isinstance(bond.name, str)
        assert bond.primary in (True, False) and isinstance(bond.created_s, int)
        assert len(bond.secret(events.SECRET_OURS)) <= 128 and len(bond.secret(events.SECRET_PEERS)) <= 128
        bond.scrub()

    share = Campaign("records of bonds", take, SealError).run(lambda: mutated_value(good), 2_000)
    assert 0.05 < share < 0.95, share


def test_records_of_the_identity():
    """A key that the stack can use, or none and the word that there was one."""
    random.seed(20261129)
    records = Records()

    def take(value):
        records.kept[kinds.RADIO_IDENTITY] = value
        bonds = Bonds(records, records)
        key = bonds.secret(events.SECRET_IDENTITY, 0, None)
        assert bonds.identity_damaged == (key is None and value is not None) and (key is None or 0 < len(key) <= 128)
        if bonds.identity_damaged:
            raise SealError("left out")

    share = Campaign("records of the identity", take, SealError).run(lambda: mutated_value(bytes(range(16))), 1_000)
    assert 0.05 < share < 0.95, share
