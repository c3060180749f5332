"""What the watch reminds of by itself: alarms and timers that ring, and the next thing of the day for the face."""

from micropython import const

from watch.access import states
from watch.kernel.clock import ticks_add, ticks_diff
from watch.kernel.errors import WatchError
from watch.screens.ringing import RingingScreen
from watch.services.alarm import LATE_MIN
from watch.system.light import ATTENTION as NEWS
from watch.system.view import ATTENTION

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.services.timers import Timer
    from watch.system.light import Light
    from watch.system.services import Services
    from watch.system.view import View

RING_MS = const(60_000)
"""How long an alarm rings before it is snoozed by itself, and a timer before it is quiet."""
_BUZZ_MS = const(2000)
_READ_MS = const(500)  # it has rung this long before a finger or a press answers it
_LONGEST_REST_MS = const(86_400_000)  # ticks must be looked at before they wrap, after 12 days
_LEAST_MS = const(200)  # what is due may have to wait for a payment to end: look again, but do not spin
_DAY_MIN = const(1440)
_HOUR_MIN = const(60)
_TITLE_LETTERS = const(24)  # what fits a line of the face next to a time
_NOBODY = const(-1)


class Reminders:
    """Asks the services what is due, and rings. One thing rings at a time; nothing rings over a payment."""

    def __init__(self, view: "View", services: "Services", light: "Light", wake: "Callable[[], None]") -> None:
        """`wake` lets the screen task run soon; a notification that has come asks for it."""
        self._view = view
        self._services = services
        self._light = light
        self._screen: "Optional[RingingScreen]" = None
        self._alarm = _NOBODY
        self._since_ms = self._buzzed_ms = 0
        self._upcoming = ""
        self._seen_min = self._seen_changes = -1
        self._seen_open = False
        services.notifications.listen(wake)
        services.find_phone.listen(wake)
        services.guard.listen(self._state_changed)

    def tick(self) -> None:
        """To be called about once a second, and after `rest_ms`."""
        services = self._services
        services.tick()
        if self._screen is not None:
            self._ring_on()
        elif services.guard.state not in states.UNDISTURBED:
            self._look()
        if services.find_phone.wanted and services.guard.state not in states.PAYING:
            self._buzz()

    def rest_ms(self) -> int:
        """How long nothing here needs a tick."""
        if self._screen is not None or self._services.find_phone.wanted:
            return _BUZZ_MS
        if self._services.guard.state in states.BARRED:
            return _LONGEST_REST_MS  # what is due there would keep the watch awake for nothing
        return max(_LEAST_MS, self._services.rest_ms())

    def give_way(self) -> None:
        """Whoever pays has heard what rings."""
        self._stop()

    def upcoming(self) -> str:
        """The next event or alarm within a day, in one line; empty if there is none. Made anew once a minute.

        A locked watch tells nobody what its wearer is about to do: only of the alarm.
        """
        services = self._services
        now, is_open = services.local_minutes(), services.guard.unlocked()
        changes = services.calendar.changes + services.alarms.changes
        if self._seen_min != now or self._seen_changes != changes or self._seen_open != is_open:
            self._seen_min, self._seen_changes, self._seen_open = now, changes, is_open
            self._upcoming = self._next_line(now, is_open)
        return self._upcoming

    def _next_line(self, now: int, is_open: bool) -> str:
        services = self._services
        offset_min = services.settings.get("utc_offset_min")
        event = services.calendar.upcoming(now - offset_min) if is_open else None
        alarm = services.alarms.next_due(now)
        if event is not None and not now <= alarm < event.start + offset_min:
            return self._time(event.start + offset_min) + " " + event.title[:_TITLE_LETTERS]
        if now <= alarm < now + _DAY_MIN:
            return self._time(alarm) + " " + self._view.ui.text.get("ringing.alarm")
        return ""

    def _time(self, minutes: int) -> str:
        return self._view.ui.text.time(minutes, self._services.settings.get("clock_24h"))

    def _state_changed(self, old: str, new: str) -> None:
        """An armed card is always on the screen."""
        if new in states.UNDISTURBED and old not in states.PAYING:
            self.give_way()

    def _look(self) -> None:
        """Ring for what is due."""
        services = self._services
        now = services.local_minutes()
        number = services.alarms.take_due(now)
        alarm = services.alarms.places[number] if number >= 0 else None
        if alarm is not None:
            self._alarm = number
            self._ring("ringing.alarm", self._time(now), alarm.label, self._snooze)
            return
        timer = services.timers.take_due()
        if timer is not None:
            self._ring_timer(timer)

    def _ring_timer(self, timer: "Timer") -> None:
        def stop() -> None:
            self._services.timers.cancel(timer.number)
            self._stop()

        self._ring("ringing.timer", _span(timer.total_s), timer.label, None, stop)

    def _ring(
        self,
        title: str,
        time: str,
        label: str,
        snooze: "Optional[Callable[[], None]]",
        stop: "Optional[Callable[[], None]]" = None,
    ) -> None:
        on_stop = self._meant(stop or self._stop)
        on_snooze = None if snooze is None else self._meant(snooze)
        self._screen = RingingScreen(self._view.ui, title, time, label, on_stop, on_snooze)
        self._view.modal(self._screen)
        self._light.hold("ringing", True)
        self._since_ms = self._services.clock.ticks_ms()
        self._buzzed_ms = ticks_add(self._since_ms, -_BUZZ_MS)
        self._buzz()

    def _meant(self, answer: "Callable[[], None]") -> "Callable[[], None]":
        """The answer, but not to what comes so soon that it was meant for the screen that was there before."""

        def answered() -> None:
            if ticks_diff(self._services.clock.ticks_ms(), self._since_ms) >= _READ_MS:
                answer()

        return answered

    def _ring_on(self) -> None:
        """Buzz again; end by itself, an alarm for ten minutes until it is an hour late: nobody wears the watch then."""
        if 0 <= ticks_diff(self._services.clock.ticks_ms(), self._since_ms) < RING_MS:
            self._buzz()
        elif self._alarm >= 0 and not self._is_late(self._alarm):
            self._snooze()
        else:
            self._stop()

    def _is_late(self, number: int) -> bool:
        alarm = self._services.alarms.places[number]
        return alarm is None or self._services.local_minutes() - alarm.done > LATE_MIN

    def _buzz(self) -> None:
        ticks_ms = self._services.clock.ticks_ms()
        if not 0 <= ticks_diff(ticks_ms, self._buzzed_ms) < _BUZZ_MS:
            self._buzzed_ms = ticks_ms
            self._light.wake(NEWS)
            self._view.ring(ATTENTION)

    def _snooze(self) -> None:
        number = self._alarm
        self._stop()
        try:
            self._services.alarms.snooze(number, self._services.local_minutes())
        except WatchError as error:
            self._view.error(error.code)  # the wearer must know that it will not ring again

    def _stop(self) -> None:
        if self._screen is not None:
            self._view.close(self._screen)
            self._screen = None
        self._alarm = _NOBODY
        self._light.hold("ringing", False)


def _span(seconds: int) -> str:
    """`5:00`, `1:15:00`."""
    minutes, rest = divmod(seconds, 60)
    if minutes < _HOUR_MIN:
        return "%d:%02d" % (minutes, rest)
    return "%d:%02d:%02d" % (minutes // _HOUR_MIN, minutes % _HOUR_MIN, rest)
