"""What `tapwatch phone` does with a store: buys apps, brings licences, gives apps back, lists orders.

Each may be cut off anywhere and run again: the store has one open order for an app, the watch keeps what it has signed,
the bank takes a bill once, and a licence can be fetched for as long as its order stands.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
import time
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.phone.bank_client import BankRefused
from tapwatch.phone.progress import Bar
from tapwatch.simulator.messages import WatchRefused
from tapwatch.store.client import Order, StoreClient
from tapwatch.terminal import amount
from tapwatch.terminal.online import APPROVED, RESPONSE_CODES

if TYPE_CHECKING:
    from argparse import Namespace

    from tapwatch.phone.bank_client import Registration
    from tapwatch.phone.desk import PhoneDesk

    Facts = list[dict[str, object]]

ANSWER = "Answer on the watch."
_PATIENCE_S = 150.0
"""A code stands on the watch for two minutes; some more for the passcode."""
_LOOK_S = 0.3
_KEY_BYTES = 16
_TAKEN_BEFORE = "replayed"
"""The watch's status for a licence or a list that it has: as good as brought."""
_NOT_PAID = "declined"
"""The watch's status for a code that its wearer refused, that is over, or that never came."""
_PAID = "paid"
_RETURNED = "returned"
"""States of an order: its app may be fetched; the money came back at once."""
_GIVEN_BACK = "refunded"


async def buy(desk: PhoneDesk, arguments: Namespace) -> Facts:
    """Order an app, let the watch pay the store's code, then bring licence and bundle."""
    device = await desk.registration()
    region, currency = arguments.region, amount.currency(arguments.currency).numeric
    async with StoreClient(arguments.store) as store:
        await _revocations(desk, store)
        listed = await store.app(arguments.app, region, currency)
        if listed.get("paid"):
            key = secrets.token_bytes(_KEY_BYTES)
            await _pay(desk, store, device, await store.order(device, arguments.app, region, currency, key))
            await desk.phone.deliver_notices()
            await _licence(desk, store, device, arguments.app)
        bundle = await store.bundle(bytes.fromhex(str(listed.get("digest", ""))))
    bar = Bar(arguments.app, sys.stderr)
    await desk.phone.apps.install(bundle, bar, _told)
    bar.end()
    return [{"app": arguments.app, "bytes": len(bundle), "installed": True}]


async def licence(desk: PhoneDesk, arguments: Namespace) -> Facts:
    """Bring the licences that count now: of one app, or of all that were ever ordered and paid."""
    device = await desk.registration()
    async with StoreClient(arguments.store) as store:
        await _revocations(desk, store)
        apps = [arguments.app] if arguments.app else await _licensed(store, device)
        return [await _licence(desk, store, device, app) for app in apps]


async def give_back(desk: PhoneDesk, arguments: Namespace) -> Facts:
    """Give an app back to the store: the money returns, its licence ends. A watch out of reach hears of it later."""
    device = desk.known()
    async with StoreClient(arguments.store) as store:
        order = await _bought(store, device, arguments.app)
        done = await store.refund(device, order.order)
        try:
            await _licence(desk, store, device, arguments.app)
            await desk.phone.deliver_notices()
            told = "told"
        except UserError as problem:
            told = f"not yet: {problem.message}"
    return [{"app": done.app, "order": done.order, "state": done.state, "back": _money(done), "watch": told}]


async def orders(desk: PhoneDesk, arguments: Namespace) -> Facts:
    """What was ordered for the watch, the newest first."""
    device = desk.known()
    async with StoreClient(arguments.store) as store:
        return [
            {
                "app": one.app,
                "order": one.order,
                "state": one.state,
                "price": _money(one),
                "back": _money(one, one.back_minor) if one.back_minor else "",
                "paid": _day(one.paid_at),
                "back until": _day(one.refund_until if one.state == _PAID else None),
            }
            for one in await store.orders(device)
        ]


