"""Paying a terminal by Bluetooth, through the screens of a whole watch: asked, pressed, refused, late, lost, shared."""

from tests.firmware.payment.card_kit import VISA_AID, flatten, select
from tests.firmware.system.terminal_kit import (
    AMOUNT,
    BOND,
    HOME,
    LAST_RECORD,
    OTHER_BOND,
    PPSE,
    SCHEMES,
    SHOP,
    TILL,
    Bench,
    payment,
    signed,
)
from watch.access import states
from watch.system.terminals import ARMED, ASKING, NOT_ARMED, NOT_PAID, OVER, PAID, UNANSWERED

BENCH = Bench()
NO = (b"", 0x6985)


def _refusal(scheme, answer):
    """A refusal in the words of the kernel: 6985, or an AAC that belongs to no key."""
    if scheme == "visa":
        return answer == NO
    found = flatten(answer[0])
    return answer[1] == 0x9000 and found[0x9F27] == b"\0" and not any(found[0x9F36])


def test_a_press_pays_what_the_sheet_shows_with_both_kernels():
    for how in ("double", "touch"):
        for token_id, scheme in SCHEMES:
            one = BENCH.armed(token_id)
            before = len(one.payments())
            assert one.status() == ARMED and one.ask() is None and one.status() == ASKING
            assert one.screen.name == "terminal-payment" and one.screen.drawn == (TILL, SHOP, AMOUNT, HOME)
            shown = " ".join(one.screen.texts())
            assert "12.34" in shown and SHOP in shown and TILL in shown, shown
            one.wait(1)
            one.press() if how == "double" else one.touch("yes")
            answer = one.finish()
            assert signed(answer) and one.status() == PAID and one.screen.name == "sent", scheme
            assert flatten(answer[0])[0x9F36] == one.card.last_atc().to_bytes(2, "big")
            one.send(LAST_RECORD)
            one.terminals.gone(BOND)
            assert one.status() == OVER and one.services.guard.state == states.WORN
            paid = one.services.history.payments[before:]
            assert [(p.amount, p.merchant, p.token_id) for p in paid] == [(AMOUNT, SHOP, token_id)]


def test_a_press_pays_once():
    for token_id, _scheme in SCHEMES:
        one = BENCH.armed(token_id)
        before = len(one.payments())
        one.ask()
        one.wait(1)
        one.press()
        assert signed(one.finish())
        assert one.send(select(PPSE)) == NO and one.status() == OVER
        assert one.ask() == NO and one.finish() is None and len(one.payments()) == before + 1


def test_a_terminal_that_stays_after_the_cryptogram_loses_the_card():
    one = BENCH.armed()
    one.ask()
    one.wait(1)
    one.press()
    assert signed(one.finish()) and one.send(LAST_RECORD)[1] == 0x9000
    one.wait(9)
    assert one.status() == PAID and one.card is not None
    one.wait(2)
    assert one.status() == OVER and one.card is None and one.send(LAST_RECORD) == NO


def test_what_the_wearer_refuses_is_answered_in_the_words_of_the_kernel():
    for how in ("single", "no"):
        for token_id, scheme in SCHEMES:
            one = BENCH.armed(token_id)
            before = one.payments()
            assert one.ask() is None
            one.wait(1)
            one.press("single") if how == "single" else one.touch("no")
            assert _refusal(scheme, one.finish()) and one.status() == NOT_PAID
            assert one.payments() == before and one.card is None and one.screen.name == "not-paid"
            one.wait(31)
            assert one.screen.name == "face"


def test_who_does_not_answer_in_half_a_minute_refuses():
    for token_id, scheme in SCHEMES:
        one = BENCH.armed(token_id)
        before = one.payments()
        assert one.ask() is None
        one.wait(29)
        assert one.finish() is None and one.status() == ASKING
        one.wait(2)
        assert _refusal(scheme, one.finish()) and one.status() == UNANSWERED and one.card is None
        assert one.payments() == before and one.screen.name == "not-paid"


def test_a_press_that_comes_before_the_amount_could_be_read_means_nothing():
    one = BENCH.armed()
    assert one.ask() is None
    one.press()
    one.touch("yes")
    one.press("single")
    assert one.finish() is None and one.status() == ASKING
    one.wait(1)
    one.press()
    assert signed(one.finish())


def test_a_small_amount_and_none_are_asked_for_too():
    for amount in (0, 1):
        one = BENCH.armed()
        assert one.ask(amount) is None and one.screen.drawn[2:] == (amount, HOME)
        one.wait(1)
        one.press("single")
        assert one.finish() == NO


def test_limits_are_those_of_a_tap():
    for token_id, scheme in SCHEMES:
        one = BENCH.armed(token_id)
        answer = one.ask(50_000_00)
        assert _refusal(scheme, answer) and one.status() == NOT_ARMED and one.card is None
        assert one.screen.name == "error" or "limit" in " ".join(one.screen.texts())


def test_an_old_passcode_is_asked_for_and_the_next_try_goes_through():
    for token_id, scheme in SCHEMES:
        one = BENCH.at_face(token_id)
        one.services.guard._session.passcode_age_s = lambda: 1_000
        one.press()
        amount = 25_000
        answer = one.ask(amount)
        assert answer is not None and not signed(answer), scheme
        assert one.screen.name == "passcode" and one.card is None and one.status() == NOT_ARMED
        del one.services.guard._session.passcode_age_s
        one = one.ready(token_id)
        one.press()
        assert one.status() == ARMED and one.ask(amount) is None
        one.wait(1)
        one.press()
        assert signed(one.finish())


