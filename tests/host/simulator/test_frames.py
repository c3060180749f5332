"""The host link's frames: both sides use the same numbers, and no byte string confuses the reader."""

from __future__ import annotations

import ast
import random
from pathlib import Path

import pytest

from tapwatch.simulator import frames

BOARD_FRAMES = Path(__file__).parents[3] / "board/simulator/frames.py"


def _board_numbers() -> dict[str, int]:
    """The constants of the watch's copy, read without running it."""
    numbers = {}
    for node in ast.parse(BOARD_FRAMES.read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            numbers[ast.unparse(node.targets[0])] = ast.literal_eval(node.value.args[0])
    return numbers


def test_both_copies_hold_the_same_numbers():
    board = _board_numbers()
    assert len(board) > 20
    for name, number in board.items():
        host = frames.HEADER.size if name == "HEADER_BYTES" else getattr(frames, name)
        assert host == number, name


def test_frames_survive_any_cutting():
    rng = random.Random(2)
    sent = [(rng.randrange(256), rng.randbytes(rng.choice((0, 1, 5, 300)))) for _ in range(200)]
    stream = b"".join(frames.encode(kind, payload) for kind, payload in sent)
    reader, got = frames.FrameReader(), []
    while stream:
        size = rng.randrange(1, 50)
        got += reader.feed(stream[:size])
        stream = stream[size:]
    assert got == sent


def test_an_impossible_length_is_refused_before_its_bytes_arrive():
    reader = frames.FrameReader()
    with pytest.raises(frames.LinkError, match="1048577"):
        list(reader.feed(frames.HEADER.pack(1, frames.MAX_PAYLOAD + 1)))


def test_the_longest_frame_passes():
    payload = bytes(frames.MAX_PAYLOAD)
    assert list(frames.FrameReader().feed(frames.encode(7, payload))) == [(7, payload)]
    with pytest.raises(ValueError, match="at most"):
        frames.encode(7, payload + b"x")


def test_random_bytes_only_ever_raise_link_errors():
    rng = random.Random(3)
    refused = 0
    for _ in range(3000):
        try:
            list(frames.FrameReader().feed(rng.randbytes(40)))
        except frames.LinkError:
            refused += 1
    print(f"NOTE host link: 3000 random byte strings, {refused} refused, the others incomplete")
    assert refused
