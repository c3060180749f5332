"""The instructions of MicroPython's virtual machine that apps may use (py/bc0.h), and how they are written.

Left out: `LOAD_SUPER_METHOD`, which takes any object for an instance of the class; what deletes names of modules;
`import *`; and `with`, since no object of an app has a way in and a way out.
"""

from array import array

from micropython import const

from watch.kernel.errors import BytecodeError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Generator

    from watch.apps.verifier.mpy_reader import Reader

# With a name.
LOAD_CONST_STRING = const(0x10)
LOAD_NAME = const(0x11)
LOAD_GLOBAL = const(0x12)
LOAD_ATTR = const(0x13)
LOAD_METHOD = const(0x14)
STORE_NAME = const(0x16)
STORE_GLOBAL = const(0x17)
STORE_ATTR = const(0x18)
IMPORT_NAME = const(0x1B)
IMPORT_FROM = const(0x1C)
# With a number.
MAKE_CLOSURE = const(0x20)
MAKE_CLOSURE_DEFARGS = const(0x21)
LOAD_CONST_SMALL_INT = const(0x22)
LOAD_CONST_OBJ = const(0x23)
LOAD_FAST_N = const(0x24)
LOAD_DEREF = const(0x25)
STORE_FAST_N = const(0x26)
STORE_DEREF = const(0x27)
DELETE_FAST = const(0x28)
DELETE_DEREF = const(0x29)
BUILD_TUPLE = const(0x2A)
BUILD_LIST = const(0x2B)
BUILD_MAP = const(0x2C)
BUILD_SET = const(0x2D)
BUILD_SLICE = const(0x2E)
STORE_COMP = const(0x2F)
UNPACK_SEQUENCE = const(0x30)
UNPACK_EX = const(0x31)
MAKE_FUNCTION = const(0x32)
MAKE_FUNCTION_DEFARGS = const(0x33)
CALL_FUNCTION = const(0x34)
CALL_FUNCTION_VAR_KW = const(0x35)
CALL_METHOD = const(0x36)
CALL_METHOD_VAR_KW = const(0x37)
# With a distance.
UNWIND_JUMP = const(0x40)
JUMP = const(0x42)
POP_JUMP_IF_TRUE = const(0x43)
POP_JUMP_IF_FALSE = const(0x44)
JUMP_IF_TRUE_OR_POP = const(0x45)
JUMP_IF_FALSE_OR_POP = const(0x46)
SETUP_EXCEPT = const(0x48)
SETUP_FINALLY = const(0x49)
POP_EXCEPT_JUMP = const(0x4A)
FOR_ITER = const(0x4B)
# Alone.
LOAD_CONST_FALSE = const(0x50)
LOAD_CONST_NONE = const(0x51)
LOAD_CONST_TRUE = const(0x52)
LOAD_NULL = const(0x53)
LOAD_BUILD_CLASS = const(0x54)
LOAD_SUBSCR = const(0x55)
STORE_SUBSCR = const(0x56)
DUP_TOP = const(0x57)
DUP_TOP_TWO = const(0x58)
POP_TOP = const(0x59)
ROT_TWO = const(0x5A)
ROT_THREE = const(0x5B)
END_FINALLY = const(0x5D)
GET_ITER = const(0x5E)
GET_ITER_STACK = const(0x5F)
STORE_MAP = const(0x62)
RETURN_VALUE = const(0x63)
RAISE_LAST = const(0x64)
RAISE_OBJ = const(0x65)
RAISE_FROM = const(0x66)
YIELD_VALUE = const(0x67)
YIELD_FROM = const(0x68)
# Many of a kind, the last part of the number says which.
SMALL_INT = const(0x70)
ZERO = const(0x80)
LOAD_FAST = const(0xB0)
STORE_FAST = const(0xC0)
UNARY = const(0xD0)
BINARY = const(0xD7)

_NAME, _NUMBER, _DISTANCE, _ALONE, _NONE = const(1), const(2), const(3), const(0), const(255)
_RANGES = (
    (_NAME, LOAD_CONST_STRING, LOAD_METHOD),
    (_NAME, STORE_NAME, STORE_ATTR),
    (_NAME, IMPORT_NAME, IMPORT_FROM),
    (_NUMBER, MAKE_CLOSURE, CALL_METHOD_VAR_KW),
    (_DISTANCE, UNWIND_JUMP, UNWIND_JUMP),
    (_DISTANCE, JUMP, JUMP_IF_FALSE_OR_POP),
    (_DISTANCE, SETUP_EXCEPT, FOR_ITER),
    (_ALONE, LOAD_CONST_FALSE, ROT_THREE),
    (_ALONE, END_FINALLY, GET_ITER_STACK),
    (_ALONE, STORE_MAP, YIELD_FROM),
    (_ALONE, SMALL_INT, UNARY + 3),
    (_ALONE, BINARY, BINARY + 34),
)
"""How the instructions of a range are written."""


