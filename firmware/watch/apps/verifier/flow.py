"""Follows every way through a function and keeps count of its stack: what lies where, and that it never runs over.

The interpreter trusts its compiler: that a loop finds its iterator, a call its method, `finally` what it left there.
Here each of them is looked for. Ways that meet must agree.
"""

from micropython import const

from watch.apps.verifier import effects
from watch.apps.verifier.kinds import ERROR, LOOP, NONE, OBJECT, UNWINDING, is_loop, joined
from watch.apps.verifier.naming import CLASS
from watch.kernel.errors import BytecodeError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Generator

    from watch.apps.verifier.function import Function

    Block = tuple[int, int, bool, bool]
    State = tuple[bytes, tuple[Block, ...]]

HANDLER, BASE, FINALLY, ACTIVE = const(0), const(1), const(2), const(3)
"""Of a block of `try`: the instruction its handler begins with, the depth of the stack below it, whether it is a
`finally`, and whether the handler runs already."""


_A_STEP = const(128)
"""Instructions followed between two looks at the screen, at most."""


class Flow:
    """One function on its way. `stack` and `blocks` are those before the instruction `at`."""

    def __init__(self, function: "Function") -> None:
        self.function, self.code = function, function.code
        self.stack: "list[int]" = []
        self.blocks: "tuple[Block, ...]" = ()
        self.at = 0
        self.unwinds: "list[tuple[int, int, int]]" = []
        """Jumps out of `try`: from, to, and a handler of `finally` on the way, or -1."""
        self.ends: "dict[int, int]" = {}
        """Where the `finally` of a handler ends."""
        self._known: "dict[int, State]" = {}
        self._waiting: "list[int]" = []
        self._room = function.room
        self._floor = self._low = 0
        self._high = len(self.code)

    def running(self) -> "Generator[None, None, None]":
        """Follow all ways in small steps. Raises BytecodeError for the first that is wrong."""
        self.goto(0)
        while self._waiting:
            at = self._waiting.pop()
            stack, blocks = self._known[at]
            self.stack, self.at = list(stack), at
            self.enter(blocks)
            while self._follow(at):
                yield

    def _follow(self, first: int) -> bool:
        """Go on from where this way has come to; `first`: where it began. False once it ends or meets another one."""
        targets, ops, args, extras = self.code.targets, self.code.ops, self.code.args, self.code.extras
        end, last = len(ops), self.at + _A_STEP
        while self.at < end:
            at = self.at
            if at >= last:
                return True
            if at >= self._high and self._falls_into_finally():
                return False
            if not self._low <= at < self._high:
                raise BytecodeError("a way out of a block")
            if targets[at] and at != first and self._meets():
                return False
            self.at = at + 1
            if not effects.apply(self, ops[at], args[at], extras[at]):
                return False
        raise BytecodeError("a function without an end")

    def _meets(self) -> bool:
        """True if this way has nothing new to say from here on."""
        known = self._known.get(self.at)
        if known is None:
            self._known[self.at] = (bytes(self.stack), self.blocks)
            return False
        self.goto(self.at)
        return True

    def goto(self, target: int) -> None:
        """Another way begins there with the stack and the blocks of now. Raises BytecodeError if others know better."""
        known = self._known.get(target)
        if known is None:
            stack = bytes(self.stack)
        else:
            if known[1] != self.blocks:
                raise BytecodeError("two blocks in one place")
            changed = joined(known[0], self.stack)
            if changed is None:
                return
            stack = changed
        self._known[target] = (stack, self.blocks)
        self._waiting.append(target)

    def push(self, kind: int) -> None:
        """Put something on the stack. Raises BytecodeError if it has no room."""
        stack = self.stack
        if len(stack) >= self._room:
            raise BytecodeError("more on the stack than there is room")
        stack.append(kind)

    def pop(self) -> int:
        """Take what is on top. Raises BytecodeError below what belongs to this block."""
        if len(self.stack) <= self._floor:
            raise BytecodeError("less on the stack than is taken")
        return self.stack.pop()

    def take(self, count: int) -> None:
        """Take objects. Raises BytecodeError for what is none."""
        stack = self.stack
        if len(stack) - count < self._floor:
            raise BytecodeError("less on the stack than is taken")
        for _ in range(count):
            if stack.pop() < OBJECT:
                raise BytecodeError("no object where one is wanted")

    def drop_loop(self) -> None:
        """Take an iterator. Raises BytecodeError if there is none."""
        if not is_loop(self.top(len(LOOP))):
            raise BytecodeError("a loop without an iterator")
        for _ in LOOP:
            self.pop()

    def top(self, depth: int) -> "list[int]":
        """The topmost values. Raises BytecodeError if there are fewer in this block."""
        if len(self.stack) - depth < self._floor:
            raise BytecodeError("less on the stack than is taken")
        return self.stack[len(self.stack) - depth :]

    def enter(self, blocks: "tuple[Block, ...]") -> None:
        """These blocks hold from now on. A handler that has not begun is ahead, one that has is behind."""
        self.blocks = blocks
        self._low, self._high, self._floor = 0, len(self.code), 0
        for handler, base, is_finally, active in blocks:
            self._floor = base + 2 if is_finally and active else base
            if active:
                self._low = max(self._low, handler)
            else:
                self._high = min(self._high, handler)

    def begin(self, handler: int, is_finally: bool) -> None:
        """`try`: what is in it may end at the handler. Raises BytecodeError."""
        if len(self.blocks) >= self.function.prelude.blocks:
            raise BytecodeError("more blocks than there is room")
        outside, base = self.blocks, len(self.stack)
        for kind in (UNWINDING, UNWINDING) if is_finally else (ERROR,):
            self.push(kind)
        self.blocks = outside + ((handler, base, is_finally, True),)
        self.goto(handler)
        del self.stack[base:]
        self.enter(outside + ((handler, base, is_finally, False),))

    def _falls_into_finally(self) -> bool:
        """True if the block has come to its end in good order, which is where `finally` begins."""
        handler, base, is_finally, active = self.blocks[-1]
        if not is_finally or active or handler != self.at:
            return False
        return len(self.stack) == base + 1 and self.stack[-1] == NONE

    def end(self) -> bool:
        """A handler ends: of `except`, the error goes on; of `finally`, what it interrupted. True if that is here."""
        if not self.blocks or not self.blocks[-1][ACTIVE]:
            raise BytecodeError("the end of no handler")
        handler, base, is_finally, _ = self.blocks[-1]
        if not is_finally:
            if len(self.stack) != base + 1 or self.stack[-1] != ERROR:
                raise BytecodeError("a handler that has lost its error")
            return False
        if len(self.stack) != base + 2:
            raise BytecodeError("a finally that has lost its place")
        self.ends[handler] = max(self.ends.get(handler, 0), self.at - 1)
        del self.stack[base:]
        self.enter(self.blocks[:-1])
        return True

    def leave(self, target: int) -> None:
        """The end of `try` or `except` in good order. Raises BytecodeError."""
        if not self.blocks or self.blocks[-1][FINALLY]:
            raise BytecodeError("the end of no block")
        self.enter(self.blocks[:-1])
        self.goto(target)

    def finish(self) -> None:
        """`return`: not out of a `finally` that runs. Raises BytecodeError."""
        for block in self.blocks:
            if block[FINALLY] and block[ACTIVE]:
                raise BytecodeError("a way out of finally")
        kind = self.pop()
        if kind < OBJECT or (kind != NONE and self.function.kind == CLASS):
            raise BytecodeError("a class body that returns something")

    def unwind(self, target: int, count: int) -> None:
        """A jump out of blocks; the high bit of `count`: and of a loop. Raises BytecodeError."""
        many = count & 0x7F
        if not 0 < many <= len(self.blocks) or len(self.stack) + 2 > self.function.room:
            raise BytecodeError("a way out of more blocks than there are")
        came_from = self.at - 1
        self.unwinds.append((came_from, target, -1))
        for handler, base, is_finally, active in self.blocks[-many:]:
            if is_finally:
                if active or len(self.stack) != base:
                    raise BytecodeError("a way out of finally")
                self.unwinds.append((came_from, target, handler))
        self.enter(self.blocks[:-many])
        if count & 0x80:
            self.drop_loop()
        self.goto(target)
