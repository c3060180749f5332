"""Express mode: when it begins, what it may pay, what ends it, and that no ATC comes back."""

from support import scrubbing
from support.express_desk import OPEN_LOOP, Reader, refill, slot, with_express
from support.world import PASSCODE, TOKEN, World, ready, refused

from watch.access import states
from watch.kernel.errors import LockedError, NoTokenError, StateError, StorageError
from watch.payment.atc import FREE, RESERVED, UNKNOWN, USED
from watch.payment.profiles.visa import VISA
from watch.payment.token import CDCVM_MAX_AGE_S
from watch.storage import records

scrubbing.leave_out()
GOOD = 0x9000
SEE_DEVICE = 0x6986
REFUSED = 0x6985


def _marks(world):
    return [mark for _, mark in slot(world).express_atc.marks]


def _stored_marks(world):
    """What the flash says, whatever RAM holds."""
    fields = world.services.sealed.read(records.EXPRESS_ATC)
    return [mark for _, mark in fields[1]]


def _entered(keys=4, locked=True, made=None):
    world = World(made) if made else with_express(keys)
    if made:
        world.unlock()
        world.issuer.notice_number = 0
    if locked:
        world.services.guard.lock()
    assert world.services.express.enter()
    return world


def test_it_is_off_until_the_wearer_chooses_a_card_on_an_unlocked_watch():
    world = World().provision().set_passcode().add_card(profile="closed-loop", express_keys=4).add_card(OPEN_LOOP)
    express = world.services.express
    assert express.chosen() is None and not express.enter()
    refused(StateError, express.choose, OPEN_LOOP)
    refused(NoTokenError, express.choose, b"nowhere!")
    world.services.guard.lock()
    refused(LockedError, express.choose, TOKEN)
    world.unlock()
    express.choose(TOKEN)
    assert world.restart().services.express.chosen() == TOKEN
    assert world.services.express.enter() and world.services.guard.state == states.EXPRESS
    refused(LockedError, world.services.express.choose, None)
    world.unlock()
    world.services.express.choose(None)
    assert not world.services.express.enter() and not world.restart().services.express.enter()


def test_a_card_without_an_express_batch_cannot_be_chosen():
    world = World().provision().set_passcode().add_card(profile="closed-loop")
    refused(StateError, world.services.express.choose, TOKEN)


def test_the_key_is_reserved_on_flash_before_it_is_in_ram():
    world = with_express()
    opened = []
    keys = world.services.vault.keys
    plain = keys.open_express

    def open_express(number, atcs):
        opened.append(_stored_marks(world))
        return plain(number, atcs)

    keys.open_express = open_express
    assert world.services.express.enter()
    assert opened == [[RESERVED, FREE, FREE, FREE]]
    assert [key.atc for key in world.services.express.card.keys] == [11], "one key, the lowest"


def test_only_the_chosen_card_is_there():
    world = _entered()
    reader = Reader(world)
    assert reader.listed() and not reader.listed(VISA.names[0].aid)
    assert reader.tap() == GOOD


def test_an_arming_of_another_card_takes_the_express_card_away():
    world = _entered(locked=False)
    world.services.wallet.choose(OPEN_LOOP)
    world.services.wallet.arm()
    reader = Reader(world)
    assert reader.listed(VISA.names[0].aid) and not reader.listed() and reader.tap() != GOOD


def test_a_tap_writes_nothing_and_one_record_settles_it():
    for locked in (True, False):
        world = _entered(locked=locked)
        express, flash = world.services.express, world.board.flash
        before = flash.programs
        assert Reader(world).tap(500) == GOOD
        assert flash.programs == before and express.tapped().outcome.amount == 500
        commits = []
        journal = world.services.journal
        commit = journal.commit
        journal.commit = lambda changes: (commits.append(1), commit(changes))
        express.settle()
        assert len(commits) == 1 and express.tapped() is None
        assert _stored_marks(world) == [USED, RESERVED, FREE, FREE]
        assert [key.atc for key in express.card.keys] == [12]
        payment = world.restart().services.history.payments[-1]
        assert (payment.atc, payment.amount, payment.result, payment.token_id) == (11, 500, "sent", TOKEN)


