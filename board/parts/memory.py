"""Is there enough memory? Without PSRAM the watch does not fit, and has to say so before it tries."""

import errno

from micropython import const

from board.parts.notice import tell_for_a_while

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from board.ports import Display

LEAST_BYTES = const(2_097_152)
"""What the watch needs of PSRAM; boards have 8 MB."""
ADVICE = ("No PSRAM found", "Flash the image of", "this very board:", "tapwatch flash")


def demand(
    display: "Display",
    free_bytes: int,
    used_bytes: int,
    say: "Callable[[str], object]",
    delay_ms: "Callable[[int], object]",
) -> None:
    """Go on if there is `enough`; else say it for a minute. Raises OSError(ENOMEM) then, which ends in a new start."""
    if enough(free_bytes, used_bytes):
        return
    tell_for_a_while(display, ADVICE, say, delay_ms)
    raise OSError(errno.ENOMEM)


def enough(free_bytes: int, used_bytes: int) -> bool:
    """True if the heap, with what it may still grow by (`gc.mem_free`), is as large as a board with PSRAM has it."""
    return free_bytes + used_bytes >= LEAST_BYTES
