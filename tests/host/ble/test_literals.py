"""Literals of the phone link against JavaScript itself: Node evaluates what the watch only reads."""

from __future__ import annotations

import json
import math
import os
import random
import shutil
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest

from tapwatch.compiled import search_path

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).parent
COUNT = 100_000 if os.environ.get("TAPWATCH_LONG") == "1" else 4_000
_ESCAPES = (r"\0", r"\7", r"\20", r"\177", r"\377", r"\48", r"\v", r"\b", r"\t", r"\n", r"\f", r"\r", r"\x41", r"\xe9")
_MORE = (r"\u5b89", r"\ud83d\ude00", r"\ud83d", r"\ude00", r"\q", r"\'", r"\"", r"\\", r"\/", r"\8")
_PLAIN = "abcXYZ 019{}[]:,\t\xe9\xff\xa0\x80"


def string(chance: random.Random) -> str:
    """A string of any kind."""
    if chance.random() < 0.15:
        return 'atob("' + b64encode(chance.randbytes(chance.randrange(20))).decode() + '")'
    quote = chance.choice("\"'")
    parts = [chance.choice((_PLAIN, *_ESCAPES, *_MORE)) for _ in range(chance.randrange(12))]
    return quote + "".join(chance.choice(part) if part is _PLAIN else part for part in parts) + quote


def number(chance: random.Random) -> str:
    """A number as Java writes it, or as JavaScript takes it."""
    whole = chance.choice((0, 7, chance.randrange(1 << 31), chance.randrange(10**15)))
    forms = ("{}", "-{}", "{}.5", "-{}.25", "{}.0E3", "{}e-4", "{}.", "+{}")
    return chance.choice((*forms, ".{}")).format(whole)


def literal(chance: random.Random, depth: int = 0) -> str:
    """Any value that the watch must understand."""
    kind = chance.randrange(10 if depth < 4 else 6)
    if kind < 3:
        return string(chance)
    if kind < 5:
        return number(chance)
    if kind == 5:
        return chance.choice(("null", "true", "false", "undefined"))
    blank = chance.choice(("", "", " ", "\t", "\xa0"))
    parts = [literal(chance, depth + 1) for _ in range(chance.randrange(5))]
    end = "," if parts and chance.random() < 0.2 else ""
    if kind < 8:
        return "[" + blank + ("," + blank).join(parts) + end + "]"
    keys = [chance.choice(("a", "$b_1", '"t"', "'x y'", '"\\u5b89"', "null", "b" * 12)) for _ in parts]
    return "{" + blank + ",".join(f"{key}{blank}:{part}" for key, part in zip(keys, parts, strict=True)) + end + "}"


def damaged(chance: random.Random, text: str) -> str:
    """One change, without what would let the two sides disagree for good: see `test_damaged_ones`."""
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(("", "{", "]", ",", '"', "\\", "0", "e", "-", ":", "'", " ", "x")) + text[at + 1 :]


def read(lines: list[str], folder: Path) -> tuple[list, list]:
    """What JavaScript and the watch make of them: {"value": ...} or None each."""
    path = folder / "literals.txt"
    path.write_bytes(("\n".join(lines) + "\n").encode("latin-1"))
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node.js here")
    micropython = str(Path(sys.executable).with_name("micropython"))
    environment = dict(os.environ, MICROPYPATH=search_path())
    commands = ([node, str(HERE / "evaluate.js")], [micropython, str(HERE / "upy_read_literals.py")])
    said = []
    for command in commands:
        options = {"capture_output": True, "cwd": ROOT, "env": environment, "timeout": 300}
        done = subprocess.run([*command, str(path)], check=True, **options)
        said.append(done.stdout.decode().split("\n")[:-1])
    assert len(said[0]) == len(said[1]) == len(lines)
    return [json.loads(one) for one in said[0]], [json.loads(one) for one in said[1]]


def same(one: object, other: object) -> bool:
    """Equal; numbers as far as a double can tell, since whole numbers of the watch have no end."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, (int, float)) and isinstance(other, (int, float)) and not isinstance(one, bool):
        return math.isclose(one, other, rel_tol=1e-12) and not isinstance(other, bool)
    return type(one) is type(other) and one == other


def test_what_is_valid_means_the_same(tmp_path: Path) -> None:
    chance = random.Random(20261122)
    lines = [literal(chance) for _ in range(COUNT)]
    for line, node, watch in zip(lines, *read(lines, tmp_path), strict=True):
        assert node is not None and watch is not None, (line, node, watch)
        assert same(node["value"], watch["value"]), (line, node, watch)
    print(f"NOTE phone link: {len(lines)} literals mean to the watch what they mean to Node")


def test_damaged_ones_are_refused_or_mean_the_same(tmp_path: Path) -> None:
    """The watch may refuse more than JavaScript. Of base64 it takes what has wrong letters, and leaves those out."""
    chance = random.Random(20261123)
    lines = [damaged(chance, literal(chance)) for _ in range(COUNT)]
    lines = [line for line in lines if "atob" not in line]
    taken = 0
    for line, node, watch in zip(lines, *read(lines, tmp_path), strict=True):
        if watch is not None:
            taken += 1
            assert node is not None, f"the watch takes what is no JavaScript: {line!r}"
            assert same(node["value"], watch["value"]), (line, node, watch)
    print(f"NOTE phone link: {len(lines)} damaged literals against Node, {taken} taken by both")
    assert 0 < taken < len(lines)


def test_the_comparison_can_fail() -> None:
    assert not same({"a": [1, "x"]}, {"a": [1, "y"]})
    assert not same(1, True)
    assert same([1.5, None], [1.5, None])
