"""Days in the life of a watch, and how long each event of them keeps what on. All of it is assumed, none observed."""

from __future__ import annotations

from dataclasses import dataclass

DAY_S = 86_400

SCREEN_TIMEOUT_S = 15
DIM_S = 5
"""The defaults of the firmware: settings.py and light.py; a test compares them."""
GLANCE_S = SCREEN_TIMEOUT_S + DIM_S
"""What one look costs: the light goes out by time only."""
TAP_LIT_S = 50
"""Armed until the reader is there, the outcome, and the time-out after that."""
FIELD_S = 2
"""The reader's field; a tap itself takes less."""
BUSY_SHARE = 0.2
"""Part of the lit time in which the processor works rather than waits: drawing."""
TAP_BUSY_S = 2.0
"""Arming, cryptogram, cleaning the memory, writing it down."""
WAKE_S = 0.3
"""From light sleep to sleep again, when nothing is shown."""
PUSH_S = 5
"""A push to talk: the button held, a word, its end, and the picture of what was heard."""
LISTEN_BUSY_SHARE = 0.4
"""Part of it in which the processor works: by `make bench` 13 % of one core for the filter of the microphone and 3 %
for the front end, the rest for a picture that moves."""
BUZZ_S = 0.3
WINDOW_S = 20
WINDOWS = DAY_S // (15 * 60)
"""Radio windows of a day: 20 s every 15 minutes."""
STEPS_PER_WAKE = 100
"""The sensor counts by itself; its interrupts tell the watch now and then that it is worn."""
MINUTES = DAY_S // 60


@dataclass(frozen=True)
class Day:
    """What happens in 24 hours."""

    raises: int
    """Looks at the watch: raised wrist, touch or button."""
    uses: int
    """Times that somebody does something with it for longer."""
    use_s: int
    """Seconds of light each."""
    taps: int
    notifications: int
    steps: int
    pushes: int = 0
    """Times that the button is held and a word is said."""

    def lit_s(self) -> int:
        """Seconds with the screen on."""
        return (self.raises + self.notifications) * GLANCE_S + self.uses * self.use_s + self.taps * TAP_LIT_S

    def listening_s(self) -> int:
        """Seconds in which the watch listens, with the screen on; not among those of `lit_s`."""
        return self.pushes * PUSH_S

    def busy_s(self) -> float:
        """Seconds in which the processor works while the screen is on."""
        return self.lit_s() * BUSY_SHARE + self.taps * TAP_BUSY_S

    def buzz_s(self) -> float:
        """Seconds of vibration."""
        return (self.taps + self.notifications) * BUZZ_S

    def wakes(self) -> int:
        """Times the processor wakes without showing anything."""
        return self.steps // STEPS_PER_WAKE


DAYS = {
    "quiet": Day(raises=30, uses=4, use_s=40, taps=1, notifications=10, steps=3_000),
    "typical": Day(raises=80, uses=12, use_s=40, taps=3, notifications=40, steps=8_000, pushes=10),
    "busy": Day(raises=180, uses=40, use_s=60, taps=10, notifications=200, steps=16_000, pushes=50),
}
