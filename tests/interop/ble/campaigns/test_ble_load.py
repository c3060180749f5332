"""A thousand notifications a second from a phone that ignores when it shall pause, beside taps over the antenna."""

from __future__ import annotations

import asyncio
import math
import os
import time
from typing import TYPE_CHECKING

import pytest
from bumble import att
from bumble.core import UUID

from tapwatch.errors import UserError
from tapwatch.terminal import amount
from tapwatch.terminal.outcome import Outcome
from tapwatch.terminal.readers.antenna import UdpAntenna
from tapwatch.terminal.readers.builtin import BuiltinReader
from tapwatch.terminal.request import TapRequest
from tapwatch.terminal.session import TapSession
from tests.interop.ble.campaigns.asker import CCCD, Asker
from tests.interop.ble.campaigns.yard import NEXT_SESSION_S, Yard, hang_up, open_yard
from tests.tools.processor import queued_main_s
from tests.tools.upy_process import LONG

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tapwatch.terminal.session import TapResult

A_SECOND = 1000
STEP_S = 0.02
MOST_AT_ONCE = 100
"""Lines between two pauses. What a slow computer is behind with is not made up for: it would never do anything else."""
MOST_ON_THE_WAY = 64 * 1024
"""Bytes, with what the system keeps around each piece."""
LATE_MS = 100.0
"""R15 of the targets."""
TAPS = 600 if os.environ.get(LONG) else 6
KEYS = 4
"""Taps before the phone looks whether the card wants keys; it does with four left."""
LEAST_RATE = 500
"""Of notifications a second on a computer that is busy; below it the number would mean nothing."""
MOST_KEPT = 64
"""More notifications than the watch keeps, docs/formats.md."""
MOST_LINES = 64
"""docs/bluetooth.md, Pauses."""
TO_WATCH, FROM_WATCH = (UUID(f"6e40000{digit}-b5a3-f393-e0a9-e50e24dcca9e") for digit in (2, 3))
XON, XOFF = b"\x11", b"\x13"
READER_WAIT_S = 3.0


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    with open_yard(tmp_path_factory.mktemp("yard"), cards=True) as yard:
        yard.do(yard.bond("phone"))
        yield yard


class Chatter:
    """A phone that writes and writes."""

    def __init__(self, yard: Yard, asker: Asker, row: int) -> None:
        self._yard, self._asker, self._row = yard, asker, row
        self._held_s = 0.0
        self.said = 0
        self._began = time.monotonic(), queued_main_s()
        self.heard: list[bytes] = []

    @classmethod
    async def over(cls, yard: Yard) -> Chatter:
        """Connect, and listen to what the watch says of pauses."""
        asker = Asker(await yard.link("phone"))
        await asker.client.request_mtu(256)
        rows = await asker.attributes()
        place = next(at for at, one in enumerate(rows) if one.type == FROM_WATCH)
        self = cls(yard, asker, next(one.handle for one in rows if one.type == TO_WATCH))
        asker.client.notification_subscribers[rows[place].handle] = {self.heard.append}
        cccd = next(one for one in rows[place:] if one.is_one_of({CCCD}))
        await asker.ask(att.ATT_Write_Request(cccd.handle, b"\1\0"))
        return self

    async def talk(self) -> None:
        """A thousand lines a second, a few at a time, for ever."""
        before_s = time.monotonic()
        self._began = before_s, queued_main_s()
        while True:
            await self._on_air()
            now_s = time.monotonic()
            due = min(round((now_s - before_s) * A_SECOND) + 1, MOST_AT_ONCE)
            before_s = now_s
            for _ in range(due):
                self.said += 1
                line = f'\x10GB({{t:"notify",id:{self.said},src:"Chat",title:"Anna",body:"Message {self.said}"}})\n'
                await self._asker.client.send_command(att.ATT_Write_Command(self._row, line.encode()))
            await asyncio.sleep(STEP_S)

    @property
    def rate(self) -> float:
        """Notifications a second until now, but for seconds in which this computer had no processor for them."""
        began_s, queued_s = self._began
        return self.said / (time.monotonic() - began_s - (queued_main_s() - queued_s) - self._held_s)

    async def _on_air(self) -> None:
        """Wait while more is on its way than a radio holds: before a watch without a processor it would pile up."""
        began_s = time.monotonic()
        while self._yard.on_the_way() > MOST_ON_THE_WAY:
            await asyncio.sleep(STEP_S)
            self._held_s += time.monotonic() - began_s
            began_s = time.monotonic()

    async def close(self) -> None:
        """Go."""
        await hang_up(self._asker.connection)


