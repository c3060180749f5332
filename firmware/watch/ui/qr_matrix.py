"""The modules of a QR code: fixed patterns, codewords, masks, penalties (ISO/IEC 18004:2015 sections 6.3, 7.7).

One byte a module. Bit 0: dark. Bit 1: part of a fixed pattern, which no mask changes. The plain versions that prove the
inner loops are in tests/firmware/ui/plain_qr.py.
"""

# Viper accepts no `-> None`.
# ruff: noqa: ANN201, ANN202

import micropython
from micropython import const

from watch.ui import qr_tables as tables

MASKS = const(8)
_DARK = const(1)
_FIXED = const(2)
_TIMING = const(6)
"""Row and column of the timing patterns."""
_ROWS = const(12)
_COLUMNS = const(6)
"""All mask patterns repeat after this many rows and columns."""
_TILE = const(72)

# Table 10: dark where the value is zero.
_MASK_RULES = (
    lambda y, x: (y + x) % 2,
    lambda y, x: y % 2,
    lambda y, x: x % 3,
    lambda y, x: (y + x) % 3,
    lambda y, x: (y // 2 + x // 3) % 2,
    lambda y, x: y * x % 2 + y * x % 3,
    lambda y, x: (y * x % 2 + y * x % 3) % 2,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2,
)

# Section 7.8.3.1: weights of the four features.
_BALANCE_WEIGHT = const(10)


@micropython.viper
def place(grid: ptr8, size: int, codewords: ptr8, count: int):
    """Lay codewords out from the lower right corner, in columns of two, up and down (section 7.7.3)."""
    bit = 0
    bits = count << 3
    right = size - 1
    upward = 1
    while right > 0:
        if right == _TIMING:
            right -= 1
        step = 0
        while step < size:
            at = step * size + right
            if upward:
                at = (size - 1 - step) * size + right
            side = 0
            while side < 2:
                if not grid[at] & _FIXED:
                    dark = 0
                    if bit < bits:
                        dark = (codewords[bit >> 3] >> (7 - (bit & 7))) & 1
                    grid[at] = dark
                    bit += 1
                at -= 1
                side += 1
            step += 1
        upward = 1 - upward
        right -= 2


@micropython.viper
def apply(grid: ptr8, work: ptr8, size: int, tiles: ptr8, mask: int):
    """Copy a symbol, 1 for dark, changing all but its fixed patterns by a mask."""
    at = 0
    y = 0
    while y < size:
        row = mask * _TILE + (y % _ROWS) * _COLUMNS
        end = at + size
        x = 0
        while at < end:
            value = int(grid[at])
            if not value & _FIXED:
                value = value ^ int(tiles[row + x])
            work[at] = value & _DARK
            at += 1
            x += 1
            if x == _COLUMNS:
                x = 0
        y += 1


@micropython.viper
def _fill(grid: ptr8, size: int, x: int, y: int, side: int, value: int):
    """Set a square; what lies outside of the symbol is left out."""
    right = x + side
    low = y + side
    if right > size:
        right = size
    if low > size:
        low = size
    if x < 0:
        x = 0
    if y < 0:
        y = 0
    while y < low:
        at = y * size + x
        end = y * size + right
        while at < end:
            grid[at] = value
            at += 1
        y += 1


@micropython.viper
def line_penalty(work: ptr8, size: int, along: int, across: int) -> int:
    """Penalty of all rows, or all columns, for long runs and for what looks like a finder pattern.

    `along`, `across`: distance of two modules of one line, and of two lines. The last seven runs are kept in `r0` (the
    latest) to `r6`; the margin counts as light without end.
    """
    penalty = 0
    line = 0
    while line < size:
        at = line * across
        r0 = r1 = r2 = r3 = r4 = r5 = r6 = 0
        colour = 0
        run = size
        length = 0
        place = 0
        while place <= size:
            dark = 0
            if place < size:
                dark = int(work[at])
            if dark == colour and place < size:
                length += 1
                run += 1
                if length == 5:
                    penalty += 3
                elif length > 5:
                    penalty += 1
            else:
                if place == size:
                    if colour:
                        r6 = r5
                        r5 = r4
                        r4 = r3
                        r3 = r2
                        r2 = r1
                        r1 = r0
                        r0 = run
                        run = 0
                    run += size
                    colour = 0
                r6 = r5
                r5 = r4
                r4 = r3
                r3 = r2
                r2 = r1
                r1 = r0
                r0 = run
                if colour == 0 and r1 and r2 == r1 and r3 == 3 * r1 and r4 == r1 and r5 == r1:
                    if r0 >= 4 * r1 and r6 >= r1:
                        penalty += 40
                    if r6 >= 4 * r1 and r0 >= r1:
                        penalty += 40
                colour = dark
                run = 1
                length = 1
            at += along
            place += 1
        line += 1
    return penalty


@micropython.viper
def block_penalty(work: ptr8, size: int) -> int:
    """Penalty for squares of 2 x 2 modules of one colour."""
    penalty = 0
    y = 1
    while y < size:
        at = y * size + 1
        end = at + size - 1
        while at < end:
            same = int(work[at])
            if int(work[at - 1]) == same and int(work[at - size]) == same and int(work[at - size - 1]) == same:
                penalty += 3
            at += 1
        y += 1
    return penalty


@micropython.viper
def _count(work: ptr8, length: int) -> int:
    """Dark modules."""
    dark = 0
    at = 0
    while at < length:
        dark += int(work[at])
        at += 1
    return dark


def penalty(work: bytearray, size: int) -> int:
    """How hard a symbol is to read."""
    lines = line_penalty(work, size, 1, size) + line_penalty(work, size, size, 1)
    total = size * size
    uneven = abs(_count(work, total) * 20 - total * 10)
    return lines + block_penalty(work, size) + _BALANCE_WEIGHT * ((uneven + total - 1) // total - 1)


def make_tiles() -> bytearray:
    """One period of each mask, 1 where it changes a module."""
    tiles = bytearray(MASKS * _TILE)
    at = 0
    for rule in _MASK_RULES:
        for y in range(_ROWS):
            for x in range(_COLUMNS):
                tiles[at] = not rule(y, x)
                at += 1
    return tiles


def draw_fixed(grid: bytearray, version: int) -> None:
    """Clear a symbol, then draw finder, timing and alignment patterns and the version; keep the place of the format."""
    size = tables.size_of(version)
    _fill(grid, size, 0, 0, size, 0)
    for at in range(size):
        _set(grid, size, at, _TIMING, not at & 1)
        _set(grid, size, _TIMING, at, not at & 1)
    for x, y in ((3, 3), (size - 4, 3), (3, size - 4)):
        _draw_rings(grid, size, x, y, (9, 7, 5, 3))
    centres = tables.alignment_of(version)
    last = len(centres) - 1
    for i, x in enumerate(centres):
        for j, y in enumerate(centres):
            if (i, j) not in ((0, 0), (0, last), (last, 0)):
                _draw_rings(grid, size, x, y, (5, 3, 1))
    draw_format(grid, size, 0)
    if version >= 7:
        _draw_version(grid, size, tables.version_bits(version))


def draw_format(grid: bytearray, size: int, bits: int) -> None:
    """Draw the 15 bits of level and mask, twice, and the module that is always dark (section 7.9.1)."""
    for place in range(15):
        dark = bits >> place & 1
        down = place if place < 6 else place + 1 if place < 8 else size - 15 + place
        left = size - 1 - place if place < 8 else 15 - place if place < 9 else 14 - place
        _set(grid, size, 8, down, dark)
        _set(grid, size, left, 8, dark)
    _set(grid, size, 8, size - 8, 1)


def _draw_version(grid: bytearray, size: int, bits: int) -> None:
    """Six by three modules beside two of the finder patterns (section 7.10)."""
    for place in range(18):
        dark = bits >> place & 1
        far, near = size - 11 + place % 3, place // 3
        _set(grid, size, far, near, dark)
        _set(grid, size, near, far, dark)


def _draw_rings(grid: bytearray, size: int, x: int, y: int, sides: "tuple[int, ...]") -> None:
    """Squares around one centre, one in the other; the last is dark, and so is every other before it."""
    dark = len(sides) & 1
    for side in sides:
        _fill(grid, size, x - side // 2, y - side // 2, side, _FIXED | _DARK if dark else _FIXED)
        dark = not dark


def _set(grid: bytearray, size: int, x: int, y: int, dark: "bool | int") -> None:
    grid[y * size + x] = _FIXED | _DARK if dark else _FIXED
