"""Arithmetic modulo the P-256 prime, as short programs over a file of registers.

A register is a number of `limbs`, in Montgomery form (times 2^260), and at most a little over 2p. The register file is
one bytearray of places: places 0 to 3 hold the 40 words of a wide product, 4 to 7 what that starts from, and each
further place is one register. A program is a row of four-byte instructions: operation, target, left, right.
"""

import micropython
from micropython import const

from watch.crypto.limbs import NUMBER_BYTES, copy_in, load

P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF  # SP 800-186 section 3.2.1.3
MONTGOMERY = (1 << 260) % P

MUL = const(0)
_LINEAR = const(64)  # operation number of left + 0 * right
FIRST = const(8)  # the first register


def linear(factor: int) -> int:
    """The operation `target = left + factor * right`, for factors from -16 to 16."""
    return _LINEAR + factor


@micropython.viper
def _run(t: ptr32, b: ptr16, s: int, file: ptr16, steps: int) -> int:
    """The interpreter behind `execute`. The first three arguments stay in registers: file, program and a zero."""
    base = int(t)
    program = ptr8(b)
    d = file
    a = file
    while steps:
        steps -= 1
        d = ptr16(base + 40 * int(program[1]))
        a = ptr16(base + 40 * int(program[2]))
        b = ptr16(base + 40 * int(program[3]))
        f = int(program[0])
        program = ptr8(int(program) + 4)
        if f:
            # Subtract the multiple of p that leaves the result between 0 and a little over 2p.
            f -= 64
            q = ((a[19] + f * b[19]) >> 9) - 1
            s = a[0] + f * b[0] + q
            d[0] = s & 0x1FFF
            s = f * b[1] + a[1] + (s >> 13)
            d[1] = s & 0x1FFF
            s = f * b[2] + a[2] + (s >> 13)
            d[2] = s & 0x1FFF
            s = f * b[3] + a[3] + (s >> 13)
            d[3] = s & 0x1FFF
            s = f * b[4] + a[4] + (s >> 13)
            d[4] = s & 0x1FFF
            s = f * b[5] + a[5] + (s >> 13)
            d[5] = s & 0x1FFF
            s = f * b[6] + a[6] + (s >> 13)
            d[6] = s & 0x1FFF
            s = f * b[7] + a[7] + (s >> 13) - (q << 5)
            d[7] = s & 0x1FFF
            s = f * b[8] + a[8] + (s >> 13)
            d[8] = s & 0x1FFF
            s = f * b[9] + a[9] + (s >> 13)
            d[9] = s & 0x1FFF
            s = f * b[10] + a[10] + (s >> 13)
            d[10] = s & 0x1FFF
            s = f * b[11] + a[11] + (s >> 13)
            d[11] = s & 0x1FFF
            s = f * b[12] + a[12] + (s >> 13)
            d[12] = s & 0x1FFF
            s = f * b[13] + a[13] + (s >> 13)
            d[13] = s & 0x1FFF
            s = f * b[14] + a[14] + (s >> 13) - (q << 10)
            d[14] = s & 0x1FFF
            s = f * b[15] + a[15] + (s >> 13)
            d[15] = s & 0x1FFF
            s = f * b[16] + a[16] + (s >> 13)
            d[16] = s & 0x1FFF
            s = f * b[17] + a[17] + (s >> 13) + (q << 3)
            d[17] = s & 0x1FFF
            s = f * b[18] + a[18] + (s >> 13)
            d[18] = s & 0x1FFF
            d[19] = (s >> 13) + a[19] + f * b[19] - (q << 9)
        else:
            # The start value is a multiple of p that keeps every word positive through the reduction.
            t = ptr32(base)
            i = 0
            while i < 40:
                t[0] = t[40]
                t[1] = t[41]
                t[2] = t[42]
                t[3] = t[43]
                t = ptr32(int(t) + 16)
                i += 4
            t = ptr32(base)
            i = 20
            while i:
                i -= 1
                s = a[0]
                t[0] = s * b[0] + t[0]
                t[1] = s * b[1] + t[1]
                t[2] = s * b[2] + t[2]
                t[3] = s * b[3] + t[3]
                t[4] = s * b[4] + t[4]
                t[5] = s * b[5] + t[5]
                t[6] = s * b[6] + t[6]
                t[7] = s * b[7] + t[7]
                t[8] = s * b[8] + t[8]
                t[9] = s * b[9] + t[9]
                t[10] = s * b[10] + t[10]
                t[11] = s * b[11] + t[11]
                t[12] = s * b[12] + t[12]
                t[13] = s * b[13] + t[13]
                t[14] = s * b[14] + t[14]
                t[15] = s * b[15] + t[15]
                t[16] = s * b[16] + t[16]
                t[17] = s * b[17] + t[17]
                t[18] = s * b[18] + t[18]
                t[19] = s * b[19] + t[19]
                # Montgomery: -1/p is 1 modulo 2^13, so the low limb itself is the multiple of p to add.
                s = t[0] & 0x1FFF
                t[1] = (t[0] >> 13) + t[1]
                t[7] = s * 0x20 + t[7]
                t[14] = s * 0x400 + t[14]
                t[17] = t[17] - s * 8
                t[19] = s * 0x200 + t[19]
                t = ptr32(int(t) + 4)
                a = ptr16(int(a) + 2)
            i = 5
            b = d
            s = 0
            while i:
                i -= 1
                s = (s >> 13) + t[0]
                b[0] = s & 0x1FFF
                s = (s >> 13) + t[1]
                b[1] = s & 0x1FFF
                s = (s >> 13) + t[2]
                b[2] = s & 0x1FFF
                s = (s >> 13) + t[3]
                b[3] = s & 0x1FFF
                t = ptr32(int(t) + 16)
                b = ptr16(int(b) + 8)
    return int(d[0])


def execute(file: bytearray, program: bytes) -> int:
    """Run a program. Returns the lowest limb of its last result."""
    return _run(file, program, 0, file, len(program) // 4)


def value(file: bytearray, register: int) -> int:
    """The canonical value of a register, still times 2^260."""
    number = load(file, register)
    while number >= P:
        number -= P
    return number


def _start_value() -> bytearray:
    """40 words worth a multiple of p; words 17 to 36, where the reduction subtracts, hold at least 2^17."""
    raised = sum(1 << (17 + 13 * i) for i in range(17, 37))
    rest = -raised % P
    words = bytearray()
    for i in range(40):
        words.extend((rest >> (13 * i) & 0x1FFF).to_bytes(4, "little"))
    for i in range(17, 37):
        words[4 * i + 2] += 2
    return words


_START = _start_value()


def new_file(registers: int) -> bytearray:
    """A register file with that many registers, all zero."""
    file = bytearray((FIRST + registers) * NUMBER_BYTES)
    copy_in(file, 4, _START)
    return file
