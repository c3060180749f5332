"""Light sleep of the ESP32-S3: what ends it, and what stops with it.

As on the chip with a stock image: edges call nobody, timers of the processor stand, every output lets go of its pad
unless it is held, and a wire that may end the sleep is on a pad of the clock domain, which is deaf for the processor
until the pin is set up and let go again. Such a pad has the resistors of its own register only. Sources: ESP-IDF
"Sleep Modes"; components/esp_hw_support/sleep_modes.c and sleep_gpio.c; ports/esp32/machine_pin.c.
"""

import errno

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from board.simulator.esp32s3.hardware import Hardware
    from board.simulator.esp32s3.net import Net

PADS_AT = 0x6000_8484
PADS_BYTES = const(88)
"""RTC_IO pad registers of GPIO 0 to 21; soc/esp32s3/include/soc/rtc_io_reg.h."""
_PULL_UP = const(1 << 27)
_PULL_DOWN = const(1 << 28)

_EXT0 = const(2)
_EXT1 = const(3)
_TIMER = const(4)
_GPIO = const(7)
"""`machine.wake_reason()`: the numbers of ESP-IDF's esp_sleep_source_t."""
_US_PER_MS = const(1000)


class Sleep:
    """What ends the sleep of one processor, and the sleep itself."""

    def __init__(self, hardware: "Hardware") -> None:
        self._hardware = hardware
        self._words = [0] * (PADS_BYTES // 4)
        self.ext0: "tuple[Net, int] | None" = None
        self.ext1: "tuple[tuple[Net, ...], int]" = ((), 0)
        self.gpio: "tuple[tuple[Net, ...], int]" = ((), 0)
        self.reason = 0
        """`machine.wake_reason()` of the last sleep, 0 if there was none."""
        self.wakes_us = 0
        """From what ends the sleep to the next instruction."""
        self.count = 0
        """How often it has slept."""
        self.serve: "Callable[[int], object] | None" = None
        """Waits really, for a host, so many milliseconds at most."""
        hardware.registers.attach(PADS_AT, PADS_BYTES, self)

    def read(self, offset: int) -> int:
        """A pad register."""
        return self._words[offset // 4]

    def write(self, offset: int, value: int) -> None:
        """A pad register."""
        self._words[offset // 4] = value

    def light(self, limit_ms: int) -> None:
        """Sleep until a wire calls or the time is over; -1 without limit. Raises OSError if nothing could end it."""
        if limit_ms < 0 and not self.ext0 and not self.ext1[0] and not self.gpio[0]:
            raise OSError(errno.EIO)
        self.count += 1
        self._enter()
        try:
            self._wait(limit_ms)
            self._hardware.wait_us(self.wakes_us)
        finally:
            self._leave()

    def _enter(self) -> None:
        hardware = self._hardware
        self._warn_of_storms()
        hardware.time.leave(hardware.counters)
        pads = self.ext1[0] + ((self.ext0[0],) if self.ext0 else ())
        for net in hardware.nets.values():
            net.asleep(True)
        for net in pads:
            net.take(self._resistor(net), net in self.ext1[0])

    def _leave(self) -> None:
        hardware = self._hardware
        for net in hardware.nets.values():
            net.asleep(False)
        hardware.time.join(hardware.counters, _US_PER_MS)

    def _resistor(self, net: "Net") -> "int | None":
        word = self._words[net.gpio]
        return 1 if word & _PULL_UP else 0 if word & _PULL_DOWN else None

    def _wait(self, limit_ms: int) -> None:
        time = self._hardware.time
        end_us = time.now_us + limit_ms * _US_PER_MS
        while limit_ms < 0 or time.now_us < end_us:
            self.reason = self._caller()
            if self.reason:
                return
            if self.serve:
                self.serve(1)
            longest_us = _US_PER_MS if self.serve or limit_ms < 0 else end_us - time.now_us
            self._hardware.wait_us(time.until_next_us(longest_us))
        self.reason = _TIMER

    def _caller(self) -> int:
        if self.ext0 and self.ext0[0].level == self.ext0[1]:
            return _EXT0
        for (nets, level), reason in ((self.ext1, _EXT1), (self.gpio, _GPIO)):
            if any(net.level == level for net in nets):
                return reason
        return 0

    def _warn_of_storms(self) -> None:
        for net in self.gpio[0]:
            if net.handler:
                self._hardware.misuse.append("GPIO %d: ends sleep by level and interrupts at edges" % net.gpio)
