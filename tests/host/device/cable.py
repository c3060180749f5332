"""A program behind a pseudo-terminal, as a watch is behind its USB port; the cable can be pulled at any byte."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import subprocess
import threading
import tty
from typing import TYPE_CHECKING, Self

from tests.tools.children import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

_CHUNK = 4096
_POLL_MS = 100


class Cable:
    """Runs the program while it is entered. `port` is what a computer opens."""

    def __init__(self, command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
        """The program speaks over its standard input and output."""
        self._command, self._folder, self._environment = command, folder, environment
        self._pull: tuple[bytes, int, int] | None = None
        self._thread: threading.Thread | None = None
        self.heard = bytearray()
        """All that came from the computer."""
        self.said = bytearray()
        """All that the program said."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command,
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        self.plug_in()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        self._stop.set()
        self._process.kill()
        if self._thread is not None:
            self._thread.join(5)
        self._process.wait(5)
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()
        self._unplug()

    def ended(self, timeout_s: float = PATIENCE_S) -> int:
        """Wait for the end of the program; its exit status."""
        return self._process.wait(timeout_s)

    @property
    def running(self) -> bool:
        """True while the program has not ended."""
        return self._process.poll() is None

    def pull(self, behind: bytes, after: int) -> None:
        """Pull the cable when the program has said `behind`, from now on, and so many bytes more."""
        self._pull = behind, after, len(self.said)

    def plug_in(self) -> None:
        """Put the cable in, after it was pulled: at another port."""
        if self._thread is not None:
            self._thread.join(PATIENCE_S)  # a computer sees the end of the old port before this thread has ended
        self._pull = None
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)  # our own hold on it keeps it open between two programs
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._relay, daemon=True)
        self._thread.start()

    def _unplug(self) -> None:
        for number in (self._master, self._slave):
            if number >= 0:
                os.close(number)
        self._master = self._slave = -1

    def _relay(self) -> None:
        out, into = self._process.stdout, self._process.stdin
        if out is None or into is None:
            return
        poll = select.poll()
        poll.register(self._master, select.POLLIN)
        poll.register(out, select.POLLIN)
        while not self._stop.is_set():
            for number, event in poll.poll(_POLL_MS):
                if number == self._master:
                    data = os.read(self._master, _CHUNK)
                    self.heard += data
                    with contextlib.suppress(BrokenPipeError):  # it has ended: what it said last is still to be read
                        into.write(data)
                elif not event & select.POLLIN or not self._forward(os.read(number, _CHUNK)):
                    self._unplug()
                    return

    def _forward(self, data: bytes) -> bool:
        """False once the program has ended or the cable is out."""
        self.said += data
        end = self._end()
        if end is not None and end <= len(self.said):
            os.write(self._master, data[: max(0, len(data) - (len(self.said) - end))])
            return False
        os.write(self._master, data)
        return bool(data)

    def _end(self) -> int | None:
        """How many bytes the computer gets in all; None if the cable stays."""
        if self._pull is None:
            return None
        behind, after, start = self._pull
        at = self.said.find(behind, start)
        return None if at < 0 else at + len(behind) + after
