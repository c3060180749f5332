"""The whole watch on the virtual T-Watch Ultra: what has power while it sleeps, how often it wakes, what it keeps."""

import asyncio

from bluetooth import BLE
from support import scrubbing

from board.simulator.wiring import lilygo_twatch_ultra as wires
from tests.firmware.board.virtual_kit import Bench
from watch.access import states
from watch.kernel import loop
from watch.system.main import build

scrubbing.leave_out()
PASSCODE = b"246810"
RAILS_MV = {
    "DC1": 3300,  # processor
    "ALDO1": 0,  # SD card
    "ALDO2": 3300,  # panel and touch: off costs 600 uA more, through the pins of the panel
    "ALDO3": 3300,  # LoRa, which sleeps
    "ALDO4": 1800,  # motion sensor
    "BLDO1": 0,  # GPS
    "BLDO2": 0,  # amplifier
    "DLDO1": 3300,  # NFC
}
"""What LilyGoLib's table of rails and its order of going to sleep leave on."""
_HALF_HOUR_MS = 1_800_000
_IDLE = (("off", _HALF_HOUR_MS, 7, 0.999), ("windows", _HALF_HOUR_MS, 10, 0.97), ("connected", 60_000, 0, 0))
"""Radio setting, for how long, sleeps at most, share of the time asleep at least."""


class HardwareTime:
    """Takes the place of real time in the loop: waiting lets the models run, after the watch's own pause."""

    def __init__(self, bench, pause):
        self._hardware, self._pause = bench.hardware, pause
        self._base_ms = loop.asyncio.core.ticks() + (2 << 30) - bench.hardware.time.now_us // 1000
        self.asleep_ms = 0

    def ticks_ms(self):
        return self._base_ms + self._hardware.time.now_us // 1000

    def wait(self, poll, delay_ms):
        asked_ms = self.ticks_ms()
        delay_ms = self._pause(delay_ms)
        self.asleep_ms += self.ticks_ms() - asked_ms
        time = self._hardware.time
        end_us = time.now_us + delay_ms * 1000
        while time.now_us < end_us and not loop._bell.state:
            self._hardware.wait_us(time.until_next_us(end_us - time.now_us))


class Worn:
    """A watch on virtual hardware, out of the factory, with a passcode."""

    def __init__(self, bench, **settings):
        self.bench = bench
        self.board = bench.build()
        self.board.info.assets = "firmware/assets"
        self.board.info.apps = "build/apps"
        self.board.usb = None  # that of this process is none of a watch
        self.watch = build(self.board)
        self.guard = self.watch.services.guard
        for name, value in settings.items():
            self.watch.services.settings.set(name, value)
        self.time = HardwareTime(bench, self.watch.pause)

    def unlock(self):
        clock = self.board.clock
        right, clock.ticks_us = clock.ticks_us, self._slow_us  # else a passcode takes a second of this computer
        asyncio.run(self.guard.set_passcode(bytearray(PASSCODE)))
        clock.ticks_us = right
        asyncio.run(self.guard.unlock(bytearray(PASSCODE)))
        return self

    def _slow_us(self):
        time = self.bench.hardware.time
        time.advance_us(100_000)
        return time.now_us & 0x3FFF_FFFF

    def run(self, ms, *during):
        """Let the tasks run; `during` are pairs of milliseconds and what happens then. How often it slept."""
        for at_ms, action in during:
            self.bench.hardware.timers.at(at_ms * 1000, action)
        before = self.bench.hardware.sleep.count

        async def main():
            tasks = asyncio.create_task(self.watch.run())
            await loop.sleep_ms(ms)
            await loop.stop(tasks)

        loop.run(main(), self.time)
        return self.bench.hardware.sleep.count - before


def test_what_has_power_in_sleep():
    """Rails, panel, touch, radio, power chip, against the table of the vendor's order."""
    with Bench() as bench:
        worn = Worn(bench, wake_on_touch=False)
        seen = []
        bench.hardware.sleep.light = _spy(bench, bench.hardware.sleep.light, seen)
        worn.run(120_000)
        assert seen, "it never slept"
        found = seen[-1]
        assert found == {
            "rails": RAILS_MV,
            "panel asleep": True,
            "touch asleep": True,
            "motor stands by": True,
            "radio": 0x03,
            "measuring": 0,
            "line": 1,
            "i2c": (1, 1),
            "pads held": 11,
        }, found
        assert bench.misuse == [] and worn.board.findings == [], (bench.misuse, worn.board.findings)
        print("NOTE rest.sleeps in two minutes from the start:", len(seen))


