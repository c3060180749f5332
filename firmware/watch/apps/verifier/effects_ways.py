"""What instructions that jump, loop and catch do to the stack (py/vm.c). False: the next one does not follow."""

from micropython import const

from watch.apps.verifier import opcodes
from watch.apps.verifier.kinds import LOOP, OBJECT

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.verifier.flow import Flow


def jump(flow: "Flow", op: int, arg: int, extra: int) -> bool:
    """Go there, or there if so."""
    if op != opcodes.JUMP:
        flow.take(1)
    flow.goto(arg)
    return op != opcodes.JUMP


def jump_or_pop(flow: "Flow", op: int, arg: int, extra: int) -> bool:
    """Go there with the object, or on without it."""
    flow.goto(arg)
    flow.take(1)
    return True


def for_iter(flow: "Flow", op: int, arg: int, extra: int) -> bool:
    """Another value of the iterator, or there without it."""
    loop = flow.top(len(LOOP))
    flow.drop_loop()
    flow.goto(arg)
    for kind in loop:
        flow.push(kind)
    flow.push(OBJECT)
    return True


def get_iter_stack(flow: "Flow", op: int, arg: int, extra: int) -> bool:
    """An object becomes its iterator."""
    flow.take(1)
    for kind in LOOP:
        flow.push(kind)
    return True


def begin(flow: "Flow", op: int, arg: int, extra: int) -> bool:
    """`try`."""
    flow.begin(arg, op == opcodes.SETUP_FINALLY)
    return True


def unwind(flow: "Flow", op: int, arg: int, extra: int) -> bool:
    """Out of blocks."""
    flow.unwind(arg, extra)
    return False


def leave(flow: "Flow", op: int, arg: int, extra: int) -> bool:
    """The end of `try` or of `except`."""
    flow.leave(arg)
    return False


def end(flow: "Flow", op: int, arg: int, extra: int) -> bool:
    """The end of a handler."""
    return flow.end()


def finish(flow: "Flow", op: int, arg: int, extra: int) -> bool:
    """`return`."""
    flow.finish()
    return False


def throw(flow: "Flow", op: int, arg: int, extra: int) -> bool:
    """`raise`: the last error, an object, an object from another."""
    flow.take(op - opcodes.RAISE_LAST)
    return False
