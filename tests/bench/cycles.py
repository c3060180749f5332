"""What a viper function costs on the chip: its machine code for the ESP32-S3, run here and counted.

    chip = Chip(ROOT / "firmware/watch/voice/spectrum.py")
    chip.call("transform", real, imaginary, 256)
    print(chip.cycles, chip.instructions)

Bytearrays and arrays are lent and written, bytes are lent, ints are words. The numbers are those of the last call, and
so is `chip.hot()`: where in the code they come from.

The words are those of the watch, 32 bits with sign, so what a call leaves in its bytearrays is what the watch would
leave there: a test of results is a test of the word size too (`tests/host/crypto/viper_words.py` does that without the
compiler, faster or slower). It runs about two million instructions a second. Of a long loop run a shorter one: `slope`
takes two calls and says what one unit of their difference costs.

The estimate: one cycle for an instruction, `LATE` more for one that needs a loaded value or a product of the
instruction just before it, `TAKEN` more for a branch or jump that is taken. The cost of entering a function from Python
and of converting its arguments is `CALL` in all. Left out: misses of the cache, waits of PSRAM, interrupts. Nothing was
measured on a chip.

A function may call nothing: no other function, no builtin, no global. Division, too, is a call.
"""

from __future__ import annotations

from array import array
from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.bench import machine_code, xtensa

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LATE = 1
"""Cycles until a loaded value or a product can be used: the LX7 has five stages."""
TAKEN = 3
"""Cycles lost when the flow changes: two, and one for a target that is not aligned. The worse end."""
CALL = 600
"""Cycles of a call from Python with up to ten arguments, an assumption."""
_FUNCTION, _CONTEXT, _OBJECTS, _TABLE, _ARGUMENTS = 0x100, 0x140, 0x180, 0x200, 0x600
_CODE, _STACK = 0x1000, 0x10000
_HEAP = _STACK + 64
"""Code asks for this table as one of the objects of its file; every one of them is it here."""
_RUNTIME = 0xF000_0000
_FROM_OBJECT, _TO_OBJECT = 3, 4
"""Places in MicroPython's `mp_fun_table`, py/nativeglue.h."""
_TABLE_SIZE = 128
_GAP = 64
_BYTES = {"ptr8": 1, "ptr16": 2, "ptr32": 4}


class CallError(Exception):
    """A function did what can not be counted."""


