"""A small firmware on `bluetooth` alone: a bell that only who has paired by comparing numbers may ring.

It keeps its bonds in the watch's flash, prints each event, and does what `options` say.
"""

import asyncio
import errno
import struct

import bluetooth

TYPE_CHECKING = 0
if TYPE_CHECKING:
    from typing import Any

NAME = b"Bell 1"
SERVICE = "b3110000-d44c-49ed-a19b-a26f1343b084"
NUMBER = "b3110001-d44c-49ed-a19b-a26f1343b084"
"""Read, write, notify; encrypted and authenticated. What is written to it comes back as a notification."""
TEXT = "b3110002-d44c-49ed-a19b-a26f1343b084"
"""Read by anybody; 40 bytes; each read is counted."""
LOG = "b3110003-d44c-49ed-a19b-a26f1343b084"
"""Written by anybody, appended, 600 bytes; `flood` in it has 40 notifications sent at once."""
GUARDED = 0x0002 | 0x0008 | 0x0010 | 0x0200 | 0x0400 | 0x1000 | 0x2000
TEXT_FLAGS = 0x0002 | 0x0008
LOG_FLAGS = 0x0002 | 0x0008 | 0x0004 | 0x0010 | 0x0020
BATTERY = 0x180F
BATTERY_LEVEL = 0x2A19
_RECORD = ">BBBB"


