"""A stack for tests: what `bluetooth.BLE` is to the watch, with centrals that a test plays.

With `nested` an event that a call brings about comes in the middle of that call, as on the ESP32; without it waits for
`pump`. Addresses are those of events: kind and six bytes, most significant first.
"""

import errno

MOST = 4
OURS, PEERS, IDENTITY = 1, 2, 10
SAME_DIGITS = 4


class Row:
    """One value in the stack."""

    def __init__(self, uuid, flags):
        self.uuid, self.flags = uuid, flags
        self.value, self.room = b"", 20


class FakeBle:
    """The stack. `calls` has what the watch asked for."""

    def __init__(self, nested=True):
        self.nested = nested
        self.on = False
        self.handler = None
        self.waiting = []
        self.settings = {}
        self.rows = {}
        self.services = ()
        self.advertising = None
        self.centrals = {}
        self.calls = []
        self.starts = 0
        self.buffers = None
        """Notifications that still find room; None for any number."""
        self.before = None
        """Called as `before(name)` at the beginning of every call of the watch, to play tricks."""

    def _called(self, name, *arguments):
        self.calls.append((name,) + arguments)
        if self.before is not None:
            self.before(name)
        if not self.on and name not in ("active", "irq"):
            raise OSError(errno.ENODEV)

    def event(self, event, data):
        """Give the watch an event now; gives its answer."""
        return self.handler(event, data)

    def later(self, event, data):
        """An event that a call brings about."""
        if self.nested:
            self.event(event, data)
        else:
            self.waiting.append((event, data))

    def pump(self):
        """Deliver what waits."""
        while self.waiting:
            self.event(*self.waiting.pop(0))

    # What the watch calls

    def active(self, on=None):
        self._called("active", on)
        if on is not None and on != self.on:
            self.on = on
            self.rows, self.centrals, self.advertising = {}, {}, None
            if on:
                self._load_identity()
        return self.on

    def _load_identity(self):
        """NimBLE asks for the key of private addresses while it starts, and makes one if there is none."""
        self.starts += 1
        self.identity = self.event(29, (IDENTITY, 0, b"irk"))
        if self.identity is None:
            self.identity = bytes([self.starts]) * 16
            assert self.event(30, (IDENTITY, b"irk", self.identity)), "the identity was not taken"
        self.identity = bytes(self.identity)

    def config(self, *name, **values):
        self._called("config", values)
        self.settings.update(values)

    def irq(self, handler):
        self._called("irq")
        self.handler = handler

    def gap_advertise(self, interval_us, adv_data=None, *, resp_data=None, connectable=True):
        self._called("gap_advertise", interval_us)
        if interval_us is not None and len(self.centrals) >= MOST:
            raise OSError(errno.ENOMEM)
        self.advertising = None if interval_us is None else (interval_us, adv_data, resp_data)

    def gap_disconnect(self, conn):
        self._called("gap_disconnect", conn)
        central = self.centrals.get(conn)
        if central is None:
            return False
        central.drop()
        return True

    def gap_pair(self, conn):
        self._called("gap_pair", conn)

    def gap_passkey(self, conn, action, passkey):
        self._called("gap_passkey", conn, action, passkey)
        if conn not in self.centrals:
            raise OSError(errno.ENOTCONN)
        self.centrals[conn].answered(action, passkey)

    def gatts_register_services(self, services):
        self._called("gatts_register_services")
        if len(services) > 8:
            raise OSError(errno.E2BIG)
        self.services = services
        handle, result = 10, []
        for _, rows in services:
            handles = []
            for row in rows:
                for one in (row,) + (row[2] if len(row) > 2 else ()):
                    handle += 2
                    self.rows[handle] = Row(one[0], one[1])
                    handles.append(handle)
            result.append(tuple(handles))
        return tuple(result)

    def gatts_read(self, handle):
        self._called("gatts_read", handle)
        return bytes(self.rows[handle].value)

    def gatts_write(self, handle, data, send_update=False):
        self._called("gatts_write", handle)
        self.rows[handle].value = bytes(data)[: self.rows[handle].room]

    def gatts_notify(self, conn, handle, data=None):
        self._called("gatts_notify", conn, handle)
        if conn not in self.centrals:
            raise OSError(errno.ENOTCONN)
        if self.buffers is not None:
            if not self.buffers:
                raise OSError(errno.ENOMEM)
            self.buffers -= 1
        self.centrals[conn].notified.append((handle, bytes(data)))

    def gatts_set_buffer(self, handle, length, append=False):
        self._called("gatts_set_buffer", handle, length)
        self.rows[handle].room = length

    def gattc_discover_services(self, conn, uuid=None):
        self._called("gattc_discover_services", conn)
        self._remote(conn, "services", uuid)

    def gattc_discover_characteristics(self, conn, start, end, uuid=None):
        self._called("gattc_discover_characteristics", conn)
        self._remote(conn, "characteristics", start, end)

    def gattc_discover_descriptors(self, conn, start, end):
        self._called("gattc_discover_descriptors", conn)
        self._remote(conn, "descriptors", start, end)

    def gattc_read(self, conn, handle):
        self._called("gattc_read", conn, handle)
        self._remote(conn, "read", handle)

    def gattc_write(self, conn, handle, data, mode=0):
        self._called("gattc_write", conn, handle)
        self._remote(conn, "write", handle, bytes(data))

    def _remote(self, conn, question, *arguments):
        if conn not in self.centrals:
            raise OSError(errno.ENOTCONN)
        server = self.centrals[conn].server
        if server is not None:
            server.asked(self, conn, question, *arguments)
        elif question == "services":
            self.later(10, (conn, 0))  # it has none


