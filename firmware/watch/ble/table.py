"""Services as the stack wants them, and the way back from a handle to the row."""

from micropython import const

from watch.ble import events, gatt, roles

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Iterator, Optional, Union

    from board.ports import Ble
    from watch.ble.gatt import Characteristic, Descriptor, Service

MOST_SERVICES = const(8)
"""MP_BLUETOOTH_NIMBLE_MAX_SERVICES of the stock image."""

_WRITES = const(0x0004 | 0x0008)  # both ways of writing, `gatt.WRITE_NO_RESPONSE` and `gatt.WRITE`
_MORE = const(1)  # byte that a buffer is larger than the value, so that one that is too long is seen


def uuid_of(number: "Union[int, str]") -> "Any":
    """The UUID object of MicroPython."""
    from bluetooth import UUID  # here, so that all but a radio that starts can do without the module

    return UUID(number)


class Table:
    """All rows of all services, found by handle."""

    def __init__(self, services: "tuple[Service, ...]") -> None:
        """Raises ValueError for more services than the stock image takes."""
        if len(services) > MOST_SERVICES:
            raise ValueError("too many services")
        self.services = services
        self._rows: "dict[int, tuple[Service, Characteristic]]" = {}

    def register(self, ble: "Ble") -> None:
        """Tell the stack, once after each start of it. Raises OSError."""
        definitions = tuple([_definition(service) for service in self.services])
        self._rows = {}
        for service, handles in zip(self.services, ble.gatts_register_services(definitions)):
            numbers = iter(handles)
            for row in service.rows:
                self._take(service, row, numbers, ble)

    def _take(self, service: "Service", row: "Characteristic", numbers: "Iterator[int]", ble: "Ble") -> None:
        """One row and its descriptors."""
        row.handle = next(numbers)
        self._rows[row.handle] = (service, row)
        ble.gatts_set_buffer(row.handle, row.max_bytes + _MORE)
        for descriptor in row.descriptors:
            handle = next(numbers)
            self._rows[handle] = (service, row)
            ble.gatts_set_buffer(handle, len(descriptor.value))
            ble.gatts_write(handle, descriptor.value)

    def find(self, handle: int) -> "Optional[tuple[Service, Characteristic]]":
        """Service and row of a handle, of a descriptor too; None for others."""
        return self._rows.get(handle)


def permissions(properties: int, level: int) -> int:
    """What the stack asks of a link before a read or write reaches us."""
    flags = 0
    if properties & gatt.READ and level >= roles.ENCRYPTED:
        flags |= events.READ_ENCRYPTED
    if properties & gatt.READ and level >= roles.AUTHENTICATED:
        flags |= events.READ_AUTHENTICATED
    if properties & _WRITES and level >= roles.ENCRYPTED:
        flags |= events.WRITE_ENCRYPTED
    if properties & _WRITES and level >= roles.AUTHENTICATED:
        flags |= events.WRITE_AUTHENTICATED
    return flags


def _definition(service: "Service") -> tuple:
    return (uuid_of(service.uuid), tuple([_row(row) for row in service.rows]))


def _row(row: "Characteristic") -> tuple:
    flags = row.properties | permissions(row.properties, row.level)
    if not row.descriptors:
        return (uuid_of(row.uuid), flags)
    return (uuid_of(row.uuid), flags, tuple([_descriptor(one, row.level) for one in row.descriptors]))


def _descriptor(descriptor: "Descriptor", level: int) -> tuple:
    flags = events.DESCRIPTOR_READ
    if level >= roles.ENCRYPTED:
        flags |= events.DESCRIPTOR_READ_ENCRYPTED
    if level >= roles.AUTHENTICATED:
        flags |= events.DESCRIPTOR_READ_AUTHENTICATED
    return (uuid_of(descriptor.uuid), flags)
