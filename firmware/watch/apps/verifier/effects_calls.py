"""What instructions that call, make functions and import do to the stack (py/vm.c, py/runtime.c)."""

from micropython import const

from watch.apps.verifier import opcodes
from watch.apps.verifier.kinds import (
    API_MODULE,
    BUILD_CLASS,
    CELL,
    CLASS_BODY,
    INT,
    MAP,
    METHOD,
    NULL,
    OBJECT,
    ONE,
    OWN_MODULE,
    SELF,
    TEXT,
    TUPLE,
    ZERO,
)
from watch.apps.verifier.naming import API, SPEND
from watch.apps.verifier.prelude import GENERATOR
from watch.kernel.errors import BytecodeError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.verifier.flow import Flow


def call(flow: "Flow", op: int, arg: int, extra: int) -> None:
    """Arguments by name, then by place, then what is called."""
    if op == opcodes.CALL_FUNCTION_VAR_KW or op == opcodes.CALL_METHOD_VAR_KW:
        kind = flow.pop()
        if kind not in (INT, ZERO, ONE):
            raise BytecodeError("a call that does not say which arguments are many")
    for _ in range(arg >> 8):
        flow.take(1)
        if flow.pop() != TEXT:
            raise BytecodeError("an argument without a name")
    if op != opcodes.CALL_FUNCTION or arg >> 8 or not _makes_class(flow, arg):
        flow.take(arg & 0xFF)
        if op < opcodes.CALL_METHOD:
            flow.take(1)
        elif flow.pop() != SELF or flow.pop() != METHOD:
            raise BytecodeError("a call without its method")
    flow.push(OBJECT)


def _makes_class(flow: "Flow", count: int) -> bool:
    """True if the call makes a class: of its body, its name and its bases. They are gone then."""
    if count < 2 or len(flow.stack) <= count or flow.top(count + 1)[:3] != [BUILD_CLASS, CLASS_BODY, TEXT]:
        return False
    flow.take(count - 2)
    for _ in range(3):
        flow.pop()
    return True


def make(flow: "Flow", op: int, arg: int, extra: int) -> None:
    """A function is made; what it takes from here must be what it was compiled for."""
    shared = extra if op == opcodes.MAKE_CLOSURE or op == opcodes.MAKE_CLOSURE_DEFARGS else 0
    for _ in range(shared):
        if flow.pop() != CELL:
            raise BytecodeError("a variable that is not shared")
    defaults, by_name = 0, False
    if op == opcodes.MAKE_FUNCTION_DEFARGS or op == opcodes.MAKE_CLOSURE_DEFARGS:
        defaults, by_name = _defaults(flow)
    is_body = len(flow.stack) > 0 and flow.stack[-1] == BUILD_CLASS
    flow.function.make(arg, shared, defaults, by_name, is_body)
    flow.push(CLASS_BODY if is_body else OBJECT)


def _defaults(flow: "Flow") -> "tuple[int, bool]":
    """How many arguments have defaults, and whether some that go by name have."""
    table, values = flow.pop(), flow.pop()
    if table not in (NULL, MAP) or (values != NULL and values < TUPLE):
        raise BytecodeError("wrong defaults of a function")
    return (0 if values == NULL else values - TUPLE), table == MAP


def give(flow: "Flow", op: int, arg: int, extra: int) -> None:
    """`yield`, one or all of another's."""
    if not flow.function.prelude.flags & GENERATOR:
        raise BytecodeError("a function that yields and is none that may")
    flow.take(1 if op == opcodes.YIELD_VALUE else 2)
    flow.push(OBJECT)


def import_name(flow: "Flow", op: int, arg: int, extra: int) -> None:
    """Only `from MODULE import NAMES`: what would bind the package could lead on from it.

    A name with a dot is found from the top, one without from the module's own folder.
    """
    name = flow.function.names[arg]
    if flow.pop() <= TUPLE or flow.pop() != (ZERO if b"." in name else ONE):
        raise BytecodeError("an import of a whole module, or from elsewhere")
    flow.push(API_MODULE if name == API else OWN_MODULE)


def import_from(flow: "Flow", op: int, arg: int, extra: int) -> None:
    """A name of a module; the fuel call only of the API."""
    module = flow.top(1)[0]
    if module != API_MODULE and (module != OWN_MODULE or flow.function.names[arg] == SPEND):
        raise BytecodeError("an import from no module")
    flow.push(OBJECT)
