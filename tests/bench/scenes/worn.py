"""A whole watch with cards, worn and unlocked."""

import asyncio

from support.issuer import payment_codes
from support.world import PASSCODE, World

from tests.firmware.ble.fake_ble import FakeBle
from watch.access import guard as guard_room
from watch.apps.shelf.bundle import Bundle
from watch.apps.shelf.firmware_apps import FACES
from watch.apps.shelf.sealed_facts import SealedFacts
from watch.payment import codes as codes_room
from watch.payment import express as express_room
from watch.payment import issuance as issuance_room
from watch.payment import wallet as wallet_room
from watch.storage import records
from watch.system.main import build as build_watch

VISA, MASTERCARD, CLOSED_LOOP = b"token--v", b"token--m", b"token--c"
_LIMITS_CODES = 4
_KEPT_BYTES = 16  # of a hash in the record of checked bundles


def without_scrub():
    """Leave the cleaning of the heap out: it is measured by itself, and takes more than all the rest."""
    for room in (guard_room, codes_room, express_room, issuance_room, wallet_room):
        room.scrub = lambda: None


def aired_watch(board):
    """A watch on a board with a Bluetooth radio, which is on."""
    board.ble = FakeBle()
    watch = build_watch(board)
    watch.bluetooth.follow()
    return watch


def started_before(world):
    """Note that the bundle of the first face was checked, as the first start of every watch does; gives the records."""
    facts = SealedFacts(world.services.journal, world.services.sealed)
    digest = Bundle("%s/%s.twb" % (world.board.info.apps, FACES[0])).digest()
    facts.commit({records.CHECKED_BUNDLES: {FACES[0]: digest[:_KEPT_BYTES]}})
    return facts


def worn_watch():
    """A whole watch with a card of each scheme, worn and unlocked."""
    world = World().provision().set_passcode()
    world.add_card(VISA, keys=16, codes=payment_codes(_LIMITS_CODES, world.services.clock.security_s()))
    world.add_card(MASTERCARD, keys=16, profile="mastercard")
    world.add_card(CLOSED_LOOP, profile="closed-loop", express_keys=4)
    watch = aired_watch(world.board)
    unlock(watch)
    return watch, world.board


def unlock(watch):
    """Enter the passcode, as the screen does."""
    asyncio.run(watch.services.guard.unlock(bytearray(PASSCODE)))
    watch.services.unlocked()
