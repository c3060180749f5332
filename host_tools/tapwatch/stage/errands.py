"""What the page of `tapwatch sim` offers beside a tap: a scanner, merchants' codes, and a watch that is lost."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

from tapwatch.simulator.messages import WatchRefused
from tapwatch.stage.stage import SHOP
from tapwatch.terminal import amount
from tapwatch.terminal.online import APPROVED, RESPONSE_CODES
from tapwatch.terminal.request import TapRequest
from tapwatch.terminal.scan import picture
from tapwatch.terminal.show.receipt import receipt_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tapwatch.simulator.tapping import Errand, Result
    from tapwatch.stage.stage import Stage

FINDER_TEXT = "Please call 555 0100."
"""What a lost watch of the stage shows. The number is one of those kept free for stories (NANP 555-01XX)."""
_ASK_S = 0.3
"""Pause before the phone asks again whether the wearer has decided."""
_DECLINED = "declined"


def errands_of(stage: Stage) -> Mapping[str, Errand]:
    """The errands of a stage by name."""
    desk = _Desk(stage)
    return {
        "scan": desk.scan,
        "merchant-code": desk.merchant_code,
        "merchant-sign": desk.merchant_sign,
        "lost": desk.lost,
        "found": desk.found,
    }


class _Desk:
    """Each method is an `Errand`; the last three need no amount."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def scan(self, price: str, currency: str) -> Result:
        """The merchant's scanner reads the code that the watch shows."""
        money = amount.parse(price, currency)
        screen = io.BytesIO(self._stage.watch.screen_png())
        text = await asyncio.to_thread(picture.read, screen)
        receipt = await self._stage.scan(text, TapRequest(money))
        return {
            "approved": receipt.approved,
            "outcome": receipt.outcome,
            "reason": receipt.reason,
            "amount": receipt.amount,
            "receipt": dict(receipt_rows(receipt)),
        }

    async def merchant_code(self, price: str, currency: str) -> Result:
        """The phone has read a merchant's code: the wearer decides, then the phone brings the payment to the bank."""
        money = amount.parse(price, currency)
        numeric = money.currency.numeric
        code = self._stage.bank.merchant_code(self._stage.shop(SHOP, numeric), money.minor, numeric)
        return await self._pay(code, str(money))

    async def merchant_sign(self, _price: str, currency: str) -> Result:
        """The same with the code on the counter, which names no amount: the wearer enters it on the watch."""
        numeric = amount.currency(currency).numeric
        code = self._stage.bank.merchant_code(self._stage.shop(SHOP, numeric), 0, numeric, once=False)
        return await self._pay(code)

    async def _pay(self, code: str, price: str = "") -> Result:
        """Show a code, wait, bring the payment to the bank. Without a price it is the one that the watch has kept."""
        await self._stage.phone.show_merchant_code(code)
        try:
            while (response := await self._stage.phone.pay_merchant_code(code)) is None:
                await asyncio.sleep(_ASK_S)
        except WatchRefused as refused:
            if refused.status != _DECLINED:
                raise
            return _result(False, "not paid", "The wearer refused, or did not decide in time.", price)
        if not price:
            paid = (await self._stage.watch.state())["payments"][-1]
            price = str(amount.Money(paid["amount_minor"], amount.currency_numbered(paid["currency"])))
        approved = response == APPROVED
        reason = "" if approved else RESPONSE_CODES.get(response, response)
        return _result(approved, "approved" if approved else "declined", reason, price)

    async def lost(self, _price: str, _currency: str) -> Result:
        """The wearer tells the bank that the watch is gone; the phone brings the news."""
        self._stage.bank.lost((await self._stage.phone.hello()).device_id, FINDER_TEXT)
        return _result(True, "lost", "No card of the watch pays and no passcode opens it until it is found.")

    async def found(self, _price: str, _currency: str) -> Result:
        """The watch is back."""
        self._stage.bank.found((await self._stage.phone.hello()).device_id)
        return _result(True, "found", "Enter the passcode to pay again.")


def _result(approved: bool, outcome: str, reason: str, price: str = "") -> Result:
    return {"approved": approved, "outcome": outcome, "reason": reason, "amount": price, "receipt": {}}