def test_nothing_claims_that_the_wearer_was_verified():
    world = _entered(locked=False)
    card = world.services.express.card
    assert world.services.guard.passcode_age_s() < card.token.limits[CDCVM_MAX_AGE_S] and not card.cdcvm
    assert not world.services.guard.cdcvm(900)
    assert Reader(world).tap(500, required=True) == SEE_DEVICE, "a terminal that wants a verification gets none"


def test_limits_per_tap_and_in_a_foreign_currency():
    world = _entered()
    reader, express = Reader(world), world.services.express
    assert reader.tap(1501) == REFUSED and reader.tap(500, currency=978) == SEE_DEVICE
    assert _marks(world) == [RESERVED, FREE, FREE, FREE], "a refused tap takes no key"
    express.settle()
    assert express.tapped() is None and reader.tap(1500) == GOOD


def test_taps_and_sum_since_the_last_passcode():
    world = _entered()
    reader, express = Reader(world), world.services.express
    for number in range(3):
        assert reader.tap(100) == GOOD, number
        express.settle()
    assert not express.enter() and world.services.guard.state == states.LOCKED, "three taps are the most"
    world.restart()
    assert not world.services.express.enter(), "a restart is no passcode"
    world.unlock()
    world.services.unlocked()
    assert world.services.express.enter() and Reader(world).tap(100) == GOOD
    world = _entered()
    reader, express = Reader(world), world.services.express
    for amount, expected in ((1500, GOOD), (1500, GOOD), (1001, SEE_DEVICE), (1000, GOOD)):
        assert reader.tap(amount) == expected, amount
        express.settle()


def test_express_and_armed_payments_have_counters_of_their_own():
    world = _entered(locked=False)
    Reader(world).tap(700)
    world.services.express.settle()
    card = slot(world)
    assert card.express_spending.sum_without_cdcvm == 700 and card.spending.today == 0
    assert card.atc.keys_left() == 10 and world.services.wallet.keys_left(TOKEN) == 10


def _suspend(world, state="suspended"):
    device = world.services.identity.device_id
    world.services.notices.receive(world.issuer.token_state(device, TOKEN, state))


def _lose(world):
    world.services.notices.receive(world.issuer.device_state(world.services.identity.device_id, "lost", "call me"))


ENDS = (
    # what happens, the state it leads to from a worn watch, from a locked one (None: not possible there)
    ("leave", lambda world: world.services.express.leave(), states.WORN, states.LOCKED),
    ("unlock", lambda world: world.unlock(), states.WORN, states.WORN),
    ("lock", lambda world: world.services.guard.lock(), states.LOCKED, states.LOCKED),
    ("charger", lambda world: world.services.guard.charger(True), states.LOCKED, states.LOCKED),
    ("arm", lambda world: world.services.wallet.arm(), states.ARMED, None),
    ("foreign app", lambda world: world.services.guard._move(states.APP_OPEN), states.FOREIGN, states.FOREIGN),
    ("suspend", _suspend, states.WORN, states.LOCKED),
    ("delete", lambda world: _suspend(world, "deleted"), states.WORN, states.LOCKED),
    ("lost", _lose, states.LOST, states.LOST),
    ("wipe", lambda world: world.services.guard.wipe(), states.WIPING, states.WIPING),
    ("refill", lambda world: refill(world, 2, 15), states.WORN, None),
    ("switch off", lambda world: world.services.express.choose(None), states.WORN, None),
)


def test_what_ends_express_mode():
    cells = 0
    made = with_express()
    for name, act, from_worn, from_locked in ENDS:
        for locked, expected in ((False, from_worn), (True, from_locked)):
            for used in (False, True):
                if expected is not None:
                    _expect_end(made, name, act, locked, expected, used)
                    cells += 1
    print(f"NOTE payment: {cells} ways out of express mode, key zeroed and settled in each")


