"""What instructions that load, store and build do to the stack (py/vm.c)."""

from micropython import const

from watch.apps.verifier import opcodes
from watch.apps.verifier.kinds import (
    CELL,
    INT,
    LIST,
    LONGEST_TUPLE,
    MAP,
    METHOD,
    NULL,
    OBJECT,
    POPPABLE,
    SELF,
    SET,
    TUPLE,
    ZERO,
)
from watch.kernel.errors import BytecodeError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.verifier.flow import Flow

_MOST_PAIRS = const(1024)  # room that a table may ask for in advance


def load_fast(flow: "Flow", op: int, arg: int, extra: int) -> None:
    """A local; a shared one as such, which only a function that is made can take."""
    flow.push(CELL if flow.function.is_cell(arg) else OBJECT)


def store_fast(flow: "Flow", op: int, arg: int, extra: int) -> None:
    """Set or empty a local."""
    if flow.function.is_cell(arg):
        raise BytecodeError("a shared variable that is overwritten")
    if op != opcodes.DELETE_FAST:
        flow.take(1)


def shared(flow: "Flow", op: int, arg: int, extra: int) -> None:
    """Read, set or empty a variable that functions share."""
    if not flow.function.is_cell(arg):
        raise BytecodeError("a variable that is not shared")
    if op == opcodes.LOAD_DEREF:
        flow.push(OBJECT)
    elif op == opcodes.STORE_DEREF:
        flow.take(1)


def small_int(flow: "Flow", op: int, arg: int, extra: int) -> None:
    """A number; 0 is known as such."""
    flow.push(INT if arg else ZERO)


def constant(flow: "Flow", op: int, arg: int, extra: int) -> None:
    """An object of the module's table."""
    if arg >= flow.function.objects:
        raise BytecodeError("a constant that the module does not have")
    flow.push(OBJECT)


def load_method(flow: "Flow", op: int, arg: int, extra: int) -> None:
    """An object becomes its method and itself, or nothing."""
    flow.take(1)
    flow.push(METHOD)
    flow.push(SELF)


def build(flow: "Flow", op: int, arg: int, extra: int) -> None:
    """A tuple, a list or a set of what lies on the stack."""
    flow.take(arg)
    if op == opcodes.BUILD_TUPLE:
        flow.push(TUPLE + arg if arg <= LONGEST_TUPLE else OBJECT)
    else:
        flow.push(LIST if op == opcodes.BUILD_LIST else SET)


def build_map(flow: "Flow", op: int, arg: int, extra: int) -> None:
    """A table with room."""
    if arg > _MOST_PAIRS:
        raise BytecodeError("a table of %d" % arg)
    flow.push(MAP)


def build_slice(flow: "Flow", op: int, arg: int, extra: int) -> None:
    """A slice of two or three."""
    if not 2 <= arg <= 3:
        raise BytecodeError("a slice of %d" % arg)
    flow.take(arg)
    flow.push(OBJECT)


def store_map(flow: "Flow", op: int, arg: int, extra: int) -> None:
    """A key and a value go into a table."""
    flow.take(2)
    if flow.top(1)[0] != MAP:
        raise BytecodeError("no table where one is wanted")


def store_comp(flow: "Flow", op: int, arg: int, extra: int) -> None:
    """A value goes into what a comprehension makes, which lies below its loops."""
    depth, kind = arg >> 2, arg & 3
    if kind > 2 or not depth or flow.top(depth + 1)[0] != (LIST, MAP, SET)[kind]:
        raise BytecodeError("a comprehension without its list")
    flow.take(2 if kind == 1 else 1)


def unpack(flow: "Flow", op: int, arg: int, extra: int) -> None:
    """One object becomes several."""
    flow.take(1)
    for _ in range(arg if op == opcodes.UNPACK_SEQUENCE else (arg & 0xFF) + (arg >> 8) + 1):
        flow.push(OBJECT)


def store_subscr(flow: "Flow", op: int, arg: int, extra: int) -> None:
    """A value goes into an object; nothing in its place deletes."""
    flow.take(2)
    kind = flow.pop()
    if kind < OBJECT and kind != NULL:
        raise BytecodeError("no object where one is wanted")


def shuffle(flow: "Flow", op: int, arg: int, extra: int) -> None:
    """Copy or turn what is on top: objects, and nothings on their way to delete."""
    count = 1 if op == opcodes.DUP_TOP else 3 if op == opcodes.ROT_THREE else 2
    values = flow.top(count)
    for kind in values:
        if kind < OBJECT and (kind != NULL or op < opcodes.ROT_TWO):
            raise BytecodeError("no object where one is wanted")
    if op >= opcodes.ROT_TWO:
        for _ in values:
            flow.pop()
        values = values[-1:] + values[:-1]
    for kind in values:
        flow.push(kind)


def pop_top(flow: "Flow", op: int, arg: int, extra: int) -> None:
    """Drop an object, a part of an iterator or a module."""
    kind = flow.pop()
    if kind < OBJECT and kind not in POPPABLE:
        raise BytecodeError("no object where one is wanted")
