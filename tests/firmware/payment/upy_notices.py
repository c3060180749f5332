"""What the bank says is believed only if it is signed, for this watch, and new."""

from support import scrubbing
from support.issuer import Issuer
from support.world import TOKEN, ready, refused

from watch.kernel.errors import InputError, ReplayError, SignatureError, WatchError

scrubbing.leave_out()


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


def test_a_link_to_the_receipt_is_kept_with_the_payment():
    world = ready()
    device = world.services.identity.device_id
    link = "https://bank.example/r/" + "A" * (120 - 23)
    for atc, good in ((1, link), (2, "http://x"), (3, "")):
        payment = world.services.notices.receive(world.issuer.notice(device, TOKEN, atc, link=good))
        assert payment.link == good and payment.merchant == "Tea House"
    kept = world.restart().services.history.payments
    assert [payment.link for payment in kept] == [link, "http://x", ""]


def test_links_that_are_no_web_address_are_refused():
    world = ready()
    device = world.services.identity.device_id
    wrong = (
        "x",
        "ftp://x",
        "javascript:1",
        "HTTP://x",
        "http:/x",
        "http://a b",
        "http://a\n",
        "http://\u4e2d",
        "http://\x7f",
    )
    for link in wrong + ("https://bank.example/" + "A" * 100,):
        refused(InputError, world.services.notices.receive, world.issuer.notice(device, TOKEN, 1, link=link))
    assert not world.services.history.payments
    print(f"NOTE payment: {len(wrong) + 1} links refused")


def test_a_key_that_was_used_for_a_code_becomes_a_payment_too():
    """What takes a key of the armed card without a terminal fills the outcome as a tap does."""
    world = ready()
    card = world.services.wallet.arm()[0]
    for name, amount in (("Corner shop", 250), ("", 0)):
        key = card.take()
        key.outcome.set_merchant(name.encode() + bytes(20 - len(name)), 0)
        key.outcome.amount, key.outcome.currency, key.outcome.time_s = amount, 156, 1_795_400_060
    world.services.wallet.disarm()
    told = [(payment.merchant, payment.amount, payment.atc) for payment in world.restart().services.history.payments]
    assert told == [("Corner shop", 250, 1), ("", 0, 2)]


def test_a_payment_by_code_has_a_number_of_its_own():
    world = ready()
    device = world.services.identity.device_id
    for handle in (0, 17, 99_999_999):
        world.services.notices.receive(world.issuer.notice(device, TOKEN, 65_536 + handle))
    world.services.notices.receive(world.issuer.notice(device, TOKEN, 65_553, "declined"))
    kept = world.restart().services.history.payments
    assert [(payment.atc, payment.result) for payment in kept] == [
        (65_536, "approved"),
        (65_553, "declined"),
        (100_065_535, "approved"),
    ]


def test_an_amount_that_no_screen_can_show_is_refused():
    world = ready()
    device, receive = world.services.identity.device_id, world.services.notices.receive
    for amount in (10**12, (1 << 40) - 1, -1):
        refused(InputError, receive, world.issuer.notice(device, TOKEN, 1, amount=amount, number=1))
        assert not world.services.history.payments, "the list of payments would fail to open for ever"
    assert receive(world.issuer.notice(device, TOKEN, 1, amount=10**12 - 1, number=1)).amount == 10**12 - 1
