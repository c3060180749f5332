"""Registration, token packages and the life of a batch."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

import cbor2
import pytest
from cryptography.exceptions import InvalidTag
from pycose.exceptions import CoseException
from pycose.keys.curves import P256
from pycose.keys.ec2 import EC2Key
from pycose.messages.sign1message import Sign1Message

from tapwatch.bank import issuance
from tapwatch.bank.problems import AccessProblem, BankProblem, RequestProblem, StateProblem, UnknownProblem
from tapwatch.signing.keys import PrivateKey
from tests.host.bank.card import Card, open_package
from tests.host.bank.world import DAY_S, START, Watch

if TYPE_CHECKING:
    from tests.host.bank.world import World


REFUSALS = (
    cbor2.CBORDecodeError, CoseException, InvalidTag, ValueError, TypeError, KeyError, AttributeError, IndexError,
)  # fmt: skip
"""What pycose, cbor2 and `cryptography` raise for broken input."""


def cose_valid(data: bytes, public: bytes) -> bool:
    """Check the signature with pycose, which shares nothing with our signing room."""
    message = Sign1Message.from_cose_obj(cbor2.loads(data), allow_unknown_attributes=True)
    message.key = EC2Key(crv=P256, x=public[:32], y=public[32:])
    return message.verify_signature()  # pyright: ignore[reportAttributeAccessIssue]  # pycose hides its type


def test_package_is_what_formats_says(world: World) -> None:
    token = world.token("visa")
    nonce = secrets.token_bytes(16)
    package = world.bank.package(world.watch.request(token, world.bank.issuer_id, nonce=nonce))
    assert cose_valid(package, world.bank.service_public)
    protected, unprotected, _, signature = cbor2.loads(package)
    header = cbor2.loads(protected)
    assert header == {1: -7, 3: "tapwatch/token-package", 4: world.bank.issuer_id, -65537: 1, -65538: nonce}
    assert (unprotected, len(signature)) == ({}, 64)
    content = open_package(package, world.watch.receipt_key, world.watch.id, world.bank.issuer_id)
    assert sorted(content) == list(range(1, 25))
    assert (content[20], content[22], content[24]) == (18, None, 4)
    assert sorted(content[21]) == list(range(1, 8))
    assert (content[1], content[2], content[3]) == (token, 1, "visa")
    assert [atc for atc, _ in content[16]] == list(range(1, 11))
    assert {len(key) for _, key in content[16]} == {16}
    assert (content[17], content[18]) == (START + 14 * DAY_S, START)
    assert sorted(content[15]) == list(range(1, 8))
    assert (len(content[7]), len(content[8]), len(content[9]), content[5]) == (29, 4, 11, "2911")
    print(f"NOTE bank: token package with {len(content[16])} keys is {len(package)} bytes")
    assert len(package) <= 2048


@pytest.mark.share("fuzz")
def test_every_changed_byte_of_a_package_is_noticed(world: World) -> None:
    """Signature by pycose, decryption by HPKE written out in the tests."""
    package = world.bank.package(world.watch.request(world.token(), world.bank.issuer_id))
    for place in range(len(package)):
        changed = bytearray(package)
        changed[place] ^= 0x01
        assert not opens(bytes(changed), world), f"byte {place}"
    assert opens(package, world)
    print(f"NOTE bank: {len(package)} bytes of a package changed one by one, 0 accepted")


def test_hpke_alone_notices_a_changed_ciphertext_header_or_recipient(world: World) -> None:
    package = world.bank.package(world.watch.request(world.token(), world.bank.issuer_id))
    protected, _, payload, signature = cbor2.loads(package)
    enc, ciphertext = cbor2.loads(payload)
    others = (
        (protected, enc, ciphertext[:-1] + bytes((ciphertext[-1] ^ 1,)), world.watch.id),
        (protected[:-1] + bytes((protected[-1] ^ 1,)), enc, ciphertext, world.watch.id),
        (protected, enc, ciphertext, bytes(8)),
    )
    for header, sender, secret, device in others:
        data = cbor2.dumps([header, {}, cbor2.dumps([sender, secret]), signature])
        with pytest.raises(InvalidTag):
            open_package(data, world.watch.receipt_key, device, world.bank.issuer_id)
    with pytest.raises(InvalidTag):
        open_package(package, Watch(world.root).receipt_key, world.watch.id, world.bank.issuer_id)


def opens(package: bytes, world: World) -> bool:
    """True if the envelope has our form and signature and decrypts."""
    try:
        if not cose_valid(package, world.bank.service_public):
            return False
        if cbor2.loads(package)[1] != {}:
            return False
        open_package(package, world.watch.receipt_key, world.watch.id, world.bank.issuer_id)
    except REFUSALS:
        return False
    return True


def test_same_request_same_bytes(world: World) -> None:
    request = world.watch.request(world.token(), world.bank.issuer_id)
    first = world.bank.package(request)
    world.clock.now += 3600
    world.reopen()
    assert world.bank.package(request) == first


def test_a_nonce_serves_one_request(world: World) -> None:
    token, nonce = world.token(), bytes(16)
    world.bank.package(world.watch.request(token, world.bank.issuer_id, nonce=nonce))
    with pytest.raises(RequestProblem, match="nonce"):
        world.bank.package(world.watch.request(token, world.bank.issuer_id, highest=5, nonce=nonce))


def test_replaced_batch_is_dead(world: World) -> None:
    token = world.token()
    request = world.watch.request(token, world.bank.issuer_id)
    old = Card(open_package(world.bank.package(request), world.watch.receipt_key, world.watch.id, world.bank.issuer_id))
    new = world.fetch(token)
    assert min(new.atcs) == max(old.atcs) + 1
    assert world.pay(old, old.atcs[0], 100) == "54"
    assert world.pay(new, new.atcs[0], 100) == "00"
    with pytest.raises(StateProblem, match="replaced"):
        world.bank.package(request)


def test_first_valid_cryptogram_makes_a_batch_live(world: World) -> None:
    token = world.token()
    first = world.fetch(token)
    assert world.pay(first, 7, 100) == "00"
    second = world.fetch(token, number=2, highest=10)
    assert second.atcs == list(range(11, 21))
    assert world.pay(first, 3, 100) == "00"


def test_next_request_makes_a_batch_live(world: World) -> None:
    """The receipt was lost, but the watch signs that it holds the keys."""
    token = world.token()
    first = world.fetch(token)
    world.fetch(token, number=2, highest=10)
    assert world.pay(first, 4, 100) == "00"


def test_receipt_makes_a_batch_live(world: World) -> None:
    token, nonce = world.token(), secrets.token_bytes(16)
    package = world.bank.package(world.watch.request(token, world.bank.issuer_id, nonce=nonce))
    digest = hashlib.sha256(package).digest()
    for wrong in (
        (2, nonce, digest),
        (1, bytes(16), digest),
        (1, nonce, bytes(32)),
    ):
        with pytest.raises(BankProblem):
            world.bank.receipt(world.watch.receipt(token, *wrong))
    for _ in range(2):
        world.bank.receipt(world.watch.receipt(token, 1, nonce, digest))
    with pytest.raises(StateProblem, match="batch 2 is next"):
        world.fetch(token, number=1)
    assert world.fetch(token, number=2, highest=10).atcs[0] == 11


@pytest.mark.parametrize("number", [0, 2, 7])
def test_batch_numbers_have_no_gaps(world: World, number: int) -> None:
    with pytest.raises(StateProblem, match="batch 1 is next"):
        world.fetch(world.token(), number=number)


def test_batch_starts_above_what_the_watch_has_held(world: World) -> None:
    assert world.fetch(world.token(), highest=500).atcs[0] == 501


def test_counter_ends_at_65535(world: World) -> None:
    token = world.token()
    assert world.fetch(token, highest=65_525).atcs[-1] == 65_535
    with pytest.raises(StateProblem, match="counter"):
        world.fetch(token, number=2, highest=65_535)


def test_keys_end_with_the_token(world: World) -> None:
    token = world.token()
    world.clock.now = START + 3 * 365 * DAY_S  # 2029-11-21
    assert world.fetch(token).content[17] == 1_890_777_600  # 2029-12-01 00:00:00 UTC
    world.clock.now += 10 * DAY_S
    with pytest.raises(StateProblem, match="expired"):
        world.fetch(token)


def test_other_devices_get_nothing(world: World) -> None:
    token = world.token()
    stranger = Watch(world.root, 2)
    with pytest.raises(UnknownProblem):
        world.bank.package(stranger.request(token, world.bank.issuer_id))
    world.register(stranger)
    with pytest.raises(UnknownProblem):
        world.bank.package(stranger.request(token, world.bank.issuer_id))


def test_forged_requests(world: World) -> None:
    token = world.token()
    forger = PrivateKey.generate()
    body = {1: world.watch.id, 2: token, 3: 1, 4: 0, 5: bytes(16), 6: world.bank.issuer_id}
    bad = (
        forger.sign("tapwatch/token-request", body),
        world.watch.identity.sign("tapwatch/receipt", body),
        world.watch.identity.sign("tapwatch/token-request", {**body, 1: bytes(8)}),
        world.watch.identity.sign("tapwatch/token-request", {**body, 3: "1"}),
        world.watch.identity.sign("tapwatch/token-request", {**body, 3: True}),
        world.watch.identity.sign("tapwatch/token-request", {**body, 4: -1}),
        world.watch.identity.sign("tapwatch/token-request", {**body, 5: bytes(15)}),
        world.watch.identity.sign("tapwatch/token-request", {**body, 6: bytes(8)}),
        world.watch.identity.sign("tapwatch/token-request", {**body, 7: 0}),
        world.watch.identity.sign("tapwatch/token-request", [1]),
        b"",
        b"\x84",
    )
    for request in bad:
        with pytest.raises(BankProblem):
            world.bank.package(request)
    good = bytearray(world.watch.identity.sign("tapwatch/token-request", body))
    for place in range(len(good)):
        good[place] ^= 1
        with pytest.raises(BankProblem):
            world.bank.package(bytes(good))
        good[place] ^= 1


@pytest.mark.parametrize("role", ["developer", "store", "token-service"])
def test_certificate_of_another_role(world: World, role: str) -> None:
    with pytest.raises(AccessProblem):
        world.register(Watch(world.root, 2, role))


def test_certificate_of_another_root_or_time(world: World) -> None:
    with pytest.raises(AccessProblem):
        world.register(Watch(PrivateKey.generate(), 2))
    token = world.token()
    world.clock.now += 6 * 365 * DAY_S
    with pytest.raises(AccessProblem):
        world.register(Watch(world.root, 3))
    with pytest.raises(AccessProblem):
        world.fetch(token)


@pytest.mark.parametrize(
    "changes",
    [
        {"k1": bytes(8)},
        {"k2": bytes(64)},
        {"k2": bytes(63)},
        {"k3": bytes(16)},
        {"k4": "x" * 65},
        {"k5": "efuse"},
        {"k6": [0] * 33},
    ],
)
def test_bad_attestations(world: World, changes: dict) -> None:
    with pytest.raises(BankProblem):
        world.register(Watch(world.root, 2), **changes)


def test_challenge_serves_once_and_ends(world: World) -> None:
    watch = Watch(world.root, 2)
    attestation = watch.attest(world.bank.challenge())
    world.bank.register(watch.certificate, attestation)
    with pytest.raises(AccessProblem, match="challenge"):
        world.bank.register(watch.certificate, attestation)
    attestation = watch.attest(world.bank.challenge())
    world.clock.now += 301
    with pytest.raises(AccessProblem, match="challenge"):
        world.bank.register(watch.certificate, attestation)


def test_new_receipt_key_ends_what_was_sealed_to_the_old_one(world: World) -> None:
    token = world.token()
    request = world.watch.request(token, world.bank.issuer_id)
    world.bank.package(request)
    world.watch.receipt_key = Watch(world.root).receipt_key
    world.register(world.watch)
    with pytest.raises(StateProblem):
        world.bank.package(request)
    assert len(world.fetch(token).atcs) == issuance.BATCH_KEYS


@pytest.mark.parametrize("state", ["suspended", "deleted"])
def test_no_keys_for_a_token_that_may_not_pay(world: World, state: str) -> None:
    token = world.token()
    world.bank.set_state(token, state)
    with pytest.raises(StateProblem, match=state):
        world.fetch(token)
