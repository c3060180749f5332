"""What `tapwatch phone` asks a person, and what it says where there is none."""

from __future__ import annotations

import argparse
import asyncio
import io
from typing import TYPE_CHECKING

import pytest

from tapwatch.errors import EXIT_USAGE, UserError
from tapwatch.phone import actions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


class ComparesOnly:
    """A desk whose watch pairs as soon as somebody confirms the digits, and says so in its own way if nobody does."""

    async def pair(self, compare: Callable[[str], Awaitable[bool]]) -> None:
        if not await compare("012345"):
            raise UserError("Not paired: the digits were not confirmed here.")
        raise KeyError("paired")  # what comes behind it needs a watch


def pair(monkeypatch: pytest.MonkeyPatch, typed: str, yes: bool = False) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    asyncio.run(actions.ACTIONS["pair"](ComparesOnly(), argparse.Namespace(yes=yes)))


def test_nobody_is_there_to_compare(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UserError, match="nobody to answer") as told:
        pair(monkeypatch, "")
    assert "--yes" in told.value.hint and told.value.exit_code == EXIT_USAGE
    assert "012 345" in capsys.readouterr().out


@pytest.mark.parametrize("typed", ["n\n", "\n", "what?\n"])
def test_digits_that_are_not_confirmed(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    with pytest.raises(UserError, match="not confirmed"):
        pair(monkeypatch, typed)


@pytest.mark.parametrize(("typed", "yes"), [("y\n", False), (" YES \n", False), ("", True)])
def test_digits_that_are_confirmed(monkeypatch: pytest.MonkeyPatch, typed: str, yes: bool) -> None:
    with pytest.raises(KeyError):
        pair(monkeypatch, typed, yes)
