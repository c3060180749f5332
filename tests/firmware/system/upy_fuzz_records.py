"""Records without a seal, with any bytes in them, and seals with any byte changed: the watch starts or says why not."""

import asyncio
import random

from support.bundles import keep_some
from support.issuer import payment_codes
from support.world import OTHER_TOKEN, PASSCODE, TOKEN, World, refused

from board.counting.board import build as new_board
from tests.fuzz.campaign import Campaign, count
from tests.fuzz.mutate import mutated
from watch.access import guard as guard_room
from watch.access import states
from watch.ble import roles
from watch.ble.bond import Bond
from watch.crypto import cbor
from watch.kernel.errors import CorruptError, PasscodeError, WatchError
from watch.payment import codes as codes_room
from watch.payment import express as express_room
from watch.payment import issuance as issuance_room
from watch.payment import wallet as wallet_room
from watch.storage.journal import Journal
from watch.storage.records import DEVICE, PLAIN, TABLE
from watch.system.broken import BrokenWatch
from watch.system.main import build
from watch.update.floor import Floor

SHARE = "fuzz"
TIMEOUT_S = 240
MOST_START_MS = 15_000
"""A start and an unlock, with the most oracle calls that a passcode record may ask for."""
LIMITS = "the wearer's own limits"
for room in (guard_room, issuance_room, wallet_room, express_room, codes_room):
    room.scrub = lambda: None  # most of the time of these runs, and nothing they look at


def lived_in():
    """A watch that has a record of almost every kind."""
    world = World().provision().set_passcode()
    world.add_card(TOKEN, codes=payment_codes()).add_card(OTHER_TOKEN, profile="closed-loop", express_keys=4)
    services = world.services
    services.issuance.request(b"token--3", world.issuer.service.key_id)
    services.wallet.choose(TOKEN)
    services.express.choose(OTHER_TOKEN)
    services.tag.set_own(b"\xd1\x01\x05T\x02enhi")
    services.settings.set("language", "zh")
    services.alarms.add(7, 30, 31, 0, "up")
    services.activity.update(0, 0)
    services.activity.update(60, 100)
    services.activity.save()
    services.loyalty.put("Shop", "qr", "12345")
    services.companion.replies.take({"d": [{"text": "On my way"}]})
    drawer = services.recorded.load("en")
    drawer.write("en", "timer", bytes(range(32)))
    services.recorded.save("en", drawer)
    services.bonds.store(Bond(0, bytes(range(7)), roles.PHONE, 1, bytes(80), bytes(range(80))))
    services.bonds.set_identity(bytes(range(16)))
    services.bonds.save()
    services.notices.receive(world.issuer.notice(services.identity.device_id, TOKEN, 1))
    keep_some(services, world.issuer)
    Floor(services.sealed).raise_to((1, 0, 0))
    card = services.wallet.arm()[0]
    card.take()
    services.wallet.disarm()
    services.guard.lock()
    refused(PasscodeError, world.unlock, b"000000")
    services.save_clock()
    return world


def sealing(record):
    """Who seals a record."""
    for first, places, _, kind in TABLE:
        if first <= record < first + places:
            return kind
    raise AssertionError(record)


class Bench:
    """Changes one record and starts the watch."""

    def __init__(self, kind):
        """`kind`: who seals the records that are changed."""
        self.origin = lived_in()
        self.records = [key for key in list(self.origin.services.journal.keys()) if sealing(key) == kind]
        self.started = 0

    def changed(self):
        """A board with one changed record, its checksum right."""
        board = new_board()
        board.flash._image[:] = self.origin.board.flash._image
        journal = Journal(board.flash)
        journal.mount()
        record = random.choice(self.records)
        journal.commit({record: mutated(journal.get(record))})
        return board

    def start(self, board):
        """Boot and do a little of everything; any error of the watch's own tree is an answer."""
        watch = build(board)
        if isinstance(watch, BrokenWatch):
            raise CorruptError(watch.error.code)
        self.started += 1
        services = watch.services
        tries = (
            watch.describe,
            lambda: asyncio.run(services.guard.unlock(bytearray(PASSCODE))),
            services.unlocked,
            services.wallet.arm,
            services.wallet.disarm,
            lambda: services.codes.next_code(TOKEN),
            services.express.enter,
            lambda: watch._usb._exchange.answer(cbor.encode([10, 1, None])),
            lambda: watch._usb._exchange.answer(cbor.encode([4, 1, bytes(16)])),
            lambda: watch._usb._exchange.answer(cbor.encode([5, 1, [TOKEN, self.origin.issuer.service.key_id]])),
            services.tag.message,
            services.shelf.installed,
            lambda: services.recorded.load("en"),
            lambda: services.shelf.open("lamp"),
            lambda: services.shelf.open("torch"),
            lambda: services.shelf.strike("lamp"),
            services.save_clock,
            watch.navigator.tick,
            services.guard.lock,
        )
        for step in tries:
            try:
                step()
            except WatchError:
                pass
        assert services.guard.state in states.TABLE
        if services.guard.state not in (states.ARMED, states.TAPPING):
            assert not services.wallet.armed


def start_often(name, kind, wanted):
    bench = Bench(kind)
    campaign = Campaign(name, bench.start, CorruptError, most_ms=MOST_START_MS)
    while campaign.tried < wanted:
        campaign.one(bench.changed())
    campaign.note(f"{bench.started} started, the others said why not")
    return bench.started / campaign.tried


def test_records_without_seal():
    random.seed(20261122)
    assert 0.1 < start_often("records without seal", PLAIN, count(40, 50)) < 1


def test_records_under_the_device_key():
    """Not one is taken for what it was not; those that are read late are refused when they are."""
    random.seed(20261123)
    assert start_often("seals changed", DEVICE, count(40, 50)) < 0.6


def test_records_of_every_kind_are_there():
    """Else the tests above would leave some out unnoticed."""
    there = set(lived_in().services.journal.keys())
    kinds = [(first, places, name) for first, places, name, _ in TABLE]
    missing = [name for first, places, name in kinds if not there & set(range(first, first + places))]
    assert sorted(missing) == [
        "lost mode",
        "package that waits for the next unlock",
        "settings of an app",
        LIMITS,
    ], missing
