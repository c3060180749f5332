"""Requests, packages, receipts: installed once, by the right watch, from the right bank, and never half."""

from support import scrubbing
from support.world import OTHER_TOKEN, TOKEN, World, ready, refused

from watch.crypto import cbor, cose
from watch.crypto.hashes import sha256
from watch.kernel.errors import CryptoError, FullError, InputError, ReplayError, SignatureError, StateError, WatchError
from watch.payment.armed import MOST_KEYS
from watch.storage import records

scrubbing.leave_out()


def _unlocked():
    return World().provision().set_passcode()


def test_a_package_is_installed_and_its_receipt_signed():
    world = _unlocked()
    package = world.package()
    services = world.services
    receipt = cose.parse(services.issuance.receive(package))
    receipt.verify(services.identity.public)
    fields = cbor.decode(receipt.payload)
    assert fields[1] == services.identity.device_id and fields[2] == TOKEN and fields[5] == sha256(package)
    assert services.issuance.receipts()[0] and services.wallet.keys_left(TOKEN) == 10
    slot = world.restart().services.vault.find(TOKEN)[1]
    assert slot.token.last_four == "0010" and slot.atc.keys_left() == 10


def test_the_same_request_gives_the_same_bytes_until_it_is_answered():
    world = _unlocked()
    service = world.issuer.service.key_id
    first = world.services.issuance.request(TOKEN, service)
    assert world.services.issuance.request(TOKEN, service) == first
    assert world.restart().services.issuance.request(TOKEN, service) == first
    world.unlock()
    world.services.issuance.receive(
        world.issuer.package(first, world.services.receipt_key.public(), world.issuer.content(TOKEN))
    )
    assert world.services.issuance.request(TOKEN, service) != first


def test_a_package_is_taken_once():
    world = _unlocked()
    package = world.package()
    world.services.issuance.receive(package)
    refused(ReplayError, world.services.issuance.receive, package)
    refused(ReplayError, world.restart().unlock().services.issuance.receive, package)


def test_a_package_that_arrives_while_locked_waits_for_the_unlock():
    world = _unlocked()
    package = world.package()
    world.services.guard.lock()
    assert world.services.issuance.receive(package) is None
    assert not world.services.vault.slots
    services = world.restart().services
    assert services.issuance.receive(package) is None, "sent again: kept again"
    world.unlock()
    assert services.issuance.open_kept() == 1 and services.wallet.keys_left(TOKEN) == 10
    assert services.issuance.open_kept() == 0 and len(services.issuance.receipts()) == 1


def test_a_kept_package_that_fails_is_dropped_and_can_be_sent_again():
    world = _unlocked()
    request = world.services.issuance.request(TOKEN, world.issuer.service.key_id)
    receipt_public = world.services.receipt_key.public()
    wrong = world.issuer.package(request, receipt_public, world.issuer.content(OTHER_TOKEN))
    right = world.issuer.package(request, receipt_public, world.issuer.content(TOKEN))
    world.services.guard.lock()
    assert world.services.issuance.receive(wrong) is None
    world.unlock()
    assert world.services.issuance.open_kept() == 0
    world.services.issuance.receive(right)
    assert world.services.wallet.keys_left(TOKEN) == 10


def test_every_flipped_byte_of_a_package_is_refused():
    world = _unlocked()
    package = world.package()
    services = world.services
    tried = 0
    for at in range(len(package)):
        changed = bytearray(package)
        changed[at] ^= 1 << at % 8
        refused(WatchError, services.issuance.receive, bytes(changed))
        tried += 1
    assert not services.vault.slots
    services.issuance.receive(package)
    print(f"NOTE payment: {tried} flipped bytes of a {len(package)}-byte package, 0 accepted")


def test_every_cut_of_a_package_is_refused():
    world = _unlocked()
    package = world.package()
    for length in range(0, len(package), 7):
        refused(WatchError, world.services.issuance.receive, package[:length])
    refused(WatchError, world.services.issuance.receive, package + b"\0")
    refused(InputError, world.services.issuance.receive, bytes(2049))
    refused(InputError, world.services.issuance.receive, "text")


