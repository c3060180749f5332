"""MicroPython's `bluetooth` for the simulated watch, on its unix port, which has none.

The host link carries it to a Bumble controller. Names, events and errors are those of the documentation of MicroPython
and of its NimBLE glue; what this watch does not use is left out: scanning, connecting as a central, L2CAP channels.
"""

import errno

from micropython import const

from board.simulator.radio import wire
from board.simulator.radio.radio import MAX_LINKS, Radio
from board.simulator.radio.settings import Settings
from board.simulator.radio.uuid import UUID

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from board.simulator.link import Link

    Buffer = bytes | bytearray | memoryview

FLAG_READ = const(0x0002)
FLAG_WRITE_NO_RESPONSE = const(0x0004)
FLAG_WRITE = const(0x0008)
FLAG_NOTIFY = const(0x0010)
FLAG_INDICATE = const(0x0020)

_ADVERTISING_BYTES = const(31)
"""Of advertising data, and of a scan response; Core 5.4 vol. 6 part B section 2.3.1.1."""
_MAX_SERVICES = const(8)
"""MP_BLUETOOTH_NIMBLE_MAX_SERVICES."""
_E2BIG, _EBUSY = const(7), const(16)
"""Of MicroPython's py/mperrno.h; its module `errno` lacks them."""


