"""Which cards of a watch need keys now: the bank decides by what the watch reports, and no customer has to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from tapwatch.bank import device_states
from tapwatch.bank.schema import batches
from tapwatch.bank.wallet import expiry_end

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from tapwatch.bank.wallet import Wallet
    from tapwatch.phone.answers import CardStatus

RENEW_BEFORE_S = 2 * 86_400
"""Keys live 14 days. What is left of them is replaced so long before: a phone may be away over a weekend."""
_EMPTY = ("keys-low", "no-keys", "expired")


def due(
    connection: Connection, wallet: Wallet, device_id: bytes, reported: Sequence[CardStatus], at: int
) -> list[bytes]:
    """Return the tokens for which the watch is to send a token request.

    They are active here and not on the watch yet, or low, or their keys will soon be dead. A lost watch gets none.
    """
    if device_states.state_of(connection, device_id):
        return []
    there = {card.token_id: card for card in reported}
    active = [token for token in wallet.tokens(connection, device_id) if token.state == "active"]
    return [
        token.id
        for token in active
        if expiry_end(token.expiry) > at and _needs(connection, there.get(token.id), token.id, at)
    ]


def _needs(connection: Connection, card: CardStatus | None, token_id: bytes, at: int) -> bool:
    if card is None or card.wants_refill or card.state in _EMPTY:
        return True
    live = (batches.c.token_id == token_id, batches.c.state == "live")
    newest = connection.execute(select(func.max(batches.c.expires_at)).where(*live)).scalar()
    return newest is None or newest <= at + RENEW_BEFORE_S
