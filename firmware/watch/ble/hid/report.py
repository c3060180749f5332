"""One input report: what the wearer does now, and what the television was last told."""

import micropython
from micropython import const

from watch.ble import roles
from watch.ble.gatt import NOTIFY, READ, Characteristic, Descriptor

_REPORT = const(0x2A4D)
_REPORT_REFERENCE = const(0x2908)
_INPUT = const(1)
"""Type of a report in its Report Reference, HOGP 1.0 section 2.5.1 and HIDS 1.0 section 2.6.2."""


class Report:
    """All bits zero is a controller that nobody touches.

    Args:
        number: its report ID.
        size: bytes, without the ID.
        presses: how many of its first bytes wake a television that sleeps; the others are positions.
    """

    def __init__(self, number: int, size: int, presses: int) -> None:
        self.now = bytearray(size)
        self._told = bytearray(size)
        self._presses = presses
        reference = Descriptor(_REPORT_REFERENCE, bytes((number, _INPUT)))
        self.row = Characteristic(_REPORT, READ | NOTIFY, size, (roles.TV,), roles.ENCRYPTED, bytes(size), (reference,))

    @micropython.native
    def changed(self, pressed: bool) -> bool:
        """True if the television has not been told what is. `pressed`: only buttons count. Allocates nothing."""
        now, told = self.now, self._told
        count, place = self._presses if pressed else len(now), 0
        while place < count and now[place] == told[place]:
            place += 1
        return place < count

    @micropython.native
    def tell(self) -> None:
        """The television knows now. Allocates nothing."""
        now, told = self.now, self._told
        for place in range(len(now)):
            told[place] = now[place]

    @micropython.native
    def bit(self, number: int, on: bool) -> None:
        """Press a button, or let it go. Allocates nothing."""
        mask = 1 << (number & 7)
        if on:
            self.now[number >> 3] |= mask
        else:
            self.now[number >> 3] &= ~mask

    @micropython.native
    def release(self) -> None:
        """Nothing is touched any more. Allocates nothing."""
        now = self.now
        for place in range(len(now)):
            now[place] = 0

    def forget(self) -> None:
        """Another television is told, which knows of nothing."""
        self.release()
        self.tell()