class BLE:
    """The one radio of the board; every call gives the same object."""

    _only: "BLE | None" = None
    _radio: Radio
    _settings: Settings

    def __new__(cls) -> "BLE":
        """The object there is, or the first one."""
        if BLE._only is None:
            BLE._only = object.__new__(cls)
            BLE._only._radio = Radio(UUID)
            BLE._only._settings = Settings(BLE._only._radio)
            BLE._only._advertised = BLE._only._responded = b""
        return BLE._only

    def attach(self, link: "Link", address: bytes, stock_writes: bool) -> None:
        """Put it on a simulated board; before that there is no radio. Not part of MicroPython."""
        self._radio.attach(link, address, stock_writes)

    def active(self, on: "bool | None" = None) -> bool:
        """Switch on or off, or ask. Off forgets services, values and configuration."""
        radio = self._radio
        if on is not None and bool(on) != radio.on:
            radio.send(wire.POWER, ">B", (bool(on),))
            radio.reset(bool(on))
            self._settings = Settings(radio)
        return radio.on

    def config(self, *names: str, **values: object) -> object:
        """Ask for one value, or set some. Raises OSError while it is off, ValueError for a name there is not."""
        self._radio.need()
        if names:
            return self._settings.ask(names[0])
        self._settings.change_all(values)
        return None

    def irq(self, handler: "Callable[[int, tuple], object] | None") -> None:
        """Give events to `handler`."""
        self._radio.handler = handler

    def gap_advertise(
        self,
        interval_us: "int | None",
        adv_data: "Buffer | None" = None,
        *,
        resp_data: "Buffer | None" = None,
        connectable: bool = True,
    ) -> None:
        """Advertise at this interval, None to stop; data that are not given stay. Raises OSError.

        EINVAL for more than 31 bytes; ENOMEM to be connectable with all connections in use.
        """
        radio = self._radio
        radio.need()
        if interval_us is None:
            radio.advertising = False
            radio.send(wire.SILENCE, "")
            return
        self._advertised = _fitting(adv_data, self._advertised)
        self._responded = _fitting(resp_data, self._responded)
        if connectable and radio.links >= MAX_LINKS:
            raise OSError(errno.ENOMEM)
        head = (interval_us, bool(connectable), len(self._advertised))
        radio.send(wire.ADVERTISE, ">IBB", head, self._advertised + self._responded)
        radio.advertising = True

    def gap_disconnect(self, conn_handle: int) -> bool:
        """End a connection; False if there is none of that number."""
        self._radio.need()
        if not self._radio.connected(conn_handle):
            return False
        self._radio.send(wire.DISCONNECT, ">H", (conn_handle,))
        return True

    def gap_pair(self, conn_handle: int) -> None:
        """Ask the other side for security. Raises OSError."""
        self._to(conn_handle, wire.PAIR)

    def gap_passkey(self, conn_handle: int, action: int, passkey: int) -> None:
        """Answer a passkey event. Raises OSError."""
        self._to(conn_handle, wire.PASSKEY_ANSWER, "BI", action, passkey)

    def gatts_register_services(self, services: tuple) -> tuple:
        """Register all services at once; gives their handles. Raises OSError.

        E2BIG for more than eight, EBUSY while advertising or connected.
        """
        radio = self._radio
        radio.need()
        if radio.advertising or radio.links:
            raise OSError(_EBUSY)
        if len(services) > _MAX_SERVICES:
            raise OSError(_E2BIG)
        handles = radio.values.register(services)
        rows = b""
        for kind, handle, flags, uuid in radio.values.rows:
            head = bytes((kind, handle >> 8, handle & 0xFF, flags >> 8, flags & 0xFF, len(uuid)))
            rows += head + bytes(uuid)
        radio.send(wire.SERVICES, "", (), rows)
        return handles

    def gatts_read(self, value_handle: int) -> bytes:
        """The value in the stack. Raises OSError."""
        self._radio.need()
        return self._radio.values.read(value_handle)

    def gatts_write(self, value_handle: int, data: "Buffer", send_update: bool = False) -> None:
        """Set the value in the stack, and tell those who subscribed. Raises OSError."""
        self._radio.need()
        self._radio.values.write(value_handle, bytes(data))
        if send_update:
            self._radio.send(wire.CHANGED, ">H", (value_handle,), bytes(data))

    def gatts_notify(self, conn_handle: int, value_handle: int, data: "Buffer | None" = None) -> None:
        """Notify, subscribed or not, as NimBLE does. Raises OSError: ENOMEM if there is no room now, ENOTCONN."""
        self._push(wire.NOTIFY, conn_handle, value_handle, data)

    def gatts_indicate(self, conn_handle: int, value_handle: int, data: "Buffer | None" = None) -> None:
        """Indicate; an event tells when it was confirmed. Raises OSError."""
        self._push(wire.INDICATE, conn_handle, value_handle, data)

    def gatts_set_buffer(self, value_handle: int, length: int, append: bool = False) -> None:
        """Let a value have `length` bytes; with `append` writes add to it until it is read. Raises OSError."""
        self._radio.need()
        self._radio.values.resize(value_handle, length, bool(append))

    def gattc_discover_services(self, conn_handle: int, uuid: "UUID | None" = None) -> None:
        """Find services of the other side; events tell. Raises OSError."""
        self._to(conn_handle, wire.FIND_SERVICES, data=_uuid_bytes(uuid))

    def gattc_discover_characteristics(
        self, conn_handle: int, start: int, end: int, uuid: "UUID | None" = None
    ) -> None:
        """Find characteristics between two handles; events tell. Raises OSError."""
        self._to(conn_handle, wire.FIND_CHARACTERISTICS, "HH", start, end, data=_uuid_bytes(uuid))

    def gattc_discover_descriptors(self, conn_handle: int, start: int, end: int) -> None:
        """Find descriptors between two handles; events tell. Raises OSError."""
        self._to(conn_handle, wire.FIND_DESCRIPTORS, "HH", start, end)

    def gattc_read(self, conn_handle: int, value_handle: int) -> None:
        """Read from the other side; events tell. Raises OSError."""
        self._to(conn_handle, wire.CLIENT_READ, "H", value_handle)

    def gattc_write(self, conn_handle: int, value_handle: int, data: "Buffer", mode: int = 0) -> None:
        """Write to the other side, mode 1 with response; an event tells. Raises OSError."""
        self._to(conn_handle, wire.CLIENT_WRITE, "HB", value_handle, mode, data=bytes(data))

    def gattc_exchange_mtu(self, conn_handle: int) -> None:
        """Ask for a longer MTU; an event tells. Raises OSError."""
        self._to(conn_handle, wire.CLIENT_MTU)

    def _push(self, number: int, link: int, handle: int, data: "Buffer | None") -> None:
        self._radio.need_link(link)
        value = self._radio.values.read(handle) if data is None else bytes(data)
        self._radio.push(number, link, handle, value)

    def _to(self, link: int, number: int, form: str = "", *fields: int, data: bytes = b"") -> None:
        """A message about a connection."""
        self._radio.need_link(link)
        self._radio.send(number, f">H{form}", (link,) + fields, data)


def _fitting(data: "Buffer | None", before: bytes) -> bytes:
    if data is None:
        return before
    if len(data) > _ADVERTISING_BYTES:
        raise OSError(errno.EINVAL)
    return bytes(data)


def _uuid_bytes(uuid: "UUID | None") -> bytes:
    return b"" if uuid is None else bytes(uuid)
