"""A NOR flash in RAM that enforces the rules of NOR, loses power where it is told to, and counts everything.

Programming may only clear bits: asking for a 1 where a 0 stands is a fault of the caller. A cut program leaves some of
its bits cleared; a cut erase leaves anything at all in its sector. After a cut every access raises PowerCut until
`restored()` gives the flash as the next boot finds it.
"""

import hashlib
import struct

SECTOR = 4096
CLEAN, HALF = 0, 1
RANDOM = tuple(range(2, 10))
"""Cut patterns: before the operation, half of it in order, or eight random parts of it."""


class PowerCut(Exception):
    """The supply is gone."""


class RuleBroken(Exception):
    """The caller asked for what NOR flash cannot do."""


class Cut:
    """Lose power at operation number `at`, in one of the patterns."""

    FIXED = (CLEAN, HALF)

    def __init__(self, at, pattern):
        self.at = at
        self.pattern = pattern

    def strikes(self, operation):
        return operation == self.at

    def program(self, flash, address, data):
        flash.image[address : address + len(data)] = self._partly(flash.image[address : address + len(data)], data)
        self._cut(flash)

    def erase(self, flash, address):
        before = flash.image[address : address + SECTOR]
        flash.image[address : address + SECTOR] = self._garbage(before)
        self._cut(flash)

    def _cut(self, flash):
        flash.dead = True
        raise PowerCut

    def _partly(self, before, data):
        """A subset of the bits that programming `data` would clear."""
        if self.pattern == CLEAN:
            return before
        if self.pattern == HALF:
            half = len(data) // 2
            return bytes(data[:half]) + before[half:]
        kept = noise(self.pattern, self.at, len(data))
        return combine(before, combine(data, kept, "or"), "and")

    def _garbage(self, before):
        """What an interrupted erase leaves: nothing done, half, bits set here and there, or pure noise."""
        if self.pattern == CLEAN:
            return before
        if self.pattern == HALF:
            return b"\xff" * (SECTOR // 2) + before[SECTOR // 2 :]
        garbage = noise(self.pattern, self.at, SECTOR)
        return combine(before, garbage, "or") if self.pattern % 2 else garbage


class Fail:
    """Operation number `at` goes wrong without a cut, and with `lasting` every one after it too.

    `error`: refused. `late`: done, then an error. `ignored`: not done, no error. `stuck`: one bit does not follow.
    """

    KINDS = ("error", "late", "ignored", "stuck")

    def __init__(self, at, kind, lasting=False):
        self.at = at
        self.kind = kind
        self.lasting = lasting

    def strikes(self, operation):
        return operation == self.at or (self.lasting and operation > self.at)

    def program(self, flash, address, data):
        if self.kind == "late":
            flash.clear(address, data)
        elif self.kind == "stuck":
            before = flash.image[address : address + len(data)]
            flash.clear(address, combine(before, stuck(data), "and"))
        self._raise()

    def erase(self, flash, address):
        if self.kind in ("late", "stuck"):
            flash.image[address : address + SECTOR] = b"\xff" * SECTOR
        if self.kind == "stuck":
            flash.image[address + SECTOR - 1] = 0xFE
        self._raise()

    def _raise(self):
        if self.kind in ("error", "late"):
            raise OSError(5)


class NorFlash:
    """`ports.Flash` with counters."""

    def __init__(self, sectors=8, image=None):
        self.size = sectors * SECTOR
        self.sector = SECTOR
        self.image = bytearray(image) if image else bytearray(b"\xff" * self.size)
        self.fault = None
        self.dead = False
        self.operations = 0
        self.reads = 0
        self.bytes_read = 0
        self.bytes_programmed = 0
        self.erases = [0] * sectors

    def restored(self):
        """The same flash at the next boot: power is back, counters start anew."""
        return NorFlash(self.size // SECTOR, self.image)

    def cells(self):
        """All that the next boot depends on, in buffers."""
        return (self.image,)

    def read(self, address, into):
        self._expect_power()
        self.reads += 1
        self.bytes_read += len(into)
        into[:] = self.image[address : address + len(into)]

    def program(self, address, data):
        self._expect_power()
        if not isinstance(data, bytes) or not data or address + len(data) > self.size:
            raise RuleBroken(f"program at {address}")
        self.bytes_programmed += len(data)
        fault = self._next_fault()
        if fault:
            fault.program(self, address, data)
        else:
            self.clear(address, data)

    def erase(self, address):
        self._expect_power()
        if address % SECTOR or not 0 <= address < self.size:
            raise RuleBroken(f"erase at {address}")
        self.erases[address // SECTOR] += 1
        fault = self._next_fault()
        if fault:
            fault.erase(self, address)
        else:
            self.image[address : address + SECTOR] = b"\xff" * SECTOR

    def clear(self, address, data):
        """Program without faults."""
        before = self.image[address : address + len(data)]
        if combine(before, data, "and") != data:
            raise RuleBroken(f"program at {address} sets a bit")
        self.image[address : address + len(data)] = data

    def _next_fault(self):
        self.operations += 1
        if self.fault and self.fault.strikes(self.operations - 1):
            return self.fault
        return None

    def _expect_power(self):
        if self.dead:
            raise PowerCut


def noise(seed, at, length):
    """Bytes that look random and are the same in every run."""
    blocks = [hashlib.sha256(struct.pack("<III", seed, at, place)).digest() for place in range((length + 31) // 32)]
    return b"".join(blocks)[:length]


def stuck(data):
    """`data` with the first bit that it would clear left alone."""
    for place, byte in enumerate(data):
        if byte != 0xFF:
            lowest = (byte ^ 0xFF) & -(byte ^ 0xFF)
            return data[:place] + bytes([byte | lowest]) + data[place + 1 :]
    return data


def combine(one, other, how):
    """Bitwise `and` or `or` of two byte strings of one length."""
    a, b = int.from_bytes(bytes(one), "little"), int.from_bytes(bytes(other), "little")
    return (a & b if how == "and" else a | b).to_bytes(len(one), "little")
