"""Builds the board that this image is made for and runs the watch on it. The port runs this file out of the image.

Whatever ends the watch ends in a reset, for behind this file the port opens its REPL. A development image goes there
when a computer asks for it; docs/updates.md, "Development images".
"""

try:  # as in boot.py
    import micropython

    _closed = micropython.kbd_intr(-1) or True  # the port has just opened it again
except KeyboardInterrupt:
    pass

import sys

import machine
from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any


def run(names: "dict[str, Any]") -> bool:
    """Run the watch to its end. True if the REPL is to be opened, which finds `board` and `watch` among `names`.

    If they are there, the watch goes on where it was interrupted.
    """
    development = False
    try:
        facts = __import__("facts")  # made by the builder of the image
        from watch.kernel import loop
        from watch.system.main import start

        development = facts.POSTURE == "development"
        if "watch" in names:
            loop.go_on()
        else:
            names["board"] = __import__("board.%s.board" % facts.BOARD, None, None, ("build",)).build(facts)
            names["watch"] = start(names["board"], {})
            loop.run(names["watch"].run(), None, names["watch"].pause)
    except KeyboardInterrupt:
        return development
    except BaseException as error:  # noqa: BLE001
        # Nobody is above this file to handle it; the reset is the answer, and this line is all that is left of it.
        _report(error, development)
    return False


def _report(error: BaseException, development: bool) -> None:
    """Say on the serial line why the watch starts anew; in a release only the class, for a text may repeat anything."""
    if development:
        sys.print_exception(error)  # type: ignore[attr-defined]
    print("Tapwatch starts anew:", type(error).__name__)


if __name__ == "__main__":
    _repl = False
    try:
        _repl = run(globals())
    finally:
        if not _repl:
            machine.reset()
    machine.WDT(timeout=864_000_000)  # a computer takes its time; boot.py has set one of two minutes