class Chip:
    """The viper functions of one file, as the chip runs them."""

    def __init__(self, path: Path) -> None:
        """Compile. Raises machine_code.CodeError."""
        self._functions = machine_code.functions(path)
        self.cycles = self.instructions = 0
        self._visits: Counter[int] = Counter()
        self._prices: dict[int, tuple[int, int]] = {}

    def call(self, name: str, *arguments: Any) -> int:
        """Run it; what it returns, with sign. Raises CallError, UnknownInstructionError."""
        kinds, code = self._functions[name]
        places: dict[int, int] = {}
        memory = bytearray(_HEAP)
        memory[_CODE : _CODE + len(code)] = code
        for argument in arguments:
            if not isinstance(argument, int) and id(argument) not in places:
                places[id(argument)] = len(memory)
                memory += bytes(argument) + bytes(_GAP + -len(bytes(argument)) % 16)
        given = [value if isinstance(value, int) else places[id(value)] for value in arguments]
        if len(given) != len(kinds):
            raise CallError(f"{name} takes {len(kinds)} arguments")
        self._fill(memory, given)
        result = self._run(memory, code, len(given))
        for argument in arguments:
            if isinstance(argument, bytearray | array):
                start = places[id(argument)]
                memoryview(argument).cast("B")[:] = memory[start : start + len(memoryview(argument).cast("B"))]
        return xtensa.signed(result, 32)

    def slope(self, name: str, few: tuple[Any, ...], many: tuple[Any, ...], units: int) -> float:
        """Cycles of one unit, if a call with `many` does `units` of them more than one with `few`."""
        self.call(name, *few)
        least = self.cycles
        self.call(name, *many)
        return (self.cycles - least) / units

    def hot(self) -> list[tuple[int, int, int]]:
        """Blocks of the last call, dearest first: offset in the code, visits, cycles but for taken branches."""
        rows = [(at - _CODE, times, times * self._prices[at][1]) for at, times in self._visits.items()]
        return sorted(rows, key=lambda row: -row[2])

    def _fill(self, memory: bytearray, given: list[int]) -> None:
        words = memoryview(memory).cast("I")
        words[_FUNCTION + 4 >> 2] = _CONTEXT
        words[_CONTEXT + 12 >> 2] = _OBJECTS
        for place in range(_OBJECTS, _TABLE, 4):
            words[place >> 2] = _TABLE
        for place in range(_TABLE_SIZE):
            words[(_TABLE >> 2) + place] = _RUNTIME + place
        for place, value in enumerate(given):
            words[(_ARGUMENTS >> 2) + place] = value & xtensa.MASK

    def _run(self, memory: bytearray, code: bytes, count: int) -> int:
        blocks: dict[int, Callable[[], int]] = {}
        registers = [0] * 16
        registers[1], registers[2], registers[3], registers[5] = _STACK, _FUNCTION, count, _ARGUMENTS
        view = memoryview(memory)
        names = {
            "r": registers,
            "sar": [0],
            "m8": view,
            "m16": view.cast("H"),
            "m32": view.cast("I"),
            "at": _index,
            "signed": _signed,
            "runtime": _runtime,
            "taken": (taken := [0]),
        }
        visits, self._prices = Counter(), {}
        at = _CODE
        while at:
            visits[at] += 1
            block = blocks.get(at)
            if block is None:
                block = blocks[at] = self._block(code, at, names)
            at = block()
        self._visits = visits
        self.instructions = sum(times * self._prices[at][0] for at, times in visits.items())
        self.cycles = CALL + TAKEN * taken[0] + sum(times * self._prices[at][1] for at, times in visits.items())
        return registers[2]

    def _block(self, code: bytes, at: int, names: dict[str, Any]) -> Callable[[], int]:
        """Straight code from `at` on as a function that returns where to go on; its price is kept."""
        start, lines, price, before = at, ["def block():"], 0, None
        steps = 0
        while before is None or before.kind in ("plain", "load", "multiply"):
            step = xtensa.decode(code, at, _CODE)
            price += 1 + LATE * step.waits_for(before)
            steps += 1
            lines += _lines(step)
            at, before = at + step.size, step
        self._prices[start] = (steps, price)
        made: dict[str, Any] = {}
        exec("\n    ".join(lines), names, made)  # noqa: S102 - lines of tests/bench/xtensa.py
        return made["block"]


def _lines(step: xtensa.Step) -> list[str]:
    following = step.at + step.size
    if step.kind == "branch":
        return [f"if {step.text}: taken[0] += 1; return {step.target}", f"return {following}"]
    if step.kind == "jump":
        return ["taken[0] += 1", f"return {step.target}"]
    if step.kind == "call":
        return ["taken[0] += 2", f"r[10] = runtime(r[{step.target}], r[10])", f"return {following}"]
    if step.kind == "return":
        return ["taken[0] += 1", "return 0"]
    return [step.text]


def _index(address: int, shift: int) -> int:
    address &= xtensa.MASK
    if address & (1 << shift) - 1:
        raise CallError(f"address {address:#x} is not aligned to {1 << shift} bytes")
    return address >> shift


def _signed(value: int) -> int:
    return xtensa.signed(value, 32)


def _runtime(place: int, value: int) -> int:
    if place - _RUNTIME not in (_FROM_OBJECT, _TO_OBJECT):
        raise CallError(f"calls number {place - _RUNTIME} of mp_fun_table: another function, a global or a division")
    return value
