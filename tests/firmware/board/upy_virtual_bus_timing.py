"""Whole boards on slow wires: chips that hold the clock of their bus, rails that rise slowly, slow waking."""

import gc

from board.simulator.wiring import lilygo_twatch_s3, lilygo_twatch_ultra, waveshare_amoled_206
from tests.firmware.board.upy_virtual_sleep import SOURCES, Sleeper
from tests.firmware.board.virtual_kit import Bench

S3, ULTRA, WS206 = lilygo_twatch_s3, lilygo_twatch_ultra, waveshare_amoled_206
NEVER_US = 10**9
MOST_MS = 20_000
"""Until the watch has started, with one chip that never lets the clock go."""
CHIPS = (
    (ULTRA, 0x34, "AXP2101"),
    (ULTRA, 0x20, "XL9555"),
    (ULTRA, 0x51, "PCF85063"),
    (ULTRA, 0x5A, "DRV2605"),
    (ULTRA, 0x28, "BHI260AP"),
    (S3, 0x19, "BMA423"),
    (S3, 0x51, "PCF8563"),
    (WS206, 0x6B, "QMI8658"),
)
STRETCHES_US = (1, 10_000, 40_000, 100_000, NEVER_US)
PORT_US = 50_000
"""What the I2C of the port bears."""
RAMPS_MS = (0, 1, 2, 10, 40, NEVER_US)
SUPPLY_MS = 10


def build(wires, prepare):
    """One start: what was found, what was forbidden, how long it took, and whether there is a picture."""
    with Bench(wiring=wires) as bench:
        prepare(bench)
        board = bench.build()
        took_ms = bench.hardware.time.now_us // 1000
        lit = bench.wiring.panel.chip is not None and not bench.wiring.panel.chip.asleep and 255 in bench.lights
        found = list(board.findings), list(bench.misuse), took_ms, lit
    gc.collect()
    return found


def test_a_chip_that_holds_the_clock():
    coped = reported = longest_ms = 0
    for wires, address, name in CHIPS:
        for stretch_us in STRETCHES_US:

            def prepare(bench, address=address, us=stretch_us):
                for bus in bench.hardware.i2c.values():
                    if address in bus._chips:
                        bus.stretch_us[address] = us

            found, misuse, took_ms, _ = build(wires, prepare)
            longest_ms = max(longest_ms, took_ms)
            if stretch_us <= PORT_US:
                assert found == [] and misuse == [], (name, stretch_us, found, misuse)
                coped += 1
            else:
                assert [text for part, text in found if part.startswith(name)], (name, stretch_us, found)
                assert took_ms < MOST_MS, (name, stretch_us, took_ms)
                reported += 1
    print("NOTE timing of the I2C bus: %d starts with a chip that holds the clock" % (coped + reported), end=": ")
    print("%d coped, %d reported, hangs 0, longest %d ms" % (coped, reported, longest_ms))


def test_rails_that_rise_slowly():
    coped = reported = dark = 0
    for wires in (ULTRA, S3):
        for ramp_ms in RAMPS_MS:

            def prepare(bench, ramp_ms=ramp_ms):
                bench.wiring.pmu.ramp_ms = ramp_ms

            found, misuse, took_ms, lit = build(wires, prepare)
            assert took_ms < MOST_MS, (wires, ramp_ms, took_ms)
            works = found == [] and misuse == [] and lit
            unheard = not found and all(text.startswith("panel:") for text in misuse)
            assert works or (ramp_ms > SUPPLY_MS and (found or unheard)), (wires, ramp_ms, found, misuse, lit)
            coped, reported, dark = coped + works, reported + bool(found), dark + (not works and unheard)
    print("NOTE timing of rails: %d starts" % (coped + reported + dark), end=": ")
    print("%d coped, %d reported, %d unknowable (panels that cannot be read), hangs 0" % (coped, reported, dark))


WAITS = (
    (ULTRA, "board.parts.axp_board"),
    (ULTRA, "board.lilygo_twatch_ultra.board"),
    (S3, "board.parts.axp_board"),
    (WS206, "board.parts.axp_board"),
)


def test_waits_after_rails():
    """Rails nearly as slow as the boards wait. Only a panel that nobody can ask hangs on that wait alone."""
    noticed = []
    for wires, module in WAITS:
        for wait_ms in (0, SUPPLY_MS // 2):

            def prepare(bench, module=module, wait_ms=wait_ms):
                bench.wiring.pmu.ramp_ms = SUPPLY_MS - 1
                __import__(module, None, None, ("SUPPLY_MS",)).SUPPLY_MS = wait_ms

            found, misuse, _, lit = build(wires, prepare)
            if found or misuse or not lit:
                noticed.append((wires, wait_ms))
    assert noticed == [(S3, 0)], noticed
    print(
        "NOTE waits after rails: %d mutants, 1 noticed, the others are covered by waits of drivers" % (2 * len(WAITS))
    )


def test_waking_takes_its_time():
    """What ends the sleep is not lost meanwhile, and is told once the processor runs."""
    starts = 0
    for name, happens, seen in SOURCES[:3]:
        for wakes_us in (0, 500, 2000, 10_000):
            with Bench() as bench:
                sleeper = Sleeper(bench)
                bench.hardware.sleep.wakes_us = wakes_us
                sleeper.at(20_000, lambda s=sleeper, act=happens: act(s))
                took_us = sleeper.until_called() - 20_000
                assert took_us < 20_000 + 2 * wakes_us and seen(sleeper), (name, wakes_us, took_us)
                assert bench.misuse == [], bench.misuse
                starts += 1
            gc.collect()
    print("NOTE timing of light sleep: %d wake-ups, the latest processor 10 ms late, 0 lost" % starts)
