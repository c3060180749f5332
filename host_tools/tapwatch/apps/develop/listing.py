"""What a developer says of an app to a store, as TOML has it."""

from __future__ import annotations

from typing import Any


def complete(said: dict[str, Any]) -> dict[str, Any]:
    """A listing with all the fields of docs/store.md: no prices, no payee and no notes unless it says so.

    TOML has no null, so who names no payee leaves it out. The description is the summary, unless there is one.
    """
    return {"description": said.get("summary"), "prices": [], "payee": None, "notes": "", **said}
