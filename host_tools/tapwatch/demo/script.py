"""What happens in the demo, in order."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tapwatch.folders import make_folder
from tapwatch.stage.stage import CARDS, SHOP, TRANSIT, Stage
from tapwatch.terminal import amount
from tapwatch.terminal.online import APPROVED
from tapwatch.terminal.request import TapRequest
from tapwatch.terminal.scan import picture
from tapwatch.terminal.show.trace import trace_text

if TYPE_CHECKING:
    from pathlib import Path

    from tapwatch.simulator.options import WatchOptions
    from tapwatch.terminal.receipt import Receipt
    from tapwatch.terminal.session import TapResult

CURRENCY = "CNY"
_FARE = "3.00"
_APP = "water"
"""Of the examples."""
_READING_S = 1.2
"""The watch takes no agreement to a question that was shown for less than a second."""
_GLASSES = 3


@dataclass(frozen=True)
class Step:
    """One thing that was done, and how long it took."""

    what: str
    seconds: float


@dataclass
class Story:
    """What the demo did and where it left its files."""

    out: Path
    steps: list[Step] = field(default_factory=list)
    results: list[TapResult] = field(default_factory=list)
    codes: list[Receipt] = field(default_factory=list)
    """Payments by scanned codes."""
    bill: str = ""
    """The bank's ISO 8583 response code to the merchant's code."""
    screens: list[tuple[str, list[str]]] = field(default_factory=list)
    """Name of each picture, and the texts the watch showed on it."""
    keys_left: dict[str, int] = field(default_factory=dict)
    """By card label."""
    air: str = ""
    """What went over Bluetooth."""
    balanced: bool = False
    """True if the bank's ledger sums to zero."""

    @property
    def good(self) -> bool:
        """True if everything was paid and the books are right."""
        receipts = [*[result.receipt for result in self.results], *self.codes]
        return all(receipt.approved for receipt in receipts) and self.bill == APPROVED and self.balanced


async def run_demo(state: Path, out: Path, options: WatchOptions, price: str) -> Story:
    """Run it all. `state` is kept for the next run, `out` gets receipts, trace, keys and pictures. Raises UserError."""
    money = amount.parse(price, CURRENCY)
    make_folder(out)
    make_folder(state)
    story = Story(out)
    timer = _Timer(story)
    async with Stage(state, options) as stage:
        timer.done("bank and watch started")
        shelf = asyncio.create_task(asyncio.to_thread(_bundle, stage))  # a store has its apps before a wearer comes
        stage.wearer.look = lambda moment: _picture(stage, story, moment)
        await stage.provision()
        await stage.wearer.unlock()
        timer.done("watch certified by USB, passcode typed")
        await stage.take_to_the_air()
        timer.done("phone paired by Bluetooth" if stage.traffic.paired else "phone known, connected by Bluetooth")
        await stage.provide()
        timer.done("cards filled by Bluetooth")
        await _photograph(stage, story, "face")
        for profile in CARDS:
            await _pay(stage, story, profile, TapRequest(money))
            timer.done(f"paid with the {profile} card")
        await _show_code(stage, story, TapRequest(money))
        timer.done("paid by a code that the merchant scanned")
        await _pay_bill(stage, story, money)
        timer.done("paid a merchant's code from the phone")
        await _use_app(stage, story, await shelf)
        timer.done("installed an app of the store, and opened it")
        await _pass_gate(stage, story, TapRequest(amount.parse(_FARE, CURRENCY)))
        timer.done("passed a gate with the watch locked")
        watch = await stage.watch.state()
        story.keys_left = {card["label"]: card["keys_left"] for card in watch["cards"]}
        story.balanced = stage.bank.trial_balance().balanced
        story.air = stage.traffic.said
        keys = stage.bank.test_keys()
    _write(story, keys)
    return story


async def _pay(stage: Stage, story: Story, profile: str, request: TapRequest) -> None:
    """Arm, tap, and bring the bank's word to the watch."""
    suffix = "" if profile == next(iter(CARDS)) else f"-{profile}"
    await stage.wearer.arm(profile)
    await _photograph(stage, story, "armed" + suffix)
    result = await stage.tap(request)
    story.results.append(result)
    await _photograph(stage, story, "sent" + suffix)
    await stage.phone.deliver_notices()
    await _photograph(stage, story, ("approved" if result.receipt.approved else "declined") + suffix)


