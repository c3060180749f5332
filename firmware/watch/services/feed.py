"""What the phone wants to measure with the watch: steps now and then, steps of the past, acceleration."""

from micropython import const

from watch.kernel.clock import ticks_diff
from watch.kernel.errors import InputError
from watch.services import inputs
from watch.services.news import News
from watch.services.samples import Samples

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Iterator, Optional

    from watch.kernel.clock import Clock
    from watch.services.activity import Activity
    from watch.services.inputs import Fields
    from watch.services.outbox import Outbox

    Acceleration = Callable[[list[int]], bool]

LIVE_S = const(10)
"""Seconds between two live samples, unless the phone says otherwise."""
LEAST_ACCEL_MS = const(100)
"""No acceleration is sent more often, whatever the phone asks for."""
_LONGEST_LIVE_S = const(3600)
_LONGEST_ACCEL_MS = const(60_000)
_MINUTE_MS = const(60_000)
_LAST_MS = 4102444800000  # 2100
_MILLI = const(1000)


class Feed(News):
    """Answers the phone's questions, and sends what it has asked for until it has enough or goes."""

    def __init__(self, clock: "Clock", outbox: "Outbox", activity: "Activity", offset_min: "Callable[[], int]") -> None:
        """`offset_min()`: minutes of the wearer's clock east of UTC."""
        super().__init__()
        self._clock, self._outbox = clock, outbox
        self._activity, self._offset_min = activity, offset_min
        self._samples = Samples()
        self._axes = [0, 0, 0]
        self._live_ms = self._accel_ms = 0
        self._live_at_ms = self._accel_at_ms = 0
        self._made = 0
        self.acceleration: "Optional[Acceleration]" = None
        """The sensor, if the board has one: `ports.Motion.acceleration`."""

    def take_live(self, fields: "Fields") -> None:
        """Read `act`: begin or end. The watch has no heart rate to send. Raises InputError."""
        steps, heart = _said(fields, "stp"), _said(fields, "hrm")
        every_s = inputs.whole(fields, "int", 0, _LONGEST_LIVE_S, LIVE_S) or LIVE_S
        self._live_ms = every_s * 1000 if steps or heart else 0
        self._live_at_ms, self._made = self._clock.ticks_ms(), 0
        self._changed()

    def take_accel(self, fields: "Fields") -> None:
        """Read `accelsender`: begin or end. Raises InputError."""
        on = _said(fields, "enable")
        every_ms = inputs.whole(fields, "interval", 0, _LONGEST_ACCEL_MS, _MILLI)
        self._accel_ms = max(every_ms, LEAST_ACCEL_MS) if on and self.acceleration is not None else 0
        self._accel_at_ms = self._clock.ticks_ms()
        self._changed()

    def fetch(self, fields: "Fields") -> None:
        """Read `actfetch`: send what is known from a time on. Raises InputError."""
        since = inputs.whole(fields, "ts", 0, _LAST_MS, 0)
        self._outbox.pour(self._stored(-(-since // _MINUTE_MS)))

    def no_tracks(self, fields: "Fields") -> None:
        """Answer `listRecs`: this watch records no tracks."""
        self._outbox.send({"t": "actTrksList", "list": []})

    def no_track(self, fields: "Fields") -> None:
        """Answer `fetchRec`: there is no such track, so it ends before its first line. Raises InputError."""
        log = inputs.text(fields, "id", 48)
        if log != "stop":
            self._outbox.send({"t": "actTrk", "log": log, "cnt": 0})

    def count(self, counter: int) -> None:
        """Take the step counter's reading. To be called about once a second. Allocates nothing."""
        self._made += self._samples.update(self._clock.display_s() // 60, counter)

    def tick(self) -> None:
        """Send what is due. To be called about once a second, and after `rest_ms`."""
        now_ms = self._clock.ticks_ms()
        if self._live_ms and _due(now_ms, self._live_at_ms, self._live_ms):
            self._live_at_ms = now_ms
            if self._outbox.send({"t": "act", "stp": self._made, "rt": 1}):
                self._made = 0
        if self._accel_ms and _due(now_ms, self._accel_at_ms, self._accel_ms):
            self._accel_at_ms = now_ms
            self._send_acceleration()

    def rest_ms(self) -> int:
        """How long nothing is due here; -1 if nothing will be. Allocates nothing."""
        live = _left(self._clock.ticks_ms(), self._live_at_ms, self._live_ms)
        accel = _left(self._clock.ticks_ms(), self._accel_at_ms, self._accel_ms)
        return live if accel < 0 or 0 <= live < accel else accel

    def stop(self) -> None:
        """The phone has gone."""
        self._live_ms = self._accel_ms = 0

    def clear(self) -> None:
        """Forget all of it."""
        self.stop()
        self._samples.clear()
        self.changes += 1

    def _send_acceleration(self) -> None:
        axes = self._axes
        if self.acceleration is not None and self.acceleration(axes):
            x, y, z = axes
            accel = {"x": x / _MILLI, "y": y / _MILLI, "z": z / _MILLI}
            self._outbox.send({"t": "accel", "accel": accel})

    def _stored(self, since: int) -> "Iterator[dict[str, Any]]":
        """The whole answer to `actfetch`, made as it is taken."""
        yield {"t": "actfetch", "state": "start"}
        count = 0
        for minute, steps in self._samples.since(since, self._activity, self._offset_min()):
            yield {"t": "act", "ts": minute * _MINUTE_MS, "stp": steps}
            count += 1
        yield {"t": "actfetch", "state": "end", "count": count}


def _said(fields: "Fields", name: str) -> bool:
    """True, false, or a number that stands for one; phones send both. Raises InputError."""
    value = fields.get(name)
    if value is None:
        return False
    if not isinstance(value, (bool, int)):
        raise InputError(f"{name} is neither true nor false")
    return bool(value)


def _due(now_ms: int, at_ms: int, every_ms: int) -> bool:
    return not 0 <= ticks_diff(now_ms, at_ms) < every_ms


def _left(now_ms: int, at_ms: int, every_ms: int) -> int:
    """Milliseconds until something is due that comes every so many; -1 if it never comes."""
    if not every_ms:
        return -1
    passed_ms = ticks_diff(now_ms, at_ms)
    return every_ms - passed_ms if 0 <= passed_ms < every_ms else 0
