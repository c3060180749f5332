"""Fills in what faces may show of the watch: steps, weather, messages, the alarm, the phone."""

from micropython import const

from watch.kernel.clock import MINUTES_1970_TO_2000

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.capabilities import Glance
    from watch.system.apps.complications import Complications
    from watch.system.services import Services

_DAY_MIN = const(1440)


class Glances:
    """Compares once a second and changes only what differs, so a second without news allocates nothing.

    Args:
        glance: what faces look at.
        services: where it comes from.
        complications: fills in what the places of the face say.
        counts: the board has a step counter.
    """

    def __init__(self, glance: "Glance", services: "Services", complications: "Complications", counts: bool) -> None:
        self._glance, self._services, self._counts = glance, services, counts
        self._complications = complications
        self._steps_seen = self._day = self._alarms_seen = self._weather_seen = self._minute = -1
        self._goal = 0

    def tick(self) -> None:
        """To be called at least once a second, also before a face is shown for the first time."""
        services, glance = self._services, self._glance
        now = services.local_minutes()
        glance.unread = services.notifications.unread
        glance.phone = services.phone.connected
        if self._counts:
            self._take_steps(now)
        alarms, weather = services.alarms.changes, services.weather.changes
        if now != self._minute or alarms != self._alarms_seen or weather != self._weather_seen:
            self._minute, self._alarms_seen, self._weather_seen = now, alarms, weather
            due = services.alarms.next_due(now)
            glance.alarm = due - MINUTES_1970_TO_2000 if due >= 0 else -1
            self._take_weather()
        self._complications.tick()

    def _take_steps(self, now: int) -> None:
        activity = self._services.activity
        day = now // _DAY_MIN
        if activity.changes == self._steps_seen and day == self._day and activity.goal == self._goal:
            return
        self._steps_seen, self._day, self._goal = activity.changes, day, activity.goal
        glance = self._glance
        glance.steps, glance.goal_percent = activity.today(now), activity.percent(now)
        glance.hours = tuple(activity.day(now, 0).steps)  # no list: what one app changed in it, others would find

    def _take_weather(self) -> None:
        weather, glance = self._services.weather, self._glance
        fresh = weather.fresh()
        glance.temp_c = weather.temp_c if fresh else None
        glance.high_c = weather.high_c if fresh else None
        glance.low_c = weather.low_c if fresh else None
        glance.sky = weather.sky if fresh else ""
        glance.place = weather.place if fresh else ""
