"""What board the simulated watch is: chosen here, sent to it as the first frame of the host link."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tapwatch.errors import EXIT_USAGE, UserError
from tapwatch.simulator.flash_image import SIZE
from tapwatch.simulator.panel import Glass

SIZES: Mapping[str, Glass] = {
    "410x502": Glass(410, 502, corner_px=115, align=2),
    "240x240": Glass(240, 240, corner_px=0, align=1),
}
"""The panels there are: the AMOLED watches, and the square LilyGo T-Watch S3."""

CHIPS: Mapping[str, tuple[str, ...]] = {
    "410x502": ("axp2101", "bhi260ap", "drv2605", "pcf85063"),
    "240x240": ("axp2101", "bma423", "drv2605", "pcf8563"),
}
"""By panel: chips that the watch starts without."""

RUNNING = "running"
"""Value of `unix_s` for a clock that shows the computer's time."""
BUILT_S = 1_795_305_600
"""2026-11-22, the build date the firmware takes as its first floor of time."""

RADIO_ADDRESS = "C2544150574D"
"""Bluetooth address of every simulated watch: static random, so the two top bits are set (Core 6.B.1.3.2)."""


@dataclass(frozen=True)
class WatchOptions:
    """How to build the simulated board and what to run on it."""

    size: str = "410x502"
    """One of SIZES; of a real board its own."""
    board: str | None = None
    """Name of a folder in board/ whose board.py runs on virtual hardware; None for the simulated board."""
    nfc: str | None = None
    """`udp:HOST:PORT` for the antenna (the watch binds), `vpcd:HOST:PORT` for a card link (the watch connects).
    None: the antenna on a free port of the loopback interface."""
    heap: str = "16M"
    """Heap of the interpreter; its objects are twice as large as the board's, so this stands for 8 MB."""
    unix_s: int | str | None = RUNNING
    """Time of day at the first start; None for a clock that lost power."""
    ticks_ms: int = 0
    """Where the tick counter starts; just under 2**30 lets it wrap soon."""
    stock_writes: bool = False
    """True: the Bluetooth stack confirms every write, as MicroPython's stock images do; else the watch can refuse."""
    percent: int = 80
    charging: bool = False
    without: tuple[str, ...] = ()
    """Chips that have been taken off the board, names in CHIPS."""
    version: str = "0.1.0"
    program: str = "watch.system.main"
    """Module with `start(board, options)`."""
    program_options: Mapping[str, object] = field(default_factory=dict)
    """Handed to the program, for example `{"passcode": "1234"}`."""

    @property
    def glass(self) -> Glass:
        """The panel. Raises UserError for a size there is not."""
        if self.size not in SIZES:
            raise UserError(f"There is no panel of {self.size}.", f"Use one of: {', '.join(SIZES)}.", EXIT_USAGE)
        return SIZES[self.size]

    @property
    def missing(self) -> list[str]:
        """Chips that are not on this board, of those in `without`. Raises UserError for one that no board has."""
        if self.board and self.without:
            raise UserError("A real board has all its chips.", "Take a chip off without --board.", EXIT_USAGE)
        known = sorted({chip for chips in CHIPS.values() for chip in chips})
        for chip in self.without:
            if chip not in known:
                raise UserError(
                    f"There is no chip {chip} to take away.", f"Use one of: {', '.join(known)}.", EXIT_USAGE
                )
        return [chip for chip in self.without if chip in CHIPS[self.size]]

    @property
    def sizes(self) -> list[str]:
        """What panels it can have."""
        return [self.size] if self.board else list(SIZES)

    def configuration(self, secret_path: Path, nfc: str, rtc_offset_s: int | None) -> dict[str, object]:
        """The first frame, as JSON but for the battery; board/simulator/board.py reads it."""
        return {
            "screen": dataclasses.asdict(self.glass),
            "nfc": nfc,
            "unix_s": self._start_s(rtc_offset_s),
            "ticks_ms": self.ticks_ms,
            "version": self.version,
            "built_s": BUILT_S,
            "secret_path": str(secret_path),
            "files": str(secret_path.parent / "files"),
            "radio_address": RADIO_ADDRESS,
            "stock_writes": self.stock_writes,
            "flash_bytes": SIZE,
            "without": self.missing,
            "board": self.board,
            "program": self.program,
            "options": dict(self.program_options),
        }

    def _start_s(self, rtc_offset_s: int | None) -> int | None:
        if rtc_offset_s is not None:
            return int(time.time()) + rtc_offset_s
        if self.unix_s == RUNNING:
            return int(time.time())
        return None if self.unix_s is None else int(self.unix_s)
