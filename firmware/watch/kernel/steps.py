"""Long work in small steps: a generator that yields where the screen may be served, and returns its result."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Generator, TypeVar

    Result = TypeVar("Result")


def finish(steps: "Generator[None, None, Result]") -> "Result":
    """Do all steps at once; what the generator returns. Raises what it raises."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return done.value
