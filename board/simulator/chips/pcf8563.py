"""PCF8563 clock: its registers. What it does is in pcf_counter.py. Source: NXP, PCF8563 data sheet, section 8.

While its crystal does not swing it is held in reset, and takes nothing (section "Reset").
"""

from board.simulator.chips.pcf_counter import ADDRESS, Counter

__all__ = ("ADDRESS", "Chip")

_CENTURY = 0x80


class Chip(Counter):
    """One clock."""

    last = 0x0F
    time_at = 0x02
    alarm_at = 0x09
    alarms = 4
    alarm_from = 1
    alarm_on = 0x02
    alarm_flag = 0x08
    flags = 0x0C
    tests = b"\xd7\xe0"
    after_power = b"\x08\0\x80\0\0\x01\x06\x01\0\x80\x80\x80\x80\x80\x03\0"

    def _write(self, register: int, value: int) -> None:
        if self.time.now >= self._swings_ms:
            super()._write(register, value)

    def _century(self) -> None:
        self.registers[self.time_at + 5] ^= _CENTURY
