"""The weather, as the phone said it last. In RAM only: after a restart the phone says it again."""

from micropython import const

from watch.services import inputs
from watch.services.news import News

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.kernel.clock import Clock
    from watch.services.inputs import Fields

FRESH_MIN = const(240)
"""How long it may be shown; Gadgetbridge's sources give a new one every hour or so."""

_KELVIN = const(273)  # phones send whole kelvin, cut from 273.15 and more
_COLDEST_K, _HOTTEST_K = const(150), const(350)  # Earth's records are 184 and 330
_PLACE_BYTES = const(48)
_TEXT_BYTES = const(48)
_SKIES = (
    # OpenWeatherMap "Weather Condition Codes": first and last code of a kind of sky
    (200, 299, "storm"),
    (300, 399, "drizzle"),
    (500, 599, "rain"),
    (600, 699, "snow"),
    (700, 799, "fog"),
    (800, 800, "clear"),
    (801, 899, "clouds"),
)


class Weather(News):
    """Temperatures in degrees Celsius; None for what the phone did not say."""

    def __init__(self, clock: "Clock") -> None:
        """Nothing known."""
        super().__init__()
        self._clock = clock
        self._minutes = 0
        self._forget()

    def take(self, fields: "Fields") -> None:
        """Read Gadgetbridge's `weather`, all of it or nothing. Raises InputError."""
        temperature = inputs.whole(fields, "temp", _COLDEST_K, _HOTTEST_K) - _KELVIN
        high, low = _celsius(fields, "hi"), _celsius(fields, "lo")
        humidity, rain = inputs.optional(fields, "hum", 0, 100), inputs.optional(fields, "rain", 0, 100)
        uv, wind = inputs.optional(fields, "uv", 0, 30), inputs.optional(fields, "wind", 0, 500)
        direction = inputs.optional(fields, "wdir", 0, 360)
        code = inputs.whole(fields, "code", 0, 9999, 0)
        text, place = inputs.text(fields, "txt", _TEXT_BYTES), inputs.text(fields, "loc", _PLACE_BYTES)
        self.temp_c, self.high_c, self.low_c = temperature, high, low
        self.humidity_percent, self.rain_percent, self.uv = humidity, rain, uv
        self.wind_kmh, self.wind_deg = wind, direction
        self.sky, self.text, self.place = _sky(code), text, place
        self._minutes = self._clock.display_s() // 60
        self._changed()

    def age_min(self) -> int:
        """Minutes since the phone said it; -1 if it has not, or if the clock was set back since."""
        if self.temp_c is None:
            return -1
        age = self._clock.display_s() // 60 - self._minutes
        return age if age >= 0 else -1

    def fresh(self) -> bool:
        """True while it is new enough to be shown."""
        return 0 <= self.age_min() < FRESH_MIN

    def clear(self) -> None:
        """Forget it: it says where the wearer is."""
        self._forget()
        self.changes += 1

    def _forget(self) -> None:
        self.temp_c: "Optional[int]" = None
        """None while nothing is known."""
        self.high_c: "Optional[int]" = None
        self.low_c: "Optional[int]" = None
        self.humidity_percent: "Optional[int]" = None
        self.rain_percent: "Optional[int]" = None
        """Chance of rain."""
        self.uv: "Optional[int]" = None
        """UV index."""
        self.wind_kmh: "Optional[int]" = None
        self.wind_deg: "Optional[int]" = None
        """Where the wind comes from, clockwise from north."""
        self.sky = ""
        """`storm`, `drizzle`, `rain`, `snow`, `fog`, `clear`, `clouds`, or empty."""
        self.text = ""
        """The phone's own words."""
        self.place = ""


def _celsius(fields: "Fields", name: str) -> "Optional[int]":
    kelvin = inputs.optional(fields, name, _COLDEST_K, _HOTTEST_K)
    return None if kelvin is None else kelvin - _KELVIN


def _sky(code: int) -> str:
    for first, last, sky in _SKIES:
        if first <= code <= last:
            return sky
    return ""
