"""What is known of a value on the stack of a function while it is checked. A number below `OBJECT` is no object."""

from micropython import const

from watch.kernel.errors import BytecodeError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

NULL, METHOD, SELF = const(0), const(1), const(2)
"""Nothing; a method and what it belongs to, which is what a call wants below its arguments."""
ITERATOR = const(3)
"""First of the four places that a loop keeps its iterator in, 3 to 6."""
CELL, BUILD_CLASS, CLASS_BODY = const(7), const(8), const(9)
"""A variable that functions share; what makes classes, and the function it wants."""
API_MODULE, OWN_MODULE, UNWINDING = const(10), const(11), const(12)
"""Modules while names are taken from them; each of the two places that tell `finally` how to go on."""
OBJECT, NONE, TEXT, INT, ZERO, ONE = const(64), const(65), const(66), const(67), const(68), const(73)
"""Any object, and some that are known better."""
LIST, MAP, SET, ERROR = const(69), const(70), const(71), const(72)
TUPLE = const(128)
"""And its length; of up to 127."""
LONGEST_TUPLE = const(127)
LOOP = bytes((ITERATOR, ITERATOR + 1, ITERATOR + 2, ITERATOR + 3))
"""What a loop keeps on the stack."""
POPPABLE = (NULL, API_MODULE, OWN_MODULE) + tuple(LOOP)
"""What may be dropped though it is no object."""


def is_loop(four: "list[int]") -> bool:
    """True for the places of an iterator, also of one that lies elsewhere: nothing, the object, nothing, nothing."""
    if len(four) != len(LOOP):
        return False
    return bytes(four) == LOOP or (four[1] >= OBJECT and four[0] == four[2] == four[3] == NULL)


def joined(one: bytes, other: "list[int]") -> "Optional[bytes]":
    """What is known where two ways meet; None if it is the same as `one`. Raises BytecodeError if they do not fit."""
    if len(one) != len(other):
        raise BytecodeError("two depths of the stack in one place")
    changed = None
    for i in range(len(one)):
        mine = one[i]
        if mine != other[i] and mine != OBJECT:
            if mine < OBJECT or other[i] < OBJECT:
                raise BytecodeError("two things in one place of the stack")
            changed = bytearray(one) if changed is None else changed
            changed[i] = OBJECT
        elif mine != other[i] and other[i] < OBJECT:
            raise BytecodeError("two things in one place of the stack")
    return None if changed is None else bytes(changed)
