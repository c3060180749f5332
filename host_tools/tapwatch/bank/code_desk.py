"""Redeems what wearers show to a merchant's scanner: 18 digits, or an EMV QR code.

Whoever presents wrong codes is stopped twice: the handle dies after a few wrong checks, and the merchant's codes are
refused after a few wrong codes of any kind. A wrong code, one nobody has and a dead one are answered alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.bank import code_rules, declined, guesses
from tapwatch.bank.authoriser import Decision
from tapwatch.bank.code_rules import CodeAttempt
from tapwatch.bank.codes import Codes, well_formed
from tapwatch.bank.declined import Declined
from tapwatch.bank.requests import CodeRequest

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from tapwatch.bank.authoriser import Authoriser
    from tapwatch.bank.closing import Closing
    from tapwatch.bank.requests import PaymentRequest
    from tapwatch.bank.wallet import Wallet

_WRONG = (declined.UNKNOWN_CARD, declined.BAD_CRYPTOGRAM)


class CodeDesk:
    """Every method works inside the caller's transaction."""

    def __init__(self, codes: Codes, wallet: Wallet, authoriser: Authoriser, closing: Closing) -> None:
        self._codes = codes
        self._wallet = wallet
        self._authoriser = authoriser
        self._closing = closing

    def decide(
        self, connection: Connection, request: CodeRequest | PaymentRequest, reversed_before: bool, at: int
    ) -> Decision:
        """Approve or decline, and do everything that follows from it."""
        if guesses.blocked(connection, guesses.merchant(request), at):
            return Decision(declined.WRONG_CHANNEL, None, "too many wrong codes from that merchant")
        if isinstance(request, CodeRequest):
            decision = self._digits(connection, request, reversed_before, at)
        else:
            decision = self._authoriser.decide(connection, request, reversed_before, at)
        if decision.payment_id is None and decision.code in _WRONG:
            guesses.count(connection, guesses.merchant(request), at)
        return decision

    def _digits(self, connection: Connection, request: CodeRequest, reversed_before: bool, at: int) -> Decision:
        try:
            handle = self._genuine_handle(connection, request, at)
        except Declined as refusal:
            return Decision(refusal.code, None, str(refusal))
        self._codes.use(connection, handle)
        token = self._wallet.token(connection, handle.token_id)
        code, reason = declined.APPROVED, ""
        try:
            code_rules.check(connection, CodeAttempt(request, token, reversed_before, at, handle))
        except Declined as refusal:
            code, reason = refusal.code, str(refusal)
        return Decision(code, self._closing.by_handle(connection, request, token, handle.id, code, at), reason)

    def _genuine_handle(self, connection: Connection, request: CodeRequest, at: int) -> Row:
        """Return the handle of a code that is right now and was never used."""
        if not well_formed(request.pan):
            raise Declined(declined.UNKNOWN_CARD, "that is no code of this bank")
        presented = self._codes.look_up(connection, request.pan, at)
        handle = presented.handle
        if handle is None:
            raise Declined(declined.UNKNOWN_CARD, "no such code")
        if not presented.genuine:
            self._codes.count_wrong(connection, handle)
            raise Declined(declined.UNKNOWN_CARD, "the check of the code is wrong, or too old")
        if handle.state == "used":
            raise Declined(declined.DUPLICATE, "that code was used before")
        if handle.state != "live":
            raise Declined(declined.UNKNOWN_CARD, "that code was guessed at too often")
        return handle
