"""Points of P-256: one running point that is doubled, and added to from tables of affine points.

Formulas: dbl-2001-b and madd-2004-hmv of the Explicit-Formulas Database (Jacobian coordinates, a = -3), with signs
moved so that each step is one instruction of `p256_field`. A table entry is the two registers of an affine point.
"""

import micropython
from micropython import const

from watch.crypto.limbs import copy_in, copy_out, store
from watch.crypto.modular import inverse
from watch.crypto.p256_field import FIRST, MONTGOMERY, MUL, P, execute, linear, new_file, value
from watch.crypto.scrub import zero
from watch.kernel.errors import CryptoError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Union

    Bytes = Union[bytes, bytearray, memoryview]

ENTRY_BYTES = const(80)
_REGISTERS = const(11)
_X, _Y, _Z, _AX, _AY, _T0, _T1, _T2, _T3, _ONE, _PLAIN_ONE = range(FIRST, FIRST + _REGISTERS)
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

_TIMES_Z = bytes((MUL, _T0, _T0, _Z))
_DIVIDE = bytes(  # T0 is 1 / (T1 Z), T1 the product of the points before; leaves T0 for those
    (MUL, _T1, _T1, _T0)
    + (MUL, _T0, _T0, _Z)
    + (MUL, _T2, _T1, _T1)
    + (MUL, _AX, _X, _T2)
    + (MUL, _T2, _T2, _T1)
    + (MUL, _AY, _Y, _T2)
)
_X_DIFFERENCE = bytes((MUL, _T0, _Z, _Z) + (MUL, _T0, _T0, _AX) + (_SUB, _T0, _T0, _X))
_UNMONTGOMERY = bytes((MUL, _AX, _AX, _PLAIN_ONE) + (MUL, _AY, _AY, _PLAIN_ONE))


@micropython.viper
def _fetch(file: ptr32, table: ptr32, index: int) -> object:
    """Copy a table entry to AX and AY, which are registers 11 and 12: words 110 to 129."""
    table = ptr32(int(table) + 80 * index)
    file = ptr32(int(file) + 440)
    i = 5
    while i:
        i -= 1
        file[0] = table[0]
        file[1] = table[1]
        file[2] = table[2]
        file[3] = table[3]
        file = ptr32(int(file) + 16)
        table = ptr32(int(table) + 16)


class Point:
    """A running point, at first the neutral one."""

    def __init__(self) -> None:
        """The neutral point."""
        self._file = new_file(_REGISTERS)
        store(self._file, _ONE, MONTGOMERY)
        store(self._file, _PLAIN_ONE, 1)
        self._neutral = True

    def double(self) -> None:
        """Double the point."""
        if not self._neutral:
            execute(self._file, _DOUBLE)

    def add(self, table: bytearray, index: int, negative: bool) -> None:
        """Add a point of a table, or subtract it."""
        file = self._file
        _fetch(file, table, index)
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

    def snapshot(self) -> bytearray:
        """X, Y and Z of a point that is not neutral, for `affine_table`."""
        return copy_out(self._file, _X, 3)

    def affine(self) -> "tuple[int, int]":
        """X and Y. Raises CryptoError for the neutral point."""
        if self._neutral:
            raise CryptoError("neutral point")
        file = self._file
        copy_in(file, _AX, affine_table([self.snapshot()]))
        execute(file, _UNMONTGOMERY)
        return value(file, _AX), value(file, _AY)

    def has_x(self, x: int, modulus: int) -> bool:
        """True if the X coordinate modulo `modulus` is `x`."""
        if self._neutral:
            return False
        file = self._file
        while x < P:
            store(file, _AX, x * MONTGOMERY % P)
            execute(file, _X_DIFFERENCE)
            if value(file, _T0) == 0:
                return True
            x += modulus
        return False

    def wipe(self) -> None:
        """Zero the registers."""
        zero(self._file)


def entry(x: int, y: int) -> bytearray:
    """A table of the one point (x, y)."""
    table = bytearray(ENTRY_BYTES)
    store(table, 0, x * MONTGOMERY % P)
    store(table, 1, y * MONTGOMERY % P)
    return table


def affine_table(points: "list[bytearray]") -> bytearray:
    """The table of points given as snapshots, made affine with one inversion for all."""
    file = new_file(_REGISTERS)
    store(file, _T0, MONTGOMERY)
    products = []
    for point in points:
        products.append(copy_out(file, _T0, 1))
        copy_in(file, _X, point)
        execute(file, _TIMES_Z)
    store(file, _T0, inverse(value(file, _T0), P) * MONTGOMERY % P * MONTGOMERY % P)
    table = bytearray(len(points) * ENTRY_BYTES)
    for index in range(len(points) - 1, -1, -1):
        copy_in(file, _X, points[index])
        copy_in(file, _T1, products[index])
        execute(file, _DIVIDE)
        copy_in(table, 2 * index, copy_out(file, _AX, 2))
    zero(file)
    return table
