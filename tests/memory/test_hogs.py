"""Apps that sit at their limit of memory, or take all there is in one expression: the watch does what it must."""

from __future__ import annotations

from typing import Any

import pytest

from tapwatch.apps import pack
from tapwatch.signing.keys import PrivateKey
from tests.host.apps.projects import files
from tests.memory import watch

pytestmark = pytest.mark.share("mutants")
_HOG = '''"""Takes what it can get."""

from watch.apps.api import BLACK, App, Box


class Hog(App):
    """At one moment."""

    def open(self, watch):
        """Nothing is taken yet."""
        self.kept = []
        self.add(Seen(self, 0, 0, 240, 240))
        {open}

    def tick(self, now):
        """Once a second."""
        {tick}

    def tap(self, x, y):
        """A finger."""
        {tap}
        return True

    def seen(self):
        """It is drawn."""
        {draw}

    def take(self):
        """All there is, in pieces as large as they come."""
        size = 1 << 22
        while size > 32:
            try:
                self.kept.append({make})
            except Exception:
                size = size // 2

    def modest(self):
        """As much as the watch has told."""
        for _ in range(self.watch.settings.get("kb", 0)):
            self.kept.append(bytearray(1024))


class Seen(Box):
    """Tells when it is drawn."""

    def __init__(self, app, x, y, w, h):
        Box.__init__(self, x, y, w, h, 0, BLACK)
        self.app = app

    def draw(self, canvas):
        """By turns of the watch."""
        self.app.seen()
'''
_TAKE = "self.take()"
MOMENTS = {
    "open": {"open": _TAKE},
    "tick": {"tick": _TAKE},
    "tap": {"tap": _TAKE},
    "draw": {"draw": _TAKE},
    "raise": {"tick": "self.take()\n        raise ValueError(now)"},
    "loop": {"tick": "self.take()\n        while True:\n            pass"},
}
"""When, and what it does then."""
WAYS = {
    "list": "[0] * size",
    "text": '"x" * size',
    "join": '"x".join([" " * 64] * (size >> 6))',
    "number": "1 << (size << 3)",
    "replace": 'b"xx".replace(b"x", bytes(size >> 1))',
    "range": "list(range(size >> 4))",
}
"""Expressions of one piece of C that take memory; `bytearray(size)` is the one of all moments."""
NEVER = "pass"
WANTED = "tap,notification,call,sheet,update"
"""What the watch is wanted for (tests/firmware/support/hogs_run.py) beside two of them; beside others one thing is."""


def _project(name: str, make: str = "bytearray(size)", **does: str) -> dict[str, bytes]:
    parts = dict.fromkeys(("open", "tick", "tap", "draw"), NEVER) | does
    toml = files()["app.toml"].decode().replace('"tally"', f'"{name}"').replace("app.Tally", "app.Hog")
    toml = toml.replace('"Tally"', f'"Hog {name}"').replace("计数", f"多{name}")
    return files(app__toml=toml, app__py=_HOG.format(make=make, **parts))


def _projects() -> dict[str, dict[str, bytes]]:
    made = {name: _project(name, **does) for name, does in MOMENTS.items()}
    made |= {name: _project(name, make, tick=_TAKE) for name, make in WAYS.items()}
    return made | {"modest": _project("modest", open="self.modest()")}


@pytest.fixture(scope="module")
def told() -> list[dict[str, Any]]:
    """What became of each app, and that the watch did what was wanted meanwhile: the program fails if it did not."""
    folder, key, tries = watch.folder("hogs"), PrivateKey.generate(), []
    (folder / "public").write_bytes(key.public)
    for name, project in _projects().items():
        (folder / f"{name}.twb").write_bytes(pack.pack_files(project, key).bundle)
        tries.append(name + ":" + (WANTED if name in ("tick", "modest") else "tap" if name in MOMENTS else "call"))
    (folder / "water.twb").write_bytes(pack.pack(watch.ROOT / "examples/water", key).bundle)
    return watch.run("hogs_run.py", folder.relative_to(watch.ROOT), *tries)[0]


def test_who_takes_all_is_ended_before_the_watch_goes_on(told: list[dict[str, Any]]) -> None:
    """In whatever call and way: the card says so, and then taps, messages, calls and installations work."""
    hogs = [one for one in told if one["app"] != "modest"]
    assert len({one["app"] for one in hogs}) == len(MOMENTS) + len(WAYS)
    cards = {"raise": "ValueError", "loop": "too long"}
    wrong = [one for one in hogs if not one["ended"] or cards.get(one["app"], "memory") not in one["said"]]
    assert not wrong, wrong
    print(f"NOTE memory: {len(hogs)} times all memory was taken, at {len(MOMENTS)} moments in {len(WAYS) + 1} ways")


def test_who_stays_under_the_limit_goes_on(told: list[dict[str, Any]]) -> None:
    """With all but what an app must leave: the same works beside it, and nobody ends it."""
    modest = [one for one in told if one["app"] == "modest"]
    assert len(modest) == len(WANTED.split(",")) and not [one for one in modest if one["ended"]], modest
    least = min(one["least"] for one in modest)
    print(f"NOTE memory: beside an app that takes all it may {least:,} bytes were free before a collection")


def test_without_the_look_it_would_be_noticed(told: list[dict[str, Any]]) -> None:
    """The measure can fail: a watch that looks only every five seconds has no memory between two looks."""
    with pytest.raises(AssertionError, match=r"no room outside of a call|MemoryError"):
        watch.run("hogs_run.py", watch.place("hogs").relative_to(watch.ROOT), "blind", "tick:tap")
