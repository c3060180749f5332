"""Arming, disarming, what taps leave behind, and that no ATC is ever loaded twice."""

from support import scrubbing
from support.world import OTHER_TOKEN, TOKEN, World, ready, refused

from watch.access import states
from watch.kernel.errors import (
    ExpiredError,
    LockedError,
    NoKeysError,
    NoTokenError,
    StorageError,
    SuspendedError,
)
from watch.payment.wallet import ARMED_MS

scrubbing.leave_out()


def _spend(card, amount=1234):
    """What the EMV card does when it answers a tap."""
    key = card.take()
    key.outcome.result, key.outcome.amount, key.outcome.currency = "sent", amount, card.token.currency
    key.outcome.atc, key.outcome.time_s = key.atc, 1_795_400_050
    card.spending.add(amount, card.cdcvm)
    return key


def test_arming_reserves_three_keys_and_disarming_releases_the_unused():
    world = ready()
    wallet = world.services.wallet
    card = wallet.arm()[0]
    assert [key.atc for key in card.keys] == [1, 2, 3] and card.cdcvm
    assert world.services.vault.find(TOKEN)[1].atc.highest() == 3
    _spend(card)
    wallet.disarm()
    assert wallet.armed == [] and world.services.guard.state == states.WORN
    atc = world.services.vault.find(TOKEN)[1].atc
    assert atc.highest() == 1 and atc.keys_left() == 9
    assert [key.atc for key in wallet.arm()[0].keys] == [2, 3, 4]


def test_keys_are_gone_from_ram_after_the_disarm():
    world = ready()
    card = world.services.wallet.arm()[0]
    world.services.wallet.disarm()
    assert all(not any(key._key) for key in card.keys), "session keys must be zeroed"
    refused(NoKeysError, card.take)


def test_a_power_cut_while_armed_burns_what_was_reserved():
    world = ready()
    world.services.wallet.arm()
    world.restart().unlock()
    assert world.services.wallet.keys_left(TOKEN) == 7
    assert [key.atc for key in world.services.wallet.arm()[0].keys] == [4, 5, 6]


def test_every_key_is_used_once_and_then_there_are_none():
    world = ready()
    wallet = world.services.wallet
    seen = []
    while wallet.keys_left(TOKEN):
        card = wallet.arm()[0]
        seen.append(_spend(card).atc)
        if len(seen) % 3 == 0:
            world.restart().unlock()
            wallet = world.services.wallet
        else:
            wallet.disarm()
    assert len(set(seen)) == len(seen), "an ATC was used twice"
    refused(NoKeysError, wallet.arm)
    assert world.services.guard.state == states.WORN, "a failed arming leaves the watch worn"


def test_payments_and_spending_survive_a_restart():
    world = ready()
    wallet = world.services.wallet
    _spend(wallet.arm()[0], 500)
    wallet.disarm()
    services = world.restart().services
    payment = services.history.payments[-1]
    assert (payment.amount, payment.atc, payment.result, payment.token_id) == (500, 1, "sent", TOKEN)
    assert services.vault.find(TOKEN)[1].spending.today == 500


def test_limits_without_cdcvm_start_anew_with_a_passcode():
    world = ready()
    for _ in range(2):
        world.board.clock.now_us += 500_000_000
        world.services.guard.moved()
    wallet = world.services.wallet
    card = wallet.arm()[0]
    assert not card.cdcvm, "the passcode is older than cdcvm_max_age_s"
    _spend(card, 700)
    wallet.disarm()
    spending = world.services.vault.find(TOKEN)[1].spending
    assert (spending.taps_without_cdcvm, spending.sum_without_cdcvm) == (1, 700)
    world.services.vault.passcode_entered()
    assert (spending.taps_without_cdcvm, spending.sum_without_cdcvm) == (0, 0)
    assert world.restart().services.vault.find(TOKEN)[1].spending.today == 700


def test_locking_while_armed_zeroes_and_settles():
    world = ready()
    card = world.services.wallet.arm()[0]
    _spend(card)
    world.services.guard.lock()
    assert world.services.wallet.armed == [] and not any(card.keys[2]._key)
    assert world.services.vault.find(TOKEN)[1].atc.keys_left() == 9
    assert len(world.services.history.payments) == 1


