"""Bosch BHI260AP: from a reset to a hub that runs its firmware.

The chip has none of its own: after each loss of power it is told 110 to 124 kB. Source as in bhi260ap_bus.py.
"""

import errno

from micropython import const

from drivers import bhi260ap_bus as hub
from drivers.motion_sensor import fill_from

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from drivers.bhi260ap_bus import HubBus
    from drivers.motion_sensor import Blob

MOST_BYTES = const(262_140)
"""Longest firmware: what the length of the upload command can say, in words."""
_WORD = const(4)
_MAGIC = const(0x662B)  # Bosch: BHY2_FW_MAGIC, low byte first
_PRODUCT = const(0x89)
_UPLOAD = const(0x02)
_RUN = const(0x03)
_READY, _VERIFIED, _REFUSED = const(0x10), const(0x20), const(0x40)
_HEADER = const(4)
_LEAST_BYTES = const(256)
_CHUNK = const(64)
"""Bytes of a transfer; SensorLib found no more than these to be safe on the ESP32-S3."""

_RESET_MS = const(10)
_RESET_TRIES = const(15)
"""Bosch: 150 ms."""
_START_MS = const(50)
_START_TRIES = const(100)
"""Bosch: 5 s."""


def reset(bus: "HubBus") -> None:
    """Reset the chip and wait until it listens. Raises OSError: ENODEV for another chip, ETIMEDOUT for silence."""
    _order_reset(bus)
    for _ in range(_RESET_TRIES):
        bus.delay_ms(_RESET_MS)
        if _listens(bus):
            break
    else:
        raise OSError(errno.ETIMEDOUT)
    if bus.read(hub.PRODUCT) != _PRODUCT:
        raise OSError(errno.ENODEV)


def _order_reset(bus: "HubBus") -> None:
    """One that has just got its supply need not answer yet, as after a reset."""
    for _ in range(_RESET_TRIES):
        try:
            bus.write(hub.RESET, 1)
            return
        except OSError as error:
            if error.errno != errno.ENODEV:
                raise
        bus.delay_ms(_RESET_MS)
    raise OSError(errno.ENODEV)


def _listens(bus: "HubBus") -> bool:
    try:
        return bool(bus.read(hub.BOOT) & _READY)
    except OSError:
        return False  # it need not answer while it resets; one that never does is told by the time-out


def load(bus: "HubBus", blob: "Blob", length: int) -> None:
    """Tell a chip that was just reset its firmware, `length` bytes, and let it run. Takes 1 to 3 s.

    Raises OSError, and ValueError for a file that is none, is too short, or is refused by the chip, which needs another
    `reset` then.
    """
    if length % _WORD or not _LEAST_BYTES <= length <= MOST_BYTES:
        raise ValueError("this is not the length of a firmware")
    _upload(bus, blob, length)
    _wait(bus, _READY | _VERIFIED)
    bus.command(_RUN)
    _wait(bus, _READY)
    version = bytearray(2)
    bus.fill(hub.KERNEL, version)
    if not version[0] | version[1]:
        raise ValueError("the firmware does not run")


def _upload(bus: "HubBus", blob: "Blob", length: int) -> None:
    """The header says how many words come; then they come, in as many transfers as we like."""
    buffer = bytearray(_CHUNK)
    words = length // _WORD
    buffer[0], buffer[2], buffer[3] = _UPLOAD, words & 0xFF, words >> 8
    view = memoryview(buffer)
    at, left = _HEADER, length
    while left:
        end = min(_CHUNK, at + left)
        fill_from(blob, view[at:end])
        if left == length and buffer[_HEADER] | buffer[_HEADER + 1] << 8 != _MAGIC:
            raise ValueError("this is not a firmware")
        bus.send(view[:end])
        left -= end - at
        at = 0


def _wait(bus: "HubBus", wanted: int) -> None:
    for _ in range(_START_TRIES):
        bus.delay_ms(_START_MS)
        told = bus.read(hub.BOOT)
        if told & _REFUSED:
            raise ValueError("the chip refuses the firmware")
        if told & wanted == wanted:
            return
    raise OSError(errno.ETIMEDOUT)
