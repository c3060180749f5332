"""The heap after many notifications, water modes and changes of the wrist, against that after the first ones (R12)."""

import asyncio
import gc
import os

from support import scrubbing
from support.worn import Worn

scrubbing.leave_out()
SHARE = "system"
TIMEOUT_S = 240
RUNS = 1000 if os.getenv("TAPWATCH_LONG") else 12
WARM = 3
CARD_S = 9
NOON_S = 1_795_348_800
"""Each run begins at the same time: fonts keep each figure once it was shown."""


def _news(one):
    """Two notifications come: one is read and thrown away, the card of the other goes by itself."""
    kept = one.watch.services.notifications
    for number in (1, 2):
        one.post(number)
        assert one.screen == "news", one.screen
        if number == 1:
            one.touch()
            assert one.screen == "note"
            kept.dismiss(1)
            one.watch.stack.home()
        one.wait(CARD_S)
        assert one.screen == "face"
    kept.dismiss_all()
    while len(one.watch.services.outbox):
        one.watch.services.outbox.take()


def _water(one):
    """Water mode begins, says how it ends, and ends."""
    one.watch.services.settings.set("water_mode", True)
    one.wait(1)
    assert one.screen == "water"
    one.watch.navigator.button("long")
    assert one.screen == "face"


def _wrist(one):
    """The watch changes wrists, and back."""
    for wrist in ("right", "left"):
        one.watch.services.settings.set("wrist", wrist)
        one.watch.navigator._setting_changed("wrist")
        one.wait(1)


async def _breathe():
    for _ in range(4):
        await asyncio.sleep_ms(0)


def _runs(flow, one, times):
    """Bytes in use after so many runs."""
    for _ in range(times):
        one.board.clock.set_unix_s(NOON_S)
        one.watch.services.guard.moved()
        flow(one)
        del one.felt[:]
        asyncio.run(_breathe())
    gc.collect()
    gc.collect()
    return gc.mem_alloc()


def test_no_flow_makes_the_heap_grow():
    for flow in (_news, _water, _wrist):
        one = Worn(dark=False)
        one.wait(CARD_S)
        before = _runs(flow, one, WARM)
        # The collector takes a stale word on the stack for a pointer now and then: what has grown is measured again.
        grown = min(_runs(flow, one, RUNS) - before, _runs(flow, one, RUNS) - before)
        print("NOTE heap: %d runs of %s grew it by %d bytes" % (RUNS, flow.__name__[1:], grown))
        assert grown <= 0, (flow.__name__, grown)
