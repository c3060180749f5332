"""The GATT server of a phone, as the fake stack's client sees it."""

from bluetooth import UUID

READ, WRITE, NOTIFY = 2, 8, 16
NOT_PERMITTED = 0x03


class Value:
    """One characteristic. `written(data)` is called for writes and may give an ATT error."""

    def __init__(self, uuid, properties, value=b"", written=None):
        self.uuid, self.properties, self.value = UUID(uuid), properties, value
        self.written = written or (lambda data: 0)
        self.handle = self.cccd = 0
        self.subscribed = False


class Server:
    """Services as {uuid: [Value]}; handles from 1. `silent`: questions that are answered by `catch_up` only."""

    def __init__(self, services):
        self.silent = ()
        self.late = []
        self.services = []
        handle = 0
        for uuid, values in services.items():
            start = handle = handle + 1
            for value in values:
                value.declared, value.handle = handle + 1, handle + 2
                handle += 2
                if value.properties & NOTIFY:
                    handle = value.cccd = handle + 1
            self.services.append((UUID(uuid), start, handle, values))

    def values(self):
        """All of them."""
        return [value for _, _, _, values in self.services for value in values]

    def notify(self, ble, conn, value, data):
        """Send a notification."""
        ble.event(18, (conn, value.handle, memoryview(data)))

    def asked(self, ble, conn, question, *arguments):
        """A question of the watch."""
        if question in self.silent:
            self.late.append((question, ble, conn) + arguments)
        else:
            getattr(self, "_" + question)(ble, conn, *arguments)

    def catch_up(self):
        """Answer everything late."""
        self.silent = ()
        while self.late:
            question = self.late.pop(0)
            getattr(self, "_" + question[0])(*question[1:])

    def _services(self, ble, conn, wanted):
        for uuid, start, end, _ in self.services:
            if uuid == wanted:
                ble.later(9, (conn, start, end, uuid))
        ble.later(10, (conn, 0))

    def _characteristics(self, ble, conn, start, end):
        for value in self.values():
            if start <= value.handle <= end:
                ble.later(11, (conn, value.declared, value.handle, value.properties, value.uuid))
        ble.later(12, (conn, 0))

    def _descriptors(self, ble, conn, start, end):
        for value in self.values():
            if value.cccd and start <= value.cccd <= end:
                ble.later(13, (conn, value.cccd, UUID(0x2902)))
        ble.later(14, (conn, 0))

    def _read(self, ble, conn, handle):
        for value in self.values():
            if value.handle == handle:
                if value.properties & READ:
                    ble.later(15, (conn, handle, memoryview(value.value)))
                ble.later(16, (conn, handle, 0 if value.properties & READ else NOT_PERMITTED))

    def _write(self, ble, conn, handle, data):
        status = NOT_PERMITTED
        for value in self.values():
            if value.cccd == handle:
                value.subscribed, status = data == b"\x01\x00", 0
            elif value.handle == handle and value.properties & WRITE:
                status = value.written(data)
        ble.later(17, (conn, handle, status))
