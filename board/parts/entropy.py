"""`ports.Entropy` of the ESP32-S3: `os.urandom` while the receiver of Wi-Fi runs.

The generator of the chip gives true noise only while the high-speed converter of the radio or the SAR converter feeds
it; else what it gives is to be taken as pseudo-random (ESP-IDF Programming Guide, "Random Number Generation").
The converter may rest while the radio sleeps, as that of Bluetooth does between two events, so Bluetooth being on is
not taken for enough. Wi-Fi is started as a station that neither scans nor joins: it only listens, without its sleep
mode. The SAR converter would need registers that are reached through functions in ROM alone.

Nothing tells when the last byte has been asked for: a timer switches the receiver off a while after that.
"""

import errno

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Protocol

    class Receiver(Protocol):
        """What is used of `network.WLAN`."""

        def active(self, on: bool = ...) -> bool:
            """Switch it, or ask."""
            ...

        def config(self, **values: object) -> object:
            """Set some of its values."""
            ...

    class Timer(Protocol):
        """What is used of `machine.Timer`."""

        def init(self, *, mode: int, period: int, callback: "Callable[[object], object]") -> object:
            """Call back once after `period` milliseconds."""
            ...


_ONCE = const(0)
"""`machine.Timer.ONE_SHOT`."""
_AWAKE = const(0)
"""`network.WLAN.PM_NONE`: no sleep mode."""
_REST_MS = const(2000)
"""Making a seed takes a fraction of this."""


class RadioEntropy:
    """`ports.Entropy`."""

    def __init__(self, receiver: "Receiver", timer: "Timer", urandom: "Callable[[int], bytes]") -> None:
        """`urandom` is that of the port's own generator."""
        self._receiver = receiver
        self._timer = timer
        self._urandom = urandom

    def running(self) -> bool:
        """Switch the receiver on if it is off; True if it runs then."""
        try:
            if not self._receiver.active():
                self._receiver.active(True)
                self._receiver.config(pm=_AWAKE)
            self._timer.init(mode=_ONCE, period=_REST_MS, callback=self._rest)
            return self._receiver.active()
        except (OSError, RuntimeError):
            return False  # no memory for the radio, or it does not start: there is no source

    def busy(self) -> bool:
        """True while the receiver is on, which no sleep survives."""
        return self._receiver.active()

    def read(self, into: bytearray) -> None:
        """Fill the buffer. Raises OSError(EIO) while the receiver is off."""
        if not self._receiver.active():
            raise OSError(errno.EIO)
        into[:] = self._urandom(len(into))

    def _rest(self, timer: object) -> None:
        try:
            self._receiver.active(False)
        except OSError:
            # It stays on, which costs power and nothing else; the next seed tries again.
            return
