"""The Bluetooth port of a board, apart from the others in ports.py because it is as long as all of them.

Nothing here runs on the watch.
"""

from typing import Callable, Optional, Protocol


class Ble(Protocol):
    """What the watch uses of MicroPython's `bluetooth.BLE`, whose documentation holds for every method.

    On a board it is that object; the simulator brings a stand-in. Every method raises OSError. `irq` handlers get an
    event number and a tuple; on the ESP32 they run between any two instructions of the program.
    """

    def active(self, on: bool = ...) -> bool:
        """Switch the radio on or off, or ask whether it is on."""
        ...

    def config(self, *name: str, **values: object) -> object:
        """Ask for one value, or set some: gap_name, mtu, rxbuf, addr_mode, bond, mitm, io, le_secure."""
        ...

    def irq(self, handler: "Callable[[int, tuple], object]") -> None:
        """Give events to `handler`; what it returns counts for some of them."""
        ...

    def gap_advertise(
        self,
        interval_us: "Optional[int]",
        adv_data: "Optional[bytes]" = ...,
        *,
        resp_data: "Optional[bytes]" = ...,
        connectable: bool = ...,
    ) -> None:
        """Advertise at this interval, None to stop."""
        ...

    def gap_disconnect(self, conn_handle: int) -> bool:
        """End a connection; False if there is none of that number."""
        ...

    def gap_pair(self, conn_handle: int) -> None:
        """Ask the other side for security."""
        ...

    def gap_passkey(self, conn_handle: int, action: int, passkey: int) -> None:
        """Answer a passkey event."""
        ...

    def gatts_register_services(self, services: tuple) -> tuple:
        """Register all services at once; gives the handles of each, in the order of their rows and descriptors."""
        ...

    def gatts_read(self, value_handle: int) -> bytes:
        """The value in the stack."""
        ...

    def gatts_write(self, value_handle: int, data: "bytes | bytearray | memoryview", send_update: bool = ...) -> None:
        """Set the value in the stack."""
        ...

    def gatts_notify(self, conn_handle: int, value_handle: int, data: "bytes | bytearray | memoryview" = ...) -> None:
        """Notify; ENOMEM if the stack has no room now."""
        ...

    def gatts_set_buffer(self, value_handle: int, length: int, append: bool = ...) -> None:
        """Let a value have `length` bytes; with `append` writes add to it until it is read."""
        ...

    def gattc_discover_services(self, conn_handle: int, uuid: object = ...) -> None:
        """Find services of the other side; events tell."""
        ...

    def gattc_discover_characteristics(self, conn_handle: int, start: int, end: int, uuid: object = ...) -> None:
        """Find characteristics between two handles; events tell."""
        ...

    def gattc_discover_descriptors(self, conn_handle: int, start: int, end: int) -> None:
        """Find descriptors between two handles; events tell."""
        ...

    def gattc_read(self, conn_handle: int, value_handle: int) -> None:
        """Read from the other side; events tell."""
        ...

    def gattc_write(
        self, conn_handle: int, value_handle: int, data: "bytes | bytearray | memoryview", mode: int = ...
    ) -> None:
        """Write to the other side, mode 1 with response; an event tells."""
        ...
