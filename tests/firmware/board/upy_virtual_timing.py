"""Whole boards whose chips are as slow as they may be, or never ready: the watch starts, and says which part it is."""

import gc

from board.simulator.wiring import lilygo_twatch_s3, lilygo_twatch_ultra, waveshare_amoled_206, waveshare_lcd_154
from tests.firmware.board.virtual_kit import Bench

S3, ULTRA, WS206, WS154 = lilygo_twatch_s3, lilygo_twatch_ultra, waveshare_amoled_206, waveshare_lcd_154
NEVER = 1 << 40
MOST_MS = 8_000
"""The start of a watch with one chip that is never ready."""
CHIPS = (
    (ULTRA, "touch", "CST9217", ("starting_ms", "commands_ms")),
    (ULTRA, "nfc", "ST25R3916", ("oscillator_fc", "regulator_fc", "measure_fc", "line_fc")),
    (ULTRA, "radio", "LoRa", ("starting_us",)),
    (S3, "radio", "SX1262", ("starting_us",)),
    (WS206, "touch", "FT3168", ("starting_ms",)),
    (WS154, "touch", "CST816S", ("starting_ms",)),
)
"""The wiring, the model in it, what the watch calls it, and which of its times it needs for its start."""


def slow(bench, name, attribute, value):
    """Give the model of this name a time, now and whenever it gets its supply."""
    chip = getattr(bench.wiring, name)
    if hasattr(chip, "_make"):
        make = chip._make

        def slowly():
            model = make()
            setattr(model, attribute, value)
            return model

        chip._make = slowly
        chip = chip.chip
    if chip:
        setattr(chip, attribute, value)


def start(wires, name, attribute, value):
    """What the watch writes down at a start, and how long that took."""
    with Bench(wiring=wires) as bench:
        slow(bench, name, attribute, value)
        board = bench.build()
        assert board.power.percent() >= 0 and board.buttons.read() == -1 and board.clock.ticks_ms() >= 0
        assert not board.touch.read([0, 0, 0])
        return board.findings, bench.hardware.time.now_us // 1000


def longest(wires, name, attribute):
    """The longest that this time may be."""
    with Bench(wiring=wires) as bench:
        chip = getattr(bench.wiring, name)
        model = chip._make() if hasattr(chip, "_make") else chip
        return {row[0]: row[2] for row in model.timings}[attribute]


def test_each_time_of_each_chip_as_long_as_it_may_be_and_endless():
    starts = told = 0
    for wires, name, part, attributes in CHIPS:
        usual, _ = start(wires, name, attributes[0], longest(wires, name, attributes[0]))
        for attribute in attributes:
            found, _ = start(wires, name, attribute, longest(wires, name, attribute))
            assert found == usual and part not in dict(found), found
            found, took_ms = start(wires, name, attribute, NEVER)
            assert all(entry in usual or entry[0] == part for entry in found), found
            assert part in dict(found) and "error" not in dict(found)[part], (attribute, found)
            assert took_ms < MOST_MS, took_ms
            starts += 2
            told += 1
            gc.collect()
    print("NOTE virtual.starts_with_a_slow_chip %d, never ready in %d of them, each named, hangs 0" % (starts, told))
