"""The vibration motor of the simulated watch: what is felt goes to the host."""

from micropython import const

from board.parts.haptics import EFFECTS, DrvHaptics
from board.simulator import frames
from board.simulator.chips import drv2605
from drivers.drv2605 import Drv2605

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.ports import Haptics
    from board.simulator.desk import Desk
    from board.simulator.link import Link


class Felt(list):
    """What the motor has played, for its model: it goes to the host, and is kept by nobody here."""

    def __init__(self, link: "Link") -> None:
        super().__init__()
        self._link = link
        self._byte = bytearray(1)

    def append(self, sequence: "tuple[int, ...]") -> None:
        """A sequence has begun. Raises ValueError for one that is no pattern."""
        self._byte[0] = EFFECTS.index(bytes(sequence))
        self._link.send(frames.HAPTICS, self._byte)


def haptics(desk: "Desk") -> "Haptics | None":
    """`ports.Haptics` of a DRV2605 and a motor that the wearer feels; None if it does not answer."""
    chip = drv2605.Chip(desk.misuse)
    chip.time.advance(chip.starting_ms)  # over by the time a board comes to its motor
    chip.played = Felt(desk.link)
    desk.wire("DRV2605", drv2605.ADDRESS, chip)
    driver = Drv2605(desk.i2c, chip.time.advance)
    return DrvHaptics(driver, desk.timers.after_ms) if desk.found.attempt("DRV2605", driver.start) else None
