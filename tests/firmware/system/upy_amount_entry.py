"""A merchant's code without an amount: the wearer enters it, by touch or by voice, then agrees as to any code."""

import asyncio

from support import scrubbing
from support.world import refused
from support.worn import PASSCODE

from tests.firmware.payment.merchant_kit import code
from tests.firmware.system.voice_kit import Spoken
from watch.crypto import cbor, cose
from watch.crypto.hashes import sha256
from watch.kernel.errors import DeclinedError, InputError, StateError
from watch.voice.vocabulary import DIGITS

scrubbing.leave_out()
SHARE = "system"
SIGN = code(amount=None)


class Shop(Spoken):
    """A wearer whose phone has read a sign without an amount."""

    def __init__(self, text=SIGN, **more):
        Spoken.__init__(self, **more)
        self.asked = self.watch.navigator.merchant_code(text)
        self.merchants = self.watch.services.merchants

    def key(self, *labels):
        """Touch keys, also those of the other page."""
        for label in labels:
            for _ in range(2):
                here = {target[0]: target for target in self.watch.stack.top.targets()}
                if label in here or "turn" not in here:
                    break
                self.tap(here["turn"])
            assert label in here, (label, list(here))
            self.tap(here[label])
        return self

    def tap(self, target):
        _, x, y, w, h = target
        self.watch.stack.top.tap(x + w // 2, y + h // 2)

    def can(self, label):
        """True if there is such a key now."""
        return any(target[0] == label for target in self.watch.stack.top.targets())

    def agree(self):
        """Read, then press twice."""
        self.wait(1)
        self.watch.navigator.button("double")
        return self

    def signed(self):
        """Amount and currency that were signed; None if nothing was."""
        try:
            envelope = self.merchants.answer(self.asked.digest)
        except DeclinedError:
            return None
        if envelope is None:
            return None
        fields = cbor.decode(cose.parse(envelope).payload)
        assert fields[3] == sha256(SIGN.encode())
        return fields[4], fields[5]


async def passcode(one):
    """Enter it, and wait for the check to end."""
    one.watch.stack.top.entered(bytearray(PASSCODE))
    for _ in range(400):
        await asyncio.sleep(0)


def test_what_is_entered_is_shown_agreed_to_and_signed():
    one = Shop()
    assert one.screen == "merchant-amount" and "Tea House" in one.texts() and "CNY" in one.texts()
    assert not one.can("forward") and not one.can("delete"), "nothing to pay yet"
    seen = []
    for digit in "1234":
        one.key(digit)
        seen.append(one.watch.stack.top.amount_minor)
        assert ("%.2f" % (seen[-1] / 100)) in one.texts(), one.texts()
    assert seen == [1, 12, 123, 1234]
    one.key("delete", "5", "forward")
    assert one.screen == "merchant-code" and {"12.35", "CNY", "Tea House"} <= set(one.texts()), one.texts()
    assert one.signed() is None, "the entry approves nothing"
    one.watch.navigator.button("double")
    assert one.signed() is None, "agreed to before it could be read"
    one.agree()
    assert one.screen == "sent" and one.signed() == (1235, 156)
    assert one.watch.services.history.payments[-1].amount == 1235


def test_bounds():
    one = Shop()
    one.key("0", "0")
    assert one.watch.stack.top.amount_minor == 0 and not one.can("forward")
    one.key(*"999999999999")
    assert "9,999,999,999.99" in one.texts()
    one.key("1")
    assert one.watch.stack.top.amount_minor == 999_999_999_999 and "No more digits" in one.texts()
    one.key("delete")
    assert "Tea House" in one.texts() and "999,999,999.99" in one.texts()
    for amount_minor in (0, -1, 1_000_000_000_000, True, "1"):
        refused(InputError, one.merchants.enter, amount_minor)
    one.merchants.enter(1)
    refused(StateError, one.merchants.enter, 2)
    for currency, texts in (("392", ("0", "1", "12")), ("414", ("0.000", "0.001", "0.012"))):
        one = Shop(code(amount=None, currency=currency))
        for text, digit in zip(texts, "120"):
            assert text in one.texts(), (text, one.texts())
            one.key(digit)


def test_a_code_with_its_own_amount_takes_no_other():
    one = Shop(code(amount="7"))
    assert one.screen == "merchant-code" and "7.00" in one.texts()
    refused(StateError, one.merchants.enter, 1)


def test_it_ends_as_the_question_does():
    for end in ("button", "swipe", "cover", "late", "lock"):
        one = Shop()
        one.key("1", "2")
        if end == "button":
            one.watch.navigator.button("single")
        elif end == "swipe":
            one.watch.stack.top.swipe("right")
        elif end == "cover":
            one.watch.navigator._view.error("error")
        elif end == "lock":
            one.watch.services.guard.lock()
        one.wait(121 if end == "late" else 1)
        assert one.screen != "merchant-amount", end
        refused(DeclinedError, one.merchants.answer, one.asked.digest)
        assert not one.watch.services.history.payments and not one.watch.services.wallet.armed, end
        refused(StateError, one.merchants.enter, 1)


def test_two_presses_arm_no_card_while_an_amount_is_entered():
    one = Shop().key("5").agree()
    assert one.screen == "merchant-amount" and not one.watch.services.wallet.armed and one.signed() is None


def test_the_phone_may_ask_again_and_another_code_waits_its_turn():
    one = Shop().key("5", "0")
    assert one.watch.navigator.merchant_code(SIGN) is one.asked and "0.50" in one.texts()
    refused(StateError, one.watch.navigator.merchant_code, code(amount="1"))
    one.key("forward")
    one.watch.navigator.merchant_code(SIGN)
    assert one.screen == "merchant-code" and "0.50" in one.texts(), "nor may it change what was entered"
    assert one.agree().signed() == (50, 156)


def test_the_wearer_has_two_minutes_more_once_it_is_entered():
    one = Shop().wait(119)
    one.key("5", "forward")
    assert one.wait(100).agree().signed() == (5, 156)


def test_a_name_that_cannot_be_shown_whole_is_refused_before_anything_is_entered():
    one = Spoken()
    refused(InputError, one.watch.navigator.merchant_code, code(name="W" * 5 + "\u0645", amount=None))
    assert one.screen == "face" and one.watch.services.merchants.waiting() is None


def test_digits_fill_the_field_as_the_keys_do_and_no_word_goes_on():
    one = Shop()
    assert one.push._actions.words() == DIGITS
    one.say("one", "two", "eight", "zero", "stop")
    assert one.ear.masks == [DIGITS + ("stop",)] * 5
    assert one.screen == "merchant-amount" and "12.80" in one.texts() and "Tea House" in one.texts()
    one.say("five")
    assert "128.05" in one.texts() and one.merchants.amount_minor() == 0, one.texts()
    one.key("forward")
    assert one.screen == "merchant-code" and one.push._actions.words() == () and not one.watch.navigator.held()
    assert one.agree().signed() == (12805, 156)


def test_more_digits_than_fit_are_not_taken():
    one = Shop()
    one.say(*["nine"] * 12)
    one.say("one")
    assert one.watch.stack.top.amount_minor == 999_999_999_999 and "No more digits" in one.texts()


def test_what_listens_does_not_outlast_the_field():
    one = Shop()

    def late():
        one.board.clock.now_us += 121_000_000
        one.step()

    one.ear.open = late
    one.say("one", "stop")
    assert one.screen == "face" and one.signed() is None


def test_entering_is_no_different_after_the_passcode():
    """Above what is paid without a fresh passcode, it is asked for; then the same amount once more."""
    one = Shop()
    for _ in range(2):
        one.board.clock.now_us += 500_000_000
        one.watch.services.guard.moved()
    one.merchants.refuse()
    one.wait(1)
    one.asked = one.watch.navigator.merchant_code(SIGN)
    one.key(*"30000").key("forward").agree()
    assert one.screen == "passcode" and one.signed() is None
    asyncio.run(passcode(one))
    assert one.screen == "merchant-code" and "300.00" in one.texts(), (one.screen, one.texts())
    assert one.agree().signed() == (30000, 156)


def test_calls_and_messages_wait_until_it_is_over():
    one = Shop().key("1", "2")
    one.post()
    one.watch.phone.receive({"t": "call", "cmd": "incoming", "name": "Ada", "number": "123"})
    one.wait(2)
    assert one.screen == "merchant-amount" and "0.12" in one.texts()
    one.watch.navigator.button("single")
    one.wait(2)
    assert one.screen == "call"


def test_two_presses_while_it_listens_end_that_and_arm_nothing():
    one = Shop()
    one.ear.open = lambda: one.watch.navigator.button("double")
    one.say("one", "stop")
    assert one.screen == "merchant-amount" and one.watch.stack.top.amount_minor == 0
    assert not one.watch.services.wallet.armed and one.signed() is None
