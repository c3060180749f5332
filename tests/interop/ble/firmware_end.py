"""The firmware's token exchange service in a MicroPython process, and a pipe to it that breaks where it is told."""

from __future__ import annotations

import asyncio
import os
import subprocess
from typing import TYPE_CHECKING, Self

from tapwatch.compiled import search_path
from tapwatch.phone.transfer import LinkLost
from tests.tools.children import Deadline, leave
from tests.tools.upy_process import MICROPYTHON, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

SCRIPT = "tests/interop/ble/exchange_end.py"


class FirmwareEnd:
    """Use it as a context manager."""

    def __init__(self, script: str = SCRIPT) -> None:
        """`script` has the lines of SCRIPT, and maybe more."""
        environment = dict(os.environ, MICROPYPATH=search_path("tests/firmware"))
        self._process = subprocess.Popen(
            [str(MICROPYTHON), "-X", "heapsize=8M", script],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._deadline = Deadline(self._process)
        self.worked = 0
        """Messages that the watch has worked on."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        leave(self._process)

    def say(self, line: str) -> list[tuple[str, bytes]]:
        """Give a line; returns what came back, without the count."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        found = []
        while True:
            with self._deadline.waiting(f"answer to {line}"):
                words = self._process.stdout.readline().split()
            assert words, "the watch's end died"
            if words[0] == "worked":
                self.worked = int(words[1])
                return found
            found.append((words[0], bytes.fromhex(words[1]) if len(words) > 1 else b""))


Fault = "Callable[[int, str], str]"


class FaultyPipe:
    """A `transfer.Pipe` to a FirmwareEnd. `fault(n, what)` is asked before the n-th event, a `write` or a `notify`.

    It says `cut` (the link goes before), `cut-after`, `drop`, `twice`, or nothing.
    """

    def __init__(self, end: FirmwareEnd, fault: Callable[[int, str], str] = lambda n, what: "", room: int = 48) -> None:
        self._end = end
        self._fault = fault
        self.room = room
        self.events = 0
        self._heard: asyncio.Queue[tuple[bool, bytes] | None] = asyncio.Queue()
        self._alive = True
        self._take(end.say(f"join 1 {room}"))

    async def write(self, fragment: bytes) -> None:
        """Write, unless a fault comes in between."""
        assert len(fragment) <= self.room
        fault = self._next("write")
        if fault == "drop":
            self._take(self._end.say("lose"))
            return
        for _ in range(2 if fault == "twice" else 1):
            self._take(self._end.say("write " + fragment.hex()))
        if fault == "cut-after":
            self._cut()

    async def state(self) -> bytes:
        """Read the state."""
        if not self._alive:
            raise LinkLost("cut")
        answers = self._end.say("read")
        self._take(answers[1:])
        return answers[0][1]

    async def hear(self) -> tuple[bool, bytes]:
        """The next notification that is not lost."""
        news = await self._heard.get()
        if news is None:
            raise LinkLost("cut")
        return news

    async def close(self) -> None:
        """End the link."""
        if self._alive:
            self._cut()

    def _take(self, found: list[tuple[str, bytes]]) -> None:
        for kind, data in found:
            fault = self._fault(self.events, "notify") if self._alive else "drop"
            self.events += 1
            if fault.startswith("cut"):
                self._cut()
            elif fault != "drop":
                for _ in range(2 if fault == "twice" else 1):
                    self._heard.put_nowait((kind == "out", data))

    def _next(self, what: str) -> str:
        fault = self._fault(self.events, what) if self._alive else "cut"
        self.events += 1
        if fault == "cut":
            self._cut()
            raise LinkLost("cut")
        return fault

    def _cut(self) -> None:
        if self._alive:
            self._alive = False
            self._end.say("left")
            self._heard.put_nowait(None)
