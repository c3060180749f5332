"""What `tapwatch update` does, with what people read meanwhile."""

from __future__ import annotations

import asyncio
import io
import sys
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_OK
from tapwatch.phone.progress import Bar
from tapwatch.phone.update_desk import ASKED, CHECKING, PROVED, RESTARTING, WRITING
from tapwatch.signing.output import show
from tapwatch.update import links
from tapwatch.update.candidate import Candidate
from tapwatch.update.course import Course

if TYPE_CHECKING:
    from argparse import Namespace

    from tapwatch.phone.update_desk import UpdateDesk, WatchSystem
    from tapwatch.update.candidate import Parcel

_WORDS = {
    ASKED: "Answer on the watch.",
    CHECKING: "The watch looks at it.",
    WRITING: "The watch checks all of it and puts it in place.",
    RESTARTING: "The watch restarts.",
    "trial": "The new system checks the watch.",
}


def update(arguments: Namespace) -> int:
    """Bring it, or only look; the exit code. Raises UserError."""
    return asyncio.run(_update(arguments))


async def _update(arguments: Namespace) -> int:
    candidate = Candidate.load(arguments.image, arguments.base)
    async with links.opened(arguments, candidate.image.statement.board) as desk:
        system = await desk.system()
        facts = {"board": system.board, "from_version": system.version, "to_version": candidate.version}
        if system.runs(candidate.digest) and system.state == PROVED:
            show({**facts, "result": "it runs already"}, arguments.json)
            return EXIT_OK
        candidate.expect_fit(system)
        parcel = candidate.parcel(system)
        facts |= {"sent": parcel.kind, "bytes": len(parcel.data), "image_bytes": len(candidate.data)}
        if arguments.check:
            show({**facts, "result": "it fits this watch; nothing was sent"}, arguments.json)
            return EXIT_OK
        now = await _bring(arguments, desk, candidate, system, parcel)
        show(
            {**facts, "slot": now.slot, "floor": now.floor, "result": "it runs, and has proved itself"}, arguments.json
        )
    return EXIT_OK


async def _bring(
    arguments: Namespace, desk: UpdateDesk, candidate: Candidate, system: WatchSystem, parcel: Parcel
) -> WatchSystem:
    shown = io.StringIO() if arguments.json else sys.stderr
    bar = Bar(f"version {candidate.version}", shown)

    def told(state: str) -> None:
        if state in _WORDS:
            bar.end()
            print(_WORDS[state], file=shown, flush=True)

    try:
        return await Course(desk, candidate, told, bar).run(system, parcel)
    finally:
        bar.end()
