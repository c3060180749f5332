"""What is built and signed here, the watch's own code takes; what the independent check refuses, it refuses as well."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tapwatch.compiled import search_path
from tapwatch.images import container, delta
from tapwatch.images.build import Built, build
from tapwatch.images.check import check
from tests.host.images import trees
from tests.host.images.test_check import KEYS, ROOT, entry, signed
from tests.host.images.trees import BUILT_S, plan_of

MICROPYTHON = Path(sys.executable).with_name("micropython")
PROGRAM = trees.ROOT / "tests/host/images/programs/take_update.py"


def watch_says(*what: str) -> list[dict[str, object]]:
    """What the watch says of images, and of running image, delta and file to make, joined by commas."""
    command = [str(MICROPYTHON), str(PROGRAM), ROOT.public.hex(), str(BUILT_S), *what]
    environment = {**os.environ, "MICROPYPATH": search_path()}
    done = subprocess.run(
        command, cwd=trees.ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_watch_and_the_check_agree(small: Built, tmp_path: Path) -> None:
    good = signed(small, *KEYS[:2], posture="release")
    body = container.read(small.image).body
    payload = small.statement.encoded()
    cases = {
        "development": (signed(small, KEYS[0]), True),
        "release": (good, True),
        "three": (signed(small, *KEYS, posture="release"), True),
        "one of two": (signed(small, KEYS[0], posture="release"), False),
        "other root": (small.image, False),
        "ended": (container.write([entry(KEYS[0], payload, not_before=0, not_after=BUILT_S - 1)], body), False),
        "role": (container.write([entry(KEYS[0], payload, role="store")], body), False),
        "twice": (container.write([entry(KEYS[0], payload), entry(KEYS[0], payload, serial=8)], body), False),
        "floor": (signed(small, KEYS[0], floor=(9, 0, 0)), False),
        "board": (signed(small, KEYS[0], board="other"), False),
        "longer": (good + b"\0", False),
        "shorter": (good[:-1], False),
        "changed": (good[:-1] + bytes([good[-1] ^ 1]), False),
    }
    for name, (image, wanted) in cases.items():
        assert check(image, ROOT.public, BUILT_S).good is wanted, name
        (tmp_path / name.replace(" ", "-")).write_bytes(image)
    said = watch_says(*(str(tmp_path / name.replace(" ", "-")) for name in cases))
    for (name, (_, wanted)), one in zip(cases.items(), said, strict=True):
        assert one["good"] is wanted, (name, one)
    print(f"NOTE images: {len(cases)} images judged alike by the watch and by the check")


def test_the_watch_works_through_a_delta(small: Built, tmp_path: Path) -> None:
    """Also one with files moved, edited and new; and refuses it on another image."""
    tree = trees.small(tmp_path / "tree", firmware__watch__ui__new="")
    (tree / "firmware/drivers/lamp.py").write_text(
        "from drivers.bus import Bus\nLEVEL = 4\n\ndef on():\n    return Bus()\n"
    )
    (tree / "firmware/watch/kernel/errors.py").rename(tree / "firmware/watch/ui/errors.py")
    later = build(plan_of(tree), lambda payload: [entry(KEYS[1], payload)]).image
    before = signed(small, KEYS[0])
    (tmp_path / "old.twi").write_bytes(before)
    (tmp_path / "d.twd").write_bytes(delta.make(before, later))
    (tmp_path / "other.twi").write_bytes(signed(small, KEYS[2]))
    tries = [f"{tmp_path}/{base}.twi,{tmp_path}/d.twd,{tmp_path}/made-{base}.twi" for base in ("old", "other")]
    assert [one["good"] for one in watch_says(*tries)] == [True, False]
    assert (tmp_path / "made-old.twi").read_bytes() == later