def _expect_end(made, name, act, locked, expected, used):
    world = _entered(4, locked, made)
    key = world.services.express.card.keys[0]
    if used:
        assert Reader(world).tap() == GOOD
    act(world)
    assert world.services.guard.state == expected, f"{name}: {world.services.guard.state}"
    assert world.services.express.card is None and not any(key._key), f"{name} left a key in RAM"
    assert Reader(world).tap() != GOOD or expected == states.ARMED, f"{name} left a card"
    if name == "wipe":
        return
    assert len(world.services.history.payments) == used, name
    if name not in ("delete", "refill"):
        assert _stored_marks(world)[0] == (USED if used else FREE), name


def test_what_express_refuses_while_locked():
    world = _entered()
    refused(LockedError, world.services.wallet.arm)
    assert world.services.guard.state == states.LOCKED, "it was left for the arming, and nothing else happened"
    world.services.express.enter()
    refused(LockedError, world.services.guard.vault_key)


def test_it_comes_back_by_itself_where_it_may():
    world = _entered()
    express, guard = world.services.express, world.services.guard
    world.unlock()
    assert express.enter() and guard.unlocked()
    world.services.wallet.arm()
    assert not express.enter(), "not while armed"
    world.services.wallet.disarm()
    assert express.enter()
    _lose(world)
    assert not express.enter() and not world.restart().services.express.enter(), "not while lost"


def test_a_session_that_runs_out_ends_in_express_too():
    world = _entered(locked=False)
    world.board.clock.now_us += 600_000_000
    assert world.services.guard.check_session() == "stillness"
    assert world.services.guard.state == states.LOCKED and world.services.express.enter()


def test_suspended_expired_and_empty_cards_stay_out():
    world = _entered()
    _suspend(world)
    assert not world.services.express.enter()
    _suspend(world, "active")
    assert world.services.express.enter()
    slot(world).token.keys_expire_s = world.services.clock.security_s() - 1
    assert not world.services.express.enter() and world.services.guard.state == states.LOCKED, "its time is over"
    world = _entered(keys=1)
    assert Reader(world).tap() == GOOD
    world.services.express.settle()
    assert world.services.guard.state == states.LOCKED and not world.services.express.enter()
    assert _stored_marks(world) == [USED]


def test_a_choice_goes_with_its_card():
    world = _entered()
    _suspend(world, "deleted")
    express = world.services.express
    assert express.chosen() is None and world.services.journal.get(records.EXPRESS_TOKEN) is None
    world.unlock().add_card(profile="closed-loop", express_keys=4)
    assert not express.enter(), "the same card put on anew is not chosen"


def test_a_power_cut_costs_one_atc_and_brings_none_back():
    world = with_express()
    seen = []
    for number in range(3):
        assert world.services.express.enter()
        seen.append(world.services.express.card.keys[0].atc)
        if number % 2:
            Reader(world).tap()
        world.restart()
    assert seen == [11, 12, 13] and _marks(world) == [UNKNOWN, UNKNOWN, UNKNOWN, FREE]
    assert not world.services.history.payments, "nothing was written about them"


def test_a_refill_while_in_express_is_installed_and_keeps_what_was_spent():
    world = _entered(locked=False)
    Reader(world).tap(600)
    refill(world, 2, 15)
    card = slot(world)
    assert card.express_spending.sum_without_cdcvm == 600 and card.express_atc.keys_left() == 4
    assert world.services.express.enter() and world.services.express.card.keys[0].atc == 25
    package = world.package(TOKEN, batch=3, first_atc=29, profile="closed-loop", express_keys=2)
    world.services.guard.lock()
    world.services.express.enter()
    assert world.services.issuance.receive(package) is None, "locked: kept"


