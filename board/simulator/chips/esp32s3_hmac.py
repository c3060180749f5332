"""The HMAC peripheral of the ESP32-S3 with its key in an eFuse block, register level.

Software pads the message as SHA-256 does and writes it in blocks; the key and the outer hash are the peripheral's.
Source: ESP32-S3 Technical Reference Manual, chapter "HMAC Accelerator". What it does not allow goes into `misuse`.
"""

import hashlib
import struct

from micropython import const

_BLOCK_BYTES = const(64)
_WORDS = const(16)
_START, _PURPOSE, _KEY, _FINISH = const(0x40), const(0x44), const(0x48), const(0x4C)
_ONE, _ING, _END, _RESULT_FINISH = const(0x50), const(0x54), const(0x58), const(0x5C)
_ERROR, _BUSY = const(0x68), const(0x6C)
_WRITE, _READ = const(0x80), const(0xC0)
_PAD, _ONE_BLOCK = const(0xF0), const(0xF4)
BYTES = const(0x100)
_UPSTREAM = const(8)
_IDLE, _SETTING, _WAITING, _LOADED, _DONE = const(0), const(1), const(2), const(3), const(4)
_BUSY_READS = const(3)
"""How often it says that it works before it is ready."""


class Hmac:
    """One peripheral. `clocked` is asked whether its clock runs and it is out of reset."""

    def __init__(self, keys: "dict[int, tuple[bytes, int]]", clocked: "object", misuse: "list[str]") -> None:
        """`keys`: key and purpose of each eFuse block that has one."""
        self._keys = keys
        self._clocked = clocked
        self._misuse = misuse
        self._words = bytearray(_BLOCK_BYTES)
        self._state = _IDLE
        self._purpose = self._block = self._error = self._busy = 0
        self._message = b""
        self._last = False
        self._digest = bytes(32)

    def read(self, offset: int) -> int:
        """A register."""
        if not self._clocked():  # type: ignore[operator] # a function
            self._misuse.append("hmac: read without its clock")
            return 0
        if offset == _BUSY:
            self._busy -= 1 if self._busy else 0
            return 1 if self._busy else 0
        if offset == _ERROR:
            return self._error
        if _READ <= offset < _READ + len(self._digest):
            if self._busy or self._state != _DONE:
                self._misuse.append("hmac: result read before it is there")
                return 0
            return struct.unpack_from("<I", self._digest, offset - _READ)[0]
        self._misuse.append("hmac: register %02x read" % offset)
        return 0

    def write(self, offset: int, value: int) -> None:
        """A register."""
        if not self._clocked():  # type: ignore[operator] # a function
            self._misuse.append("hmac: written without its clock")
            return
        if self._busy:
            self._misuse.append("hmac: register %02x written while it works" % offset)
        if _WRITE <= offset < _WRITE + _BLOCK_BYTES:
            struct.pack_into("<I", self._words, offset - _WRITE, value)
            return
        actions = {
            _START: self._start,
            _PURPOSE: self._set_purpose,
            _KEY: self._set_key,
            _FINISH: self._configure,
            _ONE: self._take,
            _ING: self._more,
            _PAD: self._pad,
            _END: self._end,
            _ONE_BLOCK: self._one_block,
            _RESULT_FINISH: self._finish,
        }
        action = actions.get(offset)
        if action is None:
            self._misuse.append("hmac: register %02x written" % offset)
        else:
            action(value)

    def _in(self, *states: int) -> bool:
        if self._state not in states:
            self._misuse.append("hmac: a step out of turn in state %d" % self._state)
        return self._state in states

    def _start(self, value: int) -> None:
        if self._in(_IDLE):
            self._state = _SETTING
            self._message = b""
            self._last = False

    def _set_purpose(self, value: int) -> None:
        self._in(_SETTING)
        self._purpose = value

    def _set_key(self, value: int) -> None:
        self._in(_SETTING)
        self._block = value

    def _configure(self, value: int) -> None:
        if self._in(_SETTING):
            _, purpose = self._keys.get(self._block, (b"", -1))
            self._error = 0 if purpose == self._purpose == _UPSTREAM else 1
            self._state = _WAITING
            self._busy = _BUSY_READS

    def _take(self, value: int) -> None:
        if self._in(_WAITING):
            self._message += bytes(self._words)
            self._state = _LOADED
            self._busy = _BUSY_READS
            if self._last:
                self._compute(self._unpadded())

    def _more(self, value: int) -> None:
        if self._in(_LOADED):
            self._state = _WAITING

    def _pad(self, value: int) -> None:
        """The next block ends with the padding that software has put there."""
        if self._in(_LOADED):
            self._last = True
            self._state = _WAITING

    def _end(self, value: int) -> None:
        """The message ended with a whole block: the peripheral pads."""
        if self._in(_LOADED):
            self._compute(self._message)

    def _one_block(self, value: int) -> None:
        if self._in(_LOADED) and len(self._message) == _BLOCK_BYTES:
            self._compute(self._unpadded())

    def _finish(self, value: int) -> None:
        if value != 2:
            self._misuse.append("hmac: finished with %d" % value)
        self._state = _IDLE
        self._digest = bytes(32)

    def _unpadded(self) -> bytes:
        """The message without its padding, which counts its bits and those of the inner key block."""
        bits = struct.unpack(">Q", self._message[-8:])[0] - _BLOCK_BYTES * 8
        length, rest = bits // 8, len(self._message) - bits // 8
        padding = b"\x80" + bytes(rest - 9) + self._message[-8:] if rest >= 9 else b""
        if bits < 0 or not 9 <= rest <= _BLOCK_BYTES + 8 or self._message[length:] != padding:
            self._misuse.append("hmac: wrong padding")
            return b""
        return self._message[:length]

    def _compute(self, message: bytes) -> None:
        key = self._keys.get(self._block, (bytes(32), 0))[0]
        padded = key + bytes(_BLOCK_BYTES - len(key))
        inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded) + message).digest()
        self._digest = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded) + inner).digest()
        self._state = _DONE
        self._busy = _BUSY_READS
