"""The way that the phone shows: the next turn. In RAM only."""

from micropython import const

from watch.kernel.clock import ticks_diff
from watch.services import inputs
from watch.services.news import News

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.kernel.clock import Clock
    from watch.services.inputs import Fields

FRESH_MS = const(300_000)
"""A phone that says nothing for so long shows no way any more: it was left behind, or its program died."""
TURNS = (
    "continue",
    "left",
    "left_slight",
    "left_sharp",
    "right",
    "right_slight",
    "right_sharp",
    "keep_left",
    "keep_right",
    "uturn_left",
    "uturn_right",
    "offroute",
    "roundabout_right",
    "roundabout_left",
    "roundabout_straight",
    "roundabout_uturn",
    "finish",
)
"""What Gadgetbridge sends as `action`; others are shown without a picture."""

_TEXT_BYTES = const(160)
_FIGURE_BYTES = const(24)


class Navigation(News):
    """`active` while there is a way to show."""

    def __init__(self, clock: "Clock") -> None:
        """No way."""
        super().__init__()
        self._clock = clock
        self._since_ms = 0
        self.turns = 0
        """Counts up when the instruction is another one: then the wearer should feel it."""
        self._forget()

    def take(self, fields: "Fields") -> None:
        """Read Gadgetbridge's `nav`; without an instruction the way has ended. Raises InputError."""
        text, distance = inputs.text(fields, "instr", _TEXT_BYTES), _figure(fields, "distance")
        turn, arrival = inputs.text(fields, "action", _FIGURE_BYTES), _figure(fields, "eta")
        if not text and not turn:
            self._forget()
        else:
            if not self.active or (text, turn) != (self.text, self.turn):
                self.turns += 1
            self.active = True
            self.text, self.distance, self.arrival = text, distance, arrival
            self.turn = turn if turn in TURNS else ""
            self._since_ms = self._clock.ticks_ms()
        self._changed()

    def tick(self) -> None:
        """To be called about once a second: a way that nobody goes on telling is over."""
        if self.active and not 0 <= ticks_diff(self._clock.ticks_ms(), self._since_ms) < FRESH_MS:
            self._forget()
            self._changed()

    def clear(self) -> None:
        """Forget it: it says where the wearer goes."""
        self._forget()
        self.changes += 1

    def _forget(self) -> None:
        self.active = False
        self.text = ""
        """The phone's words."""
        self.turn = ""
        """One of `TURNS`, or empty."""
        self.distance = ""
        """To the turn, with its unit."""
        self.arrival = ""
        """When the wearer will be there."""


def _figure(fields: "Fields", name: str) -> str:
    """A text, or a number as text. Raises InputError."""
    value = fields.get(name)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return inputs.clean(str(value), _FIGURE_BYTES)
    return inputs.text(fields, name, _FIGURE_BYTES)