def _spy(bench, light, seen):
    """What the chips are at when the processor falls asleep."""

    def spied(limit_ms):
        wiring, nets = bench.wiring, bench.hardware.nets
        seen.append(
            {
                "rails": {name: wiring.pmu.rail_mv(name) for name in RAILS_MV},
                "panel asleep": wiring.panel.chip.asleep,
                "touch asleep": wiring.touch.chip.asleep,
                "motor stands by": wiring.motor.chip.registers[1] == 0x40,
                "radio": wiring.nfc.chip.a[2],
                "measuring": wiring.pmu.registers[0x30] & 1,
                "line": nets[wires.PMU_INT].level,
                "i2c": (nets[wires.SDA].level, nets[wires.SCL].level),
                "pads held": sum([net.held for net in nets.values()]),
            }
        )
        light(limit_ms)

    return spied


def test_an_idle_watch_wakes_seldom():
    """How often the processor sleeps, and how long, in the dark, in each radio setting; worn and unlocked."""
    for setting, span_ms, sleeps_most, asleep_least in _IDLE:
        with Bench() as bench:
            BLE._only = None  # on a bench of its own
            BLE().attach(NoHost(), b"\xf4\x12\xfa\x00\x00\x03", True)
            worn = Worn(bench, radio=setting).unlock()
            bench.hardware.timers.at(0, lambda b=bench: _move(b, worn.guard))
            worn.run(180_000)
            worn.time.asleep_ms = 0
            sleeps = worn.run(span_ms)
            share = worn.time.asleep_ms / span_ms
            BLE._only = None
            assert sleeps <= sleeps_most and share >= asleep_least, (setting, sleeps, share)
            text = "NOTE rest.radio_%s: the processor sleeps %.2f times a minute, %.1f %% of the time"
            print(text % (setting, sleeps * 60_000 / span_ms, share * 100))


class NoHost:
    """The other end of the radio: nobody in reach."""

    def send(self, *words):
        """Sent, and heard by nobody."""

    def handle(self, kind, handler):
        """Nobody answers."""


def _move(bench, guard):
    """The wearer moves every five minutes, which keeps the session."""
    guard.moved()
    bench.hardware.timers.at(300_000_000, lambda: _move(bench, guard))


def test_the_session_outlives_light_sleep_and_no_restart():
    """Unlocked and worn, it sleeps for a quarter of an hour and is still unlocked; after a start it is locked."""
    with Bench() as bench:
        worn = Worn(bench).unlock()
        state = worn.guard.state
        assert worn.guard.unlocked()
        worn.run(300_000)
        assert bench.hardware.sleep.count and worn.guard.unlocked() and worn.guard.state == state
        again = Worn(bench)
        assert again.guard.state == states.LOCKED and again.guard.has_passcode()


def test_a_press_in_sleep_lights_the_face():
    """The button, out of light sleep, is seen as a press; the key of the power chip lights it too."""
    with Bench() as bench:
        worn = Worn(bench)
        worn.run(60_000)
        assert worn.watch.light.dark and bench.wiring.panel.chip.asleep
        worn.run(2000, (1000, lambda: bench.wiring.press(True)), (1080, lambda: bench.wiring.press(False)))
        assert not worn.watch.light.dark and not bench.wiring.panel.chip.asleep
        assert bench.misuse == [], bench.misuse


def test_an_empty_battery_ends_the_sleep_and_the_watch_goes_off():
    """There is no deep sleep: off takes a tenth of it. The next start is locked like any other."""
    with Bench() as bench:
        worn = Worn(bench)
        worn.run(60_000)
        pmu = bench.wiring.pmu

        def empty():
            pmu.battery_mv = 3300
            pmu.charge(2)

        worn.run(120_000, (30_000, empty))
        assert not pmu.on and pmu.rail_mv("DC1") == 0


def test_bluetooth_keeps_it_awake():
    """While the radio is on nothing sleeps, whatever else is quiet."""
    with Bench() as bench:
        worn = Worn(bench)
        worn.run(60_000)
        before = bench.hardware.sleep.count
        worn.board.ble._radio.on = True
        worn.run(20_000)
        worn.board.ble._radio.on = False
        assert bench.hardware.sleep.count == before
        worn.run(20_000)
        assert bench.hardware.sleep.count > before
