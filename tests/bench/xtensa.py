"""Instructions of the Xtensa LX7, those that MicroPython's compiler emits, turned into lines of Python.

Encodings are those of Cadence's Xtensa Instruction Set Architecture summary. Registers are `r[0]` to `r[15]`, values
without sign below 2^32; memory is `m8`, `m16` and `m32`, three views of the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

MASK = 0xFFFFFFFF
_LOADS = {0: ("m8", 0), 1: ("m16", 1), 2: ("m32", 2)}
_STORES = {4: ("m8", 0, 0xFF), 5: ("m16", 1, 0xFFFF), 6: ("m32", 2, MASK)}
_RRR = {
    (0, 1): "{s} & {t}",
    (0, 2): "{s} | {t}",
    (0, 3): "{s} ^ {t}",
    (0, 8): "{s} + {t}",
    (0, 9): "({s} << 1) + {t}",
    (0, 10): "({s} << 2) + {t}",
    (0, 11): "({s} << 3) + {t}",
    (0, 12): "{s} - {t}",
    (2, 8): "{s} * {t}",
}
_CONDITIONS = {
    1: "{s} == {t}",
    2: "{s} ^ 0x80000000 < {t} ^ 0x80000000",
    3: "{s} < {t}",
    9: "{s} != {t}",
    10: "{s} ^ 0x80000000 >= {t} ^ 0x80000000",
    11: "{s} >= {t}",
}
_ZERO = ("{s} == 0", "{s} != 0", "{s} >= 0x80000000", "{s} < 0x80000000")
_LATE = ("load", "multiply")


class UnknownInstructionError(Exception):
    """Code that no viper function of this compiler has."""


@dataclass
class Step:
    """One instruction."""

    at: int
    size: int
    kind: str
    """`plain`, `load`, `multiply`, `branch`, `jump`, `call` or `return`."""
    text: str
    """A statement, or for a branch its condition."""
    writes: int = -1
    reads: tuple[int, ...] = ()
    target: int = 0

    def waits_for(self, before: Step | None) -> bool:
        """Whether it needs at once what comes late: a loaded value, a product."""
        return before is not None and before.kind in _LATE and before.writes in self.reads


def signed(value: int, bits: int) -> int:
    """Two's complement."""
    return (value & (1 << bits) - 1 ^ 1 << bits - 1) - (1 << bits - 1)


def _set(register: int, expression: str) -> str:
    return f"r[{register}] = ({expression}) & {MASK:#x}"


def _load(at: int, size: int, to: int, base: int, offset: int, place: int) -> Step:
    view, shift = _LOADS[place]
    index = f"at(r[{base}] + {offset}, {shift})"
    return Step(at, size, "load", f"r[{to}] = {view}[{index}]", to, (base,))


def _store(at: int, size: int, source: int, base: int, offset: int, place: int) -> Step:
    view, shift, mask = _STORES[place]
    index = f"at(r[{base}] + {offset}, {shift})"
    return Step(at, size, "plain", f"{view}[{index}] = r[{source}] & {mask:#x}", -1, (base, source))


def _narrow(at: int, word: int) -> Step | None:
    kind, t, s, r = word & 15, word >> 4 & 15, word >> 8 & 15, word >> 12 & 15
    if kind == 8:
        return _load(at, 2, t, s, 4 * r, 2)
    if kind == 9:
        return _store(at, 2, t, s, 4 * r, 6)
    if kind == 10:
        return Step(at, 2, "plain", _set(r, f"r[{s}] + r[{t}]"), r, (s, t))
    if kind == 11:
        return Step(at, 2, "plain", _set(r, f"r[{s}] + {t or -1}"), r, (s,))
    if kind == 12 and t < 8:
        value = t << 4 | r
        return Step(at, 2, "plain", _set(s, str(value - 128 if value >= 96 else value)), s)
    if kind == 12:
        condition = _ZERO[t >> 2 & 1].format(s=f"r[{s}]")
        return Step(at, 2, "branch", condition, -1, (s,), at + 4 + ((t & 3) << 4 | r))
    if kind == 13 and r == 0:
        return Step(at, 2, "plain", f"r[{t}] = r[{s}]", t, (s,))
    if word == 0xF01D:
        return Step(at, 2, "return", "")
    return None


