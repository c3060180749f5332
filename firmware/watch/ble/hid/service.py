"""The human interface device service (HIDS 1.0, HOGP 1.0), without boot protocol: a gamepad and a remote in one.

A change is sent at once, from whatever finger made it. When the stack has no room, the state of that moment is not
queued: a task tries again until the television knows the state there is then, so no button can stay down.
"""

import micropython
from micropython import const

from watch.ble import roles
from watch.ble.gatt import READ, WRITE_NO_RESPONSE, Characteristic, Service
from watch.ble.hid.keys import BUTTONS, DIRECTIONS, FULL, KEYS
from watch.ble.hid.report import Report
from watch.ble.hid.report_map import (
    GAMEPAD_BYTES,
    GAMEPAD_REPORT,
    REMOTE_BYTES,
    REMOTE_REPORT,
    report_map,
)
from watch.kernel.errors import InputError
from watch.kernel.loop import Flag, sleep_ms

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.ble.gatt import Link

HID_SERVICE = const(0x1812)
RETRY_MS = const(5)
"""Pause before another try. A connection event, which makes room, comes every 7.5 ms at the most often."""
_INFORMATION, _REPORT_MAP, _CONTROL_POINT = const(0x2A4A), const(0x2A4B), const(0x2A4C)
_ABOUT = b"\x11\x01\x00\x01"
"""HID 1.11, no country, remote wake: a press may wake a television (HIDS 1.0 section 2.9)."""
_SUSPEND, _EXIT_SUSPEND = const(0), const(1)
"""Values of the control point, HIDS 1.0 section 2.10."""
_HAT, _X, _Z = const(1), const(2), const(4)
"""Bytes of the gamepad report: hat above the last four buttons, X before Y, Z before Rz."""
_BUTTON_BITS = const(0x0F)


class HidService(Service):
    """Tells one television at a time what the wearer does: the one that came last.

    What is done while none is there is not kept. Setters allocate nothing and may be called from the touch path.
    """

    uuid = HID_SERVICE

    def __init__(self) -> None:
        self._gamepad = Report(GAMEPAD_REPORT, GAMEPAD_BYTES, 2)
        self._remote = Report(REMOTE_REPORT, REMOTE_BYTES, REMOTE_BYTES)
        self._reports = (self._gamepad, self._remote)
        self._control = _row(_CONTROL_POINT, WRITE_NO_RESPONSE, b"\0")
        self.rows = (
            _row(_INFORMATION, READ, _ABOUT),
            _row(_REPORT_MAP, READ, report_map()),
            self._control,
            self._gamepad.row,
            self._remote.row,
        )
        self._links: "list[Link]" = []
        self._link: "Optional[Link]" = None
        self._behind = Flag()
        self.suspended = False
        """True while the television sleeps: then only presses are sent."""
        self.paired: "Callable[[], bool]" = lambda: self._link is not None
        """True if there is a bond of a television. The radio, which knows, puts its own function here."""
        self.hold: "Callable[[bool], None]" = _nobody
        """Keeps the radio on while somebody plays; the radio puts its own function here too."""

    @property
    def connected(self) -> bool:
        """True while a television is there."""
        return self._link is not None

    def joined(self, link: "Link") -> None:
        """A television has come; the one before hears that everything was let go, or is sent away."""
        self.release()
        if self._link is not None and (self._gamepad.changed(False) or self._remote.changed(False)):
            self._link.close()  # no room to tell it: so it knows that nothing is held down any more
        self._links.append(link)
        self._take(link)

    def left(self, link: "Link") -> None:
        """It has gone, and with it all that was held down."""
        if link in self._links:
            self._links.remove(link)
        if link is self._link:
            self._take(self._links[-1] if self._links else None)

    def written(self, link: "Link", row: Characteristic, data: memoryview) -> None:
        """The control point: the television goes to sleep, or is awake again. Anything else means nothing."""
        if row is not self._control or link is not self._link or len(data) != 1:
            return
        if data[0] == _SUSPEND:
            self.suspended = True
        elif data[0] == _EXIT_SUSPEND:
            self.suspended = False
            self._flush()

    def read(self, link: "Link", row: Characteristic) -> "Optional[bytes]":
        """A report is what is held down now, for the television that hears of it."""
        for report in self._reports:
            if report.row is row:
                return bytes(report.now) if link is self._link else bytes(len(report.now))
        return None

    async def run(self) -> None:
        """Try again what found no room. Runs as long as the radio."""
        while True:
            await self._behind.wait()
            await sleep_ms(RETRY_MS)
            self._flush()

    @micropython.native
    def button(self, number: int, on: bool) -> None:
        """Press a button of the gamepad, or let it go. Raises InputError."""
        if not 0 <= number < BUTTONS:
            raise InputError("no such button")
        if self._link is not None:
            self._gamepad.bit(number, on)
            self._flush()

    @micropython.native
    def hat(self, direction: int) -> None:
        """Press the hat to one of its eight directions, or let it go: 0. Raises InputError."""
        if not 0 <= direction <= DIRECTIONS:
            raise InputError("no such direction")
        if self._link is not None:
            now = self._gamepad.now
            now[_HAT] = now[_HAT] & _BUTTON_BITS | direction << 4
            self._flush()

    @micropython.native
    def stick(self, x: int, y: int) -> None:
        """Where the thumb is on the pad, -127 to 127; what is beyond is at the rim."""
        self._place(_X, x, y)

    @micropython.native
    def tilt(self, x: int, y: int) -> None:
        """How the watch is held, likewise."""
        self._place(_Z, x, y)

    @micropython.native
    def key(self, number: int, on: bool) -> None:
        """Press a key of the remote, or let it go. Raises InputError."""
        if not 0 <= number < KEYS:
            raise InputError("no such key")
        if self._link is not None:
            self._remote.bit(number, on)
            self._flush()

    def release(self) -> None:
        """Let go of everything."""
        for report in self._reports:
            report.release()
        self._flush()

    @micropython.native
    def _place(self, first: int, x: int, y: int) -> None:
        """Two axes at once, so that no position in between is sent."""
        if self._link is not None:
            now = self._gamepad.now
            now[first] = max(min(x, FULL), -FULL) & 0xFF
            now[first + 1] = max(min(y, FULL), -FULL) & 0xFF
            self._flush()

    @micropython.native
    def _flush(self) -> None:
        """Send what the television does not know."""
        link = self._link
        if link is None:
            return
        for report in self._reports:
            if report.changed(self.suspended):
                if not link.try_notify(report.row, report.now):
                    self._behind.set()
                    return
                report.tell()

    def _take(self, link: "Optional[Link]") -> None:
        """From now on this one is told."""
        self._link, self.suspended = link, False
        self._behind.clear()
        for report in self._reports:
            report.forget()


def _nobody(on: bool) -> None:
    """A watch without a radio."""


def _row(uuid: int, properties: int, value: bytes) -> Characteristic:
    """A row of the service, for televisions alone; longer writes than its value make no sense."""
    return Characteristic(uuid, properties, len(value), (roles.TV,), roles.ENCRYPTED, value)
