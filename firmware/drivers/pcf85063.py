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
_BROKEN = const(0x80)
"""In the seconds: the oscillator has stopped since they were set."""
_RESET = const(0x58)
"""In control register 1: all registers as after power has come."""
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
        """Switch off what nobody uses: clock output, timer, alarm. A time that is valid stays as it is. Raises OSError.

        A chip whose supply was gone is reset first: some come up with nonsense in their registers, as the data sheet
        says, and with nonsense in the offset it would go wrong by seconds a day without a word.
        """
        self._i2c.readfrom_mem_into(self._address, self.time_at, self._one)
        if self._one[0] & _BROKEN:
            self._write(0, _RESET)
        self.alarm(None)
        self._write(_TIMER_MODE, _TIMER_OFF)
        self._write(_SECOND_ALARM, _IGNORED)