def test_wrong_signers_are_refused():
    from support.issuer import Issuer

    world = _unlocked()
    stranger = Issuer(world.services.random).service
    request = world.services.issuance.request(TOKEN, world.issuer.service.key_id)
    receipt_public = world.services.receipt_key.public()
    content = world.issuer.content(TOKEN)
    receive = world.services.issuance.receive
    refused(SignatureError, receive, world.issuer.package(request, receipt_public, content, signer=stranger))
    # A stranger who claims the bank's key id.
    stranger.key_id = world.issuer.service.key_id
    refused(SignatureError, receive, world.issuer.package(request, receipt_public, content, signer=stranger))
    # A service of the same root, but another than was asked.
    other = Issuer(world.services.random).service
    world.services.identity.trust(world.issuer.certificate("token-service", other.public))
    refused(SignatureError, receive, world.issuer.package(request, receipt_public, content, signer=other))


def test_a_package_for_another_watch_does_not_open():
    world = _unlocked()
    request = world.services.issuance.request(TOKEN, world.issuer.service.key_id)
    content = world.issuer.content(TOKEN)
    receipt_public = world.services.receipt_key.public()
    receive = world.services.issuance.receive
    refused(CryptoError, receive, world.issuer.package(request, receipt_public, content, info_device=b"someone!"))
    refused(CryptoError, receive, world.issuer.package(request, world.issuer.root.public, content))


def test_a_package_for_another_token_or_batch_or_with_old_atcs_is_refused():
    world = ready()
    request = world.services.issuance.request(TOKEN, world.issuer.service.key_id)
    receipt_public = world.services.receipt_key.public()
    world.services.vault.find(TOKEN)[1].atc.reserve(MOST_KEYS)
    for changes in ({"batch": 7, "first_atc": 20}, {"batch": 2, "first_atc": MOST_KEYS}):
        content = world.issuer.content(TOKEN, **changes)
        refused(InputError, world.services.issuance.receive, world.issuer.package(request, receipt_public, content))
    other = world.issuer.content(OTHER_TOKEN, batch=2, first_atc=20)
    refused(InputError, world.services.issuance.receive, world.issuer.package(request, receipt_public, other))
    good = world.issuer.content(TOKEN, batch=2, first_atc=20)
    world.services.issuance.receive(world.issuer.package(request, receipt_public, good))
    assert world.services.vault.find(TOKEN)[1].token.batch == 2


def test_malformed_contents_are_refused():
    world = _unlocked()
    request = world.services.issuance.request(TOKEN, world.issuer.service.key_id)
    receipt_public = world.services.receipt_key.public()
    wrong = (
        {3: "amex"}, {4: "47617390010100x0"}, {4: ""}, {5: "3013"}, {5: "300"}, {6: -1}, {7: "short"}, {10: "x" * 33},
        {11: 1000}, {13: "2011"}, {14: 256}, {15: {1: 1}}, {15: dict.fromkeys(range(1, 8), -1)}, {16: []},
        {16: [[1, b"short"]]},
        {16: [[2, bytes(16)], [1, bytes(16)]]}, {16: [[i, bytes(16)] for i in range(1, 18)]}, {16: [[0, bytes(16)]]},
        {16: [[65536, bytes(16)]]}, {17: None}, {18: "now"}, {19: 1 << 24},
    )  # fmt: skip
    for change in wrong:
        content = world.issuer.content(TOKEN)
        content.update(change)
        refused(InputError, world.services.issuance.receive, world.issuer.package(request, receipt_public, content))
    for missing in range(1, 20):
        content = world.issuer.content(TOKEN)
        del content[missing]
        refused(InputError, world.services.issuance.receive, world.issuer.package(request, receipt_public, content))
    assert not world.services.vault.slots
    print(f"NOTE payment: {len(wrong) + 19} malformed package contents refused")


def test_requests_need_a_trusted_service_a_good_id_and_room():
    world = _unlocked()
    request = world.services.issuance.request
    service = world.issuer.service.key_id
    refused(SignatureError, request, TOKEN, b"unknown!")
    refused(InputError, request, b"short", service)
    refused(InputError, request, None, service)
    for slot in range(records.SLOTS):
        world.add_card(b"token%03d" % slot)
    refused(FullError, request, b"one more", service)


def test_no_package_before_a_passcode_is_set():
    world = World().provision()
    refused(StateError, world.package)


def test_an_expired_service_certificate_is_refused_later():
    world = World().provision()
    soon = world.services.clock.security_s() + 100
    expiring = world.issuer.certificate("token-service", world.issuer.service.public, not_after=soon)
    world.services.identity.trust(expiring)
    world.set_passcode()
    package = world.package()
    world.board.clock.now_us += 200_000_000
    refused(SignatureError, world.services.issuance.receive, package)
