"""What the bank says is believed only if it is signed, for this watch, and new."""

from support.issuer import Issuer
from support.world import TOKEN, ready, refused

from watch.kernel.errors import InputError, ReplayError, SignatureError, WatchError


def test_a_notice_settles_the_payment_it_names():
    world = ready()
    card = world.services.wallet.arm()[0]
    key = card.take()
    key.outcome.amount, key.outcome.currency, key.outcome.time_s = 1234, 156, 99
    world.services.wallet.disarm()
    device = world.services.identity.device_id
    payment = world.services.notices.receive(world.issuer.notice(device, TOKEN, key.atc))
    assert (payment.result, payment.merchant, payment.number, payment.time_s) == ("approved", "Tea House", 1, 99)
    assert len(world.services.history.payments) == 1
    assert world.restart().services.history.payments[0].result == "approved"


def test_a_notice_for_an_unknown_payment_is_kept_too():
    world = ready()
    device = world.services.identity.device_id
    payment = world.services.notices.receive(world.issuer.notice(device, TOKEN, 9, "declined"))
    assert payment.result == "declined" and payment.reason == "51" and len(world.services.history.payments) == 1


def test_old_notices_are_refused_after_a_restart_too():
    world = ready()
    device = world.services.identity.device_id
    first = world.issuer.notice(device, TOKEN, 1)
    second = world.issuer.notice(device, TOKEN, 2)
    world.services.notices.receive(second)
    refused(ReplayError, world.services.notices.receive, second)
    refused(ReplayError, world.services.notices.receive, first)
    refused(ReplayError, world.restart().services.notices.receive, second)


def test_notices_of_strangers_and_for_others_are_refused():
    world = ready()
    device = world.services.identity.device_id
    receive = world.services.notices.receive
    stranger = Issuer(world.services.random)
    refused(SignatureError, receive, stranger.notice(device, TOKEN, 1))
    refused(SignatureError, receive, world.issuer.notice(b"another!", TOKEN, 1))
    # Another token service of the same root must not speak for this card.
    world.services.identity.trust(world.issuer.certificate("token-service", stranger.service.public))
    refused(SignatureError, receive, stranger.notice(device, TOKEN, 1))
    # The watch's own signature is no notice.
    refused(InputError, receive, world.services.identity.sign("tapwatch/receipt", {1: 2}))


def test_every_flipped_byte_of_a_notice_is_refused():
    world = ready()
    notice = world.issuer.notice(world.services.identity.device_id, TOKEN, 1)
    for at in range(len(notice)):
        changed = bytearray(notice)
        changed[at] ^= 0x40
        refused(WatchError, world.services.notices.receive, bytes(changed))
    world.services.notices.receive(notice)
    print(f"NOTE payment: {len(notice)} flipped bytes of a notice, 0 accepted")


def test_the_bank_moves_the_clock_floor_forward_only():
    world = ready()
    device = world.services.identity.device_id
    world.services.notices.receive(world.issuer.notice(device, TOKEN, 1))
    assert world.services.clock.security_s() >= 1_795_400_100


def test_history_is_bounded_and_keeps_the_newest():
    world = ready()
    device = world.services.identity.device_id
    for atc in range(1, 56):
        world.services.notices.receive(world.issuer.notice(device, TOKEN, atc))
    kept = world.restart().services.history.payments
    assert len(kept) == 50 and kept[0].atc == 6 and kept[-1].atc == 55
