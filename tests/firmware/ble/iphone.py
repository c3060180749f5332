"""An iPhone's notification and media services; messages as Apple's specifications lay them out."""

from tests.firmware.ble.phone_server import NOTIFY, READ, WRITE, Server, Value
from watch.ble import ams, ancs

APPS = {b"com.apple.MobileSMS": b"Messages", b"com.example.mail": b"Mail"}
GONE = 0xA2
"""ANCS: Invalid parameter, for a notification that is no more."""


class IPhone(Server):
    """`items`: uid to (app, title, subtitle, message), all bytes. `piece`: bytes of each part of an answer."""

    def __init__(self, central, piece=20):
        self.central, self.piece = central, piece
        self.items, self.performed, self.pressed, self.wanted = {}, [], [], []
        self.name = Value(0x2A00, READ, b"iPhone")
        self.source = Value(ancs.SOURCE, NOTIFY)
        self.control = Value(ancs.CONTROL, WRITE, written=self._control)
        self.data = Value(ancs.DATA, NOTIFY)
        self.command = Value(ams.COMMAND, WRITE | NOTIFY, written=self._press)
        self.update = Value(ams.UPDATE, WRITE | NOTIFY, written=self._want)
        self.time = Value(0x2A2B, READ | NOTIFY, b"\xea\x07\x0b\x16\x15\x1e\x05\x07\x00\x00")
        self.zone = Value(0x2A0F, READ, b"\x04\x04")
        super().__init__(
            {
                0x1800: [self.name],
                ancs.SERVICE: [self.source, self.control, self.data],
                ams.SERVICE: [self.command, self.update],
                0x1805: [self.time, self.zone],
            }
        )

    def happen(self, event, uid, flags=0):
        """Notification Source."""
        self._notify(self.source, bytes((event, flags, 4, 1)) + uid.to_bytes(4, "little"))

    def play(self, entity, attribute, text):
        """Entity Update."""
        self._notify(self.update, bytes((entity, attribute, 0)) + text)

    def _notify(self, value, data):
        self.notify(self.central.ble, self.central.conn, value, data)

    def _control(self, data):
        if data[0] == 2:
            self.performed.append((int.from_bytes(data[1:5], "little"), data[5]))
            return 0
        answer = self._attributes(data) if data[0] == 0 else self._app(data)
        if answer is None:
            return GONE
        for at in range(0, len(answer), self.piece):
            self._notify(self.data, answer[at : at + self.piece])
        return 0

    def _attributes(self, data):
        item = self.items.get(int.from_bytes(data[1:5], "little"))
        if item is None:
            return None
        answer, at = data[:5], 5
        while at < len(data):
            kind, most = data[at], 0xFFFF
            at += 1
            if kind in (1, 2, 3):
                most = data[at] | data[at + 1] << 8
                at += 2
            text = item[kind][:most]
            answer += bytes((kind, len(text) & 0xFF, len(text) >> 8)) + text
        return answer

    def _app(self, data):
        end = data.index(b"\x00")
        name = APPS.get(data[1:end])
        if name is None:
            return None
        return data[: end + 1] + bytes((0, len(name), 0)) + name

    def _press(self, data):
        self.pressed.append(data[0])
        return 0

    def _want(self, data):
        self.wanted.append(data)
        return 0
