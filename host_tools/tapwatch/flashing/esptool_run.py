"""Runs esptool, as a program of its own: it is under the GPL, and what it does is watched through its output."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.flashing import ports

if TYPE_CHECKING:
    from collections.abc import Callable

    from tapwatch.flashing.regions import Region

BAUD = 921_600
"""Speed of a UART; a chip with its own USB goes as fast as it can."""
_SILENCE_S = 600
"""esptool says something more often than that: 256 blocks of 64 KB take 2 s each to erase at most (W25Q128JV, 9.6)."""
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)% ")
_ERROR = re.compile(r"ERROR: (?:A fatal error occurred: )?(.*)")
_BROKEN = "run the same command again: nothing else is needed"

_NO_ANSWER = ("Failed to connect", "No serial data received", "Wrong boot mode", "Invalid head of packet")
_NO_PORT = ("Could not open", "could not open", "port is busy", "Could not connect")
_OTHER_BYTES = ("MD5 of file does not match", "Verification failed", "written flash region is empty")


class Esptool:
    """esptool on one port.

    Args:
        port: name of a serial port, or a URL that pyserial knows.
        baud: speed after it is connected.
        connecting: what to do if no chip answers, for people.
        stub: let it load its own program into the chip, which is faster.
    """

    def __init__(self, port: str, baud: int = BAUD, connecting: str = "", stub: bool = True) -> None:
        self.port = port
        self._options = ["--port", port, "--baud", str(baud), *([] if stub else ["--no-stub"])]
        self._connecting = connecting

    def run(self, *arguments: str, reset: bool = False, progress: Callable[[str], None] | None = None) -> str:
        """Run a command; returns all it printed. `reset`: start the chip afterwards. `progress` gets every line.

        Raises UserError.
        """
        after = "hard-reset" if reset else "no-reset"
        command = [sys.executable, "-m", "esptool", *self._options, "--after", after, *arguments]
        said, code = _watched(command, progress or (lambda line: None))
        if code:
            raise self._problem("".join(said))
        return "".join(said)

    def write(self, regions: list[Region], paths: list[str], shown: Callable[[int, int], None]) -> None:
        """Write regions in their order, each from its file, and read back the hash of each.

        `shown` gets the bytes done and those there are. Raises UserError.
        """
        meter = Meter([len(region.data) for region in regions], shown)
        self.run("write-flash", "--flash-size", "keep", *_pairs(regions, paths), progress=meter)

    def verify(self, regions: list[Region], paths: list[str], reset: bool) -> None:
        """Compare the flash with the files once more, and start the chip if `reset`. Raises UserError."""
        self.run("verify-flash", "--flash-size", "keep", *_pairs(regions, paths), reset=reset)

    def _problem(self, said: str) -> UserError:
        found = _ERROR.findall(said)
        if any(word in said for word in _NO_PORT):
            return ports.cannot_open(self.port)
        reason = RuntimeError(found[-1].strip() if found else (said.strip().splitlines() or ["it said nothing"])[-1])
        for words, message, hint, code in self._known():
            if any(word in said for word in words):
                problem = UserError(message, hint, **code)
                break
        else:
            problem = UserError(f"the watch on {self.port} went away, or does not do what esptool asks", _BROKEN)
        problem.__cause__ = reason
        return problem

    def _known(self) -> tuple[tuple[tuple[str, ...], str, str, dict[str, int]], ...]:
        return (
            (_OTHER_BYTES, "the flash does not hold what was written to it", _BROKEN, {"exit_code": EXIT_FAILED}),
            (_NO_ANSWER, f"no chip in download mode answers on {self.port}", self._connecting, {}),
        )


def _pairs(regions: list[Region], paths: list[str]) -> list[str]:
    return [word for region, path in zip(regions, paths, strict=True) for word in (f"{region.offset:#x}", path)]


def _watched(command: list[str], progress: Callable[[str], None]) -> tuple[list[str], int]:
    """Run a command and show each of its lines; it is ended if it says nothing for too long."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1", "COLUMNS": "200"}
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
    )
    said: list[str] = []
    alarm = _Alarm(process)
    try:
        for raw in process.stdout or ():
            alarm.again()
            said.append(raw.decode("utf-8", "replace"))
            progress(said[-1])
        return said, process.wait()
    finally:
        alarm.off()
        process.kill()
        process.wait()


class _Alarm:
    """Ends a program that is silent."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._timer: threading.Timer | None = None
        self.again()

    def again(self) -> None:
        """It has said something."""
        self.off()
        self._timer = threading.Timer(_SILENCE_S, self._process.kill)
        self._timer.daemon = True
        self._timer.start()

    def off(self) -> None:
        """Stop waiting."""
        if self._timer is not None:
            self._timer.cancel()


class Meter:
    """Turns the lines of `write-flash` into bytes done. Each file begins with a line `Writing 'FILE' at ADDRESS`."""

    def __init__(self, sizes: list[int], shown: Callable[[int, int], None]) -> None:
        self._sizes = sizes
        self._shown = shown
        self._file = -1
        self._before = 0

    def __call__(self, line: str) -> None:
        """A line."""
        if line.startswith("Writing '"):
            self._before = sum(self._sizes[: self._file + 1])
            self._file = min(self._file + 1, len(self._sizes) - 1)
        elif line.startswith("Writing at") and (found := _PERCENT.search(line)) and self._sizes:
            part = int(self._sizes[max(self._file, 0)] * min(float(found.group(1)), 100.0) / 100)
            self._shown(self._before + part, sum(self._sizes))
