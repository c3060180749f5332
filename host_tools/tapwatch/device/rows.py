"""The rows that `tapwatch doctor` prints, and what the things in them mean."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

OK, LOOK, BROKEN = "OK", "look", "broken"


@dataclass(frozen=True)
class Row:
    """One thing that was looked at."""

    name: str
    value: str
    verdict: str = OK
    meaning: str = ""
    todo: str = ""

    def as_map(self) -> dict[str, str]:
        """For JSON."""
        return asdict(self)


_FLASH_ANEW = "flash it anew: tapwatch flash"
_BOARD = "switch the watch off and on; if it stays so, the board or its solder joints are at fault"
_HUB = "BHI260AP firmware of the sensor hub is not on the watch"
CHIPS = (
    # what the name of a finding begins with, what it means, what to do
    ("I2C", "the wires between the chips are not as expected, or something holds them", _BOARD),
    ("AXP2101 battery", "no battery is seen: the watch stops when the cable is pulled", "look at the battery's plug"),
    ("AXP2101", "power is not measured or not switched as it should be", _BOARD),
    ("XL9555", "motor, panel supply and touch reset cannot be switched", _BOARD),
    ("CO5300", "the panel stays dark", "press the plug of the panel; " + _BOARD),
    ("ST7789", "the panel stays dark", "press the plug of the panel; " + _BOARD),
    ("CST", "the glass does not feel fingers", "press the plug of the panel; " + _BOARD),
    ("FT", "the glass does not feel fingers", "press the plug of the panel; " + _BOARD),
    ("PCF", "the time is lost when the battery is empty", "set the clock; if that does not stay, the chip is at fault"),
    ("ST25R3916", "the watch answers no reader: it cannot pay", _BOARD),
    ("PN532", "the watch answers no reader: it cannot pay", "look at the wires and the switches of the module"),
    ("DRV2605", "the watch does not vibrate", _BOARD),
    ("BMA423", "no steps, and raising the wrist wakes nothing", _BOARD),
    ("BHI260AP", "no steps, and raising the wrist wakes nothing", _BOARD),
    ("QMI8658", "no steps, and raising the wrist wakes nothing", _BOARD),
    ("SD", "the socket of the SD card disturbs the wires it shares with the NFC chip", "take the card out"),
    ("SX1262", "the LoRa chip could not be put to sleep: it takes power, and may disturb the NFC chip", _BOARD),
    ("LoRa", "the LoRa chip could not be put to sleep: it takes power, and may disturb the NFC chip", _BOARD),
    ("flash there is no partition", "the flash is not divided as Tapwatch needs it", _FLASH_ANEW),
    ("flash", "the flash cannot be used", _FLASH_ANEW),
)
"""What a finding of the watch means. The first row that fits counts."""
_NO_HUB = (
    "no steps, and raising the wrist wakes nothing; all else works",
    "docs/hardware.md: it needs a file of its maker",
)
UNKNOWN = ("this part did not start; the watch works without it", _BOARD)

STOCK_CANNOT = (
    "Stock MicroPython has no secure boot: whoever has the watch and a cable can write another program to it.",
    "Stock MicroPython has no flash encryption: whoever has the watch can read its flash, where keys are sealed.",
    "A device secret of kind `software` lies in that flash too, and opens them.",
    "Stock MicroPython leaves JTAG and the download mode of the chip open.",
)
"""What no system image can change; SECURITY.md has what follows from it."""


def of_finding(device: str, problem: str) -> Row:
    """The row of one device that the watch names; `problem` is empty where nothing is wrong."""
    if not problem:
        return Row(device, "works")
    if f"{device} {problem}" == _HUB:
        return Row(device, problem, LOOK, *_NO_HUB)
    for begins, meaning, todo in CHIPS:
        if f"{device} {problem}".startswith(begins):
            return Row(device, problem, BROKEN, meaning, todo)
    return Row(device, problem, BROKEN, *UNKNOWN)


def show(rows: Iterable[Row], say: Callable[[str], None]) -> None:
    """Print a table; below a row that is not right, what it means and what to do."""
    rows = list(rows)
    width = max((len(row.name) for row in rows), default=0)
    for row in rows:
        say(f"{row.verdict:<7} {row.name:<{width}}  {printable(row.value)}")
        for words, text in (("means", row.meaning), ("do", row.todo)):
            if text:
                say(f"{'':<7} {'':<{width}}    {words}: {text}")


def worst(rows: Iterable[Row]) -> str:
    """`broken` if one row is, else `look` if one is, else `OK`."""
    verdicts = {row.verdict for row in rows}
    return next((verdict for verdict in (BROKEN, LOOK) if verdict in verdicts), OK)


def printable(text: str) -> str:
    """What a watch says, without what a terminal would obey."""
    return "".join(character if character.isprintable() else "·" for character in text)
