"""The counter of cycles runs the chip's code, counts it right, and says so when it cannot."""

import random
from array import array
from pathlib import Path

import pytest

from tests.bench import machine_code, xtensa
from tests.bench.cycles import CALL, LATE, TAKEN, CallError, Chip
from tests.host.crypto.viper_words import Machine
from tests.host.voice.test_sound_words import DRIVERS, filter_tables

pytestmark = pytest.mark.share("voice")
SUMS = """
import micropython

@micropython.viper
def total(numbers: ptr16, count: int) -> int:
    found = 0
    while count:
        count -= 1
        found += numbers[count]
    return found

@micropython.viper
def twice(value: int) -> int:
    return value * 2

@micropython.viper
def quotient(value: int) -> int:
    return value // 3
"""


@pytest.fixture
def chip(tmp_path: Path) -> Chip:
    path = tmp_path / "sums.py"
    path.write_text(SUMS)
    return Chip(path)


def test_results_are_those_of_32_bits(chip: Chip) -> None:
    assert chip.call("total", array("h", [1, -1, 3]), 3) == 65539
    assert chip.call("twice", 2**30) == -(2**31)


def test_a_loop_has_its_price(chip: Chip) -> None:
    """Counted by hand in the disassembly of binutils: 16 instructions, 3 loaded values used at once, a branch taken."""
    numbers = array("h", range(100))
    assert chip.slope("total", (numbers, 10), (numbers, 100), 90) == 16 + 3 * LATE + TAKEN
    assert chip.cycles > CALL + 100 * 22
    offset, times, cost = chip.hot()[0]
    assert (times, cost) == (100, 1900), offset


def test_a_larger_loop_is_dearer(chip: Chip) -> None:
    """What the budget of a kernel would notice."""
    counts = []
    for count in (100, 110):
        chip.call("total", array("h", 200 * [0]), count)
        counts.append((chip.instructions, chip.cycles))
    assert counts[1] > counts[0]


def test_what_cannot_be_counted_is_refused(chip: Chip, tmp_path: Path) -> None:
    with pytest.raises(CallError, match="division"):
        chip.call("quotient", 7)
    with pytest.raises(CallError, match="arguments"):
        chip.call("twice")
    with pytest.raises(xtensa.UnknownInstructionError):
        xtensa.decode(b"\x00\x00\x00", 0, 0)
    path = tmp_path / "broken.py"
    path.write_text(SUMS.replace("count -= 1", "count &= 0x40000000"))
    with pytest.raises(machine_code.CodeError):
        Chip(path)


def test_the_machine_of_words_agrees() -> None:
    """The microphone's filter, by machine code of the chip and by the emulation of 32-bit words."""
    rng = random.Random(20261123)
    raw, results = rng.randbytes(16 * 40), []
    chip = Chip(DRIVERS / "pdm_filter.py")
    for machine in (chip, Machine(str(DRIVERS / "pdm_filter.py"), 32)):
        state, into = bytearray(36), bytearray(80)
        machine.call("decimate", raw, filter_tables(), state, 0, into, 40)
        results.append(state + into)
    assert results[0] == results[1]
    print(f"NOTE voice.cycles: the filter of a microphone takes {chip.cycles / 40:.0f} cycles a sample, estimated")
