"""What the actions of `tapwatch phone` about apps do: list, remove, buy, and bring licences and revocations."""

from __future__ import annotations

import asyncio
import secrets
import sys
import time
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.phone.progress import Bar
from tapwatch.simulator.messages import WatchRefused
from tapwatch.store.client import Order, StoreClient, StoreRefused

if TYPE_CHECKING:
    from argparse import Namespace

    from tapwatch.phone.bank_client import Registration
    from tapwatch.phone.desk import PhoneDesk

    Facts = list[dict[str, object]]

_ANSWER = "Answer on the watch."
_PATIENCE_S = 150.0
_LOOK_S = 0.3
_TAKEN_BEFORE = "replayed"
"""The watch's status for a licence or a list that it has: as good as brought."""
_APPROVED = "00"
_NOT_FOUND = 404
_PAID = "paid"
"""State of an order whose app may be fetched."""
_KEY_BYTES = 16


async def apps(desk: PhoneDesk, arguments: Namespace) -> Facts:
    """What is installed."""
    return [
        {
            "app": one.id,
            "name": one.name,
            "version": one.version,
            "kind": one.kind,
            "level": one.level,
            "maker": one.maker,
            "bytes": one.bytes,
            "failures": one.failures,
            "off": one.off,
            "licensed": one.licensed,
        }
        for one in await desk.phone.apps.apps()
    ]


async def remove(desk: PhoneDesk, arguments: Namespace) -> Facts:
    """Ask the wearer, and look until the app has gone or the question is over."""
    watch = desk.phone.apps
    await watch.remove(arguments.app)
    print(_ANSWER, file=sys.stderr, flush=True)
    until = time.monotonic() + arguments.wait
    while time.monotonic() < until:
        if all(one.id != arguments.app for one in await watch.apps()):
            return [{"app": arguments.app, "removed": True}]
        await asyncio.sleep(_LOOK_S)
    return [{"app": arguments.app, "removed": False}]


async def licence(desk: PhoneDesk, arguments: Namespace) -> Facts:
    """Bring the licence that counts now for an app that was bought before."""
    device = await desk.registration()
    async with StoreClient(arguments.store) as store:
        await _revocations(desk, store)
        return [await _licence(desk, store, device, arguments.app)]


async def buy(desk: PhoneDesk, arguments: Namespace) -> Facts:
    """Order an app, let the watch pay the store's code, then bring licence and bundle."""
    device = await desk.registration()
    async with StoreClient(arguments.store) as store:
        await _revocations(desk, store)
        listed = await store.app(arguments.app, arguments.region, arguments.currency)
        if listed.get("price") is not None:
            order = await store.order(
                device, arguments.app, arguments.region, arguments.currency, secrets.token_bytes(_KEY_BYTES)
            )
            await _pay(desk, store, device, order)
            await _licence(desk, store, device, arguments.app)
        bundle = await store.bundle(bytes.fromhex(str(listed.get("digest", ""))))
    bar = Bar(arguments.app, sys.stderr)
    await desk.phone.apps.install(bundle, bar, _told)
    bar.end()
    return [{"app": arguments.app, "bytes": len(bundle), "installed": True}]


async def _pay(desk: PhoneDesk, store: StoreClient, device: Registration, order: Order) -> None:
    """Have the store's code paid, and wait until the store has seen that. Raises UserError."""
    if order.state == _PAID:
        return
    await desk.phone.show_merchant_code(order.code)
    print(f"{_ANSWER} It pays for {order.app}.", file=sys.stderr, flush=True)
    until, response = time.monotonic() + _PATIENCE_S, None
    while response is None and time.monotonic() < until:
        await asyncio.sleep(_LOOK_S)
        response = await desk.phone.pay_merchant_code(order.code)
    if response != _APPROVED:
        raise UserError(f"It was not paid: {response or 'nobody answered'}.", "Nothing was bought.", EXIT_FAILED)
    while (await store.order_state(device, order.order)).state != _PAID:
        if time.monotonic() > until:
            raise UserError("The store has not seen the payment yet.", "Try `tapwatch phone licence` later.")
        await asyncio.sleep(_LOOK_S)


async def _licence(desk: PhoneDesk, store: StoreClient, device: Registration, app: str) -> dict[str, object]:
    found = await store.licence(device, app)
    try:
        await desk.phone.apps.licence(found.licence, found.certificate)
    except WatchRefused as refused:
        if refused.status != _TAKEN_BEFORE:
            raise
    return {"app": app, "licence": "there", "until": found.not_after or "without end"}


async def _revocations(desk: PhoneDesk, store: StoreClient) -> None:
    """Bring the store's list, if the watch has not got it: before anything else, for it says what not to trust."""
    try:
        found = await store.revocations()
    except StoreRefused as refused:
        if refused.status != _NOT_FOUND:
            raise
        return
    if found is None:
        return
    try:
        await desk.phone.apps.revoke(found)
    except WatchRefused as refused:
        if refused.status != _TAKEN_BEFORE:
            raise


def _told(state: str) -> None:
    if state == "asked":
        print(_ANSWER, file=sys.stderr, flush=True)
