"""Points of P-256: one running point that is doubled, and added to from tables of affine points.

Formulas: dbl-2001-b and madd-2004-hmv of the Explicit-Formulas Database (Jacobian coordinates, a = -3), with signs
moved so that each step is one instruction of `p256_field`. A table is a row of points, each X then Y, 32 little-endian
bytes, times 2^260 modulo p.
"""

from micropython import const

from watch.crypto.modular import inverse
from watch.crypto.p256_field import FIRST, MONTGOMERY, MUL, P, execute, linear, new_file, unpack, value
from watch.crypto.scrub import zero
from watch.kernel.errors import CryptoError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Union

    Bytes = Union[bytes, bytearray, memoryview]

POINT_BYTES = const(64)
_REGISTERS = const(10)
_X, _Y, _Z, _AX, _AY, _T0, _T1, _T2, _T3, _ONE = range(FIRST, FIRST + _REGISTERS)
_ADD, _SUB, _SUB2, _SUB4, _SUB8, _COPY = (linear(factor) for factor in (1, -1, -2, -4, -8, 0))
_P_LOWEST_LIMB = P & 0x1FFF

_DOUBLE = bytes(
    (MUL, _T0, _Z, _Z)
    + (MUL, _T1, _Y, _Y)
    + (MUL, _T2, _X, _T1)
    + (_SUB, _T3, _X, _T0)
    + (_ADD, _T0, _X, _T0)
    + (MUL, _T3, _T3, _T0)
    + (_SUB4, _T3, _T3, _T3)  # -3 (X - Z^2) (X + Z^2)
    + (MUL, _T0, _Y, _Z)
    + (_ADD, _Z, _T0, _T0)
    + (MUL, _X, _T3, _T3)
    + (_SUB8, _X, _X, _T2)
    + (_SUB4, _T2, _X, _T2)
    + (MUL, _T2, _T3, _T2)
    + (MUL, _T1, _T1, _T1)
    + (_SUB8, _Y, _T2, _T1)
)


def _addition(slope: int, back: "tuple[int, ...]") -> bytes:
    """The program that adds (AX, AY), or subtracts it: the two differ in the sign of the slope T0."""
    return bytes(
        (MUL, _T0, _Z, _Z)
        + (MUL, _T1, _AX, _T0)
        + (_SUB, _T1, _T1, _X)  # zero if the X coordinates are equal
        + (MUL, _T0, _T0, _Z)
        + (MUL, _T0, _AY, _T0)
        + (slope, _T0, _T0, _Y)  # zero too if the points are equal
        + (MUL, _T2, _T1, _T1)
        + (MUL, _T3, _T2, _T1)
        + (MUL, _T2, _X, _T2)
        + (MUL, _X, _T0, _T0)
        + (_SUB, _X, _X, _T3)
        + (_SUB2, _X, _X, _T2)
        + back
        + (MUL, _T2, _T0, _T2)
        + (MUL, _T3, _Y, _T3)
        + (_SUB, _Y, _T2, _T3)
        + (MUL, _Z, _Z, _T1)
    )


_PLUS = _addition(_SUB, (_SUB, _T2, _T2, _X))
_MINUS = _addition(_ADD, (_SUB, _T2, _X, _T2))
_LOAD = bytes((_COPY, _X, _AX, _AX) + (_COPY, _Y, _AY, _AY) + (_COPY, _Z, _ONE, _ONE))
_LOAD_NEGATIVE = bytes((_COPY, _X, _AX, _AX) + (_SUB2, _Y, _AY, _AY) + (_COPY, _Z, _ONE, _ONE))


class Point:
    """A running point, at first the neutral one."""

    def __init__(self) -> None:
        """The neutral point."""
        self._file = new_file(_REGISTERS)
        unpack(self._file, _ONE, MONTGOMERY.to_bytes(32, "little"), 0)
        self._neutral = True

    def double(self) -> None:
        """Double the point."""
        if not self._neutral:
            execute(self._file, _DOUBLE)

    def add(self, table: "Bytes", index: int, negative: bool) -> None:
        """Add a point of a table, or subtract it."""
        file = self._file
        unpack(file, _AX, table, index * POINT_BYTES)
        unpack(file, _AY, table, index * POINT_BYTES + 32)
        if self._neutral:
            self._load(negative)
        else:
            lowest = execute(file, _MINUS if negative else _PLUS)
            if (lowest == 0 or lowest == _P_LOWEST_LIMB) and value(file, _Z) == 0:
                self._add_same_x(negative)

    def _load(self, negative: bool) -> None:
        execute(self._file, _LOAD_NEGATIVE if negative else _LOAD)
        self._neutral = False

    def _add_same_x(self, negative: bool) -> None:
        """The point was plus or minus the one added, where the formula for addition fails."""
        if value(self._file, _T0) == 0:
            self._load(negative)
            self.double()
        else:
            self._neutral = True

    def jacobian(self) -> "tuple[int, int, int]":
        """X, Y and Z as the tables hold numbers; Z is 0 for the neutral point."""
        if self._neutral:
            return 0, 0, 0
        return value(self._file, _X), value(self._file, _Y), value(self._file, _Z)

    def affine(self) -> "tuple[int, int]":
        """X and Y. Raises CryptoError for the neutral point."""
        if self._neutral:
            raise CryptoError("neutral point")
        x, y = affine([self.jacobian()])[0]
        return x, y

    def has_x(self, x: int, modulus: int) -> bool:
        """True if the X coordinate modulo `modulus` is `x`."""
        if self._neutral:
            return False
        own, _, z = self.jacobian()
        own = own * MONTGOMERY % P
        zz = z * z % P
        while x < P:
            if x * zz % P == own:
                return True
            x += modulus
        return False

    def wipe(self) -> None:
        """Zero the register file."""
        zero(self._file)


def affine(points: "list[tuple[int, int, int]]") -> "list[tuple[int, int]]":
    """The affine coordinates of Jacobian points, none neutral, with one inversion for all."""
    product = 1
    before = []
    for _, _, z in points:
        before.append(product)
        product = product * z % P
    inverted = inverse(product, P)
    result = []
    for x, y, z in reversed(points):
        own = before.pop() * inverted % P
        inverted = inverted * z % P
        square = own * own % P
        own = own * square % P
        result.append((x * square % P * MONTGOMERY % P, y * own % P * MONTGOMERY % P * MONTGOMERY % P))
    result.reverse()
    return result


def table(points: "list[tuple[int, int]]") -> bytearray:
    """A table of affine points."""
    out = bytearray()
    for x, y in points:
        out.extend((x * MONTGOMERY % P).to_bytes(32, "little"))
        out.extend((y * MONTGOMERY % P).to_bytes(32, "little"))
    return out
