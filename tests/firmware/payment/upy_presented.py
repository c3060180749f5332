"""The QR code that a merchant scans: the published vector, and the real one made from an armed card."""

import binascii

from support import scrubbing
from support.issuer import payment_codes
from support.world import OTHER_TOKEN, TOKEN, World, refused

from tests.firmware.payment import codes_kit
from tests.firmware.payment.card_kit import flatten
from watch.access import states
from watch.crypto.des import Alg3Mac
from watch.kernel.errors import InputError, LockedError, NoCodesError, NoKeysError, StateError
from watch.payment.presented import SHOWN_AS, PresentedCode, payload

scrubbing.leave_out()

PUBLISHED = (
    "hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MWETTwegAAAAZmZmUAhQcm9kdWN0MmJJWggSNFZ4kBI0WF8gDkNBUkRIT0xERVIvRU1WXy0IcnVlc"
    "2RlZW5kIZ8QBwYBCgMAAACfJghYT9OF+iNLzJ82AgABnzcEbVjvEw=="
)
"""EMVCo, EMV QR Code Specification, Consumer-Presented Mode 1.1, annex A."""


def service(world):
    """The service over a world."""
    services = world.services
    return PresentedCode(services.wallet, codes_kit.codes_of(world), services.random, services.clock)


def shown(world):
    """Arm, and make one code; its bytes."""
    world.services.wallet.arm()
    return binascii.a2b_base64(service(world).make())


def test_the_published_vector():
    hexed = bytes.fromhex
    made = payload(
        (
            ((0x4F, hexed("A0000000555555")), (0x50, b"Product1")),
            ((0x4F, hexed("A0000000666666")), (0x50, b"Product2")),
        ),
        ((0x5A, hexed("1234567890123458")), (0x5F20, b"CARDHOLDER/EMV"), (0x5F2D, b"ruesdeen")),
        (
            (0x9F10, hexed("06010A03000000")),
            (0x9F26, hexed("584FD385FA234BCC")),
            (0x9F36, hexed("0001")),
            (0x9F37, hexed("6D58EF13")),
        ),
    )
    assert made == PUBLISHED and len(made) == 168


def test_a_payload_that_is_too_long():
    refused(InputError, payload, [((0x50, b"x" * 120),)] * 4, (), ())


def test_what_the_bank_gets():
    world = codes_kit.ready()
    data = shown(world)
    assert data[:7] == b"\x85\x05CPV01"
    tags = flatten(data)
    token = world.services.wallet.active()
    assert tags[0x4F] == b"\xa0\x00\x00\x00\x03\x10\x10" and tags[0x57].hex().startswith(token.pan + "d3012")
    assert tags[0x9F24] == token.par.encode() and tags[0x9F25] == b"\x00\x10" and tags[0x5F34] == b"\x01"
    assert tags[0x9F19] == bytes.fromhex("040010030273") and tags[0x9F27] == b"\x80" and tags[0x9F36] == b"\x00\x01"
    message = bytearray(25) + tags[0x9F37] + tags[0x82] + tags[0x9F36] + tags[0x9F10]
    made = bytearray(8)
    Alg3Mac(bytearray(b"\x01" * 16)).mac(message, len(message), made)
    assert tags[0x9F26] == made, "all that a terminal would say is zero, but for 9F37"


def test_every_profile_makes_one():
    for profile, keys in (
        ("visa", {}),
        ("mastercard", {}),
        ("visa", {"cvn": 0x22}),
        ("visa", {"cvn": 0x43}),
        ("mastercard", {"cvn": 0x15}),
        ("closed-loop", {}),
    ):
        world = World().provision().set_passcode().add_card(profile=profile, **keys)
        codes_kit.install(world)
        world.services.wallet.arm()
        text = service(world).make()
        assert len(text) <= 512 and flatten(binascii.a2b_base64(text))[0x9F36] == b"\x00\x01"
        print("NOTE CPM payload, %s %02x: %d characters" % (profile, keys.get("cvn", 0), len(text)))


def test_numbers_drawn_differ():
    world = codes_kit.ready()
    assert len({flatten(shown(world))[0x9F37] for _ in range(5)}) == 5


def test_the_key_is_used_and_written_down_before_the_code_is_shown():
    world = codes_kit.ready()
    shown(world)
    assert world.services.guard.state == states.WORN and not world.services.wallet.armed
    assert world.services.wallet.keys_left(TOKEN) == 9
    payment = world.restart().services.history.payments[-1]
    assert (payment.atc, payment.amount, payment.merchant, payment.result) == (1, 0, SHOWN_AS, "sent")


def test_the_notice_fills_in_amount_and_merchant():
    world = codes_kit.ready()
    shown(world)
    device = world.services.identity.device_id
    payment = world.services.notices.receive(world.issuer.notice(device, TOKEN, 1, amount=2500))
    assert (payment.number, payment.amount, payment.merchant, payment.result) == (1, 2500, "Tea House", "approved")
    assert len(world.services.history.payments) == 1


def test_who_may_not():
    world = codes_kit.ready().add_card(OTHER_TOKEN, profile="mastercard")
    made = service(world)
    refused(StateError, made.make)
    world.services.wallet.choose(OTHER_TOKEN)
    world.services.wallet.arm()
    refused(NoCodesError, made.make)
    assert world.services.guard.state == states.WORN, "a refusal disarms"
    assert world.services.wallet.keys_left(OTHER_TOKEN) == 10, "and costs no key"
    world.services.wallet.choose(TOKEN)
    card = world.services.wallet.arm()[0]
    while card.has_key():
        card.take()
    refused(NoKeysError, made.make)


def test_codes_that_are_used_up_or_too_old_end_it_too():
    world = codes_kit.ready(count=1)
    codes_kit.codes_of(world).next_code(TOKEN)
    world.services.wallet.arm()
    refused(NoCodesError, service(world).make)
    world = codes_kit.ready()
    world.services.clock.raise_floor(payment_codes()[5] + 1)
    world.services.wallet.arm()
    refused(NoCodesError, service(world).make)


def test_an_old_passcode_allows_what_it_allows_at_a_reader():
    """The most that a code may pay counts, since the amount is not known: small ones a few times, then none."""
    world = codes_kit.ready()
    for _ in range(2):
        world.board.clock.now_us += 500_000_000
        world.services.guard.moved()
    for _ in range(5):
        assert not world.services.wallet.arm()[0].cdcvm
        service(world).make()
    world.services.wallet.arm()
    refused(LockedError, service(world).make)
    assert world.services.wallet.keys_left(TOKEN) == 5
