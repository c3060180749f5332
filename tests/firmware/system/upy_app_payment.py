"""What an app asks for: the trusted sheet shows it, only that is signed, the app starts again and reads the outcome.

R10 of the targets, for requests of apps.
"""

import asyncio
import os

from support.world import World

from tests.firmware.system.flip_kit import changed_drawing, changed_field
from watch.access import guard as guard_room
from watch.access import states
from watch.exchange import messages
from watch.kernel.errors import InputError, WatchError
from watch.payment import issuance as issuance_room
from watch.payment import wallet as wallet_room
from watch.payment.merchant_code import MerchantCode
from watch.payment.merchant_text import compose
from watch.screens.amount import approved
from watch.system.apps.payments import AppPayment
from watch.system.main import build
from watch.ui.canvas import Canvas

SHARE = "apps"
LONG = bool(os.getenv("TAPWATCH_LONG"))
TIMEOUT_S = 200
guard_room.scrub = issuance_room.scrub = wallet_room.scrub = lambda: None  # most of the time, and nothing seen here
PASSCODE = b"246810"
PAYEE = {1: "4711", 2: "Tea House Games", 3: "CN", 4: 156}
APP, NAME = "calculator", "Calculator"
AMOUNT, PURPOSE = 1234, "10 golden coins"
MOST_PAYMENTS = 4
"""A fresh watch after so many: its keys, and the limit of a day."""


class _Dark:
    """A panel on which nothing is drawn."""

    urgent = None

    def __init__(self):
        self.canvas = Canvas()

    def render(self, screen, can_wait=False):
        """Nothing was left to draw."""
        return True


class Shop:
    """A worn watch with a card and an app in front that may be paid."""

    def __init__(self, world, dark=True):
        self.board = world.board
        self.watch = build(self.board)
        if dark:
            self.watch.stack._renderer = _Dark()
        self.services = self.watch.services
        self.payment = AppPayment(self.services.app_payments, APP, NAME, PAYEE)

    def ready(self):
        """Worn, with the app in front; nothing is asked and nothing waits."""
        self.services.wallet.disarm()
        asyncio.run(self.services.guard.unlock(bytearray(PASSCODE)))
        self.services.merchants.refuse()
        self.services.merchants._envelope = b""
        self.services.app_payments.clear()
        self.watch.navigator._app_payment_flow._asked = False
        self.watch.navigator._app_payment_flow._return_to = ""
        self.watch.navigator._presenting._asked = None
        self.watch.navigator._view.home()
        self.services.app_budgets["payment"]._spent.clear()
        self.watch.navigator.apps.open(APP)
        assert self.screen.name == "app-" + APP, self.screen.name
        return self

    @property
    def screen(self):
        return self.watch.stack.top

    def press(self, kind="double"):
        self.watch.navigator.button(kind)

    def wait(self, seconds=1):
        for _ in range(seconds):
            self.board.clock.now_us += 1_000_000
            self.watch.navigator.tick()

    def ask(self):
        """The app asks, and the sheet stands there."""
        assert self.payment.request(AMOUNT, PURPOSE)
        self.wait()
        assert self.screen.name == "merchant-code", self.screen.name
        return self

    def state(self):
        """What the app may know."""
        outcome = self.payment.outcome()
        return None if outcome is None else outcome.state


class Bench:
    """Makes watches from one flash image; one with keys left serves again."""

    def __init__(self):
        self._world = World().provision().set_passcode().add_card()
        self._shop = None

    def shop(self):
        shop = self._shop
        if shop is None or len(shop.services.history.payments) > MOST_PAYMENTS:
            self._shop = shop = Shop(World(like=self._world))
        return shop.ready()


def raised(call, *arguments):
    """The error that a call ends with, or None."""
    try:
        call(*arguments)
    except Exception as error:
        return error
    return None


