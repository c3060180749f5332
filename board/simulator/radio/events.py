"""What happens on the air, told to the program's handler as MicroPython tells it.

Event numbers and shapes are those of MicroPython's documentation of `bluetooth`, `BLE.irq`. Addresses, keys and values
are views of a buffer that is wiped after the call, so that a handler which keeps one is found out. The host link calls
while the program waits for a flash access as well: as on the ESP32, a handler may run in the middle of anything.
"""

import struct

from micropython import const

from board.simulator.radio import wire

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from board.simulator.radio.radio import Radio

CENTRAL_CONNECT, CENTRAL_DISCONNECT = const(1), const(2)
GATTS_WRITE, GATTS_READ_REQUEST = const(3), const(4)
SERVICE_RESULT, SERVICE_DONE = const(9), const(10)
CHARACTERISTIC_RESULT, CHARACTERISTIC_DONE = const(11), const(12)
DESCRIPTOR_RESULT, DESCRIPTOR_DONE = const(13), const(14)
READ_RESULT, READ_DONE, WRITE_DONE = const(15), const(16), const(17)
NOTIFY, INDICATE = const(18), const(19)
INDICATE_DONE = const(20)
MTU_EXCHANGED = const(21)
ENCRYPTION_UPDATE = const(28)
GET_SECRET, SET_SECRET = const(29), const(30)
PASSKEY_ACTION = const(31)

PLAIN = {
    # message of the host: event, form of the fields that become the tuple
    wire.CONFIRMED: (INDICATE_DONE, ">HHB"),
    wire.MTU_CHANGED: (MTU_EXCHANGED, ">HH"),
    wire.PASSKEY: (PASSKEY_ACTION, ">HBI"),
    wire.SERVICES_DONE: (SERVICE_DONE, ">HB"),
    wire.CHARACTERISTICS_DONE: (CHARACTERISTIC_DONE, ">HB"),
    wire.DESCRIPTORS_DONE: (DESCRIPTOR_DONE, ">HB"),
    wire.READ_DONE: (READ_DONE, ">HHB"),
    wire.WRITE_DONE: (WRITE_DONE, ">HHB"),
}
LENT = {
    # likewise, with bytes behind them
    wire.READ_RESULT: (READ_RESULT, ">HH"),
    wire.NOTIFIED: (NOTIFY, ">HH"),
    wire.INDICATED: (INDICATE, ">HH"),
}
FOUND = {
    # likewise, with a UUID behind them
    wire.SERVICE: (SERVICE_RESULT, ">HHH"),
    wire.CHARACTERISTIC: (CHARACTERISTIC_RESULT, ">HHHB"),
    wire.DESCRIPTOR: (DESCRIPTOR_RESULT, ">HH"),
}


class Events:
    """Turns messages of the host into calls of the handler, and its results into answers."""

    def __init__(self, radio: "Radio", uuid: "Callable[[bytes], object]") -> None:
        """`uuid` makes the UUIDs that the handler sees."""
        self._radio = radio
        self._uuid = uuid
        self._special = {
            wire.CONNECTED: self._connected,
            wire.DISCONNECTED: self._disconnected,
            wire.READ: self._read,
            wire.WRITTEN: self._written,
            wire.SENT: self._sent,
            wire.ENCRYPTION: self._encryption,
            wire.SECRET_WANTED: self._secret_wanted,
            wire.SECRET_NEW: self._secret_new,
        }

    def happen(self, message: bytes) -> None:
        """Take one message of the host. Raises ValueError or OSError for nonsense, and what the handler raises."""
        number = message[0] if message else 0
        if number in PLAIN:
            event, form = PLAIN[number]
            self._call(event, struct.unpack_from(form, message, 1))
        elif number in LENT:
            event, form = LENT[number]
            self._lend(event, struct.unpack_from(form, message, 1), message[1 + struct.calcsize(form) :])
        elif number in FOUND:
            event, form = FOUND[number]
            uuid = self._uuid(message[1 + struct.calcsize(form) :])
            self._call(event, struct.unpack_from(form, message, 1) + (uuid,))
        elif number in self._special:
            self._special[number](message)
        else:
            raise ValueError("the host sent a message about Bluetooth that there is not")

    def _call(self, event: int, data: tuple) -> object:
        handler = self._radio.handler
        return None if handler is None else handler(event, data)

    def _lend(self, event: int, head: tuple, data: bytes) -> "bytes | None":
        buffer = bytearray(data)
        try:
            return _kept(self._call(event, head + (memoryview(buffer),)))
        finally:
            _wipe(buffer)

    def _connected(self, message: bytes) -> None:
        link, kind = struct.unpack_from(">HB", message, 1)
        self._radio.joined(link)
        self._lend(CENTRAL_CONNECT, (link, kind), message[4:])

    def _disconnected(self, message: bytes) -> None:
        link, kind = struct.unpack_from(">HB", message, 1)
        self._radio.left(link)
        self._lend(CENTRAL_DISCONNECT, (link, kind), message[4:])

    def _sent(self, message: bytes) -> None:
        (link,) = struct.unpack_from(">H", message, 1)
        self._radio.sent(link)

    def _encryption(self, message: bytes) -> None:
        link, encrypted, authenticated, bonded, key_bytes = struct.unpack_from(">HBBBB", message, 1)
        self._call(ENCRYPTION_UPDATE, (link, bool(encrypted), bool(authenticated), bool(bonded), key_bytes))

    def _read(self, message: bytes) -> None:
        tag, link, handle = struct.unpack_from(">HHH", message, 1)
        problem = _error(self._call(GATTS_READ_REQUEST, (link, handle)))
        value = b"" if problem else self._radio.values.read(handle)
        self._radio.send(wire.READ_ANSWER, ">HB", (tag, problem), value)

    def _written(self, message: bytes) -> None:
        tag, link, handle = struct.unpack_from(">HHH", message, 1)
        self._radio.values.receive(handle, message[7:])
        problem = _error(self._call(GATTS_WRITE, (link, handle)))
        self._radio.send(wire.WRITE_ANSWER, ">HB", (tag, 0 if self._radio.stock_writes else problem))

    def _secret_wanted(self, message: bytes) -> None:
        tag, kind, index = struct.unpack_from(">HBB", message, 1)
        key = message[5:]
        if key:
            value = self._lend(GET_SECRET, (kind, index), key)
        else:
            value = _kept(self._call(GET_SECRET, (kind, index, None)))
        there = value is not None
        self._radio.send(wire.SECRET_ANSWER, ">HB", (tag, there), value or b"")

    def _secret_new(self, message: bytes) -> None:
        tag, kind, length = struct.unpack_from(">HBB", message, 1)
        key, value = bytearray(message[5 : 5 + length]), bytearray(message[5 + length :])
        try:
            lent = memoryview(value) if value else None
            stored = bool(self._call(SET_SECRET, (kind, memoryview(key), lent)))
        finally:
            _wipe(key)
            _wipe(value)
        self._radio.send(wire.SECRET_ANSWER, ">HB", (tag, stored))


def _error(result: object) -> int:
    """The ATT error in a handler's result; None is none."""
    return result & 0xFF if isinstance(result, int) else 0


def _kept(result: object) -> "bytes | None":
    """The bytes in a handler's result, which outlive the buffers it may point into; None if it is something else."""
    return bytes(result) if isinstance(result, (bytes, bytearray, memoryview)) else None


def _wipe(buffer: bytearray) -> None:
    for index in range(len(buffer)):
        buffer[index] = 0
