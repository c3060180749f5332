"""What the characteristics and descriptors of the watch hold, kept as NimBLE's glue in MicroPython keeps it.

extmod/nimble/modbluetooth_nimble.c, `characteristic_access_cb`, and extmod/modbluetooth.c, `gatts_db`.
"""

import errno

from micropython import const

FIRST_HANDLE = const(16)
"""Handles below belong to the stack's own two services."""
DEFAULT_BYTES = const(20)
"""Room of a value until `gatts_set_buffer` gives it more."""
_NOTIFY_OR_INDICATE = const(0x0030)
SERVICE, CHARACTERISTIC, DESCRIPTOR = const(0), const(1), const(2)
"""Kinds of rows."""


class _Value:
    def __init__(self) -> None:
        self.data = b""
        self.room = DEFAULT_BYTES
        self.append = False


class Values:
    """The table of attributes, by handle."""

    def __init__(self) -> None:
        self._values = {}
        self.rows = []
        """(kind, handle, flags, UUID) in the order of the handles."""

    def register(self, services: tuple) -> tuple:
        """Lay out services as `gatts_register_services` takes them; returns their handles as it does."""
        self._values = {}
        self.rows = []
        handle = FIRST_HANDLE
        found = []
        for uuid, characteristics in services:
            self.rows.append((SERVICE, handle, 0, uuid))
            handles = []
            for row in characteristics:
                handle += 2  # the declaration comes before the value
                self._add(CHARACTERISTIC, handle, row[1], row[0], handles)
                handle += 1 if row[1] & _NOTIFY_OR_INDICATE else 0
                for descriptor, flags in row[2] if len(row) > 2 else ():
                    handle += 1
                    self._add(DESCRIPTOR, handle, flags, descriptor, handles)
            found.append(tuple(handles))
            handle += 1
        return tuple(found)

    def read(self, handle: int) -> bytes:
        """The value; one that writes are appended to is empty afterwards. Raises OSError for a handle there is not."""
        value = self._of(handle)
        data = value.data
        if value.append:
            value.data = b""
        return data

    def write(self, handle: int, data: bytes) -> None:
        """Set the value; one that is longer than its room gets more room. Raises OSError."""
        value = self._of(handle)
        value.data = data
        value.room = max(value.room, len(data))

    def receive(self, handle: int, data: bytes) -> None:
        """Take what a peer wrote. What is longer than the room is cut, without a word to anyone, as stock does."""
        value = self._of(handle)
        value.data = ((value.data if value.append else b"") + data)[: value.room]

    def resize(self, handle: int, room: int, append: bool) -> None:
        """Give a value room for so many bytes, and forget it. Raises OSError."""
        value = self._of(handle)
        value.data, value.room, value.append = b"", room, append

    def _add(self, kind: int, handle: int, flags: int, uuid: object, handles: "list[int]") -> None:
        self.rows.append((kind, handle, flags, uuid))
        self._values[handle] = _Value()
        handles.append(handle)

    def _of(self, handle: int) -> _Value:
        if handle not in self._values:
            raise OSError(errno.EINVAL)
        return self._values[handle]
