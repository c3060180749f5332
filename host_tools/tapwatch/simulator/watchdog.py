"""The watchdog of a simulated watch: resets it when a call into an app does not come back, as a board's would.

The firmware keeps a file of 33 bytes: a counter (32 bits, little-endian) that is odd while a call is under way, the
longest time in milliseconds that it may take (32 bits), and a note (length, then 24 bytes). board/simulator/watchdog.py
writes it.
"""

from __future__ import annotations

import asyncio
import struct
from pathlib import Path

_STATE = struct.Struct("<IIB24s")
_LOOK_S = 0.1
"""Between two looks. Time is counted in looks: while this process sleeps, no call is late."""


class Watchdog:
    """Looks at the file of one watch."""

    def __init__(self, path: Path) -> None:
        """`path`: of the file, which the firmware makes anew at each start."""
        self._path = path
        self.note = b""
        """Of the call that the latest reset has ended, for the next start."""

    def configuration(self) -> dict[str, object]:
        """What the firmware is told at its start; the note is told once."""
        note, self.note = self.note, b""
        self._path.write_bytes(bytes(_STATE.size))
        return {"watchdog_path": str(self._path), "watchdog_note": note.hex()}

    @property
    def guarding(self) -> bool:
        """True while a call is under way, and for good once the firmware has ended in one."""
        return self._read()[0] % 2 == 1

    async def expired(self) -> None:
        """Wait until a call takes longer than it may; `note` is its note then."""
        seen, looks = 0, 0
        while True:
            await asyncio.sleep(_LOOK_S)
            turn, timeout_ms, length, note = self._read()
            looks = looks + 1 if turn == seen else 0
            seen = turn
            if turn % 2 and looks * _LOOK_S * 1000 >= timeout_ms:
                self.note = note[:length]
                return

    def _read(self) -> tuple[int, int, int, bytes]:
        """Counter, time, length and note; an idle one while the firmware has not written yet."""
        state = self._path.read_bytes()
        return _STATE.unpack(state) if len(state) == _STATE.size else (0, 0, 0, b"")
