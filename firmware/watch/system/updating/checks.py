"""What a system on trial asks of the watch: one check for each device of `watch.update.health`.

A board starts every chip before the watch is built, by an answer of the chip where it has one, and writes down what
was wrong. A panel answers nothing; that its start and the first frame went well is all that can be known of it.
"""

from micropython import const

from watch.kernel.errors import StateError
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Generator, Optional

    from board.ports import Board
    from watch.system.services import Services
    from watch.update.health import Check


def checks_of(board: "Board", services: "Services") -> "list[tuple[str, Optional[Check]]]":
    """For `health.checking`; None where the board has no such device."""
    return [
        ("panel", lambda: _started(board, "panel")),
        ("touch", lambda: _started(board, "touch")),
        ("radio", None if _has_no_radio(board) else lambda: _radio(board)),
        ("vault", lambda: _vault(services)),
    ]


def _has_no_radio(board: "Board") -> bool:
    """One that did not start is in `vital`, and not absent."""
    return board.nfc is None and board.ble is None and "radio" not in board.vital


def _started(board: "Board", device: str) -> "Generator[None, None, None]":
    """Raises StateError if the chip of a device did not start well."""
    chip = board.vital.get(device)
    for found, problem in board.findings:
        if chip is not None and found.startswith(chip):
            raise StateError("%s: %s" % (found, problem))
    yield


def _radio(board: "Board") -> "Generator[None, None, None]":
    yield from _started(board, "radio")
    if board.nfc is not None:
        board.nfc.field()  # asks the chip; raises OSError


def _vault(services: "Services") -> "Generator[None, None, None]":
    """A sealed record that every watch has opens under the secret of this one. Raises StorageError."""
    yield
    if services.sealed.read(records.IDENTITY) is None:
        raise StateError("the watch has no identity")