async def tap(yard: Yard) -> TapResult:
    """One payment over the antenna."""
    host, port = yard.watch.nfc.removeprefix("udp:").rsplit(":", 1)
    session = TapSession(BuiltinReader(UdpAntenna(host, int(port))))
    return await asyncio.to_thread(session.tap, TapRequest(amount.parse("1.00", "CNY")), READER_WAIT_S)


async def taps(yard: Yard, count: int, most_ms: float = math.inf) -> list[float]:
    """So many payments; gives the ms from the field to the end, of each. The first that takes longer fails.

    What was waited for a processor is taken off.
    """
    found = []
    for number in range(count):
        if number % KEYS == 0:
            await yard.stage.refill(await yard.stage.register())
        yard.watch.move()
        await yard.wearer.arm("visa")
        counting = yard.stopwatch()
        result = await tap(yard)
        queued_ms = counting.waited_s * 1000
        assert result.outcome in (Outcome.APPROVED, Outcome.ONLINE), result.receipt.reason
        found.append(max(0.0, result.trace.activation_ms + result.trace.card_ms - queued_ms))
        assert found[-1] <= most_ms, f"a tap is late: {found}, {most_ms:.0f} ms are allowed"
        await yard.watch.wait_for(lambda now: now["access"] == "worn")
        await yard.wearer.home()
    return found


async def loaded(yard: Yard) -> None:
    """Taps without, then beside the phone."""
    quiet = await taps(yard, 4)
    usual_ms = sorted(quiet)[len(quiet) // 2]
    chatter = await Chatter.over(yard)
    talking = asyncio.ensure_future(chatter.talk())
    try:
        beside = await taps(yard, TAPS, usual_ms + LATE_MS)
        rate, state = chatter.rate, await yard.watch.state()
    finally:
        talking.cancel()
    await chatter.close()
    await yard.no_links()
    counted = state["campaign"]
    lines = counted["sessions"][0]
    late_ms = max(beside) - usual_ms
    assert rate > LEAST_RATE, f"this computer made only {rate:.0f} a second"
    assert state["known"]["notifications"] <= MOST_KEPT and lines[1] <= MOST_LINES
    assert counted["dropped"] + lines[0] > 0, "nothing was dropped, or it was not counted"
    assert XOFF in chatter.heard
    took_ms = await yard.session("phone")
    assert took_ms <= NEXT_SESSION_S * 1000
    print(
        f"NOTE Bluetooth load: {chatter.said} notifications, {rate:.0f} a second, beside {len(beside)} taps: the "
        f"slowest {late_ms:.0f} ms later than without, {counted['dropped']} writes and {lines[0]} lines dropped, "
        f"{chatter.heard.count(XOFF)} pauses asked for, next session after {took_ms} ms"
    )


def test_taps_beside_a_thousand_notifications_a_second(yard: Yard) -> None:
    yard.do(loaded(yard), 3600)


def test_a_watch_that_is_busy_with_lines_would_be_noticed(tmp_path: Path) -> None:
    with open_yard(tmp_path, cards=True, plodding=True) as yard:
        yard.do(yard.bond("phone"))
        with pytest.raises(
            (AssertionError, UserError, TimeoutError)
        ):  # a tap that is late, or a watch that hears no touch
            yard.do(loaded(yard))
