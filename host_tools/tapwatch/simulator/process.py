"""The MicroPython process that is the watch, and the socket pair that joins it to this process."""

from __future__ import annotations

import asyncio
import collections
import os
import signal
import socket
import sysconfig
from collections.abc import Callable
from pathlib import Path

from tapwatch.compiled import ROOT, search_path
from tapwatch.errors import EXIT_FAILED, UserError

MAIN = "import sys; sys.path.pop(0); from board.simulator.main import main; main(int(sys.argv[-1]))"
"""What the interpreter is told. The current folder, where `board` is source, comes first for it: it is taken away."""
_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
_OUTPUT_LINES = 400
"""Lines of firmware output kept for messages."""
_READ_BYTES = 1 << 16


class WatchOff(UserError):
    """The watch is not running."""

    def __init__(self) -> None:
        super().__init__("The watch is off.", "Start it first.", EXIT_FAILED)


class WatchDied(UserError):
    """The firmware ended when it should not have.

    Attributes:
        status: exit status of the process, negative for a signal.
        output: the last lines it printed, with the traceback.
    """

    def __init__(self, status: int, output: str) -> None:
        reason = signal.Signals(-status).name if status < 0 else f"status {status}"
        hint = "Its last words are below." if output.strip() else "It printed nothing."
        super().__init__(f"The watch firmware ended with {reason}.", hint, EXIT_FAILED)
        self.status = status
        self.output = output

    def explain(self) -> str:
        """The message, then what the firmware printed last."""
        return f"{super().explain()}\n{self.output}".rstrip()

    def __str__(self) -> str:
        """The message and the traceback, for whoever prints the exception alone."""
        return f"{self.message}\n{self.output}".rstrip()


class WatchProcess:
    """One run of the firmware."""

    def __init__(self, process: asyncio.subprocess.Process, link: _Streams, on_line: Callable[[str], None]) -> None:
        self.reader, self.writer = link
        self._process = process
        self._on_line = on_line
        self._lines: collections.deque[str] = collections.deque(maxlen=_OUTPUT_LINES)
        self._collector = asyncio.create_task(self._collect())

    @classmethod
    async def start(cls, heap: str, on_line: Callable[[str], None]) -> WatchProcess:
        """Start MicroPython with its end of the link as an open file; `on_line` gets each line it prints.

        Raises UserError when it cannot be started.
        """
        if not (ROOT / "firmware").is_dir():
            hint = "Run tapwatch from a checkout of the repository."
            raise UserError(f"The firmware is not where it is expected, in {ROOT / 'firmware'}.", hint)
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        theirs.setblocking(False)
        try:
            process = await _spawn(interpreter(heap), theirs.fileno())
        except OSError as problem:
            ours.close()
            raise UserError("MicroPython cannot be started.", "Run `make setup` first.") from problem
        finally:
            theirs.close()
        return cls(process, await asyncio.open_unix_connection(sock=ours, limit=_READ_BYTES), on_line)

    @property
    def pid(self) -> int:
        """Process id of the interpreter."""
        return self._process.pid

    @property
    def output(self) -> str:
        """What the firmware printed last."""
        return "\n".join(self._lines)

    def kill(self) -> None:
        """Cut the power: nothing gets a chance to tidy up."""
        if self._process.returncode is None:
            self._process.kill()

    async def ended(self) -> int:
        """Wait for the end of the process and of its output; returns the exit status."""
        status = await self._process.wait()
        await self._collector
        return status

    async def _collect(self) -> None:
        stream = self._process.stdout
        if stream is None:
            return
        pending = b""
        while data := await stream.read(_READ_BYTES):
            *lines, pending = (pending + data).split(b"\n")
            pending = pending[-_READ_BYTES:]
            for line in lines:
                self._keep(line)
        if pending:
            self._keep(pending)

    def _keep(self, line: bytes) -> None:
        text = line.decode(errors="replace")
        self._lines.append(text)
        self._on_line(text)


def interpreter(heap: str) -> list[str]:
    """The command that starts MicroPython from the package in this Python environment."""
    return [str(Path(sysconfig.get_path("scripts")) / "micropython"), "-X", f"heapsize={heap}"]


async def _spawn(command: list[str], descriptor: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *command,
        *("-c", MAIN, str(descriptor)),
        cwd=ROOT,
        env=dict(os.environ, MICROPYPATH=search_path()),
        pass_fds=[descriptor],
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,  # Ctrl-C is for this process, which then stops the watch in order
    )
