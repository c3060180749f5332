"""Reads what stands before the instructions of a function (py/bc.h, `MP_BC_PRELUDE_*`)."""

from micropython import const

from watch.kernel.errors import BytecodeError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.verifier.mpy_reader import Reader

GENERATOR = const(1)
"""Flag: it yields."""
KEYWORD_DEFAULTS = const(8)
"""Flag: arguments that go by name have defaults."""
_ALL = const(15)
_MAX_STATE = const(512)  # places for values; the interpreter counts them in 16 bits
_MAX_BLOCKS = const(32)
_MAX_ARGUMENTS = const(127)
_MAX_CELLS = const(127)
_LONGEST = const(6)  # bytes of one of the two packed fields


class Prelude:
    """Numbers of a function.

    Args:
        reader: at the start of the function; left at its first instruction.
        names: how many names the module has.

    Raises:
        BytecodeError: a number is out of range.
    """

    def __init__(self, reader: "Reader", names: int) -> None:
        self._signature(reader)
        info, cells = _sizes(reader)
        info_reader = reader.sub(info)
        for _ in range(1 + self.arguments):  # its own name, then those of its arguments
            info_reader.number(names - 1)
        self.cells = reader.take(cells)
        """Numbers of the locals that functions in it share."""
        self.places = self.arguments + (self.flags >> 1 & 1) + (self.flags >> 2 & 1)
        """Locals that arguments take."""

    def _signature(self, reader: "Reader") -> None:
        one = reader.byte()
        state, blocks, flags, places, by_name, defaults = one >> 3 & 15, one >> 2 & 1, 0, one & 3, 0, 0
        for n in range(_LONGEST):
            if one < 0x80:
                break
            one = reader.byte()
            state |= (one & 0x30) << 2 * n
            blocks |= (one & 0x02) << n
            flags |= (one >> 6 & 1) << n
            places |= (one & 0x04) << n
            by_name |= (one >> 3 & 1) << n
            defaults |= (one & 0x01) << n
        if one >= 0x80 or state >= _MAX_STATE or blocks > _MAX_BLOCKS or flags > _ALL:
            raise BytecodeError("a function of a wrong size")
        if places + by_name > _MAX_ARGUMENTS or defaults > places:
            raise BytecodeError("wrong arguments of a function")
        self.state = state + 1
        """Places for locals and values together."""
        self.blocks = blocks
        """Places for `try` in `try`."""
        self.flags, self.by_place, self.defaults = flags, places, defaults
        self.arguments = places + by_name


def _sizes(reader: "Reader") -> "tuple[int, int]":
    """Bytes of names and lines, and number of cells. Raises BytecodeError."""
    info = cells = 0
    for n in range(_LONGEST):
        one = reader.byte()
        cells |= (one & 1) << n
        info |= (one >> 1 & 0x3F) << 6 * n
        if one < 0x80:
            if cells > _MAX_CELLS:
                break
            return info, cells
    raise BytecodeError("a function of a wrong size")
