"""Power cuts while payment codes are shown: no code number is ever shown twice."""

from support.issuer import payment_codes
from support.world import TOKEN

from board.counting.board import BUILT_S
from tests.firmware.storage.norflash import RANDOM, Cut, PowerCut
from tests.power.service_campaign import FlashWorld, fresh
from watch.storage.journal import Journal

SHARE = "cuts and faults"


def handle(codes):
    """Show a code and return its handle, which tells its number."""
    return codes.next_code(TOKEN)[2:10]


def prepared():
    """The flash of a watch with payment codes, and its issuer."""
    world = fresh().provision().set_passcode()
    world.add_card(codes=payment_codes(start=BUILT_S))
    return bytes(world.board.flash.image), world.issuer


def shown_around(image, issuer, at, pattern):
    """Handles shown up to a cut at operation `at` of the second code, and by the next two boots; and if it was cut."""
    world = FlashWorld(image, issuer).unlock()
    codes = world.services.codes
    handles = [handle(codes)]
    flash = world.board.flash
    flash.operations, flash.fault = 0, Cut(at, pattern)
    cut = False
    try:
        handles.append(handle(codes))
    except PowerCut:
        cut = True
    for _ in range(2):
        world = world.again().unlock()
        handles.append(handle(world.services.codes))
    return handles, cut


def campaign(patterns):
    """Cut everywhere; returns (cuts, handles that were shown twice)."""
    image, issuer = prepared()
    cuts = twice = at = 0
    more = True
    while more:
        for pattern in patterns:
            handles, more = shown_around(image, issuer, at, pattern)
            cuts += more
            twice += len(handles) - len(set(handles))
        at += 1
    return cuts, twice


def test_no_number_is_shown_twice():
    cuts, twice = campaign(Cut.FIXED + RANDOM)
    print(f"NOTE cuts while a payment code is shown: {cuts} cuts, {twice} numbers shown twice")
    assert cuts > 10 and not twice


def test_a_number_written_down_too_late_would_be_noticed():
    """A journal that does not write: the same number comes again."""
    plain = Journal.commit
    image, issuer = prepared()
    world = FlashWorld(image, issuer).unlock()
    Journal.commit = lambda journal, changes: None
    try:
        first = handle(world.services.codes)
    finally:
        Journal.commit = plain
    assert handle(world.again().unlock().services.codes) == first
