"""Deltas: what comes out is the other image, whatever changed; and no delta that is wrong makes one."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from tapwatch.images import container, delta, development
from tapwatch.images.container import ImageProblem
from tapwatch.images.delta import DeltaProblem

if TYPE_CHECKING:
    from tapwatch.images.build import Built

LONG = bool(os.environ.get("TAPWATCH_LONG"))


def image_of(files: dict[str, bytes], small: Built) -> bytes:
    body = container.write_body(files)
    said = replace(small.statement, length=len(body), body=sha256(body).digest())
    return container.write([development.entry(said.encoded())], body)


def changed(chance: random.Random, files: dict[str, bytes]) -> dict[str, bytes]:
    """Another version: files edited, moved, new, gone."""
    found = dict(files)
    for _ in range(chance.randrange(4)):
        path = chance.choice(sorted(found))
        data, what = found[path], chance.randrange(6)
        at, size = chance.randrange(len(data) + 1), chance.randrange(60)
        if what == 0:
            found[path] = data[:at] + chance.randbytes(size) + data[at:]
        elif what == 1:
            found[path] = data[:at] + data[at + size :]
        elif what == 2:
            found[f"moved/{chance.randrange(1 << 30)}.mpy"] = found.pop(path)
        elif what == 3:
            found[f"new/{chance.randrange(1 << 30)}.mpy"] = chance.randbytes(size * 9)
        elif what == 4:
            found[path] = data[at:] + data[:at]
        else:
            found[path] = chance.choice(sorted(found.values()))
    return found


def test_every_delta_makes_the_other_image(small: Built) -> None:
    chance = random.Random(1)
    rounds = 400 if LONG else 40
    files = {f"watch/m{number}.mpy": chance.randbytes(number * 37) for number in range(12)}
    for _ in range(rounds):
        other = changed(chance, files) or files
        old, new = image_of(files, small), image_of(other, small)
        made = delta.make(old, new)
        assert delta.apply(old, made) == new
        assert len(made) < len(new) + 200
        files = other if len(other) > 4 else files
    print(f"NOTE images: {rounds} deltas worked through")


def test_the_same_files_are_copied_wherever_they_are(small: Built) -> None:
    """What is the same and in the same order is one copy; a file that moves is another."""
    chance = random.Random(2)
    files = {name: chance.randbytes(9_000) for name in "abcdefgh"}
    old = image_of(files, small)
    moved = image_of({**{name: files[name] for name in "bcdefgh"}, "z": files["a"]}, small)
    steps = delta.counted(delta.make(old, moved))
    assert steps.copied >= 72_000 and steps.written < 900
    assert delta.counted(delta.make(old, old)).written == 0


def test_a_step_is_never_too_long(small: Built) -> None:
    chance = random.Random(3)
    one, two = chance.randbytes(200_000), chance.randbytes(150_000)
    old, new = image_of({"a": one}, small), image_of({"a": one, "b": two}, small)
    made = delta.make(old, new)
    steps = delta.counted(made)
    assert delta.apply(old, made) == new and steps.copies >= 4 and steps.literals >= 3
    assert not delta.pays(len(delta.make(image_of({"a": b""}, small), new)), len(new))
    assert delta.pays(len(made), len(new))


def test_a_changed_line_costs_little(small: Built) -> None:
    """One byte in the middle of one file of many."""
    chance = random.Random(4)
    files = {f"f{number}": chance.randbytes(4_000) for number in range(50)}
    edited = {**files, "f20": files["f20"][:2_000] + b"!" + files["f20"][2_001:]}
    made = delta.make(image_of(files, small), image_of(edited, small))
    assert len(made) < 700, "hashes, a new signature, a byte and two copies"


def test_a_wrong_delta_makes_nothing(small: Built) -> None:
    chance = random.Random(5)
    files = {"a": chance.randbytes(300), "b": chance.randbytes(200)}
    old, new = image_of(files, small), image_of({**files, "a": files["a"][:90] + b"new" + files["a"][90:]}, small)
    good = delta.make(old, new)
    refused = 0
    for place in range(len(good)):
        wrong = bytearray(good)
        wrong[place] ^= 1 << place % 8
        for data in (bytes(wrong), good[:place]):
            with pytest.raises(DeltaProblem):
                delta.apply(old, data)
            refused += 1
    for more in (b"\0", bytes(4), b"\x80\0\0\0", b"\x80\0\0\1x", b"\x80\1\0\1" + bytes(65_537)):
        with pytest.raises(DeltaProblem):
            delta.apply(old, good + more)
    with pytest.raises(DeltaProblem, match="from another image"):
        delta.apply(new, good)
    print(f"NOTE images: {refused + 6} wrong deltas refused")


def test_deltas_are_of_images(small: Built) -> None:
    for pair in ((b"", small.image), (small.image, b"TWI1")):
        with pytest.raises(ImageProblem):
            delta.make(*pair)
