"""A Bluetooth radio that works, with nobody in reach: that of a watch on virtual hardware without a host."""

from bluetooth import BLE
from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

_BLUETOOTH = const(2)
"""The chip's address for Bluetooth is its first one and this. ESP-IDF, "Miscellaneous System APIs"."""


class Nobody:
    """In place of the host link: what the radio sends is heard by nobody, and nothing comes."""

    def handle(self, kind: int, function: "Callable[[memoryview], None]") -> None:
        """It never calls."""

    def send(self, kind: int, first: bytes, second: bytes = b"", size: int = 0) -> None:
        """Into the air."""


def put_on_air(unique_id: bytes, link: "object | None" = None) -> None:
    """Give the one radio to the chip with this number. `link`: a `Link` to a host, None for nobody."""
    address = bytearray(unique_id)
    address[-1] += _BLUETOOTH
    BLE().attach(Nobody() if link is None else link, bytes(address), True)  # type: ignore[attr-defined] # stand-in
