"""`machine.RTC`, `WDT`, `Timer` and `PWM` of the ESP32 port."""

import time

import micropython
from micropython import const

from board.simulator.esp32s3.hardware import current
from board.simulator.esp32s3.pin import Pin, gpio

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

_MEMORY_BYTES = const(2048)
"""MICROPY_HW_RTC_USER_MEM_MAX."""
_US_PER_MS = const(1000)
_US = const(1_000_000)
_WDT_RESET = const(3)
"""`machine.WDT_RESET`."""
_TIMERS = const(4)
_MAX_DUTY = const(65_535)


class RTC:
    """The clock inside the chip, and its memory, which outlives every reset but a loss of power."""

    def __init__(self, id: int = 0) -> None:  # noqa: A002 # so called by the port
        self._hardware = current()

    def memory(self, data: "bytes | bytearray | None" = None) -> "bytes | None":
        """What is kept; or keep this. Raises ValueError if it is too long."""
        if data is None:
            return self._hardware.rtc_memory
        if len(data) > _MEMORY_BYTES:
            raise ValueError("buffer too long")
        self._hardware.rtc_memory = bytes(data)
        return None

    def datetime(self, datetimetuple: "tuple | None" = None) -> tuple:
        """Year, month, day, weekday, hours, minutes, seconds, microseconds. It counts from power-up."""
        year, month, day, hours, minutes, seconds, weekday = time.gmtime(self._hardware.time.now_us // _US)[:7]
        return year, month, day, weekday, hours, minutes, seconds, 0


class WDT:
    """The task watchdog. Another object of it only sets another time; nothing stops it. ports/esp32/machine_wdt.c."""

    def __init__(self, id: int = 0, timeout: int = 5000) -> None:  # noqa: A002 # so called by the port
        """Raises ValueError."""
        if id:
            raise ValueError()
        if timeout <= 0:
            raise ValueError("WDT timeout too short")
        self._hardware = current()
        self._hardware.objects[("WDT", 0)] = timeout
        self.feed()

    def feed(self) -> None:
        """It is well; count from the start."""
        hardware = self._hardware
        turn = hardware.objects.get(("WDT", "turn"), 0) + 1
        hardware.objects[("WDT", "turn")] = turn

        def bite() -> None:
            if hardware.objects[("WDT", "turn")] == turn:
                hardware.restart(_WDT_RESET)

        hardware.counters.at(hardware.objects[("WDT", 0)] * _US_PER_MS, bite)


class Timer:
    """One of four timers, with a soft callback. It is another one for each object of the same number, as there."""

    ONE_SHOT = 0
    PERIODIC = 1

    def __init__(
        self,
        id: int,  # noqa: A002 # so called by the port
        *,
        mode: int = PERIODIC,
        freq: int = -1,
        period: int = -1,
        callback: "Callable[[Timer], object] | None" = None,
    ) -> None:
        """Raises ValueError for a timer there is not."""
        if not 0 <= id < _TIMERS:
            raise ValueError("invalid Timer number")
        self._hardware = current()
        self._turn = 0
        if period != -1 or freq != -1:
            self.init(mode=mode, freq=freq, period=period, callback=callback)

    def init(
        self,
        *,
        mode: int = PERIODIC,
        freq: int = -1,
        period: int = -1,
        callback: "Callable[[Timer], object] | None" = None,
    ) -> None:
        """Call back after `period` milliseconds, once or again and again."""
        self._mode = mode
        self._period_us = period * _US_PER_MS if freq == -1 else _US // freq
        self._callback = callback
        self._turn += 1
        self._start(self._turn)

    def deinit(self) -> None:
        """Stop."""
        self._turn += 1

    def _start(self, turn: int) -> None:
        def ring() -> None:
            if turn != self._turn:
                return
            if self._callback:
                _schedule(self._callback, self)
            if self._mode == self.PERIODIC:
                self._start(turn)

        self._hardware.counters.at(self._period_us, ring)


class PWM:
    """A square wave at a pin, kept as a number."""

    def __init__(
        self,
        dest: "Pin | int",
        *,
        freq: int = 5000,
        duty_u16: int = 32_768,
    ) -> None:
        self._hardware = current()
        self._gpio = gpio(dest)
        self._freq = freq
        self.duty_u16(duty_u16)

    def freq(self, value: "int | None" = None) -> "int | None":
        """Hertz."""
        if value is None:
            return self._freq
        self._freq = value
        return None

    def duty_u16(self, value: "int | None" = None) -> "int | None":
        """How long it is high, of 65,535. Raises ValueError."""
        if value is None:
            return self._duty
        if not 0 <= value <= _MAX_DUTY:
            raise ValueError("duty_u16 must be from 0 to 65535")
        self._set(value)
        return None

    def deinit(self) -> None:
        """Stop: low."""
        self._set(0)

    def _set(self, duty: int) -> None:
        self._duty = duty
        self._hardware.objects[("PWM", self._gpio)] = duty
        listener = self._hardware.on_pwm.get(self._gpio)  # type: ignore[arg-type] # a pin has a number
        if listener:
            listener(duty)


def _schedule(callback: "Callable[[Timer], object]", timer: Timer) -> None:
    try:
        micropython.schedule(callback, timer)
    except RuntimeError:
        # The queue is full: the port loses the call then, and so do we.
        return
