"""`ports.Secret` of the kind `efuse`: the HMAC peripheral of the ESP32-S3, with a key that no program can read.

Nothing of MicroPython offers the peripheral; its registers are written through `machine.mem32`. The key is burnt into
an eFuse block for the purpose HMAC_UP. SHA and DS must be clocked too: DS would keep SHA in reset. Nobody else may use
SHA meanwhile, which holds as long as no TLS connection is open; `hashlib` of the same task is not running.
Sources: ESP32-S3 Technical Reference Manual, "HMAC Accelerator" and "System Registers"; the steps are those of
`esp_hmac_calculate` of ESP-IDF. Not tried on a chip yet: UNSURE-HMAC.
"""

import errno
import struct

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Protocol

    class Memory(Protocol):
        """`machine.mem32`."""

        def __getitem__(self, address: int) -> int: ...

        def __setitem__(self, address: int, value: int) -> None: ...


# Addresses are beyond the small integers of the board, so they are not `const`.
_CLOCKS = 0x600C_001C
_RESETS = 0x600C_0024
_HMAC = 0x6003_E000
_SHA_BIT = const(0x04)
_DS_BIT = const(0x10)
_HMAC_BIT = const(0x20)

_START, _PURPOSE, _KEY, _CONFIGURED = const(0x40), const(0x44), const(0x48), const(0x4C)
_MESSAGE_ONE, _MESSAGE_GOES_ON, _RESULT_TAKEN = const(0x50), const(0x54), const(0x5C)
_ERROR, _BUSY = const(0x68), const(0x6C)
_MESSAGE, _RESULT = const(0x80), const(0xC0)
_MESSAGE_ENDS, _ONE_BLOCK = const(0xF0), const(0xF4)
_UPSTREAM = const(8)
_DONE = const(2)

_BLOCK_BYTES = const(64)
_BLOCK_WORDS = const(16)
_RESULT_WORDS = const(8)
_BLOCKS = const(6)
"""Key blocks of the chip."""
_LOOKS = const(10_000)
"""A block takes under 10 microseconds."""


class EfuseSecret:
    """`ports.Secret`."""

    kind = "efuse"

    def __init__(self, memory: "Memory", block: int) -> None:
        """`block`: key block 0 to 5. Raises OSError(ENODEV) where no key for this purpose has been burnt."""
        if not 0 <= block < _BLOCKS:
            raise ValueError("no such key block")
        self._memory = memory
        self._block = block
        self.hmac(b"")

    def hmac(self, data: bytes) -> bytes:
        """HMAC-SHA256 of `data`, 32 bytes. Raises OSError: ENODEV without a key, ETIMEDOUT if it does not answer."""
        memory = self._memory
        clocks = memory[_CLOCKS]
        bits = _SHA_BIT | _DS_BIT | _HMAC_BIT
        memory[_CLOCKS] = clocks | bits
        memory[_RESETS] = memory[_RESETS] | _HMAC_BIT
        memory[_RESETS] = memory[_RESETS] & ~bits
        try:
            self._begin()
            return self._run(data)
        finally:
            memory[_HMAC + _RESULT_TAKEN] = _DONE
            memory[_CLOCKS] = clocks

    def _begin(self) -> None:
        self._set(_START, 1)
        self._set(_PURPOSE, _UPSTREAM)
        self._set(_KEY, self._block)
        self._set(_CONFIGURED, 1)
        self._ready()
        if self._memory[_HMAC + _ERROR]:
            raise OSError(errno.ENODEV)

    def _run(self, data: bytes) -> bytes:
        padded = _padded(data)
        last = len(padded) - _BLOCK_BYTES
        for at in range(0, len(padded), _BLOCK_BYTES):
            if at:
                self._set(_MESSAGE_ENDS if at == last else _MESSAGE_GOES_ON, 1)
            for index in range(_BLOCK_WORDS):
                self._memory[_HMAC + _MESSAGE + 4 * index] = struct.unpack_from("<I", padded, at + 4 * index)[0]
            self._set(_MESSAGE_ONE, 1)
        if not last:
            self._set(_ONE_BLOCK, 1)
        self._ready()
        return struct.pack("<8I", *[self._memory[_HMAC + _RESULT + 4 * index] for index in range(_RESULT_WORDS)])

    def _set(self, register: int, value: int) -> None:
        self._ready()
        self._memory[_HMAC + register] = value

    def _ready(self) -> None:
        for _ in range(_LOOKS):
            if not self._memory[_HMAC + _BUSY]:
                return
        raise OSError(errno.ETIMEDOUT)


def _padded(data: bytes) -> bytes:
    """Filled up as SHA-256 does; the length counts the block of the key that the peripheral puts before it."""
    zeros = (-len(data) - 9) % _BLOCK_BYTES
    return bytes(data) + b"\x80" + bytes(zeros) + struct.pack(">Q", (len(data) + _BLOCK_BYTES) * 8)