def _shift(at: int, op2: int, r: int, s: int, t: int) -> Step | None:
    if op2 < 2:
        return Step(at, 3, "plain", _set(r, f"r[{s}] << {32 - ((op2 & 1) << 4 | t)}"), r, (s,))
    if op2 < 4:
        return Step(at, 3, "plain", _set(r, f"signed(r[{t}]) >> {(op2 & 1) << 4 | s}"), r, (t,))
    if op2 == 4:
        return Step(at, 3, "plain", f"r[{r}] = r[{t}] >> {s}", r, (t,))
    if op2 == 9:
        return Step(at, 3, "plain", f"r[{r}] = r[{t}] >> sar[0]", r, (t,))
    if op2 == 10:
        return Step(at, 3, "plain", _set(r, f"r[{s}] << 32 - sar[0]"), r, (s,))
    if op2 == 11:
        return Step(at, 3, "plain", _set(r, f"signed(r[{t}]) >> sar[0]"), r, (t,))
    return None


def _registers(at: int, word: int) -> Step | None:
    t, s, r, op1, op2 = (word >> shift & 15 for shift in (4, 8, 12, 16, 20))
    if word & 0xFFF0FF == 0x0000E0:
        return Step(at, 3, "call", "", 10, (s,), s)
    if op1 == 0 and op2 == 4 and r < 2:
        text = f"r[{s}] & 31" if r == 0 else f"32 - (r[{s}] & 31)"
        return Step(at, 3, "plain", f"sar[0] = {text}", -1, (s,))
    if op1 == 0 and op2 == 6 and s == 0:
        return Step(at, 3, "plain", _set(r, f"-r[{t}]"), r, (t,))
    if (op1, op2) in _RRR:
        text = _RRR[op1, op2].format(s=f"r[{s}]", t=f"r[{t}]")
        return Step(at, 3, "multiply" if op1 == 2 else "plain", _set(r, text), r, (s, t))
    return _shift(at, op2, r, s, t) if op1 == 1 else None


def _immediate(at: int, word: int) -> Step | None:
    t, s, r, value = word >> 4 & 15, word >> 8 & 15, word >> 12 & 15, word >> 16
    if r in _LOADS:
        return _load(at, 3, t, s, value << _LOADS[r][1], r)
    if r in _STORES:
        return _store(at, 3, t, s, value << _STORES[r][1], r)
    if r == 10:
        return Step(at, 3, "plain", _set(t, str(signed(s << 8 | value, 12))), t)
    if r in (12, 13):
        return Step(at, 3, "plain", _set(t, f"r[{s}] + {signed(value, 8) << (8 if r == 13 else 0)}"), t, (s,))
    return None


def _flow(at: int, word: int) -> Step | None:
    s, n, m = word >> 8 & 15, word >> 4 & 3, word >> 6 & 3
    if n == 0:
        return Step(at, 3, "jump", "", target=at + 4 + signed(word >> 6, 18))
    if n == 1:
        return Step(at, 3, "branch", _ZERO[m].format(s=f"r[{s}]"), -1, (s,), at + 4 + signed(word >> 12, 12))
    if n == 3 and m == 0:
        return Step(at, 3, "plain", _set(s, f"r[{s}] - {(word >> 12) * 8}"), s, (s,))
    return None


def _wide(at: int, word: int) -> Step | None:
    kind, t, s, r = word & 15, word >> 4 & 15, word >> 8 & 15, word >> 12 & 15
    if kind == 0:
        return _registers(at, word)
    if kind == 1:
        place = (at + 3 & ~3) + ((word >> 8) - 0x10000 << 2)
        return Step(at, 3, "load", f"r[{t}] = m32[at({place}, 2)]", t)
    if kind == 2:
        return _immediate(at, word)
    if kind == 6:
        return _flow(at, word)
    if kind == 7 and r in _CONDITIONS:
        condition = _CONDITIONS[r].format(s=f"r[{s}]", t=f"r[{t}]")
        return Step(at, 3, "branch", condition, -1, (s, t), at + 4 + signed(word >> 16, 8))
    return None


def decode(code: bytes, at: int, base: int) -> Step:
    """The instruction at address `at` of code that lies at `base`. Raises UnknownInstructionError."""
    raw = code[at - base : at - base + 3]
    size = 2 if raw[0] & 8 else 3
    word = int.from_bytes(raw[:size], "little")
    step = _narrow(at, word) if size == 2 else _wide(at, word)
    if step is None:
        raise UnknownInstructionError(f"{word:0{2 * size}x} at {at - base:#x}")
    return step
