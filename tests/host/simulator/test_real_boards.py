"""The simulator with the board.py of each real board: its page, hands, charger, wrist and clock act on that board."""

from __future__ import annotations

import asyncio
import struct

import pytest

from tapwatch.errors import UserError
from tapwatch.images import boards
from tapwatch.simulator.options import WatchOptions
from tapwatch.simulator.watch import SimulatedWatch
from tests.host.simulator.support import STANDIN, command

NO_HUB = [["BHI260AP", "firmware of the sensor hub is not on the watch"]]
START_S = 2_000_000_000
NAMES = ("lilygo_twatch_s3", "lilygo_twatch_ultra", "waveshare_amoled_206")


def real(folder, name, **options):
    """A watch of this board that runs the stand-in program."""
    return SimulatedWatch(folder, WatchOptions(size=boards.read(name).glass, board=name, program=STANDIN, **options))


@pytest.mark.parametrize("name", NAMES)
def test_what_happens_to_a_real_board_is_told_by_its_drivers(tmp_path, name):
    async def scenario():
        async with real(tmp_path, name, unix_s=START_S, percent=60) as watch:
            state = await watch.state()
            assert state["board"] == name and 0 <= state["unix_s"] - START_S < 10
            assert state["findings"] == (NO_HUB if "ultra" in name else [])
            assert (state["percent"], state["charging"]) == (60, False)
            await watch.press(times=2)
            await watch.touch(120, 110)
            watch.power(9, True)
            before = state["ticks_ms"]
            await watch.advance(12)
            state = await watch.state()
            assert state["presses"] == [1, 0, 1, 0] and [down for down, _, _ in state["touches"]] == [1, 0]
            assert max(abs(state["touches"][0][1] - 120), abs(state["touches"][0][2] - 110)) <= 1
            assert (state["percent"], state["charging"]) == (9, True)
            assert 12_000 <= state["ticks_ms"] - before < 20_000
            await command(watch, b"ck", struct.pack(">I", START_S + 1_000_000))
            if name != "waveshare_amoled_206":  # its codec has no driver
                await command(watch, b"tn", b"\x01\xb8\x00\xfa\x32")
            await watch.restart()
            assert 0 <= (await watch.state())["unix_s"] - START_S - 1_000_000 < 20, "the cell of the clock is the host"
            return watch.screen_png()

    assert asyncio.run(scenario())


def test_vibration_and_motion_of_a_real_board(tmp_path):
    async def scenario():
        async with real(tmp_path, "lilygo_twatch_s3") as watch:
            seen = []
            watch.listen(lambda kind, data: seen.append((kind, data)))
            await command(watch, b"hp", b"\x02")
            await watch.advance(1)
            assert not (await watch.state())["moving"]
            watch.accelerate(0, 900, 300)
            await watch.advance(1)
            assert (await watch.state())["moving"] and seen == [("haptics", 2)]

    asyncio.run(scenario())


def test_chips_are_taken_off_the_simulators_board_only(tmp_path):
    async def scenario():
        async with real(tmp_path, "lilygo_twatch_s3", without=("axp2101",)):
            pass

    with pytest.raises(UserError, match="has all its chips"):
        asyncio.run(scenario())
