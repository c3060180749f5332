"""A tap stays in its budget: one tap of each kernel under callgrind, with the real radio driver, in every test run."""

import shutil

import pytest

from tests.bench import budgets, estimate, measure, taps
from tests.bench.rows import Row

pytestmark = pytest.mark.share("NFC interop")
KERNELS = ("kernel3", "kernel2")
HELD_TAP = 1_100_000
HELD_COMMAND = 320_000
"""What is reached, and a little more: the budgets are far above it, and would notice a slow change late."""
WASTE = 1_000_000
"""Instructions that the wasteful card adds to each command, at least."""

needs_valgrind = pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind is not installed")


@pytest.fixture(scope="module")
def counted():
    return measure.counted("bare_taps")


@needs_valgrind
def test_instructions_of_a_tap_with_driver(counted):
    for kernel in KERNELS:
        cost = taps.of(counted, kernel, "driver")
        slowest = max(cost, key=cost.get)
        ms = sum(
            estimate.processor_ms(cost[name]) + estimate.bus_ms(*counted.notes["spi"][f"driver/{kernel}/{name}"])
            for name in cost
        )
        total = sum(cost.values())
        print(f"NOTE tap.{kernel}: {total:,} instructions, {ms:.1f} ms estimated; most by {slowest}, {cost[slowest]:,}")
        assert {"rats", "select_ppse", "select_aid", "gpo", "read_record", "leave"} <= set(cost)
        assert 0 < total <= HELD_TAP
        assert min(cost.values()) > 0, cost
        assert max(cost.values()) <= HELD_COMMAND, cost
        values = {f"tap.{kernel}.{name}.instructions": count for name, count in cost.items()}
        assert not budgets.exceeded(values)


@needs_valgrind
def test_the_count_notices_a_wasteful_card(counted):
    thrifty, wasteful = taps.of(counted, "kernel3", "driver"), taps.of(counted, "kernel3", "wasteful")
    commands = set(thrifty) - {"rats", "leave"}
    assert min(wasteful[name] - thrifty[name] for name in commands) > WASTE
    over = budgets.exceeded({f"tap.kernel3.{name}.instructions": count for name, count in wasteful.items()})
    assert len(over) == len(commands), over
    assert wasteful["rats"] == pytest.approx(thrifty["rats"], rel=0.2), "the waste is counted where it is"


def test_memory_of_a_tap():
    sampled = measure.sampled("bare_taps", "bytes")
    for kernel in KERNELS:
        allocated = sum(taps.of(sampled, kernel, "driver").values())
        print(f"NOTE tap.{kernel}: {allocated} bytes allocated, 64 bit")
        assert 0 <= allocated <= budgets.TAP_BYTES
    assert sum(taps.of(sampled, "kernel3", "wasteful").values()) > budgets.TAP_BYTES


def test_a_frame_allocates_nothing():
    sampled = measure.sampled("short_frames", "bytes")
    assert sampled.notes["spi"]["frame/block"][0] > 0
    assert sampled.cost["frame/block"] == budgets.FRAME_BYTES


def test_the_heap_of_a_board_holds_every_device():
    """With the heap of a board with 2 MB: three devices, as many notifications as are kept, the longest line."""
    devices = measure.timed("heap.devices", 1, measure.BOARD_HEAP)["devices_bytes"]
    heap = measure.timed("heap", 1, measure.BOARD_HEAP)
    print(f"NOTE heap: {heap['idle_bytes']:,} bytes of 4 MiB at rest, {devices:,} more with devices, 64 bit")
    values = {"heap.devices.bytes": devices, "heap.tap_peak.bytes": heap["tap_peak_bytes"]}
    assert not budgets.exceeded(values | {"heap.idle.bytes": heap["idle_bytes"]})
    with pytest.raises(measure.BenchError):
        measure.timed("heap.devices", 1, "2500K")


@needs_valgrind
def test_parts_and_slopes_agree():
    """Two ways to count the same work: cryptograms cut out of one run, and the slope over repetitions."""
    counted = measure.counted("repeated")
    parts = (counted.cost["many"] - counted.cost["one"]) / counted.notes["repeated"]
    slope = measure.slope("tests/bench/scenes/one_cryptogram.py", few=20, many=120)
    assert parts == pytest.approx(slope, rel=0.05)


def test_a_row_over_its_budget_is_named():
    rows = [
        Row("tap.kernel3.instructions", budgets.TAP_INSTRUCTIONS, ""),
        Row("tap.kernel2.instructions", budgets.TAP_INSTRUCTIONS + 1, ""),
        Row("tap.kernel3.gpo.instructions", budgets.COMMAND_INSTRUCTIONS + 1, ""),
        Row("tap.express.worst_case.ms_est", 201, ""),
        Row("tap.flash_operations", 1, ""),
        Row("frame.bytes", 16, ""),
        Row("p256.sign.instructions", 10**9, ""),
    ]
    over = budgets.exceeded(budgets.values(rows))
    named = {row.metric for row in rows[1:-1]}
    assert {line.split()[0] for line in over} == named
