"""What the wearer sees is what the watch does: an armed card is always on the screen, and a failed write is told."""

import asyncio

from support import scrubbing
from support.world import OTHER_TOKEN, World

from watch.access import states
from watch.payment.limits import CONFIRM
from watch.system.main import build

scrubbing.leave_out()
PASSCODE = b"246810"


def _armed():
    world = World().provision().set_passcode().add_card().add_card(OTHER_TOKEN, profile="mastercard")
    watch = build(world.board)
    asyncio.run(watch.services.guard.unlock(bytearray(PASSCODE)))
    watch.navigator.paying.pay()
    assert watch.stack.top.name == "armed"
    return world.board, watch


def _ask_to_confirm(watch, amount):
    card = watch.services.wallet.armed[0]
    card.outcome.result, card.outcome.amount, card.outcome.currency = CONFIRM, amount, 156
    watch.card.served()
    return card


def _pass(board, watch, seconds):
    for _ in range(seconds):
        board.clock.now_us += 1_000_000
        watch.navigator.tick()


def test_the_amount_to_confirm_stays_on_the_screen_as_long_as_the_card_is_armed():
    board, watch = _armed()
    card = _ask_to_confirm(watch, 45_000)
    _pass(board, watch, 59)
    assert watch.services.guard.state == states.ARMED
    assert watch.stack.top.name == "confirm" and card.confirmed == (45_000, 156)
    _pass(board, watch, 2)
    assert watch.services.guard.state == states.WORN and watch.stack.top.name == "face"


def test_nothing_is_confirmed_before_it_could_be_read():
    board, watch = _armed()
    card = _ask_to_confirm(watch, 45_000)
    watch.navigator.tick()
    assert card.confirmed is None
    _pass(board, watch, 1)
    assert card.confirmed == (45_000, 156)


def test_a_reader_that_asks_for_ever_does_not_keep_the_card_armed():
    board, watch = _armed()
    for second in range(200):
        if not watch.services.wallet.armed:
            break
        _ask_to_confirm(watch, 45_000 + second)
        _pass(board, watch, 1)
    assert second in range(175, 185) and watch.services.guard.state == states.WORN


def test_another_card_by_a_stroke_and_a_flash_that_refuses_it():
    board, watch = _armed()
    watch.stack.top.swipe("left")
    assert watch.services.wallet.armed[0].token.token_id == OTHER_TOKEN
    program = board.flash.program

    def refuse(address, data):
        raise OSError(28)

    board.flash.program = refuse
    watch.stack.top.swipe("left")
    board.flash.program = program
    assert watch.stack.top.name == "error" and watch.services.guard.state == states.WORN
