"""Follow the money: an app is published, reviewed, bought with a whole watch, takes a payment, and is given back.

Bank, store, phone and watch speak over their real lines, and the books are added up with `sqlite3` alone.
"""

from __future__ import annotations

import asyncio
import csv
import datetime
import io
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tapwatch.bank.service import Bank
from tapwatch.errors import UserError
from tapwatch.store import statement_csv
from tapwatch.store.service import AppStore
from tests.host.store.questions import wrong
from tests.system.bazaar import LAMP, PRICE, write_bazaar
from tests.system.bazaar_desk import BazaarDesk

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

pytestmark = [
    pytest.mark.share("BLE"),
]
CNY = 156
LIMIT_S = 100
DAY_S = 86_400
SHARES = {"workshop": 426, "Tapwatch Store": 50, "Watch Manufacturer": 25}
"""Of 501: 85, 10 and 5 hundredths are 425.85, 50.10 and 25.05; the odd unit goes to the largest remainder."""


async def published(desk: BazaarDesk) -> None:
    """From source to the list."""
    project, listing = write_bazaar(desk.folder)
    assert "bazaar 1.0.0: waiting" in await desk.publish(project, listing)
    (review,) = await desk.ask("review")
    await desk.ask("review", str(review["review"]), "--accept")
    (app,) = await desk.ask("apps")
    assert (app["id"], app["paid"]) == ("bazaar", True)


async def bought_at_last(desk: BazaarDesk) -> None:
    """The watch is locked; the wearer says no; the bank cannot be reached; then all goes well, and is paid once."""
    await desk.wearer.lock()
    with pytest.raises(UserError) as refused:
        await desk.phone("buy", "bazaar")
    assert "passcode" in refused.value.hint
    await desk.wearer.unlock()
    with pytest.raises(UserError, match="not paid on the watch"):
        await desk.doing(desk.phone("buy", "bazaar"), partial(desk.refuse, "merchant-code"))
    bank, desk.over_the_air[3] = desk.over_the_air[3], "http://127.0.0.1:9"
    with pytest.raises(UserError, match="does not answer"):
        await desk.doing(desk.phone("buy", "bazaar"), desk.wearer.agree)
    desk.over_the_air[3] = bank
    assert [one["state"] for one in await desk.phone("orders")] == ["open"]
    await desk.wearer.home()
    with pytest.raises(UserError, match="said no"):
        await desk.doing(desk.phone("buy", "bazaar"), refuse_app(desk))
    assert [one["state"] for one in await desk.phone("orders")] == ["paid"], "without a finger on the watch"
    (done,) = await desk.doing(desk.phone("buy", "bazaar"), desk.install)
    assert done["installed"] is True
    (there,) = await desk.phone("licence")
    assert (there["app"], there["licence"]) == ("bazaar", "there")
    await desk.wearer.home()


def refuse_app(desk: BazaarDesk) -> Callable[[], Awaitable[None]]:
    """The bank's word comes first; then the wearer does not want the app after all."""

    async def hands() -> None:
        await desk.watch.wait_for("approved")
        await desk.watch.press()
        await desk.refuse("install")

    return hands


async def paid_in_the_app(desk: BazaarDesk) -> None:
    """The app asks, the wearer agrees on the watch's own sheet, the phone carries it, the app hears of it."""
    await desk.launch("bazaar")
    assert "nothing yet" in (await desk.watch.wait_for("app-bazaar"))["texts"]
    await desk.watch.tap_target("ask")
    sheet = await desk.watch.wait_for("merchant-code")
    assert {"Bazaar", "5.01"} <= set(" ".join(sheet["texts"]).split()), sheet["texts"]
    await desk.wearer.agree()
    await desk.watch.wait_for("sent")
    await desk.watch.press()
    await desk.watch.wait_for(lambda now: now["screen"] == "app-bazaar" and "sent" in now["texts"])
    await desk.phone("notices")
    await desk.watch.wait_for("approved")
    await desk.launch("bazaar")
    await desk.watch.wait_for(lambda now: now["screen"] == "app-bazaar" and "approved" in now["texts"])
    await desk.wearer.home()


async def given_back(desk: BazaarDesk) -> None:
    """Twice, for the money comes back once; the app does not open any more."""
    for _ in range(2):
        (facts,) = await desk.phone("give-back", "bazaar")
        assert (facts["state"], facts["back"], facts["watch"]) == ("refunded", "12.99 CNY", "told")
    assert [one["state"] for one in await desk.phone("orders")] == ["refunded"]
    (fact,) = await desk.phone("apps")
    assert fact["licensed"] is False
    await desk.launch("bazaar")
    state = await desk.watch.wait_for(lambda now: now["screen"] != "launcher")
    assert "This app is not paid for" in " ".join(state["texts"]), state["texts"]


async def story(folder: Path) -> None:
    """Everything that moves money."""
    async with BazaarDesk.opened(folder) as desk:
        customers = "SELECT SUM(balance) FROM accounts WHERE kind = 'customer'"
        ((before,),) = desk.query(customers)
        await published(desk)
        await bought_at_last(desk)
        assert desk.query(customers) == [(before - PRICE,)]
        await paid_in_the_app(desk)
        await given_back(desk)
        month = time.strftime("%Y-%m", time.gmtime())
        (one,) = await desk.ask("statement", "--party", "workshop", "--month", month)
        assert one["closing_minor"] == SHARES["workshop"]
        assert desk.query(customers) == [(before - LAMP,)], "the app came back, the payment in it stays"
        check(desk, month)


def check(desk: BazaarDesk, month: str) -> None:
    """The month ends; statements say what the ledger says, and nothing is lost."""
    assert wrong(desk.books) == []
    moved = """SELECT a.owner, SUM(CASE WHEN j.credit = a.id THEN j.amount ELSE -j.amount END) FROM accounts a
               JOIN journal j ON a.id IN (j.debit, j.credit) WHERE a.owner LIKE 'party/%' GROUP BY a.owner"""
    assert {owner.removeprefix("party/"): total for owner, total in desk.query(moved)} == SHARES
    merchants = "SELECT COALESCE(SUM(balance), 0) FROM accounts WHERE owner IN ('bank/Bazaar', 'bank/Tapwatch Store')"
    assert desk.query(merchants) == [(0,)], "what merchants got was shared out whole"
    year, number = map(int, month.split("-"))
    over = int(datetime.datetime(year + number // 12, number % 12 + 1, 1, tzinfo=datetime.UTC).timestamp()) + DAY_S
    bank = Bank(f"sqlite:///{desk.books}", desk.books.parent / "keys", lambda: over)
    store = AppStore(bank.books, desk.folder / "stage" / "store" / "keys")
    closed = {one.party: one for one in store.close_month(month)}
    assert {party: one.closing_minor for party, one in closed.items()} == SHARES
    for one in closed.values():
        rows = list(csv.DictReader(io.StringIO(statement_csv.write(one).decode(), newline="")))
        assert sum(int(row["share_minor"] or 0) for row in rows) == int(rows[-1]["balance_minor"]) == one.closing_minor
    assert wrong(desk.books) == []
    assert desk.query("SELECT SUM(balance) FROM accounts") == [(0,)]
    print(f"NOTE store: {PRICE} bought and given back, {LAMP} paid in an app: parties have {sum(SHARES.values())}")


def test_from_a_purchase_to_a_statement(tmp_path: Path) -> None:
    asyncio.run(asyncio.wait_for(story(tmp_path), LIMIT_S))
