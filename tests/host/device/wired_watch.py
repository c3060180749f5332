"""A simulated watch behind a pseudo-terminal, whose cable can be pulled at any message, in both directions."""

from __future__ import annotations

import asyncio
import os
import pty
import threading
import tty
from typing import TYPE_CHECKING, Self

from tapwatch.simulator import frames
from tapwatch.simulator.watch import SimulatedWatch

if TYPE_CHECKING:
    from pathlib import Path

_READ_BYTES = 4096


class WiredWatch:
    """Runs the watch in a thread of its own while it is entered. `port()` is what a computer opens now."""

    def __init__(self, state: Path) -> None:
        self._watch = SimulatedWatch(state)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.asked = self.answered = 0
        """Frames since `pull`, whole or not."""
        self._pull: tuple[int, str] | None = None
        self.pulled = 0
        self._master = self._slave = -1

    def __enter__(self) -> Self:
        self._thread.start()
        self._do(self._begin())
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def port(self) -> str:
        """Name of the terminal."""
        return os.ttyname(self._slave)

    def pull(self, message: int, where: str) -> None:
        """Pull the cable at a message, counted from 0: `before` it, in the `middle` of it, or before its `answer`."""
        self.asked = self.answered = 0
        self._pull = message, where

    def _do(self, work: object) -> object:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)  # type: ignore[arg-type]

    async def _begin(self) -> None:
        await self._watch.start()
        self._plug_in()
        self._answers = asyncio.create_task(self._carry_answers())

    async def _end(self) -> None:
        self._answers.cancel()
        self._unplug()
        await self._watch.stop()

    def _plug_in(self) -> None:
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self._loop.add_reader(self._master, self._carry)

    def _unplug(self) -> None:
        self._loop.remove_reader(self._master)
        os.close(self._master)
        os.close(self._slave)

    def _pull_now(self) -> None:
        self.pulled += 1
        self._pull = None
        self._unplug()
        self._plug_in()

    def _carry(self) -> None:
        """Bytes of the computer; it writes a message at once, and waits for the answer."""
        data = os.read(self._master, _READ_BYTES)
        here, self.asked = self.asked, self.asked + 1
        if self._pull == (here, "before"):
            data = b""
        elif self._pull == (here, "middle"):
            data = data[: len(data) // 2]
        else:
            here = -1
        if data:
            self._link.link.send(frames.USB, data)
        if here >= 0:
            self._pull_now()

    async def _carry_answers(self) -> None:
        while True:
            data = await self._link.link.usb.readexactly(2)
            data += await self._link.link.usb.readexactly(int.from_bytes(data, "big"))
            here, self.answered = self.answered, self.answered + 1
            if self._pull == (here, "answer"):
                self._pull_now()
            else:
                os.write(self._master, data)

    @property
    def _link(self):
        run = self._watch._run
        assert run is not None
        return run
