"""Cards, slots, issuers and notices that could be taken for one another, and limits of what anyone may ask."""

from support import scrubbing
from support.issuer import Issuer
from support.world import OTHER_TOKEN, TOKEN, World, ready, refused

from watch.crypto import cbor, cose
from watch.kernel.errors import CorruptError, InputError, ReplayError, SignatureError
from watch.storage import records

scrubbing.leave_out()


def _second_service(world):
    """Another trusted token service of the same root."""
    other = Issuer(world.services.random)
    world.services.identity.trust(world.issuer.certificate("token-service", other.service.public))
    return other.service


def _wanted(request):
    return cbor.decode(cose.parse(request).payload)


def test_another_token_service_cannot_take_over_a_card():
    world = ready()
    other = _second_service(world)
    refused(SignatureError, world.services.issuance.request, TOKEN, other.key_id)
    vault = world.services.vault
    number, slot = vault.find(TOKEN)

    class Given:
        token = slot.token
        keys = [[50, bytes(16)]]

    with world.services.guard.vault_key() as key:
        refused(SignatureError, vault.install, number, Given, other.key_id, key, {})
    assert vault.find(TOKEN)[1].token.issuer == world.issuer.service.key_id


def test_anyone_may_ask_and_the_watch_does_not_fill_up():
    world = World().provision().set_passcode()
    service = world.issuer.service.key_id
    for number in range(3 * records.SLOTS):
        world.services.issuance.request(b"guess%03d" % number, service)
    world.add_card()
    for number in range(records.SLOTS):
        world.services.issuance.request(b"again%03d" % number, service)
    assert world.restart().unlock().services.wallet.keys_left(TOKEN) == 10
    world.add_card(OTHER_TOKEN)


def test_a_kept_package_is_not_pushed_out_by_asking():
    world = World().provision().set_passcode()
    package = world.package()
    world.services.guard.lock()
    assert world.services.issuance.receive(package) is None
    for number in range(2 * records.SLOTS):
        world.services.issuance.request(b"guess%03d" % number, world.issuer.service.key_id)
    world.unlock()
    assert world.services.issuance.open_kept() == 1


def test_a_slot_is_empty_after_a_deletion():
    world = ready()
    device = world.services.identity.device_id
    kept = world.package(batch=2, first_atc=20)
    world.services.guard.lock()
    assert world.services.issuance.receive(kept) is None
    world.services.notices.receive(world.issuer.token_state(device, TOKEN, "deleted"))
    number = 0
    for first in range(0x300, 0x480, 0x20):
        assert world.services.journal.get(first + number) is None, hex(first)
    world.unlock()
    assert world.services.issuance.open_kept() == 0 and not world.services.vault.slots
    refused(ReplayError, world.services.issuance.receive, kept)
    world.add_card(OTHER_TOKEN)
    assert world.services.vault.slots[0].token.token_id == OTHER_TOKEN


def test_nothing_is_opened_while_armed():
    world = ready()
    package = world.package(batch=2, first_atc=20)
    world.services.wallet.arm()
    assert world.services.issuance.receive(package) is None
    assert world.services.issuance.open_kept() == 0
    world.services.wallet.disarm()
    assert world.services.issuance.open_kept() == 1


def test_a_request_tells_the_highest_atc_held_so_that_a_lost_receipt_loses_no_batch():
    world = ready()
    assert _wanted(world.services.issuance.request(TOKEN, world.issuer.service.key_id))[4] == 10
    world.services.wallet.arm()
    world.services.wallet.disarm()
    world.add_card(batch=2, first_atc=11)
    assert _wanted(world.services.issuance.request(TOKEN, world.issuer.service.key_id))[4] == 20


def test_a_batch_never_brings_back_an_atc_that_was_held():
    world = ready()
    refused(InputError, lambda: world.add_card(batch=2, first_atc=10))
    world.add_card(TOKEN, batch=2, first_atc=11)


def test_a_suspension_ends_an_arming_at_once():
    for state in ("suspended", "deleted"):
        world = ready()
        card = world.services.wallet.arm()[0]
        device = world.services.identity.device_id
        world.services.notices.receive(world.issuer.token_state(device, TOKEN, state))
        assert world.services.guard.state == "worn" and not world.services.wallet.armed, state
        assert not any(any(key._key) for key in card.keys), "session keys must be zeroed"


def test_a_refill_does_not_wake_a_suspended_card():
    world = ready()
    device = world.services.identity.device_id
    world.services.notices.receive(world.issuer.token_state(device, TOKEN, "suspended"))
    world.add_card(TOKEN, batch=2, first_atc=11)
    assert world.services.wallet.active() is None
    assert world.restart().services.wallet.active() is None


