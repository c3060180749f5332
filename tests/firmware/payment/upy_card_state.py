"""The state of each card, what the phone is told of it, and the order and choice of cards."""

from support import scrubbing
from support.issuer import payment_codes
from support.world import OTHER_TOKEN, TOKEN, World, ready, refused

from watch.kernel.errors import NoTokenError
from watch.payment.card_state import EXPIRED, KEYS_LOW, NO_KEYS, SUSPENDED, USABLE, state_of, wants_refill
from watch.payment.codes import CodeBook, PaymentCodes
from watch.payment.slot import ALL_RECORDS
from watch.storage import records

scrubbing.leave_out()
ART = bytes(range(32))


def _leave_keys(world, count):
    """Mark all keys but the last few as used."""
    marks = world.services.vault.find(TOKEN)[1].atc.marks
    for place, entry in enumerate(marks):
        entry[1] = 0 if place >= len(marks) - count else 2


def test_the_table_of_states():
    world = World().provision().set_passcode().add_card(refill_at=4, keys=10)
    slot = world.services.vault.find(TOKEN)[1]
    good_s, dead_s, gone_s = 1_795_400_000, slot.token.keys_expire_s + 1, slot.token.last_second() + 1
    slot.token.keys_expire_s = dead_s = good_s + 1000
    rows = (
        # suspended, keys left, time, state, wants a refill
        (False, 10, good_s, USABLE, False),
        (False, 5, good_s, USABLE, False),
        (False, 4, good_s, KEYS_LOW, True),
        (False, 1, good_s, KEYS_LOW, True),
        (False, 0, good_s, NO_KEYS, True),
        (False, 10, dead_s, USABLE, False),
        (False, 10, dead_s + 1, EXPIRED, True),
        (False, 0, dead_s + 1, EXPIRED, True),
        (False, 10, gone_s, EXPIRED, False),
        (True, 10, good_s, SUSPENDED, False),
        (True, 0, gone_s, SUSPENDED, False),
    )
    for suspended, left, now_s, state, wants in rows:
        slot.token.state = "suspended" if suspended else "active"
        _leave_keys(world, left)
        where = (suspended, left, now_s)
        assert state_of(slot, now_s) == state, (where, state_of(slot, now_s))
        assert wants_refill(slot, now_s, None) == wants, where
    print(f"NOTE payment: {len(rows)} rows of card states")


def test_a_refill_threshold_of_none_waits_for_the_last_key():
    world = World().provision().set_passcode().add_card(refill_at=0)
    for left, state in ((1, USABLE), (0, NO_KEYS)):
        _leave_keys(world, left)
        assert world.services.wallet.state(TOKEN) == state


def test_used_up_codes_and_express_keys_want_a_refill_too():
    world = World().provision().set_passcode().add_card(profile="closed-loop", express_keys=2)
    slot, now_s = world.services.vault.find(TOKEN)[1], world.services.clock.security_s()
    assert not wants_refill(slot, now_s, None) and not wants_refill(slot, now_s, 7)
    assert wants_refill(slot, now_s, 0), "codes are offered and none is left"
    for entry in slot.express_atc.marks:
        entry[1] = 2
    assert wants_refill(slot, now_s, None)


def test_what_the_phone_is_told():
    world = World().provision().set_passcode()
    world.add_card(art=ART, codes=payment_codes(30))
    world.add_card(OTHER_TOKEN, profile="closed-loop", express_keys=3, keys=2)
    services = world.services
    book = CodeBook(services.journal, services.sealed, services.random)
    codes = PaymentCodes(book, services.vault, services.guard, services.clock)

    def codes_left(token_id):
        return codes.codes_left(token_id) if codes.offer(token_id) else None

    lacks = {ART}
    status = services.wallet.status(codes_left, lambda art: art in lacks)
    assert status == [
        {1: TOKEN, 2: "active", 3: 10, 4: False, 5: 30, 6: 0, 7: ART},
        {1: OTHER_TOKEN, 2: "keys-low", 3: 2, 4: True, 5: 0, 6: 3, 7: None},
    ], status
    lacks.clear()
    services.guard.lock()
    assert services.wallet.status(codes_left, lambda art: art in lacks)[0][7] is None, "and while locked"


