"""The loops of the network, in machine code. `docs/voice.md` has what they compute; here is how.

A *cell* is a word of 32 bits with two activations, of the same band and channel: the lower half is of a frame of the
first half of the time, the upper half of the frame that lies half a window later. One multiplication by a weight makes
both products, one addition adds both; sums stay within 16 bits with a sign (`weights.py` has checked that), and with
0x8000 added to each half of the word neither borrows from the other.

Cells lie channel by channel, then row by row (frames), then band by band. A *framed* layer has a cell of margin around
each channel: zeros beside the bands; above the first row and below the last one what the other half of the time has.

`shape` is the same for all kernels of a layer, of its output: rows, bands, channels that come in, channels, stride.

Viper keeps two locals in registers, the first two arguments: some functions have an argument for that alone. Loads of
words keep no sign on 64 bits, so what is loaded is positive, or only its lower 32 bits matter.
"""

# Viper accepts no `-> None`.
# ruff: noqa: ANN201

import micropython


@micropython.viper
def levels(window: ptr8, cells: ptr32, counts: ptr16, table: ptr8):
    """Set the input of the first convolution: 28 rows of 36 cells, two of them margin on each side.

    `window` has 48 x 32 bytes, `counts` room for 256 numbers, `table` for 256 bytes.
    """
    i = 0
    while i < 256:
        counts[i] = 0
        i += 1
    i = 0
    while i < 1536:
        counts[window[i]] = counts[window[i]] + 1
        i += 1
    left = 16
    top = 0
    i = 256
    while left:
        i -= 1
        count = int(counts[i])
        if count > left:
            count = left
        top += count * i
        left -= count
    top >>= 4
    i = 0
    while i < 256:
        level = ((i - top + 112) * 9) >> 4
        if level < 0:
            level = 0
        if level > 63:
            level = 63
        table[i] = level
        i += 1
    row = 0
    while row < 24:
        band = 0
        while band < 32:
            at = row * 32 + band
            both = table[window[at]] | table[window[at + 768]] << 16
            to = row * 36 + band + 74
            cells[to] = both
            if row < 2:
                cells[to + 864] = both >> 16
            if row > 21:
                cells[to - 864] = both << 16
            band += 1
        row += 1


@micropython.viper
def first(a: ptr32, x: int, cells: ptr32, w: ptr32, sums: ptr32, shape: ptr16):
    """Sums of the first convolution: 5x5, stride 2, from the cells of `levels`. `x` is any number."""
    start = 0x8000
    start |= start << 16
    channels = int(shape[3])
    while channels:
        line = ptr32(int(cells))
        rows = 12
        while rows:
            a = ptr32(int(line))
            s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = start
            s8 = s9 = s10 = s11 = s12 = s13 = s14 = s15 = start
            down = 5
            while down:
                across = 5
                while across:
                    x = int(w[0])
                    s0 = a[0] * x + s0
                    s1 = a[2] * x + s1
                    s2 = a[4] * x + s2
                    s3 = a[6] * x + s3
                    s4 = a[8] * x + s4
                    s5 = a[10] * x + s5
                    s6 = a[12] * x + s6
                    s7 = a[14] * x + s7
                    s8 = a[16] * x + s8
                    s9 = a[18] * x + s9
                    s10 = a[20] * x + s10
                    s11 = a[22] * x + s11
                    s12 = a[24] * x + s12
                    s13 = a[26] * x + s13
                    s14 = a[28] * x + s14
                    s15 = a[30] * x + s15
                    a = ptr32(int(a) + 4)
                    w = ptr32(int(w) + 4)
                    across -= 1
                a = ptr32(int(a) + 124)
                down -= 1
            a = ptr32(int(sums))
            a[0] = s0
            a[1] = s1
            a[2] = s2
            a[3] = s3
            a[4] = s4
            a[5] = s5
            a[6] = s6
            a[7] = s7
            a[8] = s8
            a[9] = s9
            a[10] = s10
            a[11] = s11
            a[12] = s12
            a[13] = s13
            a[14] = s14
            a[15] = s15
            sums = ptr32(int(sums) + 64)
            w = ptr32(int(w) - 100)
            line = ptr32(int(line) + 288)
            rows -= 1
        w = ptr32(int(w) + 100)
        channels -= 1