class Central:
    """A device. `keys` survive a disconnection; the watch's half of them is what it was given."""

    def __init__(self, ble, number, kind=0):
        self.ble = ble
        self.kind, self.address = kind, bytes((0xC0, 0xFF, 0xEE, 0, number >> 8, number & 0xFF))
        self.identity = None
        """Address that its secrets are kept by, if it is another: that of a phone with a private one."""
        self.conn = None
        self.keys = None
        self.asked = None
        self.notified = []
        self.server = None
        self.answer = None

    def key(self):
        """Its address as secrets have it."""
        kind, address = self.identity or (self.kind, self.address)
        return bytes((kind & 1,)) + bytes(reversed(address))

    def connect(self):
        """Connect at the lowest free number."""
        conn = 0
        while conn in self.ble.centrals:
            conn += 1
        assert len(self.ble.centrals) < MOST, "the stack has no more connections"
        self.conn = conn
        self.ble.centrals[conn] = self
        self.ble.advertising = None
        self.ble.event(1, (conn, self.kind, memoryview(self.address)))
        return self

    @property
    def connected(self):
        """True while the watch has not sent it away, nor it has gone."""
        return self.conn is not None and self.ble.centrals.get(self.conn) is self

    def drop(self):
        """The connection ends."""
        if self.connected:
            del self.ble.centrals[self.conn]
            self.ble.later(2, (self.conn, self.kind, memoryview(self.address)))

    def update(self, encrypted=True, authenticated=True, bonded=True, size=16):
        """The watch hears of the state of the link."""
        if self.connected:
            self.ble.event(28, (self.conn, encrypted, authenticated, bonded, size))

    def encrypt(self, authenticated=True, bonded=True, size=16):
        """Use the keys of before. False if the watch has none: then encryption fails."""
        ours = self.ble.event(29, (OURS, 0, self.key()))
        if ours is None or self.keys is None or bytes(ours) != self.keys:
            self.update(False, False, False, 0)
            return False
        self.update(True, authenticated, bonded, size)
        return True

    def pair(self, digits=123456, action=SAME_DIGITS):
        """Ask for numeric comparison (or another action); the rest follows the wearer's answer."""
        self._repeat()
        self.ble.event(31, (self.conn, action, digits))

    def _repeat(self):
        """NimBLE: a pairing of a device with a bond deletes that first."""
        if self.ble.event(29, (PEERS, 0, self.key())) is not None:
            self.deleted = [self.ble.event(30, (kind, self.key(), None)) for kind in (OURS, PEERS)]

    def answered(self, action, passkey):
        """The watch's answer to the digits."""
        self.answer = (action, passkey)
        if passkey == 1:
            self.finish()
        else:
            self.ble.later(28, (self.conn, False, False, False, 0))

    def finish(self, authenticated=True, size=16, secrets_first=False):
        """Encryption is on and the keys are distributed."""
        done = (self.conn, True, authenticated, False, size)
        if not secrets_first:
            self.ble.later(28, done)
        self.distribute()
        if secrets_first:
            self.ble.later(28, done)

    def distribute(self, seed=None):
        """Give the watch both secrets; gives whether each was taken."""
        keys = bytes([self.address[5], 7 if seed is None else seed]) * 40
        taken = [self.ble.event(30, (kind, memoryview(self.key()), memoryview(keys))) for kind in (OURS, PEERS)]
        if all(taken):
            self.keys = keys
        return taken

    def just_works(self):
        """Pair without digits."""
        self._repeat()
        self.finish(authenticated=False)

    def read(self, handle):
        """(ATT error, value)."""
        error = self.ble.event(4, (self.conn, handle))
        return error, None if error else self.ble.rows[handle].value

    def write(self, handle, data):
        """Gives what the watch returned."""
        row = self.ble.rows[handle]
        row.value = bytes(data)[: row.room]
        return self.ble.event(3, (self.conn, handle))