def test_cards_keep_the_order_in_which_they_were_added():
    world = ready()
    ids = [TOKEN] + [b"token%03d" % number for number in range(3)]
    for token_id in ids[1:]:
        world.add_card(token_id)
    device = world.services.identity.device_id
    world.services.notices.receive(world.issuer.token_state(device, ids[1], "deleted"))
    world.add_card(OTHER_TOKEN)
    assert world.services.vault.find(OTHER_TOKEN)[0] == 1, "it took the slot that had become free"
    expected = [ids[0], ids[2], ids[3], OTHER_TOKEN]
    assert [token.token_id for token in world.services.wallet.tokens()] == expected
    assert [token.token_id for token in world.restart().services.wallet.tokens()] == expected
    world.unlock().add_card(ids[2], batch=2, first_atc=20)
    assert [token.token_id for token in world.services.wallet.tokens()] == expected, "a refill moves nothing"


def test_the_choice_goes_with_its_card_and_stays_over_a_suspension():
    world = ready().add_card(OTHER_TOKEN, profile="mastercard")
    wallet, device = world.services.wallet, world.services.identity.device_id
    wallet.choose(OTHER_TOKEN)
    world.services.notices.receive(world.issuer.token_state(device, OTHER_TOKEN, "suspended"))
    assert wallet.active().token_id == TOKEN
    world.services.notices.receive(world.issuer.token_state(device, OTHER_TOKEN, "active"))
    assert wallet.active().token_id == OTHER_TOKEN
    world.services.notices.receive(world.issuer.token_state(device, OTHER_TOKEN, "deleted"))
    assert wallet.active().token_id == TOKEN and world.services.journal.get(records.ACTIVE_TOKEN) is None
    world.add_card(OTHER_TOKEN, profile="mastercard")
    assert wallet.active().token_id == TOKEN, "put on anew it is not chosen"
    refused(NoTokenError, wallet.state, b"nowhere!")


def test_every_record_of_a_slot_goes_with_its_card():
    beside = (records.BOND, records.STEPS)  # as many, but not one for each card
    kinds = [first for first, places, _, _ in records.TABLE if places == records.SLOTS and first not in beside]
    assert sorted(ALL_RECORDS) == sorted(kinds), "a new kind of record per card is missing in ALL_RECORDS"
    world = World().provision().set_passcode()
    world.add_card(profile="closed-loop", express_keys=4, codes=payment_codes())
    refill = world.package(TOKEN, batch=2, first_atc=20, profile="closed-loop", express_keys=4)
    world.services.guard.lock()
    world.services.issuance.receive(refill)
    journal = world.services.journal
    assert [first for first in kinds if journal.get(first) is None] == []
    device = world.services.identity.device_id
    world.services.notices.receive(world.issuer.token_state(device, TOKEN, "deleted"))
    assert [first for first in kinds if journal.get(first) is not None] == []


def test_profiles_whose_cards_are_all_suspended_are_told_to_the_card():
    world = ready().add_card(OTHER_TOKEN, profile="mastercard").add_card(b"token--3")
    told = []
    emv, device = world.services.card, world.services.identity.device_id
    emv.offer = lambda held, blocked=(): told.append((sorted(held), sorted(blocked)))
    for token_id, blocked in ((TOKEN, []), (b"token--3", ["visa"]), (OTHER_TOKEN, ["mastercard", "visa"])):
        world.services.notices.receive(world.issuer.token_state(device, token_id, "suspended"))
        assert told[-1] == (["mastercard", "visa"], blocked), told[-1]