@micropython.viper
def requantise(v: int, mult: int, sums: ptr16, into: ptr32, rules: ptr32, shape: ptr16, framed: int):
    """Turn the sums of a layer into activations: of a framed layer if `framed` is 1, else without margin.

    `rules` has four words for each channel: bias + 2^20, mult, half of 2^shift, shift. Without a margin `into` may be
    `sums`. What is below zero before the shift is so or is zero after it. `v` and `mult` are any numbers.
    """
    width = (int(shape[1]) + 2 * framed) * 4
    channels = int(shape[3])
    while channels:
        mult = rules[1]
        bias = rules[2] - (0x108000 - rules[0]) * mult
        shift = rules[3]
        rules = ptr32(int(rules) + 16)
        half = ptr16(int(into) + (width + 4) * framed)
        rows = int(shape[0])
        while rows:
            bands = int(shape[1])
            while bands:
                v = (sums[0] * mult + bias) >> shift
                if v >> 6:
                    v = 63 & ~(v >> 31)
                half[0] = v
                v = (sums[1] * mult + bias) >> shift
                if v >> 6:
                    v = 63 & ~(v >> 31)
                half[1] = v
                v = (sums[2] * mult + bias) >> shift
                if v >> 6:
                    v = 63 & ~(v >> 31)
                half[2] = v
                v = (sums[3] * mult + bias) >> shift
                if v >> 6:
                    v = 63 & ~(v >> 31)
                half[3] = v
                half = ptr16(int(half) + 8)
                sums = ptr16(int(sums) + 8)
                bands -= 2
            half = ptr16(int(half) + 8 * framed)
            rows -= 1
        into = ptr32(int(into) + (int(shape[0]) + 2 * framed) * width)
        channels -= 1


@micropython.viper
def frame(cells: ptr32, shape: ptr16):
    """Set the margin of a framed layer."""
    rows = int(shape[0])
    bands = int(shape[1])
    width = bands + 2
    channels = int(shape[3])
    while channels:
        last = ptr32(int(cells) + rows * width * 4)
        i = 1
        while i <= bands:
            cells[i] = last[i] << 16
            last[width + i] = cells[width + i] >> 16
            i += 1
        i = rows + 2
        while i:
            cells[0] = 0
            cells[bands + 1] = 0
            cells = ptr32(int(cells) + width * 4)
            i -= 1
        channels -= 1


@micropython.viper
def depthwise(a: ptr32, w: ptr32, cells: ptr32, sums: ptr32, shape: ptr16):
    """Sums of a depthwise convolution of 3x3, of a framed layer. `a` is any buffer."""
    start = 0x8000
    start |= start << 16
    bands = int(shape[1])
    step = int(shape[4]) * 4
    width = (bands * step) + 8
    skip = (int(shape[4]) - 1) * width + 8
    channels = int(shape[3])
    a = ptr32(int(cells))
    while channels:
        rows = int(shape[0])
        while rows:
            i = bands
            while i:
                line = ptr32(int(a) + width)
                s = start + a[0] * w[0] + a[1] * w[1] + a[2] * w[2]
                s += line[0] * w[3] + line[1] * w[4] + line[2] * w[5]
                line = ptr32(int(line) + width)
                sums[0] = s + line[0] * w[6] + line[1] * w[7] + line[2] * w[8]
                sums = ptr32(int(sums) + 4)
                a = ptr32(int(a) + step)
                i -= 1
            a = ptr32(int(a) + skip)
            rows -= 1
        a = ptr32(int(a) + 2 * width)
        w = ptr32(int(w) + 36)
        channels -= 1


