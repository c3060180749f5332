"""Host frames of the PN532: what commands and answers look like on each of its wires. UM0701-02 section 6.2.

A frame is 00 00 FF, a length, its check, the body, the body's check, 00; a long one has FF FF and a length of two
bytes. Everything here works in buffers that are made once.
"""

import micropython
from micropython import const

BODY_BYTES = const(265)
"""The longest body: direction, code and 263 bytes."""
FRAME_BYTES = const(276)
"""The longest frame, and a status byte before it on I2C."""
_NORMAL_BODY = const(255)
_TO_CHIP = const(0xD4)
_START = const(0xFF)

NONE = const(0)
ACK = const(1)
NACK = const(2)
BODY = const(3)
DAMAGED = const(4)
"""What `Reader.look` has found."""

ACK_FRAME = b"\x00\x00\xff\x00\xff\x00"
NACK_FRAME = b"\x00\x00\xff\xff\x00\x00"


@micropython.viper
def copy(target: ptr8, at: int, source: ptr8, start: int, count: int) -> object:
    """Copy `count` bytes."""
    i = 0
    while i < count:
        target[at + i] = source[start + i]
        i += 1


@micropython.viper
def summed(buffer: ptr8, start: int, count: int) -> int:
    """Sum of `count` bytes, modulo 256."""
    total = 0
    i = 0
    while i < count:
        total += int(buffer[start + i])
        i += 1
    return total & 0xFF


class Writer:
    """One command at a time: `begin`, the data put into `out`, `finish`."""

    def __init__(self) -> None:
        self.out = bytearray(FRAME_BYTES)
        self.out[2] = _START
        self._at = 0
        self._count = 0
        # A view is made for each length, because making one later would allocate.
        view = memoryview(self.out)
        self._first = [view[:count] for count in range(FRAME_BYTES + 1)]

    def begin(self, code: int, length: int) -> int:
        """Start a command with `length` bytes of data. Returns where in `out` they go. Raises ValueError."""
        count = length + 2
        if not 2 <= count <= BODY_BYTES:
            raise ValueError("pn532: too much for one command")
        out = self.out
        if count <= _NORMAL_BODY:
            out[3] = count
            out[4] = -count & 0xFF
            at = 5
        else:
            out[3] = out[4] = 0xFF
            out[5] = count >> 8
            out[6] = count & 0xFF
            out[7] = -(out[5] + out[6]) & 0xFF
            at = 8
        out[at] = _TO_CHIP
        out[at + 1] = code
        self._at = at
        self._count = count
        return at + 2

    def finish(self) -> memoryview:
        """The whole frame."""
        end = self._at + self._count
        self.out[end] = -summed(self.out, self._at, self._count) & 0xFF
        self.out[end + 1] = 0
        return self._first[end + 2]


class Reader:
    """Finds frames in what came over a wire."""

    def __init__(self) -> None:
        self.kind = NONE
        self.body_at = 0
        self.body_count = 0

    def look(self, buffer: "bytes | bytearray", start: int, end: int) -> int:
        """Look for a frame in `buffer[start:end]`. `kind` says what there is; returns where to go on next time.

        With NONE that is where a frame may have begun whose rest is still to come.
        """
        self.kind = NONE
        at = start
        while at + 1 < end and (buffer[at] != 0 or buffer[at + 1] != _START):
            at += 1
        if at + 4 > end:
            return at
        length, check = buffer[at + 2], buffer[at + 3]
        body = at + 4
        if length == 0 and check == 0xFF:
            self.kind = ACK
            return body
        if length == 0xFF and check == 0:
            self.kind = NACK
            return body
        if length == 0xFF and check == 0xFF:
            body = at + 7
            if body > end:
                return at
            length = buffer[at + 4] << 8 | buffer[at + 5]
            check = buffer[at + 4] + buffer[at + 5] + buffer[at + 6]
        else:
            check += length
        if check & 0xFF or not 0 < length <= BODY_BYTES:
            self.kind = DAMAGED
            return at + 2
        if body + length + 1 > end:
            return at
        self.body_at = body
        self.body_count = length
        self.kind = DAMAGED if summed(buffer, body, length + 1) else BODY
        return body + length + 1
