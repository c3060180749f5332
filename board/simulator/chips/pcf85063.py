"""PCF85063A clock: its registers. What it does is in pcf_counter.py. Source: NXP, PCF85063A data sheet, section 7."""

from board.simulator.chips.pcf_counter import ADDRESS, Counter

__all__ = ("ADDRESS", "Chip")

_RESET = 0x58


class Chip(Counter):
    """One clock."""

    last = 0x11
    time_at = 0x04
    alarm_at = 0x0B
    alarms = 5
    alarm_from = 0
    alarm_on = 0x80
    alarm_flag = 0x40
    flags = 0x48
    tests = b"\xc8\x00"
    after_power = b"\0\0\0\0\x80\0\0\x01\x06\x01\0\x80\x80\x80\x80\x80\0\x18"

    def _write(self, register: int, value: int) -> None:
        if register == 0 and value == _RESET:
            self.registers = bytearray(self.after_power)  # the crystal swings on
            self._next_ms = max(self.time.now, self._swings_ms) + self.first_ms
            self._up_ms = self.time.now  # its supply has not gone
        else:
            super()._write(register, value)