def test_wiping_while_armed_leaves_nothing():
    world = ready()
    card = world.services.wallet.arm()[0]
    world.services.guard.wipe()
    assert not any(card.keys[0]._key)
    services = world.restart().services
    assert not services.vault.slots and not services.guard.has_passcode()


def test_a_write_that_fails_at_arming_loads_no_key():
    world = ready()
    program = world.board.flash.program

    def fail(address, data):
        raise OSError(28)

    world.board.flash.program = fail
    refused(StorageError, world.services.wallet.arm)
    world.board.flash.program = program
    assert world.services.guard.state == states.WORN and world.services.wallet.armed == []
    world.restart().unlock()
    assert world.services.wallet.arm()[0].keys[0].atc >= 1


def test_what_cannot_be_armed_says_why():
    world = World().provision().set_passcode()
    refused(NoTokenError, world.services.wallet.arm)
    world.add_card(keys=2, expires=world.services.clock.security_s() + 10_000)
    world.services.guard.lock()
    refused(LockedError, world.services.wallet.arm)
    world.unlock()
    refused(LockedError, world.services.guard._session.__class__.vault_key, _ended(world))
    world.services.clock.raise_floor(world.services.clock.security_s() + 20_000)
    refused(ExpiredError, world.services.wallet.arm)


def _ended(world):
    world.services.guard._session.end()
    session = world.services.guard._session
    world.services.guard.lock()
    world.unlock()
    session.end()
    return session


def test_the_token_itself_expires():
    world = ready()
    token = world.services.wallet.active()
    assert token.last_second() == 1_924_991_999  # 2030-12-31 23:59:59 UTC
    token.keys_expire_s = 1 << 40
    world.services.clock.raise_floor(token.last_second() + 1)
    refused(ExpiredError, world.services.wallet.arm)


def test_the_chosen_card_pays():
    world = ready().add_card(OTHER_TOKEN, profile="mastercard")
    wallet = world.services.wallet
    assert wallet.active().token_id == TOKEN
    wallet.choose(OTHER_TOKEN)
    assert wallet.arm()[0].token.token_id == OTHER_TOKEN
    assert world.restart().services.wallet.active().token_id == OTHER_TOKEN
    refused(NoTokenError, world.services.wallet.choose, b"nowhere!")


def test_a_suspended_card_cannot_be_chosen_since_another_one_would_pay():
    world = ready().add_card(OTHER_TOKEN, profile="mastercard")
    world.services.vault.set_state(OTHER_TOKEN, "suspended", {})
    refused(SuspendedError, world.services.wallet.choose, OTHER_TOKEN)
    assert world.services.wallet.active().token_id == TOKEN and world.restart().services.wallet.active()


def test_a_suspended_card_is_not_armed_and_a_resumed_one_is():
    world = ready()
    device = world.services.identity.device_id
    receive = world.services.notices.receive
    receive(world.issuer.token_state(device, TOKEN, "suspended"))
    assert world.services.wallet.active() is None
    refused(SuspendedError, world.services.vault.arm, TOKEN)
    assert world.restart().unlock().services.wallet.active() is None
    world.services.notices.receive(world.issuer.token_state(device, TOKEN, "active"))
    assert world.services.wallet.arm()[0].keys
    world.services.wallet.disarm()
    world.services.notices.receive(world.issuer.token_state(device, TOKEN, "deleted"))
    assert not world.services.wallet.tokens() and not world.restart().services.wallet.tokens()


def test_the_arming_runs_out():
    world = ready()
    wallet = world.services.wallet
    assert wallet.armed_left_ms() == 0
    wallet.arm()
    assert wallet.armed_left_ms() == ARMED_MS
    world.board.clock.now_us += 20_000_000
    assert wallet.armed_left_ms() == ARMED_MS - 20_000
    wallet.keep_armed()
    assert wallet.armed_left_ms() == ARMED_MS
    world.board.clock.now_us += 120_000_000
    assert wallet.armed_left_ms() == 0