async def _show_code(stage: Stage, story: Story, request: TapRequest) -> None:
    """The watch shows 18 digits; the merchant's scanner reads the picture of the screen."""
    await stage.wearer.open_card(next(iter(CARDS)))
    await _photograph(stage, story, "card-menu")
    await stage.wearer.choose("code")
    await _photograph(stage, story, "payment-code")
    receipt = await stage.scan(picture.read(story.out / "payment-code.png"), request)
    story.codes.append(receipt)
    await stage.phone.deliver_notices()
    await _photograph(stage, story, "approved-code")


async def _pay_bill(stage: Stage, story: Story, money: amount.Money) -> None:
    """The phone has read a merchant's QR code; the wearer sees who wants how much, and presses twice."""
    code = stage.bank.merchant_code(stage.shop(SHOP), money.minor, money.currency.numeric)
    await stage.wearer.home()
    await stage.phone.show_merchant_code(code)
    await _photograph(stage, story, "merchant-code")
    await stage.wearer.agree()
    await stage.watch.wait_for("sent")
    story.bill = await stage.phone.pay_merchant_code(code) or ""
    await stage.phone.deliver_notices()
    await _photograph(stage, story, "approved-bill")


def _bundle(stage: Stage) -> bytes:
    """The app as the store of the stage countersigned it."""
    from tapwatch.stage import shelf  # here: the packer behind it takes a while to import

    store = stage.app_store()
    shelf.fill(store, stage.manufacturer.developer)
    return store.bundle(bytes.fromhex(store.app(_APP)["digest"]))


async def _use_app(stage: Stage, story: Story, bundle: bytes) -> None:
    """The phone brings the bundle, the watch checks it, the wearer reads what it may use, agrees, and opens it."""
    watch = stage.watch
    await stage.wearer.home()
    coming = asyncio.create_task(stage.phone.apps.install(bundle, lambda _done, _all: None, lambda _state: None))
    await _photograph(stage, story, "install")
    await _read_to_the_end(stage)
    await watch.tap_target("yes")
    await coming
    await stage.wearer.home()
    await watch.swipe("up")
    await watch.wait_for("launcher")
    await stage.wearer.choose(_APP)
    await watch.wait_for(f"app-{_APP}")
    for _ in range(_GLASSES):
        await watch.tap_target("more")
    await _photograph(stage, story, f"app-{_APP}")


async def _read_to_the_end(stage: Stage) -> None:
    """Nobody can agree before the last page of what an app may use."""
    targets = {"more"}
    while "more" in targets:
        await stage.watch.advance(_READING_S)
        targets = {name for name, *_ in (await stage.watch.state())["targets"]}
        if "more" in targets:
            await stage.watch.tap_target("more")


async def _pass_gate(stage: Stage, story: Story, request: TapRequest) -> None:
    """Express mode: the wearer turns it on once, then the watch pays small fares while it is locked."""
    await stage.wearer.express(next(iter(TRANSIT)))
    await _photograph(stage, story, "cards-express")
    await stage.wearer.lock()
    await stage.watch.wait_for(lambda now: now["access"] == "express")
    result = await stage.tap(request)
    story.results.append(result)
    await _photograph(stage, story, "sent-express")
    await stage.phone.deliver_notices()
    await _photograph(stage, story, "approved-express")


async def _photograph(stage: Stage, story: Story, name: str) -> None:
    """Wait until the watch shows the screen, then take a picture of it."""
    screens = (name, name.split("-", maxsplit=1)[0])
    state = await stage.watch.wait_for(lambda now: now["screen"] in screens)
    story.screens.append((name, state["texts"]))
    _picture(stage, story, name)


def _picture(stage: Stage, story: Story, name: str) -> None:
    (story.out / f"{name}.png").write_bytes(stage.watch.screen_png(glass=True))


def _write(story: Story, keys: dict[str, dict[str, str]]) -> None:
    _write_json(story.out / "receipt.json", [result.receipt.to_json() for result in story.results])
    _write_json(story.out / "code-receipt.json", [receipt.to_json() for receipt in story.codes])
    _write_json(story.out / "test-keys.json", keys)
    (story.out / "apdu.txt").write_text("\n".join(trace_text(result.trace) for result in story.results))


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n")


class _Timer:
    """Notes the time between steps."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._last = time.perf_counter()

    def done(self, what: str) -> None:
        now = time.perf_counter()
        self._story.steps.append(Step(what, now - self._last))
        self._last = now
