"""The wearer's ways through the screens: cards, codes, merchants, security, express, a lost watch."""

import asyncio

from support import scrubbing
from support.issuer import payment_codes as codes
from support.world import OTHER_TOKEN, TOKEN, World, refused

from tests.firmware.payment.card_kit import fill, gpo, select, terminal_values
from tests.firmware.payment.merchant_kit import code
from watch.access import states
from watch.kernel.errors import CorruptError, DeclinedError, InputError, LockedError, StateError
from watch.payment.profiles.closed_loop import CLOSED_LOOP
from watch.storage import records
from watch.system.main import build

scrubbing.leave_out()

PASSCODE = b"246810"


class _Watch:
    """A worn watch with two cards, seen from outside: touches, presses, time."""

    def __init__(self, **card):
        world = World().provision().set_passcode()
        world.add_card(TOKEN, **card).add_card(OTHER_TOKEN, profile="mastercard")
        world.services.save_clock()
        self.world = world
        self.watch = build(world.board)
        self.services = self.watch.services
        self.unlock()

    def unlock(self):
        asyncio.run(self.services.guard.unlock(bytearray(PASSCODE)))

    @property
    def screen(self):
        return self.watch.stack.top.name

    def swipe(self, direction):
        self.watch.stack.top.swipe(direction)

    def touch(self, name):
        for _ in range(4):
            for target in self.watch.stack.top.targets():
                if target[0] == name:
                    self.world.board.clock.now_us += 400_000
                    self.watch.stack.top.tap(target[1] + 5, target[2] + 5)
                    return
            self.swipe("up")
        raise AssertionError("nothing called %s to touch on %s" % (name, self.screen))

    def press(self, kind="double"):
        self.watch.navigator.button(kind)

    def wait(self, seconds):
        for _ in range(seconds):
            self.world.board.clock.now_us += 1_000_000
            self.watch.navigator.tick()

    def texts(self):
        return " ".join(self.watch.stack.top.texts())

    def pay_by_express(self, amount):
        """A closed-loop terminal: one whole tap."""
        card, reply = self.watch.card, bytearray(512)
        values = terminal_values(amount, 156, 156, t9F66="36004000")
        card.select()
        for command in (select(CLOSED_LOOP.names[0].aid), gpo(fill(CLOSED_LOOP.pdol, values)), b"\x00\xb2\x01\x0c\x00"):
            length = card.apdu(command, len(command), reply)
            answered = reply[length - 2] << 8 | reply[length - 1]
            if answered != 0x9000:
                break
        card.deselect()
        card.served()
        return answered


def test_another_card_becomes_the_default_in_the_carousel():
    one = _Watch()
    one.swipe("left")
    assert one.screen == "cards" and one.services.wallet.active().token_id == TOKEN
    one.swipe("left")
    one.touch("card")
    assert one.screen == "card-menu"
    one.touch("default")
    assert one.screen == "cards" and one.services.wallet.active().token_id == OTHER_TOKEN
    one.press("single")
    assert one.screen == "face"


def test_a_card_is_paid_with_from_its_menu():
    one = _Watch()
    one.swipe("left")
    one.touch("card")
    one.touch("pay")
    assert one.screen == "armed" and one.services.guard.state == states.ARMED


def test_the_menu_of_a_locked_watch_asks_for_the_passcode():
    one = _Watch()
    one.press("long")
    assert one.services.guard.state == states.LOCKED
    for way in ("left", "right", "down"):
        one.swipe(way)
        if way != "right":
            one.touch("card" if way == "left" else "settings")
        assert one.screen == "passcode", way
        one.press("single")


def test_the_second_of_two_quick_touches_chooses_nothing():
    one = _Watch()
    one.swipe("left")
    one.touch("card")
    x, y = one.watch.stack.top.targets()[0][1:3]
    one.watch.stack.top.tap(x + 5, y + 5)
    assert one.screen == "card-menu" and one.services.guard.state == states.WORN


def test_a_merchants_code_waits_until_the_wearer_is_free():
    one = _Watch()
    one.swipe("left")
    refused(StateError, one.watch.navigator.merchant_code, code())
    assert one.screen == "cards" and one.services.merchants.waiting() is None
    one.press("single")
    one.watch.navigator.merchant_code(code())
    one.watch.navigator.merchant_code(code())
    assert one.screen == "merchant-code", "the phone may ask again"


