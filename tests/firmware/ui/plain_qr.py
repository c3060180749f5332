"""The inner loops of `watch.ui.qr_codewords` and `watch.ui.qr_matrix`, written plainly: oracles for the fast ones."""

FIXED = 2


def put(out, at, value, bits):
    """As `qr_codewords._put`."""
    for bit in range(bits - 1, -1, -1):
        out[at // 8] |= (value >> bit & 1) << 7 - at % 8
        at += 1
    return at


def times(a, b):
    """Product in the field of 256 elements, by shifting."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 0x100:
            a ^= 0x11D
        b >>= 1
    return product


def correction(data, degree):
    """Reed-Solomon codewords: long division by the product of (x - 2^i)."""
    generator, root = [1], 1
    for _ in range(degree):
        longer = generator + [0]
        for at, value in enumerate(generator):
            longer[at + 1] ^= times(value, root)
        generator, root = longer, times(root, 2)
    rest = list(data) + [0] * degree
    for at in range(len(data)):
        factor = rest[at]
        for offset, value in enumerate(generator):
            rest[at + offset] ^= times(value, factor)
    return bytes(rest[len(data) :])


def places(grid, size):
    """Modules without fixed patterns, in the order in which bits are laid out."""
    found = []
    columns = list(range(size - 1, 6, -2)) + [5, 3, 1]
    for number, right in enumerate(columns):
        rows = range(size) if number & 1 else range(size - 1, -1, -1)
        found += [y * size + x for y in rows for x in (right, right - 1) if not grid[y * size + x] & FIXED]
    return found


def place(grid, size, codewords):
    """As `qr_matrix.place`."""
    for bit, at in enumerate(places(grid, size)):
        grid[at] = codewords[bit // 8] >> 7 - bit % 8 & 1 if bit < 8 * len(codewords) else 0


def lines(work, size):
    """All rows, then all columns, as lists."""
    rows = [[work[y * size + x] for x in range(size)] for y in range(size)]
    return rows + [[work[y * size + x] for y in range(size)] for x in range(size)]


def runs(line, size):
    """[colour, length] of each run, with margins of light without end."""
    found = [[0, size]]
    for value in line:
        if value == found[-1][0]:
            found[-1][1] += 1
        else:
            found.append([value, 1])
    if found[-1][0] == 0:
        found[-1][1] += size
    else:
        found.append([0, size])
    return found


def line_penalty(line, size):
    """Long runs, and 1:1:3:1:1 beside four times as much light."""
    total = 0
    length = 0
    for at, value in enumerate(line):
        length = length + 1 if at and value == line[at - 1] else 1
        total += 3 if length == 5 else 1 if length > 5 else 0
    found = runs(line, size)
    for at in range(6, len(found), 2):
        after, one, two, three, four, five, before = [found[at - back][1] for back in range(7)]
        if one == two == four == five and three == 3 * one:
            total += 40 * (after >= 4 * one and before >= one) + 40 * (before >= 4 * one and after >= one)
    return total


def block_penalty(work, size):
    """Squares of one colour."""
    corners = [y * size + x for y in range(size - 1) for x in range(size - 1)]
    return 3 * sum(work[at] == work[at + 1] == work[at + size] == work[at + size + 1] for at in corners)
