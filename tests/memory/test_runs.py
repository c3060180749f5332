"""Memory is what it was after the first run, however often an app has run: apps, faces and examples (R8, R12)."""

from __future__ import annotations

import pytest

from tests.memory import watch

pytestmark = pytest.mark.share("mutants")
RUNS = 1000 if watch.LONG else 6
MANY = 1000 if watch.LONG else 30
CHEAP = ("torch", "water")
"""One of ours and one of a third party, run more often."""
BUILT_IN = len(list((watch.ROOT / "firmware/apps").glob("*/app.toml")))


def test_nothing_is_left_of_a_run() -> None:
    """The heap, and every list, table and object that the watch leads to."""
    folder = watch.folder("memory")
    watch.packed(folder, watch.examples())
    said, _ = watch.run("memory_run.py", folder.relative_to(watch.ROOT), RUNS, MANY, *CHEAP)
    runs = sum(one["runs"] for one in said)
    print(f"NOTE memory: {len(said)} apps and faces, {runs} runs; grown {[one for one in said if one['grown'] > 0]}")
    assert len(said) == len(watch.examples()) + BUILT_IN
    assert not [one for one in said if one["grown"] > 0 or one["more"]], said


def test_what_is_left_is_noticed() -> None:
    """The measure can fail: a watch that keeps eight bytes, and a listener, each time."""
    folder = watch.folder("memory_leaks")
    watch.packed(folder, ())
    (said,), _ = watch.run("memory_run.py", folder.relative_to(watch.ROOT), "leaky")
    assert said["grown"] > 0 and said["more"]["places"] > 0, said
