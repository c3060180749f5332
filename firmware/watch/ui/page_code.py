"""The inner loops of the paged characters.

The coder is described in `tapwatch.assets.coder`, which also has the plain version that the tests compare with.
"""

# Viper accepts no `-> None`.
# ruff: noqa: ANN201

import micropython


@micropython.viper
def find(codes: ptr16, count: int, code: int) -> int:
    """Index of `code` among the first `count` entries, or -1."""
    at = 0
    while at < count:
        if int(codes[at]) == code:
            return at
        at += 1
    return -1


@micropython.viper
def rank(bits: ptr8, start: int, low: int) -> int:
    """How many of the first `low` bits from byte `start` on are set, lowest bit of a byte first."""
    found = 0
    at = 0
    while at < low:
        found += (int(bits[start + (at >> 3)]) >> (at & 7)) & 1
        at += 1
    return found


@micropython.viper
def unpack(value: int, span: int, odds: ptr8, data: ptr8, cell: ptr8, above: ptr8, length: int):
    """Unpack `length` bytes of `data` into a glyph as `pixels.glyph` draws it.

    `value` and `span` begin as the first three bytes, big-endian, and 1 << 24; they come first because only the first
    arguments live in registers. The glyph's header is there already; its width is even. `above` is room for the levels
    of one row, width + 2 bytes. Whatever the data are, nothing outside of the cell is written: the loops count
    pixels, and data behind their end are zeros.
    """
    width = int(cell[2])
    x = width + 2
    while x > 0:
        x -= 1
        above[x] = 0
    at = 3
    out = 6
    height = int(cell[3])
    while height > 0:
        upper = int(above[1])
        left = 0
        x = 1
        while x <= width:
            upper = ((upper << 2) | int(above[x + 1])) & 63
            question = (left | upper) * 3
            last = question + 3
            order = 0x9C  # the levels 0, 3, 1 and 2, two bits each
            while question < last:
                bound = (span >> 8) * int(odds[question])
                if value < bound:
                    span = bound
                    last = 0
                else:
                    value -= bound
                    span -= bound
                    order = order >> 2
                    question += 1
                if span < 65536:
                    span = span << 8
                    value = value << 8
                    if at < length:
                        value = value | int(data[at])
                    at += 1
            order = order & 3
            above[x] = order
            left = ((left >> 2) & 192) | (order << 8)
            if x & 1:
                cell[out] = order * 80
            else:
                cell[out] = int(cell[out]) | (order * 5)
                out += 1
            x += 1
        height -= 1
