"""The capability `sound`: single tones."""

from micropython import const

from watch.kernel.clock import ticks_diff
from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.system.services import Services

HZ = (50, 8000)
"""What a small speaker can play."""
LONGEST_MS = const(2000)
"""Of one tone."""
_FULL = const(100)  # percent


class Sound:
    """Plays one tone at a time, unless the wearer wants silence."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._since_ms = self._for_ms = 0

    def tone(self, hz: int, ms: int, volume: int = 50) -> bool:
        """Play a tone in place of the one that plays. False if the watch is silent or has no speaker.

        Args:
            hz: 50 to 8000.
            ms: 1 to 2000.
            volume: percent, 0 to 100.

        Raises InputError for other numbers.
        """
        for value, least, most in ((hz, HZ[0], HZ[1]), (ms, 1, LONGEST_MS), (volume, 0, _FULL)):
            if type(value) is not int or not least <= value <= most:
                raise InputError("a tone has 50 to 8000 Hz, 1 to 2000 ms and 0 to 100 percent")
        speaker = self._services.speaker
        if speaker is None or self._services.settings.get("silent"):
            return False
        self._since_ms, self._for_ms = self._services.clock.ticks_ms(), ms
        speaker.tone(hz, ms, volume)
        return True

    def _hush(self) -> None:
        """Be quiet, if anything plays: the app ends."""
        speaker = self._services.speaker
        passed_ms = ticks_diff(self._services.clock.ticks_ms(), self._since_ms)
        if speaker is not None and 0 <= passed_ms < self._for_ms:
            speaker.tone(HZ[0], 1, 0)
        self._for_ms = 0


def sound(services: "Services", at_end: "Callable[[Callable[[], None]], None]") -> Sound:
    """One for an app, silent when `at_end` says so."""
    made = Sound(services)
    at_end(made._hush)
    return made