class Bell:
    """The program: `describe`, `run`, `card` and `phone` are what board/simulator/main.py wants."""

    def __init__(self, board: "Any", options: dict) -> None:
        self.card = self.phone = None
        self._board = board
        self._options = options
        self._ble = board.ble
        self._events = []
        self._secrets = self._load()
        self._flood = [0, 0]
        self._found = []
        self._lent = None
        self._seen = {"reads": 0}
        self._begin()

    def describe(self) -> dict:
        """What tests look at."""
        return {
            "screen": "bell",
            "targets": [],
            "events": self._events,
            "secrets": len(self._secrets),
            "flood": self._flood,
            "found": self._found,
            "lent": None if self._lent is None else bytes(self._lent) == bytes(len(self._lent)),
            "log": bytes(self._ble.gatts_read(self._log)).decode() if self._options.get("show_log") else "",
        }

    async def run(self) -> None:
        """Nothing but events."""
        await asyncio.Event().wait()

    def _begin(self) -> None:
        ble, options = self._ble, self._options
        ble.irq(self._irq)
        ble.active(True)
        ble.config(gap_name=NAME, mtu=options.get("mtu", 247), addr_mode=options.get("addr_mode", 0))
        ble.config(bond=True, mitm=True, le_secure=True, io=options.get("io", 1))
        rows = (
            (bluetooth.UUID(NUMBER), GUARDED),
            (bluetooth.UUID(TEXT), TEXT_FLAGS, ((bluetooth.UUID(0x2901), 1),)),
            (bluetooth.UUID(LOG), LOG_FLAGS),
        )
        battery = (bluetooth.UUID(BATTERY), ((bluetooth.UUID(BATTERY_LEVEL), 0x12),))
        handles = ble.gatts_register_services(((bluetooth.UUID(SERVICE), rows), battery))
        (self._number, self._text, self._label, self._log), (self._level,) = handles
        ble.gatts_set_buffer(self._number, 100)
        ble.gatts_set_buffer(self._log, 600, True)
        ble.gatts_write(self._number, b"0")
        ble.gatts_write(self._text, b"hear me " * 5)
        ble.gatts_write(self._label, b"the bell")
        ble.gatts_write(self._level, b"\x50")
        self._advertise()

    def _advertise(self) -> None:
        uuid = bytes(bluetooth.UUID(SERVICE))
        data = b"\x02\x01\x06" + bytes((len(uuid) + 1, 7)) + uuid
        self._ble.gap_advertise(30_000, data, resp_data=bytes((len(NAME) + 1, 9)) + NAME)

    def _irq(self, event: int, data: tuple) -> object:
        plain = [bytes(item).hex() if isinstance(item, (memoryview, bluetooth.UUID)) else item for item in data]
        if event not in (29, 30):  # no key in a log
            self._events.append([event, plain])
        answer = getattr(self, "_on_%d" % event, None)
        return answer(*data) if answer else None

    def _on_1(self, link: int, kind: int, address: memoryview) -> None:
        self._lent = address
        if self._options.get("stay_open"):
            self._advertise()

    def _on_2(self, link: int, kind: int, address: memoryview) -> None:
        self._advertise()

    def _on_3(self, link: int, handle: int) -> int:
        value = bytes(self._ble.gatts_read(handle))
        if handle == self._number:
            if value == b"no":
                return 0x08
            self._ble.gatts_notify(link, handle, value)
        if handle == self._log:
            self._command(link, value)
        return 0

    def _on_4(self, link: int, handle: int) -> int:
        if handle == self._text:
            self._seen["reads"] += 1
            return 0x08 if self._options.get("mute") else 0
        return 0

    def _on_28(self, link: int, encrypted: bool, authenticated: bool, bonded: bool, key_bytes: int) -> None:
        if encrypted and self._options.get("client"):
            self._ble.gattc_discover_services(link)

    def _on_9(self, link: int, start: int, end: int, uuid: object) -> None:
        self._found.append(["service", start, end])

    def _on_10(self, link: int, status: int) -> None:
        self._ble.gattc_discover_characteristics(link, 1, 0xFFFF)

    def _on_11(self, link: int, end: int, handle: int, properties: int, uuid: object) -> None:
        self._found.append(["characteristic", handle, properties])
        if uuid == bluetooth.UUID(TEXT):
            self._peer_text = (handle, end)

    def _on_12(self, link: int, status: int) -> None:
        handle, end = self._peer_text
        self._ble.gattc_discover_descriptors(link, handle, end)

    def _on_13(self, link: int, handle: int, uuid: object) -> None:
        self._found.append(["descriptor", handle, bytes(uuid).hex()])
        if uuid == bluetooth.UUID(0x2902):
            self._subscribe = handle

    def _on_14(self, link: int, status: int) -> None:
        self._ble.gattc_read(link, self._peer_text[0])

    def _on_16(self, link: int, handle: int, status: int) -> None:
        self._ble.gattc_write(link, self._subscribe, b"\x01\x00", 1)

    def _on_29(self, kind: int, index: int, key: "memoryview | None") -> "bytes | None":
        if key is not None:
            return self._secrets.get((kind, bytes(key)))
        mine = [value for (of, _), value in sorted(self._secrets.items()) if of == kind]
        return mine[index] if index < len(mine) else None

    def _on_30(self, kind: int, key: memoryview, value: "memoryview | None") -> bool:
        if value is None:
            self._secrets.pop((kind, bytes(key)), None)
        else:
            self._secrets[(kind, bytes(key))] = bytes(value)
        self._save()
        return True

    def _on_31(self, link: int, action: int, passkey: int) -> None:
        if self._options.get("refuse") is None:
            self._ble.gap_passkey(link, action, 1)
        else:
            self._ble.gap_passkey(link, action, 0)

    def _command(self, link: int, text: bytes) -> None:
        if text == b"flood":
            self._flood = [0, 0]
            for index in range(40):
                try:
                    self._ble.gatts_notify(link, self._log, b"%02d" % index)
                    self._flood[0] += 1
                except OSError as problem:
                    self._flood[1] += problem.errno == errno.ENOMEM
        elif text == b"pair":
            self._ble.gap_pair(link)
        elif text == b"indicate":
            self._ble.gatts_indicate(link, self._log, b"sure?")
        elif text == b"bye":
            self._ble.gap_disconnect(link)
        elif text == b"off":
            self._ble.active(False)

    def _load(self) -> dict:
        """Secrets as they were written; a test has no use for more."""
        head, found, at = bytearray(4), {}, 0
        while True:
            self._board.flash.read(at, head)
            used, kind, key_bytes, value_bytes = struct.unpack(_RECORD, head)
            if used != 0:
                return found
            body = bytearray(key_bytes + value_bytes)
            self._board.flash.read(at + 4, body)
            found[(kind, bytes(body[:key_bytes]))] = bytes(body[key_bytes:])
            at += 4 + len(body)

    def _save(self) -> None:
        self._board.flash.erase(0)
        at = 0
        for (kind, key), value in self._secrets.items():
            record = struct.pack(_RECORD, 0, kind, len(key), len(value)) + key + value
            self._board.flash.program(at, record)
            at += len(record)


def start(board: "Any", options: dict) -> Bell:
    """The program of the watch."""
    return Bell(board, options)
