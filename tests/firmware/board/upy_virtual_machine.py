"""The stand-ins `machine`, `esp32` and `time`: what they forbid, what sleeps and wakes; wrong pins find nobody."""

import errno
import sys

from board.simulator.esp32s3.sleep import PADS_AT
from board.simulator.wiring import lilygo_twatch_ultra as wires
from tests.firmware.board.virtual_kit import Bench


def _machine():
    import machine  # the stand-in asks for hardware when it is used, not when it is imported

    return machine


def test_a_pin_is_one_object_and_some_are_none():
    """Pin(4) twice; 22 to 32 are not there or belong to the flash."""
    with Bench():
        pin_of = _machine().Pin
        assert pin_of(4) is pin_of(4) and pin_of(pin_of(4)) is pin_of(4)
        for gpio in (-1, 22, 25, 26, 32, 49):
            assert _error(ValueError, lambda g=gpio: pin_of(g)) is not False, gpio
        line = pin_of(13, pin_of.OUT, value=1)
        assert line() == 1 and line.value(0) is None and line() == 0


def test_interrupts_are_soft_and_at_edges():
    """The handler comes after the edge, once, and only for the edges that were asked for."""
    with Bench() as bench:
        pin_of, calls = _machine().Pin, []
        pin_of(13).irq(calls.append, pin_of.IRQ_FALLING)
        net = bench.hardware.nets[13]
        net.drive(1)
        net.drive(1)
        net.drive(0)
        for _ in range(3):
            pass
        assert calls == [pin_of(13)], calls


def test_two_drivers_of_one_wire_are_misuse():
    """An output against a chip; open drain is fine."""
    with Bench() as bench:
        pin_of = _machine().Pin
        bench.hardware.nets[13].drive(0)
        pin_of(13, pin_of.OPEN_DRAIN, value=1)
        assert bench.misuse == []
        pin_of(13, pin_of.OUT, value=1)
        assert bench.misuse == ["GPIO 13: driven against a chip"], bench.misuse


def test_wrong_pins_find_no_chip():
    """I2C elsewhere: ENODEV. SPI elsewhere, or with a select line that floats: written down."""
    with Bench() as bench:
        machine = _machine()
        for gpio in (13, 14):
            machine.Pin(gpio, machine.Pin.IN, machine.Pin.PULL_UP)
            bench.hardware.nets[gpio].pull(1)
        elsewhere = machine.I2C(0, scl=machine.Pin(13), sda=machine.Pin(14))
        assert elsewhere.scan() == [] and _error(OSError, lambda: elsewhere.writeto(0x34, b"\x03")) == errno.ENODEV
        right = machine.I2C(0, scl=machine.Pin(wires.SCL), sda=machine.Pin(wires.SDA))
        assert 0x34 in right.scan() and right.readfrom_mem(0x34, 3, 1) == b"\x4a"
        machine.SPI(2, 1_000_000, sck=13, mosi=14, miso=None).write(b"\0")
        assert bench.misuse.pop() == "SPI: nothing is wired to these pins"
        shared = machine.SPI(1, 1_000_000, phase=1, sck=wires.SHARED_SCK, mosi=wires.SHARED_MOSI, miso=33)
        machine.Pin(wires.NFC_SELECT, machine.Pin.OUT, value=0)
        shared.write(b"\0")
        assert [text for text in bench.misuse if "nobody drives" in text], bench.misuse


def test_two_selected_chips_are_misuse():
    """LoRa is selected while NFC is."""
    with Bench() as bench:
        bench.build()
        machine = _machine()
        machine.Pin(wires.LORA_SELECT)(0)
        machine.Pin(wires.NFC_SELECT)(0)
        machine.SPI(1, sck=wires.SHARED_SCK, mosi=wires.SHARED_MOSI, miso=wires.SHARED_MISO, phase=1).write(b"\x40")
        assert "LoRa: woken by its select line" in bench.misuse and "bus: 2 chips selected" in bench.misuse, (
            bench.misuse
        )