def test_payment_codes_change_each_minute_and_end_after_three():
    one = _Watch(codes=codes())
    one.swipe("left")
    one.touch("card")
    one.touch("code")
    assert one.screen == "payment-code"
    seen = [one.texts()]
    for _ in range(2):
        one.wait(61)
        seen.append(one.texts())
    assert len(set(seen)) == 3 and one.services.codes.codes_left(TOKEN) == codes()[3] - 3
    one.wait(61)
    assert one.screen == "face"


def test_a_presented_code_uses_one_key_and_is_in_the_history():
    one = _Watch(codes=codes())
    left = one.services.wallet.keys_left(TOKEN)
    one.swipe("left")
    one.touch("card")
    one.touch("present")
    assert one.screen == "presented-code" and one.services.guard.state == states.WORN
    assert one.services.wallet.keys_left(TOKEN) == left - 1
    assert one.services.history.payments[-1].token_id == TOKEN
    one.swipe("down")
    one.swipe("right")
    assert one.screen == "history"


def test_no_other_card_pays_for_a_suspended_one():
    one = _Watch(codes=codes())
    services = one.services
    services.vault.set_state(TOKEN, "suspended", {})
    services.presented.make = lambda: "paid with " + services.wallet.armed[0].token.token_id.decode()
    one.watch.navigator._presenting.present(TOKEN)
    assert one.screen == "error" and services.guard.state == states.WORN
    one.watch.navigator._presenting.present(OTHER_TOKEN)
    assert one.screen == "presented-code"


def test_a_merchants_code_is_paid_by_a_double_press_once_it_could_be_read():
    one = _Watch()
    text = code(amount="12.34")
    asked = one.watch.navigator.merchant_code(text)
    assert one.screen == "merchant-code" and one.services.merchants.answer(asked.digest) is None
    one.press()
    assert one.services.merchants.answer(asked.digest) is None, "agreed to before it could be read"
    one.wait(1)
    one.press()
    assert one.screen == "sent" and one.services.merchants.answer(asked.digest)
    assert one.services.guard.state == states.WORN
    paid = one.services.history.payments[-1]
    assert (paid.amount, paid.merchant) == (1234, asked.merchant)


def test_a_refused_a_covered_and_a_late_answer_pay_nothing():
    one = _Watch()
    for end in ("refuse", "cover", "late", "lock"):
        asked = one.watch.navigator.merchant_code(code(amount="9.99"))
        one.wait(1)
        if end == "refuse":
            one.press("single")
        elif end == "cover":
            one.watch.navigator._view.error("error")
            one.wait(1)
        elif end == "late":
            one.wait(121)
        else:
            one.services.guard.lock()
            one.wait(1)
        refused(DeclinedError, one.services.merchants.answer, asked.digest)
        assert not one.services.history.payments, end
        one.press("single")
    refused(LockedError, one.watch.navigator.merchant_code, code())
    one.unlock()
    one.press("single")
    refused(InputError, one.watch.navigator.merchant_code, code()[:-1])
    one.press()
    refused(StateError, one.watch.navigator.merchant_code, code())


def test_the_passcode_is_changed_and_the_old_one_is_forgotten():
    async def through():
        one.swipe("down")
        one.touch("security")
        one.touch("change")
        for digits in ("246810", "1470", "1470"):
            screen = one.watch.stack.top
            for digit in digits:
                screen._digits[screen._count] = ord(digit)
                screen._count += 1
            screen._hand_over()
        for _ in range(400):
            await asyncio.sleep(0)

    one = _Watch()
    asyncio.run(through())
    assert one.screen == "passcode-changed", one.screen
    one.services.guard.lock()
    asyncio.run(one.services.guard.unlock(bytearray(b"1470")))
    assert one.services.guard.unlocked()


def test_who_goes_away_while_the_passcode_is_checked_pays_nothing():
    async def through(cancel):
        one.press()
        assert one.screen == "passcode"
        screen = one.watch.stack.top
        for digit in PASSCODE:
            screen._digits[screen._count] = digit
            screen._count += 1
        screen._hand_over()
        await asyncio.sleep(0)
        if cancel:
            one.press("single")
        for _ in range(400):
            await asyncio.sleep(0)

    one = _Watch()
    for cancel, state in ((True, states.WORN), (False, states.ARMED)):
        one.services.guard.lock()
        asyncio.run(through(cancel))
        assert one.services.guard.unlocked() and one.services.guard.state == state, one.services.guard.state
        assert one.screen == ("face" if cancel else "armed")


