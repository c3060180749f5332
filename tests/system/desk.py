"""A whole desk for tests that tap: stage and event loop in one synchronous object."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, TypeVar

from tapwatch.acquiring.client import AcquirerClient
from tapwatch.simulator.options import WatchOptions
from tapwatch.stage.stage import LOOPBACK, Stage
from tapwatch.terminal import amount
from tapwatch.terminal.readers.antenna import UdpAntenna
from tapwatch.terminal.readers.builtin import BuiltinReader
from tapwatch.terminal.request import TapRequest
from tapwatch.terminal.session import TapResult, TapSession

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from pathlib import Path

    from tapwatch.terminal.readers.port import Reader

T = TypeVar("T")
READER_WAIT_S = 3.0


class Desk:
    """One stage, driven from ordinary functions."""

    def __init__(self, runner: asyncio.Runner, stage: Stage) -> None:
        self._runner = runner
        self.stage = stage

    def do(self, work: Coroutine[object, object, T]) -> T:
        """Run a coroutine on the stage's loop."""
        return self._runner.run(work)

    def state(self) -> dict:
        return self.do(self.stage.watch.state())

    def wait(self, wanted: str | Callable[[dict], object]) -> dict:
        return self.do(self.stage.watch.wait_for(wanted))

    def arm(self, profile: str) -> None:
        self.do(self.stage.wearer.arm(profile))

    def antenna(self) -> UdpAntenna:
        host, port = self.stage.watch.nfc.removeprefix("udp:").rsplit(":", 1)
        return UdpAntenna(host, int(port))

    def tap(self, price: str = "12.34", reader: Reader | None = None, bank_port: int = 0) -> TapResult:
        """One presentation, by the built-in reader or another."""
        session = TapSession(
            reader or BuiltinReader(self.antenna()), AcquirerClient(LOOPBACK, bank_port or self.stage.bank.iso_port)
        )
        request = TapRequest(amount.parse(price, "CNY"))
        return self.do(asyncio.to_thread(session.tap, request, READER_WAIT_S))

    def pay(self, profile: str, price: str = "12.34") -> TapResult:
        """Arm, tap, and wait until the watch has written everything down."""
        self.arm(profile)
        result = self.tap(price)
        self.wait(lambda now: now["access"] == "worn")
        return result

    def refill(self) -> None:
        """Let the phone bring keys and notices."""
        self.do(self._refill())

    async def _refill(self) -> None:
        await self.stage.refill(await self.stage.register())
        await self.stage.phone.deliver_notices()

    def highest_atcs(self) -> dict[str, int]:
        return {card["profile"]: card["highest_atc"] for card in self.state()["cards"]}

    def payments(self, profile: str) -> int:
        """How many payments the watch remembers for the card."""
        state = self.state()
        token = next(card["token"] for card in state["cards"] if card["profile"] == profile)
        return sum(payment["token"] == token for payment in state["payments"])


@contextlib.contextmanager
def open_desk(folder: Path, set_up: bool = True, **options: object) -> Iterator[Desk]:
    """A desk in a folder; with `set_up` its watch is ready to pay."""
    with asyncio.Runner() as runner:
        stage = Stage(folder, WatchOptions(size="240x240", **options))
        runner.run(stage.__aenter__())
        try:
            desk = Desk(runner, stage)
            if set_up:
                desk.do(stage.set_up())
            yield desk
        finally:
            runner.run(stage.__aexit__(None, None, None))
