"""Where the phone is, for as long as somebody on the watch wants to know. In RAM only."""

from micropython import const

from watch.kernel.clock import ticks_diff
from watch.kernel.errors import InputError
from watch.services import inputs
from watch.services.news import News

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.kernel.clock import Clock
    from watch.services.inputs import Fields
    from watch.services.outbox import Outbox

FRESH_MS = const(30_000)
"""How long a position counts; a phone sends one every second."""
_MOST_SATELLITES = const(128)


class Position:
    """One position. It stays as it came."""

    def __init__(self, fields: "Fields") -> None:
        """Read Gadgetbridge's `gps`. Raises InputError."""
        self.latitude = _bounded(fields, "lat", -90, 90)
        """Degrees north."""
        self.longitude = _bounded(fields, "lon", -180, 180)
        """Degrees east."""
        self.altitude_m = _optional(fields, "alt", -1000, 20_000)
        self.speed_kmh = _optional(fields, "speed", 0, 2000)
        self.course_deg = _optional(fields, "course", 0, 360)
        """Clockwise from north."""
        self.satellites = inputs.optional(fields, "satellites", 0, _MOST_SATELLITES)


class PhoneGps(News):
    """`wanted` says whether somebody asks; nobody is told a position that was not asked for."""

    def __init__(self, clock: "Clock", outbox: "Outbox") -> None:
        """Nobody asks."""
        super().__init__()
        self._clock = clock
        self._outbox = outbox
        self._since_ms = 0
        self._position: "Optional[Position]" = None
        self.wanted = False

    def want(self, on: bool) -> bool:
        """Ask the phone for its position, or ask no longer. False if the outbox is full; then nothing has changed."""
        if not self._outbox.send({"t": "gps_power", "status": bool(on)}):
            return False
        self.wanted = bool(on)
        if not on:
            self._position = None
        self._changed()
        return True

    def tell(self, fields: "Fields") -> None:
        """Answer `is_gps_active`."""
        self._outbox.send({"t": "gps_power", "status": self.wanted})

    def take(self, fields: "Fields") -> None:
        """Read `gps`. Raises InputError."""
        position = Position(fields)
        if self.wanted:
            self._position = position
            self._since_ms = self._clock.ticks_ms()
            self._changed()

    def position(self) -> "Optional[Position]":
        """The latest, None if there is none or if it is too old. Allocates nothing."""
        fresh = 0 <= ticks_diff(self._clock.ticks_ms(), self._since_ms) < FRESH_MS
        return self._position if fresh else None

    def clear(self) -> None:
        """Forget it; the phone is not told."""
        self.wanted = False
        self._position = None
        self.changes += 1


def _bounded(fields: "Fields", name: str, least: int, most: int) -> float:
    """A number in bounds. Raises InputError."""
    value = fields.get(name)
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not least <= value <= most:
        raise InputError(f"{name} is not a number from {least} to {most}")
    return float(value)


def _optional(fields: "Fields", name: str, least: int, most: int) -> "Optional[float]":
    return None if fields.get(name) is None else _bounded(fields, name, least, most)
