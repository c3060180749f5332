"""The parts of `watch.update` on the board that there is."""

import sys

from micropython import const

from watch.kernel.errors import ImageError
from watch.update.check import Check, System
from watch.update.files import Places
from watch.update.floor import Floor
from watch.update.signers import Signers
from watch.update.slots import Slots
from watch.update.starts import Starts
from watch.update.statement import DEVELOPMENT, RELEASE, version_in
from watch.update.updates import Updates

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from board.ports import Board
    from watch.system.services import Services

_MACHINES = {2: "x64", 10: "xtensawin"}
"""Machine code by its number in `sys.implementation`: MicroPython, "MicroPython .mpy files"."""
_MACHINE_AT = const(10)  # its lowest bit there
_MACHINE_MASK = const(0x0F)


class Parts:
    """All of them, wired."""

    def __init__(self, places: "Places", slots: "Slots", check: Check) -> None:
        self.places, self.slots, self.check = places, slots, check
        self.updates = Updates(places, slots, check)
        self.starts = Starts(places, slots, check)


def parts_of(board: "Board", services: "Services") -> "Optional[Parts]":
    """None on a watch that is not updated this way: it has no slots, or its version is none."""
    info = board.info
    if board.slots is None or info.slots is None:
        return None
    try:
        version = version_in(info.version)
    except ImageError:
        return None
    identity = services.identity
    signers = Signers(lambda: identity.root, services.clock.security_s, services.shelf.expect_valid)
    posture = DEVELOPMENT if info.development else RELEASE
    check = Check(signers, Floor(services.sealed), System(info.name, version, posture, machine()))
    return Parts(Places(info.slots), Slots(board.slots), check)


def machine() -> str:
    """What machine code this processor takes, as images call it; empty for one that no image is made for."""
    number: int = sys.implementation._mpy >> _MACHINE_AT & _MACHINE_MASK  # type: ignore[attr-defined]
    return _MACHINES.get(number, "")
