"""Writes compiled modules by hand, good and bad ones, as py/persistentcode.c and py/bc.h describe them."""

NAMES = (
    "app.py",
    "spend",
    "watch.apps.api",
    "n0",
    "n1",
    "Label",
    "open",
    "screen",
    "x",
    "__init__",
    "__class__",
    "getattr",
    "bound",
    "set",
    "forget",
    "watch",
    "os",
    "apps.tally.app",
    "apps.other.app",
    "__name__",
    "damage",
    "__module__",
    "end",
    "n512",
    "n01",
    "App",
    "__qualname__",
    "ui",
    "tick_ms",
    "__dict__",
)
"""The names of a forged module, in this order; the first is its file."""
N = {name: number for number, name in enumerate(NAMES)}
NONE, TRUE, NULL, CLASS = b"\x51", b"\x52", b"\x53", b"\x54"
SUBSCR, STORE_SUBSCR, DUP, DUP2, POP, ROT2, ROT3 = b"\x55", b"\x56", b"\x57", b"\x58", b"\x59", b"\x5a", b"\x5b"
END_FINALLY, ITER, ITER_STACK, STORE_MAP, RETURN = b"\x5d", b"\x5e", b"\x5f", b"\x62", b"\x63"
RAISE_LAST, RAISE, YIELD, YIELD_FROM = b"\x64", b"\x65", b"\x67", b"\x68"
ADD, NOT, ZERO, ONE, TWO = b"\xf2", b"\xd3", b"\x80", b"\x81", b"\x82"


def number(value):
    """7 bits a byte, highest first."""
    out = bytes((value & 0x7F,))
    while value > 0x7F:
        value >>= 7
        out = bytes((0x80 | value & 0x7F,)) + out
    return out


def op(code, arg):
    """An instruction with a number."""
    return bytes((code,)) + number(arg)


def name(code, text):
    """An instruction with a name of `NAMES`."""
    return op(code, N[text])


def back(code, distance, short=True):
    """A jump by so many bytes, counted from behind it; negative leads back."""
    if short:
        return bytes((code, distance + 0x40))
    distance += 0x4000
    return bytes((code, 0x80 | distance & 0x7F, distance >> 7))


def ahead(code, distance):
    """A jump that only leads ahead."""
    return bytes((code, distance))


def load(local):
    """A local."""
    return bytes((0xB0 + local,))


def store(local):
    """A local is set."""
    return bytes((0xC0 + local,))


SPEND = name(0x12, "spend") + b"\x34\x00" + POP
END = NONE + RETURN
IMPORT = ZERO + name(0x10, "spend") + b"\x2a\x01" + name(0x1B, "watch.apps.api")
IMPORT_SPEND = IMPORT + name(0x1C, "spend") + name(0x16, "spend") + POP


def signature(state, blocks, flags, places, by_name, defaults):
    """The packed numbers of a function."""
    state -= 1
    z = (state & 15) << 3 | (blocks & 1) << 2 | places & 3
    state, blocks, places = state >> 4, blocks >> 1, places >> 2
    out = b""
    while state | blocks | flags | places | by_name | defaults:
        out += bytes((0x80 | z,))
        z = (flags & 1) << 6 | (state & 3) << 4 | (by_name & 1) << 3
        z |= (places & 1) << 2 | (blocks & 1) << 1 | defaults & 1
        state, blocks, flags = state >> 2, blocks >> 1, flags >> 1
        places, by_name, defaults = places >> 1, by_name >> 1, defaults >> 1
    return out + bytes((z,))


def sizes(info, cells):
    """The packed lengths of what follows."""
    out = b""
    while True:
        z = (info & 0x3F) << 1 | cells & 1
        info, cells = info >> 6, cells >> 1
        if not info | cells:
            return out + bytes((z,))
        out += bytes((0x80 | z,))


def function(
    code, children=(), state=8, blocks=2, flags=0, places=0, by_name=0, defaults=0, cells=(), info=None, kind=0
):
    """One function and those in it."""
    names = bytes(1 + places + by_name) if info is None else info
    body = signature(state, blocks, flags, places, by_name, defaults) + sizes(len(names), len(cells))
    body += names + bytes(cells) + code
    out = number(len(body) << 3 | (4 if children else 0) | kind) + body
    if children:
        out += number(len(children)) + b"".join(children)
    return out


def text(value):
    """An entry of the table of names."""
    raw = value if isinstance(value, bytes) else value.encode()
    return number(len(raw) << 1) + raw + b"\x00"


def module(root, names=NAMES, objects=(), header=b"M\x06\x00\x1f"):
    """A module."""
    out = header + number(len(names)) + number(len(objects)) + b"".join([text(one) for one in names])
    return out + b"".join(objects) + root


def app(code, objects=(), made=b"\x32\x00", before=b"", spend=True, module_code=b"", **form):
    """A module that makes one function, which begins with a fuel call, and binds it."""
    inner = function((SPEND if spend else b"") + code, **form)
    root = module_code + before + made + name(0x16, "n0") + END
    return module(function(root, (inner,)), objects=objects)


def top(code, children=(), objects=(), **form):
    """A module of that code."""
    return module(function(code, children, **form), objects=objects)
