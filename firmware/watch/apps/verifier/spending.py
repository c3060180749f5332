"""Looks for the fuel calls of a function (docs/bundles.md, "Fuel").

Every way that comes round again has one: straight behind what is jumped back to. Between the two may be the step of a
`for` loop whose end lies behind every jump back to it: who leaves there does not come back without another jump.
"""

from micropython import const

from watch.apps.verifier import opcodes
from watch.apps.verifier.naming import FUNCTION, SPEND
from watch.kernel.errors import BytecodeError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.verifier.flow import Flow
    from watch.apps.verifier.function import Function

_LEADS_AWAY = (
    opcodes.UNWIND_JUMP,
    opcodes.JUMP,
    opcodes.POP_JUMP_IF_TRUE,
    opcodes.POP_JUMP_IF_FALSE,
    opcodes.JUMP_IF_TRUE_OR_POP,
    opcodes.JUMP_IF_FALSE_OR_POP,
    opcodes.SETUP_EXCEPT,
    opcodes.SETUP_FINALLY,
    opcodes.POP_EXCEPT_JUMP,
    opcodes.END_FINALLY,
    opcodes.RETURN_VALUE,
    opcodes.RAISE_LAST,
    opcodes.RAISE_OBJ,
    opcodes.RAISE_FROM,
)
"""Instructions that another than the next may follow."""
_LOADS = (opcodes.LOAD_GLOBAL, opcodes.LOAD_NAME)
_BEFORE_START = (
    opcodes.LOAD_CONST_NONE,
    opcodes.LOAD_NULL,
    opcodes.LOAD_FAST_N,
    opcodes.LOAD_DEREF,
    opcodes.STORE_FAST_N,
    opcodes.STORE_DEREF,
    opcodes.BUILD_LIST,
    opcodes.BUILD_MAP,
    opcodes.BUILD_SET,
    opcodes.GET_ITER_STACK,
    opcodes.FOR_ITER,
    opcodes.UNPACK_SEQUENCE,
)
"""What a comprehension does before its first fuel call; nothing of it calls a function of the app that does not pay."""


def check(function: "Function", flow: "Flow") -> None:
    """Raises BytecodeError for a function or a loop that costs nothing."""
    code = function.code
    if function.kind == FUNCTION and not _pays(function, 0, -1, True):
        raise BytecodeError("a function without fuel")
    latest: "dict[int, int]" = {}
    for i in code.jumps:
        if code.args[i] <= i and opcodes.UNWIND_JUMP < code.ops[i] <= opcodes.JUMP_IF_FALSE_OR_POP:
            latest[code.args[i]] = i
    for came_from, target, handler in flow.unwinds:
        # Who leaves by `finally` jumps from the end of that.
        source = max(came_from, flow.ends.get(handler, 0))
        if target <= source:
            latest[target] = max(latest.get(target, 0), source)
    for target, came_from in latest.items():
        if not _pays(function, target, came_from, False):
            raise BytecodeError("a loop without fuel")


def _pays(function: "Function", at: int, came_from: int, is_start: bool) -> bool:
    """True if there is a fuel call on the straight way from here; `came_from`: the last jump to here."""
    code = function.code
    while at + 1 < len(code):
        op = code.ops[at]
        if op in _LOADS and function.names[code.args[at]] == SPEND and _is_call(function, at + 1):
            return True
        if op in _LEADS_AWAY or (op == opcodes.FOR_ITER and code.args[at] <= came_from):
            return False
        if is_start and op < opcodes.SMALL_INT and op not in _BEFORE_START:
            return False
        at += 1
    return False


def _is_call(function: "Function", at: int) -> bool:
    return function.code.ops[at] == opcodes.CALL_FUNCTION and function.code.args[at] == 0
