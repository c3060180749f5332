"""Outputs that keep their level while the processor sleeps.

A stock image lets go of every pad in light sleep (ESP-IDF, ESP_SLEEP_GPIO_RESET_WORKAROUND, which is the default). A
panel whose select or reset line floats may lose its picture until it is reset (UNSURE-SLEEP-PADS), and a floating
select line lets a chip hear what was not meant for it.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Protocol

    class Pin(Protocol):
        """What is used of `machine.Pin`."""

        def init(self, *, hold: bool) -> object:
            """Hold the pad as it is, or let it follow the pin again."""
            ...


class HeldPins:
    """A step in the order of going to sleep."""

    def __init__(self, pins: "tuple[Pin, ...]") -> None:
        self._pins = pins

    def down(self) -> None:
        """Hold them."""
        for pin in self._pins:
            pin.init(hold=True)

    def up(self) -> None:
        """Let them go."""
        for pin in self._pins:
            pin.init(hold=False)