def test_an_app_is_paid_and_starts_again_with_the_outcome():
    one = Bench().shop().ask()
    words = " ".join(one.screen.texts())
    for part in ("12.34", "CNY", PAYEE[2], NAME, PURPOSE):
        assert part in words, (part, words)
    assert one.state() is None and one.services.guard.state == states.WORN
    one.wait(2)
    one.press()
    assert one.screen.name == "sent" and one.state() == "sent"
    one.watch.navigator._view.close_result()
    one.wait(2)
    assert one.screen.name == "app-" + APP, "the app is in front again"
    outcome = one.payment.outcome()
    assert (outcome.state, outcome.amount_minor, outcome.currency, outcome.purpose) == ("sent", AMOUNT, 156, PURPOSE)
    ((text, envelope),) = one.services.app_payments.fetch([])
    code = MerchantCode(text)
    assert (code.merchant, code.amount_minor, code.merchant_id) == (PAYEE[2], AMOUNT, PAYEE[1])
    assert one.services.app_payments.fetch([]) == [[text, envelope]], "until the bank has answered"
    assert one.services.app_payments.fetch([code.digest]) == []


def test_the_result_goes_by_itself_and_the_app_is_there_again():
    one = Bench().shop().ask()
    one.wait(2)
    one.press()
    one.wait(3)
    assert one.screen.name == "sent", "it can be read"
    one.wait(2)
    assert one.screen.name == "app-" + APP and one.state() == "sent"
    paid = one.services.history.payments[-1]
    for _ in range(2):  # the second word takes the place of the first
        one.watch.navigator._view.result(approved(one.watch._ui, paid.amount, paid.currency, "", one.press))
    assert one.screen.name == "approved" and not one.watch.navigator._view.at_rest()
    one.wait(7)
    assert one.screen.name == "app-" + APP, "what the bank says lies above the app, for a moment"
    one.press("single")
    assert one.screen.name == "face"


def test_who_does_not_look_finds_the_face():
    """A result that is covered, or a wearer who has gone on, brings nothing back."""
    one = Bench().shop().ask()
    one.wait(2)
    one.press()
    one.watch.navigator.apps.launcher()
    one.wait(70)
    one.watch.navigator._view.home()
    one.wait(2)
    assert one.screen.name == "face" and one.state() == "sent"


def test_the_bank_s_word_becomes_the_outcome():
    one = Bench().shop().ask()
    one.wait(2)
    one.press()
    paid = one.services.history.payments[-1]
    for result in ("approved", "declined"):
        paid.result = result
        assert one.state() == result
    one.services.app_payments.forget(APP)
    assert one.state() is None


def test_who_does_not_want_it_pays_nothing():
    bench = Bench()
    for way in ("press", "swipe", "lock", "time", "cover"):
        one = bench.shop().ask()
        if way == "press":
            one.press("single")
        elif way == "swipe":
            one.screen.swipe("right")
        elif way == "lock":
            one.press("long")
        elif way == "cover":
            one.watch.navigator._view.error("timeout")
        one.wait(130 if way == "time" else 2)
        assert one.state() == "refused", (way, one.state())
        assert one.services.app_payments.fetch([]) == [] and one.services.merchants._envelope == b"", way
        if way in ("press", "swipe"):
            assert one.screen.name == "app-" + APP, way


def test_an_app_that_was_left_meanwhile_asks_nobody():
    one = Bench().shop()
    assert one.payment.request(AMOUNT, PURPOSE)
    one.watch.navigator._view.home()
    one.wait(2)
    assert one.screen.name == "face" and one.state() == "refused"


def test_what_cannot_be_paid_failed():
    one = Bench().shop().ask()
    one.wait(2)
    one.services.wallet.arm = lambda: (_ for _ in ()).throw(WatchError())
    one.press()
    assert one.state() == "failed" and one.services.app_payments.fetch([]) == []


def test_floods_and_nonsense():
    one = Bench().shop()
    nobody = AppPayment(one.services.app_payments, APP, NAME, None)
    assert not nobody.request(AMOUNT, PURPOSE) and nobody.outcome() is None and nobody.currency == 0
    wrong = (0, -1, 10**9, 10**40, 1.5, True, None, "12", b"1", [1], {})
    for amount in wrong:
        assert isinstance(raised(one.payment.request, amount, PURPOSE), InputError), amount
    for purpose in ("", "x" * 26, "a\nb", "a\u202eb", "\u200b", " x", None, 5, b"x", ["x"]):
        assert isinstance(raised(one.payment.request, AMOUNT, purpose), InputError), purpose
    assert one.services.app_payments.waiting is None
    assert one.payment.request(AMOUNT, PURPOSE)
    other = AppPayment(one.services.app_payments, "other", "Other", PAYEE)
    assert not one.payment.request(AMOUNT, PURPOSE) and not other.request(1, "x"), "one at a time"
    one.services.app_payments.decided(one.services.app_payments.waiting, "refused")
    assert not one.payment.request(AMOUNT, PURPOSE), "ten seconds"
    asked = 0
    for _ in range(200):
        one.board.clock.now_us += 11_000_000
        if one.payment.request(AMOUNT, PURPOSE):
            asked += 1
            one.services.app_payments.decided(one.services.app_payments.waiting, "refused")
    print("NOTE app payments: an app that asks for ever is heard %d times a day" % (asked + 1))
    assert asked <= 50


