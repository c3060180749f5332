"""A whole simulated watch: every device from both ends, power cuts, faults, and what is said when the firmware dies."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import io
import struct
import time

import pytest
from PIL import Image

from tapwatch.errors import UserError
from tapwatch.simulator.flash_image import SECTOR, Cut, PowerCut
from tapwatch.simulator.options import WatchOptions
from tapwatch.simulator.process import WatchDied, WatchOff
from tapwatch.simulator.watch import SimulatedWatch
from tests.host.simulator.support import STANDIN, command, standin


def run(folder, scenario, **options):
    """Run `scenario(watch)` with a watch that is on."""

    async def main():
        async with standin(folder, **options) as watch:
            return await asyncio.wait_for(scenario(watch), 60)

    return asyncio.run(main())


@pytest.mark.parametrize("size", ["410x502", "240x240"])
def test_pixels_reach_the_picture(tmp_path, size):
    async def scenario(watch):
        image = Image.open(io.BytesIO(watch.screen_png()))
        assert f"{image.width}x{image.height}" == size
        assert image.getpixel((39, 19)) == (255, 0, 0) and image.getpixel((40, 20)) == (0, 0, 0)
        assert watch.panel.brightness == 200
        assert (watch.panel.windows_written, watch.panel.bytes_written) == (1, 1600)

    run(tmp_path, scenario, size=size)


def test_the_board_refuses_windows_by_itself(tmp_path):
    async def scenario(watch):
        for window in ((-2, 0, 2, 2), (0, 0, 412, 2), (1, 0, 2, 2), (0, 0, 0, 2), (0, 0, 8, 8)):
            assert await command(watch, b"dw", struct.pack(">hhhh", *window)) == b"VE", window

    run(tmp_path, scenario)


def test_touches_arrive_in_order_and_on_the_panel(tmp_path):
    async def scenario(watch):
        await watch.touch(8, 16)
        await watch.touch(9999, -5)
        state = await watch.state()
        assert state["touches"] == [[1, 8, 16], [0, 8, 16], [1, 409, 0], [0, 409, 0]]
        image = Image.open(io.BytesIO(watch.screen_png()))
        assert image.getpixel((8, 16)) == (255, 255, 255)

    run(tmp_path, scenario)


def test_a_swipe_moves_across_and_lifts(tmp_path):
    async def scenario(watch):
        await watch.swipe("left")
        touches = (await watch.state())["touches"]
        xs = [x for _, x, _ in touches]
        assert xs == sorted(xs, reverse=True) and touches[-1][0] == 0 and len(touches) > 8
        with pytest.raises(ValueError, match="sideways"):
            await watch.swipe("sideways")

    run(tmp_path, scenario)


def test_buttons_targets_battery_and_motion(tmp_path):
    async def scenario(watch):
        await watch.press(times=2)
        await watch.press(1)
        await watch.tap_target("centre")
        watch.power(7, True)
        watch.move(steps=12)
        state = await watch.state()
        assert state["presses"] == [1, 0, 1, 0, 2, 0]
        assert state["touches"][0] == [1, 120, 110]
        assert (state["percent"], state["charging"], state["moving"], state["steps"]) == (7, True, True, 12)
        assert state["flags"][-1] == "motion" and state["flags"].count("motion") == 1 and state["raised"] is False
        assert set(state["flags"]) == {"power", "motion"}, "the power chip has one line for battery and key"
        assert (await watch.state())["moving"] is False, "moving is told once"
        watch.raise_wrist()
        state = await watch.state()
        assert (state["raised"], state["moving"], state["steps"]) == (True, True, 12)
        assert (await watch.state())["raised"] is False, "raised is told once"
        with pytest.raises(UserError, match="no target 'nowhere'"):
            await watch.tap_target("nowhere")

    run(tmp_path, scenario)


def test_a_chip_that_is_taken_off_the_board_is_named(tmp_path):
    async def scenario(*without):
        async with SimulatedWatch(tmp_path, WatchOptions(program=STANDIN, without=without)) as watch:
            watch.power(55, True)
            return await watch.state()

    state = asyncio.run(scenario("axp2101", "bma423"))
    assert state["board"] == "simulator" and state["findings"] == [["AXP2101", "does not answer"]]
    assert (state["percent"], state["charging"]) == (0, False), "nobody can tell"
    with pytest.raises(UserError, match="no chip axp2102"):
        asyncio.run(scenario("axp2102"))


def test_a_flood_of_touches_keeps_the_last_word(tmp_path):
    async def scenario(watch):
        for index in range(3000):
            watch.fingers.point(True, index % 400, 5)
        watch.fingers.point(False, 7, 7)
        touches = (await watch.state())["touches"]
        assert touches[-1][0] == 0, "the finger is up; a touch controller says it left where it last was"

    run(tmp_path, scenario)


def test_events_reach_the_listeners(tmp_path):
    async def scenario(watch):
        seen = []
        stop = watch.listen(lambda kind, data: seen.append((kind, data)))
        await command(watch, b"hp", b"\x02")
        await command(watch, b"tn", b"\x01\xb8\x00\xfa\x32")
        await command(watch, b"sl", b"\x01")
        await command(watch, b"pt", b"a printed line")
        await watch.advance(0.5)
        stop()
        await command(watch, b"sl", b"\x00")
        light = {"brightness": 200, "asleep": True}
        tone = {"hz": 440, "ms": 252, "percent": 50}  # as measured: it grows and fades for 2 ms
        sound = [data for kind, data in seen if kind == "sound"]
        assert sound
        assert all(len(base64.b64decode(part["samples"])) == 1280 for part in sound)
        rest = [(kind, data) for kind, data in seen if kind != "sound"]
        assert rest == [("haptics", 2), ("light", light), ("output", "a printed line"), ("tone", tone)]

    run(tmp_path, scenario)


def test_the_secret_is_hmac_sha256_of_the_file_and_stays(tmp_path):
    async def scenario(watch):
        return await command(watch, b"hm", b"message")

    first, second = run(tmp_path, scenario), run(tmp_path, scenario)
    secret = (tmp_path / "secret.bin").read_bytes()
    assert len(secret) == 32
    assert first == second == hmac.new(secret, b"message", hashlib.sha256).digest()
    assert (tmp_path / "secret.bin").stat().st_mode & 0o777 == 0o600


def test_entropy_can_fail(tmp_path):
    async def scenario(watch):
        first, second = await command(watch, b"en"), await command(watch, b"en")
        assert first[:2] == second[:2] == b"ok" and first != second
        watch.entropy(False)
        assert await command(watch, b"en") == b"E5" + bytes(16)
        assert (await watch.state())["entropy"] is False

    run(tmp_path, scenario)


def test_time_runs_ahead_on_demand(tmp_path):
    async def scenario(watch):
        before = await watch.state()
        started = time.monotonic()
        await watch.advance(86_400)
        real_s = time.monotonic() - started
        after = await watch.state()
        assert 86_400 <= after["unix_s"] - before["unix_s"] <= 86_430
        assert 86_400_000 <= after["ticks_ms"] - before["ticks_ms"] <= 86_430_000
        print(f"NOTE simulator: a day of the watch's time took {real_s:.2f} s")
        assert real_s < 30

    run(tmp_path, scenario)


def test_ticks_start_where_asked(tmp_path):
    async def scenario(watch):
        assert (await watch.state())["ticks_ms"] & 0x3FFFFFFF > (1 << 30) - 5000
        await watch.advance(5)
        assert (await watch.state())["ticks_ms"] & 0x3FFFFFFF < 60_000

    run(tmp_path, scenario, ticks_ms=(1 << 30) - 5000)


def test_the_clock_survives_a_restart_and_power_loss_is_told(tmp_path):
    async def main():
        async with standin(tmp_path) as watch:
            await command(watch, b"ck", struct.pack(">I", 2_000_000_000))
            await watch.restart()
            assert 0 <= (await watch.state())["unix_s"] - 2_000_000_000 < 30
        lost = SimulatedWatch(tmp_path, WatchOptions(program=STANDIN, unix_s=None))
        async with lost:
            assert (await lost.state())["unix_s"] is None

    asyncio.run(main())


def test_flash_is_kept_over_kill_and_restart(tmp_path):
    async def scenario(watch):
        assert await command(watch, b"pr", struct.pack(">I", 70_000) + b"record") == b"ok"
        await watch.kill()
        await watch.start()
        return await command(watch, b"rd", struct.pack(">II", 70_000, 7))

    assert run(tmp_path, scenario) == b"record\xff"
    assert (tmp_path / "flash.img").read_bytes()[70_000:70_006] == b"record"


def test_a_power_cut_stops_the_watch_in_the_middle(tmp_path):
    async def scenario(watch):
        watch.flash.cut_power(Cut(2, "before"))
        assert await command(watch, b"pr", struct.pack(">I", 0) + b"one") == b"ok"
        with pytest.raises(PowerCut):
            await command(watch, b"pr", struct.pack(">I", 8) + b"two")
        assert not watch.alive
        assert isinstance(await watch.ended(), PowerCut)
        await watch.restart()
        return await command(watch, b"rd", struct.pack(">II", 0, 11))

    assert run(tmp_path, scenario) == b"one" + b"\xff" * 8


def test_flash_errors_reach_the_firmware(tmp_path):
    async def scenario(watch):
        watch.flash.fail(1)
        assert await command(watch, b"er", struct.pack(">I", SECTOR)) == b"E5"
        assert await command(watch, b"er", struct.pack(">I", SECTOR)) == b"ok"
        assert await command(watch, b"er", struct.pack(">I", 1)) == b"E22"
        assert await command(watch, b"pr", struct.pack(">I", 0xFFFFFFFF) + b"x") == b"E22"

    run(tmp_path, scenario)


def test_a_dying_firmware_shows_its_traceback(tmp_path):
    async def main():
        watch = standin(tmp_path, die=True)
        with pytest.raises(WatchDied) as death:
            async with watch:
                await (await watch.ended(), watch.state())[1]
        assert death.value.status == 1
        assert "RuntimeError: asked to die" in death.value.explain() and "standin.py" in str(death.value)

    asyncio.run(main())


def test_a_missing_program_is_named(tmp_path):
    async def main():
        watch = SimulatedWatch(tmp_path, WatchOptions(program="no_such_program"))
        with pytest.raises(WatchDied, match="no module named 'no_such_program'"):
            await watch.start()
        with pytest.raises(WatchOff):
            await watch.state()

    asyncio.run(main())


def test_switching_off_is_no_death(tmp_path):
    async def scenario(watch):
        waiting = asyncio.create_task(watch.ended())
        await asyncio.sleep(0)
        await watch.restart()
        assert isinstance(await waiting, WatchOff)

    run(tmp_path, scenario)


def test_a_killed_firmware_is_told_by_its_signal(tmp_path):
    async def scenario(watch):
        waiting = asyncio.create_task(watch.ended())
        await asyncio.sleep(0)
        watch._running().process.kill()
        died = await waiting
        assert "SIGKILL" in str(died)
        assert died.hint == "It printed nothing.", "no words are promised where there are none"
        with pytest.raises(WatchDied, match="SIGKILL"):
            await watch.state()

    run(tmp_path, scenario)


def test_two_simulators_do_not_share_a_folder(tmp_path):
    async def scenario(watch):
        with pytest.raises(UserError, match="Another simulator"):
            await standin(tmp_path).start()
        await watch.state()

    run(tmp_path, scenario)


@pytest.mark.parametrize("address", ["udp:127.0.0.1", "tcp:h:80", "udp::80", "udp:h:0", "vpcd:h:65536", "udp:h:x"])
def test_a_bad_card_address_is_refused(tmp_path, address):
    with pytest.raises(UserError, match="no address"):
        SimulatedWatch(tmp_path, WatchOptions(nfc=address))


def test_a_taken_card_port_is_told(tmp_path):
    async def scenario(watch):
        other = SimulatedWatch(tmp_path / "other", WatchOptions(program=STANDIN, nfc=watch.nfc))
        with pytest.raises(WatchDied, match="EADDRINUSE"):
            await other.start()

    run(tmp_path, scenario)


def test_an_unknown_size_is_refused(tmp_path):
    with pytest.raises(UserError, match="no panel of 1x1"):
        SimulatedWatch(tmp_path, WatchOptions(size="1x1"))


def test_a_call_that_does_not_come_back_resets_the_watch_and_is_remembered_once(tmp_path):
    async def scenario(watch):
        notes, process = [], watch._running().process
        watch.listen(lambda kind, data: notes.append(data) if kind == "watchdog" else None)
        started = time.monotonic()
        with pytest.raises(WatchOff):
            await command(watch, b"ha", b"tally")
        while not watch.alive:
            await asyncio.sleep(0.01)
        took = time.monotonic() - started
        print(
            f"NOTE watchdog: a call of at most 300 ms that hung in C was over after {took * 1000:.0f} ms, watch and all"
        )
        assert took < 5 and notes == ["tally"] and watch._running().process is not process
        await asyncio.wait_for(watch._running().link.ready.wait(), 20)
        assert await command(watch, b"wn") == b"tally"
        await watch.restart()
        assert await command(watch, b"wn") == b"", "an ordinary start has no note"

    run(tmp_path, scenario)


def test_calls_that_come_back_are_left_alone(tmp_path):
    async def scenario(watch):
        process = watch._running().process
        for _ in range(40):
            await command(watch, b"wb", b"tally")
            await asyncio.sleep(0.005)
            await command(watch, b"we")
        await asyncio.sleep(0.5)  # idle, longer than a call may take
        assert watch._running().process is process

    run(tmp_path, scenario)


def test_a_watch_that_is_stuck_before_it_is_up_comes_up_with_the_note(tmp_path):
    async def scenario(watch):
        assert await command(watch, b"wn") == b"at-start"

    run(tmp_path, scenario, stuck=True)
