"""The decision about a card that shall come to a watch: green, yellow or red (docs/bank.md "Enrolment")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from tapwatch.bank import customers, device_states, idv
from tapwatch.bank.customer_schema import enrolments
from tapwatch.bank.problems import AccessProblem, StateProblem
from tapwatch.bank.schema import tokens
from tapwatch.bank.wallet import expiry_end

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from tapwatch.bank.devices import Devices

GREEN, YELLOW, RED = "green", "yellow", "red"
MOST_WATCHES = 5
"""Watches that one card may be on."""
MOST_CHALLENGED = 5
"""Requests for one card within a day for which codes were sent without an approval: at most 15 guesses in 10^6."""
_DAY_S = 86_400


def decide(connection: Connection, devices: Devices, device_id: bytes, card: Row, customer: int | None, at: int) -> str:
    """Return the decision. `customer` is who is logged in. Raises StateProblem if the card is on the watch already."""
    on_watches = _watches(connection, card.id)
    if device_id in on_watches:
        raise StateProblem("the card is on this watch already")
    if refused(connection, devices, device_id, card, at) or len(on_watches) >= MOST_WATCHES:
        return RED
    holder = customers.owner_of(connection, card.account_id)
    if holder is not None and holder.id == customer:
        return GREEN
    return YELLOW if idv.methods(holder) and not _guessed_at(connection, card.id, at) else RED


def refused(connection: Connection, devices: Devices, device_id: bytes, card: Row, at: int) -> bool:
    """True if watch or card can have no new token, whoever asks."""
    if device_states.state_of(connection, device_id) or expiry_end(card.expiry) <= at:
        return True
    try:
        devices.signer(connection, device_id, at)
    except AccessProblem:
        return True
    return False


def _watches(connection: Connection, card: int) -> set[bytes]:
    there = (tokens.c.card_id == card, tokens.c.state != "deleted")
    return set(connection.execute(select(tokens.c.device_id).where(*there)).scalars())


def _guessed_at(connection: Connection, card: int, at: int) -> bool:
    tried = (enrolments.c.card_id == card, enrolments.c.sent > 0, enrolments.c.state != "approved")
    count = select(func.count()).select_from(enrolments).where(*tried, enrolments.c.at > at - _DAY_S)
    return connection.execute(count).scalar_one() >= MOST_CHALLENGED