async def _pay(desk: PhoneDesk, store: StoreClient, device: Registration, order: Order) -> None:
    """Have the store's code paid, and wait until the store has seen that. Raises UserError."""
    if order.state == _PAID:
        return
    response = await _signed_before(desk, order.code)
    if response != APPROVED:
        response = await _asked(desk, order)
    if response != APPROVED:
        word = RESPONSE_CODES.get(response, response)
        raise UserError(f"It was not paid: {word}.", "Nothing was bought. Choose another card.", EXIT_FAILED)
    state = (await store.order_state(device, order.order)).state  # the store looks into the books at every question
    if state == _RETURNED:
        raise UserError(f"The store no longer sells {order.app}.", "The money is back on the card.", EXIT_FAILED)
    if state != _PAID:
        raise UserError("The store has not seen the payment.", "Is it the store of this bank?", EXIT_FAILED)


async def _signed_before(desk: PhoneDesk, code: str) -> str:
    """The bank's word on what an earlier run was cut off with, empty if there is nothing."""
    try:
        return await desk.phone.pay_merchant_code(code) or ""
    except BankRefused:
        return ""  # too old by now, and never taken: the wearer is asked again
    except WatchRefused as refused:
        if refused.status != _NOT_PAID:
            raise
        return ""


async def _asked(desk: PhoneDesk, order: Order) -> str:
    """Show the code, wait for the wearer, take the payment to the bank; returns its response. Raises UserError."""
    await desk.phone.show_merchant_code(order.code)
    print(f"{ANSWER} It pays {_money(order)} for {order.app}.", file=sys.stderr, flush=True)
    until = time.monotonic() + _PATIENCE_S
    try:
        while time.monotonic() < until:
            response = await desk.phone.pay_merchant_code(order.code)
            if response is not None:
                return response
            await asyncio.sleep(_LOOK_S)
    except WatchRefused as refused:
        if refused.status != _NOT_PAID:
            raise
    raise UserError("It was not paid on the watch.", "Nothing was bought. Try again to be asked again.", EXIT_FAILED)


async def _licence(desk: PhoneDesk, store: StoreClient, device: Registration, app: str) -> dict[str, object]:
    found = await store.licence(device, app)
    try:
        await desk.phone.apps.licence(found.licence, found.certificate)
    except WatchRefused as refused:
        if refused.status != _TAKEN_BEFORE:
            raise
    ended = found.not_after is not None and found.not_after <= time.time()
    until = "without end" if found.not_after is None else _day(found.not_after)
    return {"app": app, "licence": "ended" if ended else "there", "until": until}


async def _licensed(store: StoreClient, device: Registration) -> list[str]:
    """Apps with a licence, also with one that has ended: the watch has to hear of that."""
    known = [one.app for one in await store.orders(device) if one.state in (_PAID, _GIVEN_BACK)]
    return list(dict.fromkeys(known))


async def _bought(store: StoreClient, device: Registration, app: str) -> Order:
    """The order to give back: the paid one, else the last that was given back. Raises UserError."""
    own = [one for one in await store.orders(device) if one.app == app]
    for state in (_PAID, _GIVEN_BACK):
        for order in own:
            if order.state == state:
                return order
    raise UserError(f"{app} was not bought for this watch.", "`tapwatch phone orders` lists what was.", EXIT_FAILED)


async def _revocations(desk: PhoneDesk, store: StoreClient) -> None:
    """Bring the store's list, if the watch has not got it: before anything else, for it says what not to trust."""
    found = await store.revocations()
    if found is None:
        return
    try:
        await desk.phone.apps.revoke(found)
    except WatchRefused as refused:
        if refused.status != _TAKEN_BEFORE:
            raise


def _money(order: Order, minor: int | None = None) -> str:
    """The price of an order, or another amount in its currency."""
    return str(amount.Money(order.amount_minor if minor is None else minor, amount.currency_numbered(order.currency)))


def _day(seconds: int | None) -> str:
    return "" if seconds is None else time.strftime("%Y-%m-%d", time.localtime(seconds))


def _told(state: str) -> None:
    if state == "asked":
        print(ANSWER, file=sys.stderr, flush=True)