def test_light_sleep_ends_by_a_wire_or_by_time():
    """BOOT wakes; without it the time does; deep sleep and reset start anew."""
    with Bench() as bench:
        machine = _machine()
        import esp32

        boot = machine.Pin(0, machine.Pin.IN, machine.Pin.PULL_UP)
        machine.mem32[PADS_AT] = 1 << 27  # the resistor of the pin itself does not work in sleep
        esp32.wake_on_ext0(boot, esp32.WAKEUP_ALL_LOW)
        bench.hardware.timers.at(70_000, lambda: bench.wiring.press(True))
        machine.lightsleep(1000)
        took_ms = bench.hardware.time.now_us // 1000
        assert machine.wake_reason() == machine.PIN_WAKE and 70 <= took_ms < 75, took_ms
        bench.wiring.press(False)
        machine.lightsleep(50)
        assert machine.wake_reason() == machine.TIMER_WAKE
        assert _error(ValueError, lambda: esp32.wake_on_ext1((machine.Pin(41),), False)) is not False
        assert _error(SystemExit, lambda: machine.deepsleep(10)) is not False
        assert machine.reset_cause() == machine.DEEPSLEEP_RESET
        assert _error(SystemExit, machine.reset) is not False


def test_what_stops_in_light_sleep():
    """Edges call nobody, timers stand, pads let go unless they are held; a wire that may wake is deaf until set up."""
    with Bench() as bench:
        machine, calls, rings = _machine(), [], []
        import esp32

        net, out, held = bench.hardware.nets[13], bench.hardware.nets[9], bench.hardware.nets[10]
        line = machine.Pin(13, machine.Pin.IN)
        line.irq(calls.append, machine.Pin.IRQ_RISING)
        machine.Pin(9, machine.Pin.OUT, value=1)
        machine.Pin(10, machine.Pin.OUT, value=1, hold=True)
        machine.Timer(3, mode=machine.Timer.PERIODIC, period=10, callback=rings.append)
        seen = []
        bench.hardware.timers.at(20_000, lambda: seen.append((out.level, held.level)))
        bench.hardware.timers.at(50_000, lambda: net.drive(1))
        esp32.wake_on_ext1((line,), esp32.WAKEUP_ANY_HIGH)
        machine.lightsleep(100)
        assert machine.wake_reason() == machine.EXT1_WAKE and seen == [(0, 1)] and out.level == 1, seen
        assert line() == 0 and calls == [] and rings == []
        line.init(machine.Pin.IN)
        assert line() == 0, "it is held"
        line.init(machine.Pin.IN, hold=False)
        assert line() == 1
        bench.wait_ms(10)
        assert len(rings) == 1
        esp32.wake_on_ext1((), False)
        esp32.wake_on_ext0(line, True)
        line.irq(calls.append, machine.Pin.IRQ_RISING)
        machine.lightsleep(20)
        assert machine.wake_reason() == machine.TIMER_WAKE, "irq has taken it away from ext0"
        esp32.wake_on_gpio((line,), True)
        machine.lightsleep(20)
        assert "GPIO 13: ends sleep by level and interrupts at edges" in bench.misuse, bench.misuse
        assert "SD: selected" in bench.misuse, "its select line floated"


def test_time_is_that_of_a_board():
    """Epoch 2000, ticks that wrap at 2^30, waiting that costs nothing."""
    with Bench() as bench:
        time = sys.modules["time"]
        assert time.gmtime(0)[:3] == (2000, 1, 1)
        time.sleep(1_073_741)  # 2^30 ms are 1,073,741.824 s
        before = time.ticks_ms()
        time.sleep_ms(900)
        assert time.ticks_ms() < before and 900 <= time.ticks_diff(time.ticks_ms(), before) <= 901
        assert bench.hardware.time.now_us > 1 << 39


def test_a_board_that_does_not_wait_is_caught():
    """Waits that are too short: the models write it down, or a chip does not answer."""
    for divisor in (4, 20):
        with Bench() as bench:
            time = sys.modules["time"]
            right = time.sleep_ms
            time.sleep_ms = lambda ms, d=divisor, right=right: right(ms // d)
            board = bench.build()
            assert bench.misuse or board.findings, divisor


def _error(kind, action):
    """The number of the error, None for one without; False if it did not raise."""
    try:
        action()
    except kind as error:
        return getattr(error, "errno", None)
    return False
