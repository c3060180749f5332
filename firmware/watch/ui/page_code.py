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
def unpack(cell: ptr8, data: ptr8, odds: ptr8, rows: ptr8, length: int):
    """Unpack `length` bytes of `data`, at least three of which exist, into a glyph as `pixels.glyph` draws it.

    The glyph's header is there already; its width is even. `rows` is room for two rows of width + 3 bytes: the levels
    of this row and the one above, with two zeros in front and one behind. Whatever the data are, nothing outside of
    the cell is written: the loops count pixels, and data behind their end are zeros.
    """
    width = int(cell[2])
    end = width + width + 6
    out = 0
    while out < end:
        rows[out] = 0
        out += 1
    end = width + 2
    above = 0
    row = width + 3
    height = int(cell[3])
    value = (int(data[0]) << 16) | (int(data[1]) << 8) | int(data[2])
    span = 1 << 24
    at = 3
    out = 6
    while height > 0:
        x = 2
        while x < end:
            question = (int(rows[row + x - 1]) << 8) | (int(rows[row + x - 2]) << 6)
            question = question | (int(rows[above + x]) << 4) | (int(rows[above + x - 1]) << 2)
            question = (question | int(rows[above + x + 1])) * 3
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
            rows[row + x] = order
            if x & 1:
                cell[out] = int(cell[out]) | (order * 5)
                out += 1
            else:
                cell[out] = order * 80
            x += 1
        x = row
        row = above
        above = x
        height -= 1