def test_without_an_armed_card_everything_is_6985():
    one = BENCH.at_face(fresh=True)
    assert one.status() == NOT_ARMED
    for command in payment("visa"):
        assert one.send(command) == NO
    one.services.guard.lock()
    assert one.send(select(PPSE)) == NO and one.status() == NOT_ARMED


def test_one_terminal_at_a_time():
    one = BENCH.armed()
    assert one.send(select(PPSE))[1] == 0x9000
    assert one.status(OTHER_BOND) == NOT_ARMED and one.send(select(PPSE), OTHER_BOND) == NO
    assert one.send(payment("visa")[1])[1] == 0x9000
    one.terminals.gone(BOND)
    assert one.status(OTHER_BOND) == ARMED and one.ask(bond=OTHER_BOND) is None
    one.wait(1)
    one.press()
    assert one.finish(BOND) is None and signed(one.finish(OTHER_BOND))


def test_the_first_one_owns_an_arming_readers_and_terminals_never_share_it():
    one = BENCH.armed()
    assert one.ask() is None
    one.taps.select()
    for command in payment("visa") + [LAST_RECORD]:
        assert one.reader.send(command) == (b"", 0x6986), "see device"
    one.taps.deselect()
    one.taps.served()
    assert one.status() == ASKING and one.screen.name == "terminal-payment" and one.question is not None
    one.wait(1)
    one.taps.select()
    one.press()
    assert signed(one.finish())
    one.terminals.gone(BOND)
    assert one.reader.send(select(PPSE)) == (b"", 0x6986), "a reader that came meanwhile has to come again"
    one.taps.deselect()

    one = BENCH.at_face(fresh=True)
    one.press()
    one.taps.select()
    assert one.reader.send(select(VISA_AID))[1] == 0x9000
    assert one.status() == NOT_ARMED and one.send(select(PPSE)) == NO
    assert one.reader.send(payment("visa", 45_000)[-1])[1] == 0x6986, "the first tap of two"
    one.taps.deselect()
    one.taps.served()
    one.wait(1)
    assert one.screen.name == "confirm" and one.card.agreed() == (45_000, HOME)
    assert one.status() == NOT_ARMED and one.ask(45_000) == NO, "what was confirmed for a reader is for no terminal"


def test_a_reader_that_came_and_asked_nothing_leaves_the_card():
    one = BENCH.armed()
    one.taps.select()
    one.reader.send(select(PPSE))
    one.taps.deselect()
    one.taps.served()
    assert one.status() == ARMED and one.ask() is None


def test_a_link_lost_at_every_step_spends_at_most_the_key_that_was_taken():
    steps = 0
    for token_id, scheme in SCHEMES:
        commands = payment(scheme)
        for step in range(len(commands) + 3):
            one = BENCH.at_face(token_id)
            before, keys = len(one.payments()), one.services.wallet.keys_left(token_id)
            one.press()
            for command in commands[: step + 1]:
                answer = one.send(command)
            if step >= len(commands):
                one.wait(1)
                one.press()
            if step == len(commands) + 1:
                one.finish()
            if step == len(commands) + 2:
                one.finish()
                one.send(LAST_RECORD)
            one.terminals.gone(BOND)
            taken = step >= len(commands)
            assert len(one.payments()) == before + taken, (scheme, step)
            assert (one.card is None) == taken and one.question is None
            assert one.finish() is None and one.status() == (OVER if taken else ARMED)
            if taken:
                assert one.services.wallet.keys_left(token_id) == keys - 1
                assert one.screen.name != "terminal-payment"
                one = one.ready(token_id)
                one.press()
            assert one.ask() is None, "the next session works"
            one.wait(1)
            one.press()
            answer = one.finish()
            assert signed(answer)
            one.terminals.gone(BOND)
            steps += 1
    atcs = [(p.token_id, p.atc) for p in one.services.history.payments]
    assert len(set(atcs)) == len(atcs)
    print("NOTE payment by Bluetooth: link lost at %d steps of two kernels, 0 keys spent twice" % steps)


def test_what_ends_an_arming_takes_the_question_away():
    for end in ("lock", "charger", "time", "wallet"):
        one = BENCH.armed()
        assert one.ask() is None
        if end == "lock":
            one.press("long")
        elif end == "charger":
            one.services.guard.charger(True)
        elif end == "wallet":
            one.services.wallet.disarm()
        else:
            one.services.wallet._first_armed_ms -= 200_000
            one.wait(1)
        assert one.screen.name != "terminal-payment" and one.question is None, end
        assert one.finish() == NO and one.status() == NOT_PAID, end
        one.services.guard.charger(False)


def test_the_name_of_a_terminal_is_cleaned_and_a_missing_one_said():
    one = BENCH.armed()
    for command in payment("visa"):
        one.send(command, name="\u202eShop\x00\x1b[2J\u200b 1")
    assert one.screen.drawn[1] == "Shop[2J 1", one.screen.drawn
    one.wait(1)
    one.press("single")
    one = BENCH.armed()
    for command in payment("visa"):
        one.send(command, name="")
    assert one.screen.drawn[1] == "" and one.watch._ui.text.get("terminal-payment.unnamed") in one.screen.texts()


def test_a_kept_command_that_another_one_follows_is_not_disturbed():
    one = BENCH.armed()
    assert one.ask() is None
    assert one.send(select(PPSE)) == NO
    one.wait(1)
    one.press()
    assert signed(one.finish())
