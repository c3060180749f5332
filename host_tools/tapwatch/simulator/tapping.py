"""What the simulator's page needs to know of taps and other errands. The desk does them, in coroutines handed in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypedDict


class Field(TypedDict):
    """One data object of a command or an answer, decoded."""

    depth: int
    """How deep it is nested, 0 for the outermost."""
    tag: str
    """In hex, for example `9F26`."""
    name: str
    value: str
    """Hex or text, as a person would read it; empty for a template."""


class Exchange(TypedDict):
    """One command and its answer."""

    name: str
    """For example `GENERATE AC`."""
    command: str
    """Hex."""
    answer: str
    """Hex, with the status word; empty when the card was lost."""
    elapsed_ms: float
    fields: list[Field]


class Result(TypedDict):
    """How something went, ready for JSON."""

    approved: bool
    """True for a payment that is approved, and for whatever else was done as asked."""
    outcome: str
    """For example `approved`, `declined`, `see phone`."""
    reason: str
    """Why, in words for a person; may be empty."""
    amount: str
    """As the receipt shows it, for example `12.34 CNY`; empty if no money is in it."""
    receipt: dict[str, str]
    """Lines of the receipt: what, and its value; may be empty."""


class TapResult(Result):
    """How a tap went."""

    exchanges: list[Exchange]
    card_ms: float
    """From the first command to the end of the field."""


Tap = Callable[[str, str], Awaitable[TapResult]]
"""`await tap("12.34", "CNY")`. Raises UserError for an amount or a currency that cannot be paid."""

Errand = Callable[[str, str], Awaitable[Result]]
"""Anything else a person can have done: `await errand("12.34", "CNY")`. Raises UserError if it cannot be done now."""