def _forms() -> bytes:
    forms = bytearray([_NONE] * 256)
    for form, first, final in _RANGES:
        for op in range(first, final + 1):
            forms[op] = form
    return bytes(forms)


_FORMS = _forms()
_WITH_BYTE = (MAKE_CLOSURE, MAKE_CLOSURE_DEFARGS, UNWIND_JUMP)
"""Instructions that have one byte more."""
_LOCALS = (LOAD_FAST_N, LOAD_DEREF, STORE_FAST_N, STORE_DEREF, DELETE_FAST, DELETE_DEREF)
_BACK = (UNWIND_JUMP, JUMP, POP_JUMP_IF_TRUE, POP_JUMP_IF_FALSE)
"""Jumps that lead either way; the others lead ahead."""
_MAX_INT_BYTES = const(5)  # 31 bits, 7 in a byte
_A_STEP = const(256)
"""Instructions read between two looks at the screen."""


class Instructions:
    """The instructions of one function, by their number from 0, once they were read."""

    def __init__(self) -> None:
        self.starts = array("H")
        """Offset in the module."""
        self.ops = bytearray()
        self.args = array("H")
        """Number of a name, a local and so on; of a jump, the instruction it leads to. 0 if there is none."""
        self.extras = bytearray()
        """The byte that some have more; else 0."""
        self.targets = bytearray()
        """1 where something jumps to."""
        self.named, self.jumps = array("H"), array("H")
        """Those with a name, those with a distance."""
        self.locals = 0
        """How many locals they use."""

    def reading(self, reader: "Reader") -> "Generator[None, None, None]":
        """Read them in small steps, from the first to the end of what there is to read.

        Raises BytecodeError if one is unknown, ends early, or leads to where none begins.
        """
        count = 0
        while reader.at < reader.end:
            self._read(reader)
            count += 1
            if count % _A_STEP == 0:
                yield
        self.targets = bytearray(count)
        for i in self.jumps:
            self.args[i] = target = self._index(self.args[i])
            self.targets[target] = 1

    def __len__(self) -> int:
        return len(self.ops)

    def _read(self, reader: "Reader") -> None:
        self.starts.append(reader.at)
        op = reader.data[reader.at]
        reader.at += 1
        form, arg, extra = _FORMS[op], 0, 0
        if form == _ALONE:
            if LOAD_FAST <= op < UNARY:
                arg = op & 15
                self._use(arg)
        elif form == _NAME:
            self.named.append(len(self.ops))
            arg = reader.number()
        elif form == _DISTANCE:
            self.jumps.append(len(self.ops))
            arg = _target(reader, op in _BACK)
        elif form == _NONE:
            raise BytecodeError("instruction %02x" % op)
        elif op == LOAD_CONST_SMALL_INT:
            arg = _small_int(reader)
        else:
            arg = reader.number()
            if op in _LOCALS:
                self._use(arg)
        if op in _WITH_BYTE:
            extra = reader.byte()
        self.ops.append(op)
        self.args.append(arg)
        self.extras.append(extra)

    def _use(self, local: int) -> None:
        if local >= self.locals:
            self.locals = local + 1

    def _index(self, offset: int) -> int:
        """Number of the instruction that begins there. Raises BytecodeError if none does."""
        low, high = 0, len(self.starts)
        while low < high:
            middle = (low + high) >> 1
            if self.starts[middle] < offset:
                low = middle + 1
            else:
                high = middle
        if low == len(self.starts) or self.starts[low] != offset:
            raise BytecodeError("a jump to where no instruction begins")
        return low


def _target(reader: "Reader", back: bool) -> int:
    """Offset that a jump leads to; distances count from behind themselves. Raises BytecodeError."""
    distance, middle = reader.byte(), 0x40
    if distance & 0x80:
        distance, middle = distance & 0x7F | reader.byte() << 7, 0x4000
    target = reader.at + distance - (middle if back else 0)
    if not 0 <= target < reader.end:
        raise BytecodeError("a jump out of the function")
    return target


def _small_int(reader: "Reader") -> int:
    """0 for the number 0, 1 for any other. Raises BytecodeError."""
    value = 0
    for _ in range(_MAX_INT_BYTES):
        one = reader.byte()
        value |= one & 0x7F
        if one < 0x80:
            return 1 if value else 0
    raise BytecodeError("a number is too high")