def test_the_wearers_own_amount_to_confirm_is_kept_and_never_raises_the_banks():
    one = _Watch()
    for choice, confirm in (("50", 5_000), ("0", 0), ("200", 20_000), ("none", 30_000)):
        one.swipe("down")
        one.touch("security")
        one.touch("ask")
        one.touch(choice)
        one.press("single")
        one.wait(1)
        one.press()
        assert one.services.wallet.armed[0].limits.confirm_above == confirm, choice
        one.press("single")
    one.services.wallet.own_limit.choose(20)
    again = build(one.world.board).services
    assert again.wallet.own_limit.units == 20
    again.sealed.write(records.LIMITS, 999)
    refused(CorruptError, again.wallet.load)


def test_erasing_by_hand_asks_first():
    one = _Watch()
    one.swipe("down")
    one.touch("security")
    one.touch("wipe")
    assert one.screen == "wipe"
    one.touch("no")
    assert one.services.wallet.tokens()
    one.touch("wipe")
    one.touch("yes")
    assert one.screen == "wipe" and one.services.wallet.tokens(), "a finger that touched twice has read nothing"
    one.wait(1)
    one.touch("yes")
    assert one.screen == "wiped" and one.services.guard.state == states.WIPING and not one.services.wallet.tokens()
    one.watch._tap_served()
    assert not one.world.board.nfc.armed, "a watch that wipes itself answers no reader"


def test_locking_leads_home_from_anywhere_in_express_too():
    one = _Watch(profile="closed-loop", express_keys=4)
    one.services.express.choose(TOKEN)
    one.wait(1)
    assert one.services.guard.state == states.EXPRESS
    one.swipe("left")
    one.press("long")
    assert one.screen == "face" and one.services.guard.state == states.LOCKED
    one.touch("face")
    assert one.screen == "passcode"
    one.services.express.leave()
    assert one.screen == "passcode", "the wearer is typing"


def test_express_pays_while_locked_and_makes_room_for_a_press():
    one = _Watch(profile="closed-loop", express_keys=4)
    one.swipe("left")
    one.touch("card")
    one.touch("express-on")
    assert one.screen == "cards" and one.services.express.chosen() == TOKEN
    one.press("single")
    one.wait(1)
    assert one.services.guard.state == states.EXPRESS and one.services.guard.unlocked()
    one.press("long")
    one.wait(1)
    assert one.services.guard.state == states.EXPRESS and not one.services.guard.unlocked()
    assert one.pay_by_express(500) == 0x9000 and one.screen == "sent"
    assert one.services.history.payments[-1].amount == 500
    assert one.pay_by_express(999_999) != 0x9000 and one.screen in ("error", "unlock-first")
    one.unlock()
    one.press()
    assert one.services.guard.state == states.ARMED and one.screen == "armed"


def test_a_lost_watch_says_so_above_everything_and_comes_back():
    one = _Watch()
    issuer, device = one.world.issuer, one.services.identity.device_id
    one.press()
    one.watch.navigator.notice(issuer.device_state(device, "lost", "Call 555 0142"))
    assert one.screen == "lost" and "555 0142" in one.texts() and one.services.guard.state == states.LOST
    for way in ("left", "right", "up", "down"):
        one.swipe(way)
    one.press()
    assert one.screen == "lost"
    one.watch.navigator.notice(issuer.device_state(device, "found", ""))
    assert one.screen == "face" and one.services.guard.state == states.LOCKED


def test_a_card_that_the_bank_takes_away_leaves_no_screen_that_speaks_of_it():
    one = _Watch()
    one.press()
    one.services.vault.set_state(TOKEN, "suspended", {})
    one.wait(1)
    assert one.screen == "face", "nothing is armed"
    one.services.vault.set_state(TOKEN, "active", {})
    one.swipe("left")
    one.services.vault.set_state(TOKEN, "deleted", {})
    one.touch("card")
    assert one.screen == "error", "told, and not an end of the screen task"


def test_a_code_that_waited_for_a_passcode_is_over_also_after_days():
    one = _Watch()
    one.services.merchants.stage(code(amount="9.99"))
    one.wait(121)
    one.world.board.clock.now_us += 7 * 86_400_000_000  # ticks half way round look like the future
    one.unlock()
    one.watch.navigator.merchant_code(code(amount="1.99"))
    assert one.screen == "merchant-code"