def _failing(world):
    """The flash takes nothing any more; returns what brings it back."""
    flash = world.board.flash
    program, erase = flash.program, flash.erase

    def fail(*_):
        raise OSError(28)

    def restore():
        flash.program, flash.erase = program, erase

    flash.program = flash.erase = fail
    return restore


def test_a_write_that_fails_loads_no_key_and_is_tried_once():
    world = with_express()
    restore = _failing(world)
    refused(StorageError, world.services.express.enter)
    assert world.services.express.card is None and world.services.guard.state == states.WORN
    assert not world.services.express.enter(), "not again each second"
    assert Reader(world).tap() == SEE_DEVICE
    restore()
    world.services.guard.lock()
    assert world.services.express.enter()


def test_a_write_that_fails_after_a_tap_is_told_and_the_key_stays_used():
    world = _entered()
    key = world.services.express.card.keys[0]
    Reader(world).tap()
    restore = _failing(world)
    refused(StorageError, world.services.express.settle)
    assert world.services.express.card is None and world.services.guard.state == states.LOCKED and not any(key._key)
    restore()
    world.unlock()
    assert world.services.express.enter() and world.services.express.card.keys[0].atc == 12
    assert world.restart().services.vault.find(TOKEN)[1].express_atc.marks[0][1] in (USED, UNKNOWN)


def test_a_write_that_fails_after_the_last_key_ends_express_mode_too():
    world = _entered(keys=1)
    Reader(world).tap()
    restore = _failing(world)
    refused(StorageError, world.services.express.settle)
    assert world.services.guard.state == states.LOCKED
    restore()
    assert not world.services.express.enter() and _marks(world) == [USED]


def test_a_card_that_loads_by_half_is_put_away_whole():
    world = with_express()
    application = next(one for one in world.services.card._in_order if one.profile.express)
    prepare, cards = application.prepare, []

    def fail_late(card):
        cards.append(card)
        prepare(card)
        raise MemoryError()

    application.prepare = fail_late
    refused(MemoryError, world.services.express.enter)
    application.prepare = prepare
    assert application.armed is None and not any(cards[0].keys[0]._key), "the key is gone from RAM"
    world.services.wallet.choose(OPEN_LOOP)
    world.services.wallet.arm()
    reader = Reader(world)
    assert not reader.listed() and reader.tap() != GOOD, "no reader meets the key whose ATC is free again"
    assert _marks(world) == [FREE, FREE, FREE, FREE]


def test_a_choice_that_is_not_written_is_not_made():
    for token_id in (TOKEN, None):
        world = with_express()
        before = None if token_id else TOKEN
        world.services.express.choose(before)
        restore = _failing(world)
        refused(StorageError, world.services.express.choose, token_id)
        restore()
        assert world.services.express.chosen() == before and world.restart().services.express.chosen() == before


def test_a_damaged_express_batch_ends_in_no_card():
    world = with_express()
    world.services.vault.commit({records.EXPRESS_KEYS: world.services.sealed.sealed(records.EXPRESS_KEYS, b"short")})
    refused(StorageError, world.services.express.enter)
    assert world.services.express.card is None and world.services.guard.state == states.WORN
    world.services.vault.commit({records.EXPRESS_KEYS: None})
    world.services.guard.lock()
    refused(StorageError, world.services.express.enter)


def test_running_out_of_memory_leaves_no_half_card():
    world = with_express()

    def no_memory(card):
        raise MemoryError

    world.services.card.load = no_memory
    refused(MemoryError, world.services.express.enter)
    assert world.services.express.card is None and world.services.guard.state == states.WORN
    assert _marks(world) == [FREE] * 4


def test_a_watch_without_express_is_as_before():
    world = ready()
    assert not world.services.express.enter() and world.services.guard.state == states.WORN
    world.services.express.leave()
    world.services.express.settle()
    assert world.services.express.tapped() is None
    world.unlock(PASSCODE)
