"""A watch on virtual hardware that is started again whenever it wants that, behind a pseudo-terminal as on USB.

Its wearer is played by touches at places of the 410x502 panel: they are those of the passcode keys and of the sheets.
"""

from __future__ import annotations

import contextlib
import os
import pty
import select
import socket
import struct
import subprocess
import sys
import threading
import time
import tty
from pathlib import Path
from typing import Self

from tapwatch.compiled import ROOT, search_path
from tapwatch.simulator import frames
from tests.tools import children
from tests.tools.children import GRACE_S
from tests.tools.processor import Stopwatch

BOARD = "lilygo_twatch_ultra"
RESTARTED = 3
_KEY_X, _KEY_Y, _KEY_W, _KEY_H = 25, 54, 120, 112
_YES = (291, 420)
_ZERO_PLACE, _ENTER_PLACE = 10, 11
_PERCENT = 80
_CHUNK = 4096
_POLL_MS = 50
_TOUCH_S = 0.08
"""A finger stays as long: the watch looks at the glass once in 50 ms at most."""


class VirtualWatch:
    """Runs while it is entered. `port` is what a computer opens; `starts` counts how often it has been switched on."""

    def __init__(self, flash: Path) -> None:
        self._flash = flash
        self.starts = 0
        self.said = bytearray()
        """All that came over the cable."""
        self._host: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._process is not None:
            self._process.kill()  # whatever its thread waits for: it ends with it
        self._thread.join(GRACE_S)
        os.close(self._master)
        os.close(self._slave)

    def enter(self, digits: str) -> None:
        """Type a passcode."""
        for digit in digits:
            place = int(digit) - 1 if digit != "0" else _ZERO_PLACE
            self._key(place)
        self._key(_ENTER_PLACE)

    def agree(self) -> None:
        """Touch yes."""
        self.touch(*_YES)

    def touch(self, x: int, y: int) -> None:
        """A short touch."""
        for down in (1, 0):
            host = self._host
            if host is not None:
                host.sendall(struct.pack(">BIBHH", frames.TOUCH, 5, down, x, y))
            self.pause(_TOUCH_S)

    def pause(self, seconds: float) -> None:
        """Give the watch so much time. What it waits for a processor does not count: nothing happens on it then."""
        process = self._process
        counting = Stopwatch(*([] if process is None else [process.pid]))
        while counting.seconds < seconds:
            time.sleep(_TOUCH_S)

    def _key(self, place: int) -> None:
        self.touch(
            _KEY_X + place % 3 * _KEY_W + _KEY_W // 2,
            _KEY_Y + place // 3 * _KEY_H + _KEY_H // 2,
        )

    def _live(self) -> None:
        while not self._over.is_set():
            self.starts += 1
            status = self._once()
            self.ended = status
            if status != RESTARTED:
                return

    def _once(self) -> int | None:
        """From a start to the reset; the exit status."""
        self._host, its = socket.socketpair()
        self._host.sendall(struct.pack(">BIBB", frames.POWER, 2, _PERCENT, True))  # a cable to a computer has power
        its.setblocking(False)
        command = [str(Path(sys.executable).parent / "micropython"), "-X", "heapsize=8M", "-m"]
        command += ["board.simulator.virtual_esp32", str(self._flash), BOARD, str(its.fileno())]
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"MICROPYPATH": search_path()},
            pass_fds=(its.fileno(),),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        ) as process:
            its.close()
            self._process = process
            try:
                self._relay(process, self._host)
            finally:
                self._host.close()
                self._host = None
                process.kill() if self._over.is_set() else None
            return children.leave(process)

    def _relay(self, process: subprocess.Popen[bytes], host: socket.socket) -> None:
        """Carry bytes between cable and terminal; what the panel shows is not looked at."""
        out, into = process.stdout, process.stdin
        if out is None or into is None:
            return
        os.set_blocking(into.fileno(), False)
        poll, waiting = select.poll(), bytearray()
        for number in (self._master, out.fileno(), host.fileno()):
            poll.register(number, select.POLLIN)
        while not self._over.is_set():
            for number, event in poll.poll(_POLL_MS):
                if number == host.fileno():
                    if not _heard(host):
                        poll.unregister(number)
                elif number == self._master:
                    waiting += os.read(number, _CHUNK)
                elif not event & select.POLLIN or not (data := os.read(number, _CHUNK)):
                    return
                else:
                    self.said += data
                    os.write(self._master, data)
            with contextlib.suppress(BrokenPipeError):  # it restarts: nobody is there to hear it
                del waiting[: into.write(waiting) or 0]  # what it does not take yet: it may be starting


def _heard(host: socket.socket) -> bytes:
    """What the watch shows; nothing once it has ended, of a start that failed before it heard of its power too."""
    try:
        return host.recv(1 << 16)
    except ConnectionResetError:
        return b""
