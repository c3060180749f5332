"""The end of every payment, however it was made: its row, its money, its notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert

from tapwatch.bank import declined
from tapwatch.bank.schema import payments

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tapwatch.bank.outbox import Outbox
    from tapwatch.bank.requests import CodeRequest, PaymentRequest
    from tapwatch.bank.settlement import Settlement
    from tapwatch.bank.wallet import Token


class Closing:
    """Every method works inside the caller's transaction."""

    def __init__(self, settlement: Settlement, outbox: Outbox) -> None:
        self._settlement = settlement
        self._outbox = outbox

    def by_atc(
        self, connection: Connection, request: PaymentRequest, token: Token, cdcvm: bool, code: str, at: int
    ) -> int:
        """Close a payment made with a single-use key and return its number. `code` is the response code."""
        chip = request.chip
        made_with = {"atc": chip.atc, "cryptogram": chip.tags["9F26"], "cdcvm": cdcvm, "channel": request.channel}
        return self._close(connection, request, token, made_with, code, at)

    def by_handle(
        self, connection: Connection, request: CodeRequest, token: Token, code_id: int, code: str, at: int
    ) -> int:
        """Close a payment made with an 18-digit code, whose handle is row `code_id`; return its number."""
        made_with = {"code_id": code_id, "cdcvm": False, "channel": "digits"}
        return self._close(connection, request, token, made_with, code, at)

    def _close(
        self,
        connection: Connection,
        request: PaymentRequest | CodeRequest,
        token: Token,
        made_with: dict[str, object],
        code: str,
        at: int,
    ) -> int:
        approved = code == declined.APPROVED
        merchant = self._settlement.merchant(connection, request.identity.acquirer, request.merchant_id, token.currency)
        values = {
            **made_with,
            "token_id": token.id,
            "amount": request.amount,
            "currency": request.currency,
            "customer_account": token.account,
            "merchant_account": merchant,
            "merchant_name": request.merchant_name,
            "state": ("held" if request.hold_only else "paid") if approved else "declined",
            "response": code,
            "at": at,
        }
        payment_id = connection.execute(insert(payments).values(**values).returning(payments.c.id)).scalar_one()
        if approved:
            self._settlement.take(connection, payment_id, request.hold_only, at)
        self._outbox.payment(connection, payment_id, code, at)
        return payment_id
