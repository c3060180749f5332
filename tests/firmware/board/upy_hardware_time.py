"""The time of a real board in the simulator: it keeps pace, runs ahead when asked, and timers ring on the way."""

from machine import Timer

from board.simulator.esp32s3.hardware import Hardware, install
from board.simulator.hardware_time import HardwareTime
from watch.kernel import loop

AHEAD_MS = 600_000


def test_ten_minutes_ahead_rings_every_timer_on_its_way():
    hardware = Hardware()
    install(hardware)
    try:
        time, rung = HardwareTime(hardware), []
        timer = Timer(0)
        timer.init(mode=Timer.PERIODIC, period=1000, callback=lambda _: rung.append(hardware.time.now_us))

        async def main():
            began_ms = time.ticks_ms()
            time.advance(AHEAD_MS)
            await loop.sleep_ms(AHEAD_MS)
            return time.ticks_ms() - began_ms

        took_ms = loop.run(main(), time)
        timer.deinit()
    finally:
        install(None)
    assert AHEAD_MS <= took_ms < AHEAD_MS + 60_000, took_ms
    assert AHEAD_MS // 1000 <= len(rung) <= took_ms // 1000 + 1, len(rung)


def test_without_being_asked_it_keeps_pace_with_the_computer():
    hardware = Hardware()
    time = HardwareTime(hardware)
    began_ms = time.ticks_ms()
    waits = []

    def poll(ms):
        waits.append(ms)

    time.wait(poll, -1)
    time.wait(poll, 3)
    time.wait(poll, 500)
    assert waits == [5, 3, 5], "nobody looks at wires and timers in between"
    assert 0 <= time.ticks_ms() - began_ms < 1000
    assert hardware.time.now_us // 1000 == time.ticks_ms() - time._zero_ms
