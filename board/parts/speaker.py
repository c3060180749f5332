"""`ports.Speaker` over an amplifier: a tone that cannot be played is not heard, and disturbs nobody else."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Protocol

    class Driver(Protocol):
        """What is used of `drivers.max98357a.Max98357a`."""

        def tone(self, frequency_hz: int, duration_ms: int, volume_percent: int) -> None:
            """Play a tone. Raises OSError, ValueError."""
            ...


class AmpSpeaker:
    """One speaker."""

    def __init__(self, driver: "Driver") -> None:
        self._driver = driver
        self.faults = 0
        """Tones that were not heard since the start: the port was the microphone's, or a bus failed."""

    def tone(self, frequency_hz: int, duration_ms: int, volume_percent: int) -> None:
        """Play a tone in the place of one that plays. Returns at once. Raises ValueError for what makes no sense."""
        try:
            self._driver.tone(frequency_hz, duration_ms, volume_percent)
        except OSError:
            self.faults += 1
