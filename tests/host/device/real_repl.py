"""MicroPython's own REPL behind a cable, that of its unix port: raw mode and raw-paste mode as on a board."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import termios
import threading
import tty
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

_CHUNK = 4096
_POLL_MS = 50


class RealRepl:
    """Runs while it is entered. `port` is what a computer opens.

    The program has a terminal of its own; a second one is the cable.
    """

    def __init__(self, script: Path, interrupts: bool = False) -> None:
        """`script` runs first, as `main.py` does; its globals are those of the REPL.

        `interrupts`: 03h interrupts what runs, as on a board; but not what came by raw-paste mode: the terminal of the
        unix port is raw then.
        """
        self._script, self._interrupts = script, interrupts
        self.heard = bytearray()
        """All that came from the computer."""
        self.said = bytearray()
        """All that the program said."""

    def __enter__(self) -> Self:
        self._inner, its = pty.openpty()
        self._outer, self._slave = pty.openpty()
        for number in (its, self._slave):
            tty.setraw(number)
        if self._interrupts:
            settings = termios.tcgetattr(its)
            settings[tty.LFLAG] |= termios.ISIG
            termios.tcsetattr(its, termios.TCSANOW, settings)
        self.port = os.ttyname(self._slave)
        self._process = subprocess.Popen(
            ["setsid", "--ctty", str(Path(sys.executable).parent / "micropython"), "-i", str(self._script)],
            stdin=its,
            stdout=its,
            stderr=its,
        )
        os.close(its)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._relay, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        self._over.set()
        self._thread.join(5)
        self._process.kill()
        self._process.wait(5)
        for number in (self._inner, self._outer, self._slave):
            os.close(number)

    def _relay(self) -> None:
        poll = select.poll()
        for number in (self._inner, self._outer):
            poll.register(number, select.POLLIN)
        while not self._over.is_set():
            for number, event in poll.poll(_POLL_MS):
                if not event & select.POLLIN:
                    return
                data = os.read(number, _CHUNK)
                if number == self._outer:
                    self.heard += data
                    os.write(self._inner, data)
                else:
                    self.said += data
                    os.write(self._outer, data)
