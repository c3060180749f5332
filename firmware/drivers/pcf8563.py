"""PCF8563 clock on I2C. Source: NXP, PCF8563 data sheet, section 8."""

from micropython import const

from drivers.pcf_clock import PcfClock

_CLOCK_OUT = const(0x0D)
_TIMER = const(0x0E)
_TIMER_SLOW = const(0x03)
"""Off; its source is the slowest one, which takes the least current."""


class Pcf8563(PcfClock):
    """One clock."""

    time_at = 0x02
    alarm_at = 0x09
    later_century = 0x80
    alarm_on = 0x02
    alarm_rang = 0x08
    quiet = 0x0C
    """Flags kept."""

    def start(self) -> None:
        """Switch off what nobody uses: clock output, timer, alarm. The time stays as it is. Raises OSError."""
        self.alarm(None)
        self._write(_CLOCK_OUT, 0)
        self._write(_TIMER, _TIMER_SLOW)