def test_no_two_codes_are_alike_and_all_can_be_read():
    one = Bench().shop()
    seen = set()
    for number in range(60):
        purchase = _purchase(one, 1 + number * 997)
        code = MerchantCode(purchase.text)
        assert (code.amount_minor, code.currency, code.country) == (1 + number * 997, 156, 156)
        seen.add(code.digest)
    assert len(seen) == 60
    for currency, text in ((392, "5404"), (414, "54051.234"), (156, "540512.34")):
        assert text in compose({1: "1", 2: "N", 3: "JP", 4: currency}, 1234, "b", "p"), currency


def _purchase(one, amount):
    one.services.app_budgets["payment"]._spent.clear()
    assert one.payment.request(amount, PURPOSE)
    purchase = one.services.app_payments.waiting
    one.services.app_payments.decided(purchase, "refused")
    return purchase


def test_message_24():
    one = Bench().shop().ask()
    one.wait(2)
    one.press()
    digest = one.services.merchants.latest()[0]
    handler = one.watch._usb._exchange._handlers[messages.APP_PAYMENTS]
    ((text, envelope),) = handler([])
    assert isinstance(envelope, bytes) and len(text) < 512
    assert handler([bytes(32)]) == [[text, envelope]] and handler([digest]) == [] and handler([digest]) == []
    for body in (None, 5, "x", {}, [1], ["x"], [None], [digest] * 7):
        assert isinstance(raised(handler, body), InputError), body


# R10


def _restage(one):
    """The code of another question takes the place of the one on the screen."""
    one.services.merchants.refuse()
    one.services.merchants.stage(compose(PAYEE, AMOUNT + 1, "b", PURPOSE))


def _changes(text):
    staged = lambda one: one.services.merchants._staged  # noqa: E731
    known = lambda one: one.services.merchants._staged.code  # noqa: E731
    found = [changed_field(staged, "text", at) for at in range(0, len(text), 1 if LONG else 12)]
    for name, size in (("merchant", 15), ("amount_minor", 6), ("currency", 2), ("digest", 32)):
        found += [changed_field(known, name, at) for at in range(0, size, 4 if size > 9 and not LONG else 1)]
    return found + [_restage]


def _drawn_changes():
    return [
        changed_drawing(place, at)
        for place, size in ((0, 15), (1, 6), (2, 2))
        for at in range(0, size, 1 if LONG else 3)
    ]


def _agree(bench, change, step):
    """Payments that a phone would carry although `change` happened at `step`, and that differ from what was shown."""
    one = bench.shop().ask()
    shown = one.services.app_payments.waiting.text
    if step == "shown":
        change(one)
    one.wait()
    if step == "read":
        change(one)
    arm = one.services.wallet.arm

    def arm_and_meddle():
        armed = arm()
        if step == "armed":
            change(one)
        return armed

    one.services.wallet.arm = arm_and_meddle
    one.press()
    one.services.wallet.arm = arm
    one.wait()
    kept = one.services.app_payments.fetch([])
    assert all(text == shown for text, _ in kept)
    return len(kept) or (1 if one.services.merchants._envelope else 0)


def test_nothing_changed_between_question_and_agreement_is_signed():
    bench = Bench()
    assert _agree(bench, lambda one: None, "shown") == 1, "undisturbed it signs"
    text = compose(PAYEE, AMOUNT, "0" * 24, PURPOSE)
    tried = signed = 0
    for step in ("shown", "read", "armed"):
        for change in _changes(text) if step == "armed" else _changes(text) + _drawn_changes():
            signed += _agree(bench, change, step)
            tried += 1
    print("NOTE R10, requests of apps: %d changes of what is staged at 3 steps, %d signed" % (tried, signed))
    assert signed == 0 and tried > 100
