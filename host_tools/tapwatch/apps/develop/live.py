"""`tapwatch app run`: a simulated watch that has the app of a folder, and has it anew whenever a file there changes."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.apps.develop.bundles import Made, packed
from tapwatch.apps.develop.key import own_name
from tapwatch.apps.develop.lines import LogReader
from tapwatch.apps.develop.watching import Watched
from tapwatch.errors import UserError
from tapwatch.simulator.options import WatchOptions
from tapwatch.stage.stage import PASSCODE, Stage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tapwatch.signing.keys import PrivateKey

    Say = Callable[[str], None]

PROGRAM = "board.simulator.developer_watch"
_READY_S = 30.0
_SHOWN_S = 5.0
"""Longest wait for the first picture of an app that was installed."""
_LOOK_S = 0.01
_HUNG = "a call did not come back within a second, and the watch was reset"


@dataclass(frozen=True)
class Round:
    """One way of an app from its files onto the screen."""

    made: Made
    pack_s: float
    whole_s: float
    """Until its first picture."""


class Live:
    """A stage with a developer's watch on it. Make one with `live`."""

    def __init__(self, stage: Stage, key: PrivateKey) -> None:
        self.stage, self._key = stage, key
        self.log = LogReader(stage.phone.apps)
        self._frames = 0
        stage.watch.panel.watch(self._drawn)

    async def show(self, project: Path) -> Round:
        """Pack, install and open what is in a folder now. Raises PackProblem, AppRefused, UserError."""
        started = time.monotonic()
        made = await asyncio.to_thread(packed, project, self._key)
        pack_s = time.monotonic() - started
        if made.map is not None:
            self.log.maps[made.app] = made.map
        apps = self.stage.phone.apps
        await apps.install(made.data, _unseen, _unheard)
        before = self._frames
        await apps.open(made.app)
        await self._shown(made, before)
        return Round(made, pack_s, time.monotonic() - started)

    def _drawn(self, _rectangle: object) -> None:
        self._frames += 1

    async def _shown(self, made: Made, before: int) -> None:
        """Wait for the first picture of the app, or of the card that says why there is none."""
        wanted = "face" if made.kind == "face" else f"app-{made.app}"
        until = time.monotonic() + _SHOWN_S
        while time.monotonic() < until:
            state = await self.stage.watch.state()
            if state["screen"] == wanted and self._frames != before:
                return
            await asyncio.sleep(_LOOK_S)


@contextlib.asynccontextmanager
async def live(folder: Path, key: PrivateKey, size: str, profile: str = "") -> AsyncIterator[Live]:
    """A watch that is set up, unlocked, and trusts this key. Raises UserError.

    Args:
        folder: where it is kept.
        key: of the developer.
        size: of the panel.
        profile: id of an app whose calls are counted, or nothing.
    """
    options = {"passcode": PASSCODE, "public": key.public.hex(), "developer": own_name(), "profile": profile}
    watch = WatchOptions(size=size, program=PROGRAM, program_options=options)
    async with Stage(folder, watch) as stage:
        await stage.provision()
        await stage.watch.wait_for(lambda now: now["unlocked"] and now.get("developers"), _READY_S)
        yield Live(stage, key)


async def follow(running: Live, project: Path, say: Say) -> None:
    """Show the app, and again after every change, until cancelled. What goes wrong is said, and waits for a change."""
    watched = Watched(project)
    forget = running.stage.watch.listen(lambda kind, data: say(f"{data}: {_HUNG}") if kind == "watchdog" else None)
    try:
        while True:
            try:
                done = await running.show(project)
                times = f"on the watch after {done.whole_s:.2f} s (packed in {done.pack_s:.2f} s)"
                say(f"{done.made.app}: {len(done.made.data)} bytes, {times}")
            except UserError as problem:
                say(problem.explain())
            await _until_changed(running, watched, say)
    finally:
        forget()


async def _until_changed(running: Live, watched: Watched, say: Say) -> None:
    """Print what the app prints, until a file changes."""
    while not watched.changed():
        await asyncio.sleep(watched.LOOK_S)
        with contextlib.suppress(UserError):  # the watchdog has reset the watch, and has said so: it starts again
            for line in await running.log.new():
                say(line)


def _unseen(_done: int, _total: int) -> None:
    """Progress that nobody looks at."""


def _unheard(_state: str) -> None:
    """A state that nobody is told of."""
