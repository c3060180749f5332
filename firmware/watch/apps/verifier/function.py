"""Checks one function of a module: its numbers, its names, its ways, its fuel."""

from micropython import const

from watch.apps.verifier import spending
from watch.apps.verifier.flow import Flow
from watch.apps.verifier.naming import CLASS, FUNCTION, MODULE
from watch.apps.verifier.opcodes import Instructions
from watch.apps.verifier.prelude import KEYWORD_DEFAULTS, Prelude
from watch.kernel.errors import BytecodeError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Generator

    from watch.apps.verifier.mpy_file import Code, Module
    from watch.apps.verifier.naming import Policy

    Make = tuple[int, int, bool, bool]


class Function:
    """One function.

    Args:
        module: that it is in.
        code: where it is.
        made: how it is made: variables that it shares, arguments with defaults, whether some by name have, whether it
            is the body of a class; None for the module itself.

    Raises:
        BytecodeError: it is not what it must be to be made so.
    """

    def __init__(self, module: "Module", code: "Code", made: "Make | None") -> None:
        self.names, self.objects = module.names, module.objects
        self._children = code.children
        self.made: "list[Make | None]" = [None] * len(code.children)
        """How each of the functions in it is made."""
        self.kind = MODULE if made is None else CLASS if made[3] else FUNCTION
        self.prelude = Prelude(code.reader, len(module.names))
        self._expect_made(made or (0, 0, False, False))
        self._shared, self._cells = made[0] if made else 0, self.prelude.cells
        self._reader = code.reader
        self.code = Instructions()
        self.room = 0
        """Of the stack: places that are no locals."""

    def checking(self, policy: "Policy") -> "Generator[None, None, None]":
        """Check it in small steps. Raises BytecodeError for what no app may do."""
        yield from self.code.reading(self._reader)
        self.room = self.prelude.state - self._locals()
        if self.room < 0:
            raise BytecodeError("more locals than there is room")
        yield from policy.checking(self.code, self.kind)
        flow = Flow(self)
        yield from flow.running()
        spending.check(self, flow)

    def is_cell(self, local: int) -> bool:
        """True for a variable that functions share."""
        return local < self._shared or local in self._cells

    def make(self, child: int, shared: int, defaults: int, by_name: bool, is_body: bool) -> None:
        """One of the functions in it is made so. Raises BytecodeError if there is none, or if it was made otherwise."""
        how = (shared, defaults, by_name, is_body)
        if child >= len(self.made) or self.made[child] not in (None, how):
            raise BytecodeError("a function that is not there, or made in two ways")
        self.made[child] = how

    def children(self) -> "list[tuple[Code, Make]]":
        """The functions that it makes, after `check`. Raises BytecodeError for one that is never made."""
        found = []
        for i, made in enumerate(self.made):
            if made is None:
                raise BytecodeError("a function that nothing makes")
            found.append((self._children[i], made))
        return found

    def _expect_made(self, made: "Make") -> None:
        prelude = self.prelude
        shared, defaults, by_name, _ = made
        if prelude.defaults != defaults or (prelude.flags & KEYWORD_DEFAULTS != 0) != by_name:
            raise BytecodeError("other defaults than the function wants")
        if shared + defaults > prelude.by_place:
            raise BytecodeError("fewer arguments than the function is given")
        if self.kind != FUNCTION and (prelude.flags or prelude.arguments != shared):
            raise BytecodeError("a module or a class with arguments")
        seen = set(range(shared))
        for cell in prelude.cells:
            if cell in seen:
                raise BytecodeError("a variable that is shared twice")
            seen.add(cell)

    def _locals(self) -> int:
        """How many locals it uses."""
        most = max(self.prelude.places, self.code.locals)
        for cell in self._cells:
            most = max(most, cell + 1)
        return most
