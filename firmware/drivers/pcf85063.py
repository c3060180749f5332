"""PCF85063A clock on I2C. Source: NXP, PCF85063A data sheet, section 7."""

from micropython import const

from drivers.pcf_clock import PcfClock

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from drivers.pcf_clock import I2c

_SECOND_ALARM = const(0x0B)
_TIMER_MODE = const(0x11)
_TIMER_OFF = const(0x18)
_IGNORED = const(0x80)
_LARGE_CRYSTAL = const(0x01)


class Pcf85063(PcfClock):
    """One clock."""

    time_at = 0x04
    alarm_at = 0x0C
    hours_12 = 0x02
    alarm_on = 0x80
    alarm_rang = 0x40
    quiet = 0x4F
    """Flags kept, clock output off."""

    def __init__(self, i2c: "I2c", crystal_12pf5: bool = False) -> None:
        """`crystal_12pf5`: the crystal on the board wants a load of 12.5 pF; else 7 pF, as after power has come."""
        self.control_1 = _LARGE_CRYSTAL if crystal_12pf5 else 0
        super().__init__(i2c)

    def start(self) -> None:
        """Switch off what nobody uses: clock output, timer, alarm. The time stays as it is. Raises OSError."""
        self.alarm(None)
        self._write(_TIMER_MODE, _TIMER_OFF)
        self._write(_SECOND_ALARM, _IGNORED)
