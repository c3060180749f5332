"""What each instruction does to the stack: a table."""

from micropython import const

from watch.apps.verifier import effects_calls as calls
from watch.apps.verifier import effects_values as values
from watch.apps.verifier import effects_ways as ways
from watch.apps.verifier import opcodes
from watch.apps.verifier.kinds import BUILD_CLASS, INT, NONE, NULL, OBJECT, ONE, TEXT, ZERO

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.apps.verifier.flow import Flow

    Effect = Callable[[Flow, int, int, int], Optional[bool]]

_NOTHING, _OTHERWISE = const(255), const(255)
_SIMPLE = {
    opcodes.LOAD_CONST_STRING: (0, TEXT),
    opcodes.LOAD_NAME: (0, OBJECT),
    opcodes.LOAD_GLOBAL: (0, OBJECT),
    opcodes.LOAD_ATTR: (1, OBJECT),
    opcodes.STORE_NAME: (1, _NOTHING),
    opcodes.STORE_GLOBAL: (1, _NOTHING),
    opcodes.STORE_ATTR: (2, _NOTHING),
    opcodes.LOAD_CONST_FALSE: (0, OBJECT),
    opcodes.LOAD_CONST_NONE: (0, NONE),
    opcodes.LOAD_CONST_TRUE: (0, OBJECT),
    opcodes.LOAD_NULL: (0, NULL),
    opcodes.LOAD_BUILD_CLASS: (0, BUILD_CLASS),
    opcodes.LOAD_SUBSCR: (2, OBJECT),
    opcodes.GET_ITER: (1, OBJECT),
}
"""Objects that are taken, and what is left."""
_RANGES = (
    (opcodes.SMALL_INT, opcodes.LOAD_FAST, 0, INT),
    (opcodes.ZERO, opcodes.ZERO + 1, 0, ZERO),
    (opcodes.ZERO + 1, opcodes.ZERO + 2, 0, ONE),
    (opcodes.UNARY, opcodes.BINARY, 1, OBJECT),
    (opcodes.BINARY, 256, 2, OBJECT),
)
"""The same of instructions whose number says which of many it is: first, behind the last, taken, left."""
_TABLE: "tuple[tuple[Effect, tuple[int, ...]], ...]" = (
    (values.load_fast, (opcodes.LOAD_FAST_N,) + tuple(range(opcodes.LOAD_FAST, opcodes.STORE_FAST))),
    (values.store_fast, (opcodes.STORE_FAST_N,) + tuple(range(opcodes.STORE_FAST, opcodes.UNARY))),
    (values.store_fast, (opcodes.DELETE_FAST,)),
    (values.shared, (opcodes.LOAD_DEREF, opcodes.STORE_DEREF, opcodes.DELETE_DEREF)),
    (values.small_int, (opcodes.LOAD_CONST_SMALL_INT,)),
    (values.constant, (opcodes.LOAD_CONST_OBJ,)),
    (values.load_method, (opcodes.LOAD_METHOD,)),
    (values.build, (opcodes.BUILD_TUPLE, opcodes.BUILD_LIST, opcodes.BUILD_SET)),
    (values.build_map, (opcodes.BUILD_MAP,)),
    (values.build_slice, (opcodes.BUILD_SLICE,)),
    (values.store_map, (opcodes.STORE_MAP,)),
    (values.store_comp, (opcodes.STORE_COMP,)),
    (values.unpack, (opcodes.UNPACK_SEQUENCE, opcodes.UNPACK_EX)),
    (values.store_subscr, (opcodes.STORE_SUBSCR,)),
    (values.shuffle, (opcodes.DUP_TOP, opcodes.DUP_TOP_TWO, opcodes.ROT_TWO, opcodes.ROT_THREE)),
    (values.pop_top, (opcodes.POP_TOP,)),
    (calls.call, (opcodes.CALL_FUNCTION, opcodes.CALL_METHOD)),
    (calls.call, (opcodes.CALL_FUNCTION_VAR_KW, opcodes.CALL_METHOD_VAR_KW)),
    (calls.make, (opcodes.MAKE_FUNCTION, opcodes.MAKE_FUNCTION_DEFARGS)),
    (calls.make, (opcodes.MAKE_CLOSURE, opcodes.MAKE_CLOSURE_DEFARGS)),
    (calls.give, (opcodes.YIELD_VALUE, opcodes.YIELD_FROM)),
    (calls.import_name, (opcodes.IMPORT_NAME,)),
    (calls.import_from, (opcodes.IMPORT_FROM,)),
    (ways.jump, (opcodes.JUMP, opcodes.POP_JUMP_IF_TRUE, opcodes.POP_JUMP_IF_FALSE)),
    (ways.jump_or_pop, (opcodes.JUMP_IF_TRUE_OR_POP, opcodes.JUMP_IF_FALSE_OR_POP)),
    (ways.for_iter, (opcodes.FOR_ITER,)),
    (ways.get_iter_stack, (opcodes.GET_ITER_STACK,)),
    (ways.begin, (opcodes.SETUP_EXCEPT, opcodes.SETUP_FINALLY)),
    (ways.unwind, (opcodes.UNWIND_JUMP,)),
    (ways.leave, (opcodes.POP_EXCEPT_JUMP,)),
    (ways.end, (opcodes.END_FINALLY,)),
    (ways.finish, (opcodes.RETURN_VALUE,)),
    (ways.throw, (opcodes.RAISE_LAST, opcodes.RAISE_OBJ, opcodes.RAISE_FROM)),
)
_EFFECTS = {op: effect for effect, ops in _TABLE for op in ops}


def _simple() -> "tuple[bytes, bytes]":
    """Of each instruction how many objects it takes, or that it does something else, and what it leaves."""
    takes, leaves = bytearray([_OTHERWISE] * 256), bytearray(256)
    for first, behind, taken, left in _RANGES:
        for op in range(first, behind):
            takes[op], leaves[op] = taken, left
    for op in _SIMPLE:
        takes[op], leaves[op] = _SIMPLE[op]
    return bytes(takes), bytes(leaves)


_TAKES, _LEAVES = _simple()


def apply(flow: "Flow", op: int, arg: int, extra: int) -> bool:
    """Do what an instruction does. False if the next one does not follow. Raises BytecodeError."""
    taken = _TAKES[op]
    if taken == _OTHERWISE:
        return _EFFECTS[op](flow, op, arg, extra) is not False
    if taken:
        flow.take(taken)
    left = _LEAVES[op]
    if left != _NOTHING:
        flow.push(left)
    return True