@micropython.viper
def pointwise(a: ptr32, x: int, cells: ptr32, w: ptr8, sums: ptr32, bases: ptr32, shape: ptr16):
    """Sums of a pointwise convolution, of a layer without margin, twelve places at a time.

    Weights have 32 added, which makes them bytes: so many times the activations of a place have to be taken off its
    sums, in all channels the same. `bases` has room for twelve words; `a` is any buffer, `x` any number.
    """
    inside = int(shape[2])
    step = int(shape[0]) * int(shape[1]) * 4
    kernel = ptr8(int(w))
    end = int(cells) + step
    while int(cells) < end:
        i = 0
        while i < 12:
            a = ptr32(int(cells) + i * 4)
            x = 0x8000
            x |= x << 16
            n = inside
            while n:
                x -= a[0] << 5
                a = ptr32(int(a) + step)
                n -= 1
            bases[i] = x
            i += 1
        w = ptr8(int(kernel))
        out = ptr32(int(sums))
        channels = int(shape[3])
        while channels:
            s0 = bases[0]
            s1 = bases[1]
            s2 = bases[2]
            s3 = bases[3]
            s4 = bases[4]
            s5 = bases[5]
            s6 = bases[6]
            s7 = bases[7]
            s8 = bases[8]
            s9 = bases[9]
            s10 = bases[10]
            s11 = bases[11]
            a = ptr32(int(cells))
            n = inside
            while n:
                x = w[0]
                s0 = a[0] * x + s0
                s1 = a[1] * x + s1
                s2 = a[2] * x + s2
                s3 = a[3] * x + s3
                s4 = a[4] * x + s4
                s5 = a[5] * x + s5
                s6 = a[6] * x + s6
                s7 = a[7] * x + s7
                s8 = a[8] * x + s8
                s9 = a[9] * x + s9
                s10 = a[10] * x + s10
                s11 = a[11] * x + s11
                a = ptr32(int(a) + step)
                w = ptr8(int(w) + 1)
                n -= 1
            a = ptr32(int(out))
            a[0] = s0
            a[1] = s1
            a[2] = s2
            a[3] = s3
            a[4] = s4
            a[5] = s5
            a[6] = s6
            a[7] = s7
            a[8] = s8
            a[9] = s9
            a[10] = s10
            a[11] = s11
            out = ptr32(int(out) + step)
            channels -= 1
        cells = ptr32(int(cells) + 48)
        sums = ptr32(int(sums) + 48)


@micropython.viper
def pool(cells: ptr32, sums: ptr16, shape: ptr16):
    """Sums over all places of a layer without margin, by channel: first half of the time, then second half."""
    channels = int(shape[3])
    size = int(shape[0]) * int(shape[1])
    i = 0
    while i < channels:
        s = 0
        n = size
        while n:
            s += cells[0]
            cells = ptr32(int(cells) + 4)
            n -= 1
        sums[i] = s & 0xFFFF
        sums[channels + i] = (s >> 16) & 0xFFFF
        i += 1


@micropython.viper
def dense(a: ptr16, w: ptr8, out: ptr32, bias: ptr32, size: int, count: int):
    """`count` logits from `size` numbers, a multiple of eight; weights have 128 added, which makes them bytes."""
    inputs = ptr16(int(a))
    total = 0
    i = 0
    while i < size:
        total += a[i]
        i += 1
    i = 0
    while i < count:
        s = bias[i] - (total << 7)
        a = ptr16(int(inputs))
        left = size
        while left:
            s += (
                a[0] * w[0]
                + a[1] * w[1]
                + a[2] * w[2]
                + a[3] * w[3]
                + a[4] * w[4]
                + a[5] * w[5]
                + a[6] * w[6]
                + a[7] * w[7]
            )
            a = ptr16(int(a) + 16)
            w = ptr8(int(w) + 8)
            left -= 8
        out[i] = s
        i += 1


@micropython.viper
def wipe(words: ptr32, count: int):
    """Zero `count` words."""
    i = 0
    while i < count:
        words[i] = 0
        i += 1