def test_a_notice_that_comes_while_armed_makes_no_second_entry():
    world = ready()
    card = world.services.wallet.arm()[0]
    key = card.take()
    key.outcome.amount, key.outcome.currency, key.outcome.time_s, key.outcome.result = 500, 156, 9, "sent"
    world.services.notices.receive(world.issuer.notice(world.services.identity.device_id, TOKEN, key.atc, amount=500))
    world.services.wallet.disarm()
    payments = world.restart().services.history.payments
    assert [(payment.atc, payment.result) for payment in payments] == [(1, "approved")]
    assert world.services.vault.find(TOKEN)[1].atc.keys_left() == 9


def test_each_token_service_counts_its_own_notices():
    world = ready()
    device = world.services.identity.device_id
    other = Issuer(world.services.random)
    world.services.identity.trust(world.issuer.certificate("token-service", other.service.public))
    request = world.services.issuance.request(OTHER_TOKEN, other.service.key_id)
    receipt = world.services.receipt_key.public()
    world.services.issuance.receive(other.package(request, receipt, other.content(OTHER_TOKEN)))
    receive = world.services.notices.receive
    receive(world.issuer.notice(device, TOKEN, 1, number=1000))
    first = other.notice(device, OTHER_TOKEN, 1)
    assert receive(first).result == "approved"
    refused(ReplayError, world.restart().services.notices.receive, first)
    refused(ReplayError, world.services.notices.receive, world.issuer.notice(device, TOKEN, 2, number=999))


def test_a_notice_for_a_card_that_is_gone_is_taken_and_shows_nothing():
    world = ready()
    device = world.services.identity.device_id
    notice = world.issuer.notice(device, b"nowhere!", 1)
    assert world.services.notices.receive(notice) is None
    assert not world.services.history.payments
    refused(ReplayError, world.services.notices.receive, notice)


def test_nobody_pushes_the_clock_beyond_his_own_certificate():
    world = World().provision()
    now_s = world.services.clock.security_s()
    service = world.issuer.service.public
    world.services.identity.trust(world.issuer.certificate("token-service", service, not_after=now_s + 1000))
    world.set_passcode()
    refused(SignatureError, lambda: world.add_card(now=now_s + 1001))
    world.add_card(now=now_s + 900)
    assert 0 <= world.services.clock.security_s() - now_s - 900 < 5
    notice = {1: world.services.identity.device_id, 2: 1, 3: TOKEN, 4: 1, 5: "approved", 6: 1, 7: 156, 8: ""}
    notice.update({10: "00", 11: ""})
    notice[9] = now_s + 1001
    signed = world.issuer.service.sign("tapwatch/notice", notice)
    refused(SignatureError, world.services.notices.receive, signed)
    assert world.services.clock.security_s() < now_s + 1000


def test_what_a_package_may_not_hold():
    world = World().provision().set_passcode()
    wrong = (
        {20: "active"}, {21: b"anybody!"}, {99: 1}, {10: "\u4e2d" * 11},
        {15: {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, "a": 7}},
        {15: dict.fromkeys(range(1, 8), True)}, {16: [[True, bytes(16)]]}, {16: [[1, bytes(16), 1]]}, {16: {}},
        {16: [[2, bytes(16)], [2, bytes(16)]]},
    )  # fmt: skip
    for change in wrong:
        request = world.services.issuance.request(TOKEN, world.issuer.service.key_id)
        content = world.issuer.content(TOKEN)
        content.update(change)
        package = world.issuer.package(request, world.services.receipt_key.public(), content)
        refused(InputError, world.services.issuance.receive, package)
    assert not world.services.vault.slots


def test_a_batch_without_the_reserved_keys_is_damage():
    world = ready()
    world.services.vault.slots[0].atc.marks[0][0] = 999
    refused(CorruptError, world.services.wallet.arm)
    assert world.services.guard.state == "worn" and not world.services.wallet.armed


def test_an_arming_that_runs_out_of_memory_leaves_the_watch_worn():
    world = ready()

    def no_memory(card):
        raise MemoryError

    world.services.card.load = no_memory
    refused(MemoryError, world.services.wallet.arm)
    assert world.services.guard.state == "worn" and not world.services.wallet.armed
    assert world.services.wallet.keys_left(TOKEN) == 10


def test_a_day_starts_once_and_never_again():
    world = ready()
    spending = world.services.vault.find(TOKEN)[1].spending
    spending.turn_day(10 * 86_400)
    spending.add(500, True)
    for now_s in (10 * 86_400 + 86_399, 9 * 86_400, 0):
        spending.turn_day(now_s)
        assert spending.today == 500, now_s
    spending.turn_day(11 * 86_400)
    assert spending.today == 0
