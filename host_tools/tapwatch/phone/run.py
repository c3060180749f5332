"""Runs one action of `tapwatch phone` and prints what it found."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, EXIT_OK, UserError
from tapwatch.phone.actions import ACTIONS
from tapwatch.phone.desk import PhoneDesk
from tapwatch.phone.install import INSTALLED
from tapwatch.simulator.frames import LinkError

if TYPE_CHECKING:
    from argparse import Namespace


def run(arguments: Namespace) -> int:
    """Do it; returns the exit code. Raises UserError."""
    facts = asyncio.run(act(arguments))
    print(json.dumps(facts, ensure_ascii=False) if arguments.json else table(facts))
    return EXIT_FAILED if any(fact.get(INSTALLED) is False for fact in facts) else EXIT_OK


async def act(arguments: Namespace) -> list[dict[str, object]]:
    """Do it; returns the facts. Raises UserError."""
    folder = arguments.state or _default_folder()
    async with PhoneDesk(arguments.watch, arguments.bank, folder) as desk:
        try:
            return await ACTIONS[arguments.action](desk, arguments)
        except LinkError as error:
            raise UserError("The watch's answer makes no sense.", "Is it a watch of this version?") from error


def table(facts: list[dict[str, object]]) -> str:
    """Facts as a table: a column for each name of the first, as wide as it must be."""
    if not facts:
        return "nothing"
    rows = [list(facts[0]), *([_said(fact.get(name, "")) for name in facts[0]] for fact in facts)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _said(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _default_folder() -> Path:
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "tapwatch" / "phone"
