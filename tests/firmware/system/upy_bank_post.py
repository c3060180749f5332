"""The watch as the owner of mailboxes: when it may be asked, what for, and which banks there are."""

from support.world import World, ready

from watch.access import states
from watch.crypto import cbor
from watch.exchange.messages import Exchange
from watch.system.answers import Answers
from watch.system.bank_post import BankPost


def _post(world, here=True):
    services, board = world.services, world.board
    exchange = Exchange(Answers(board.info, "software", services, None).handlers())
    return BankPost(services, exchange, lambda: here)


def _trust(world, url, not_after=4_000_000_000):
    issuer = world.issuer
    issuer.serial += 1
    payload = {
        1: "token-service",
        2: issuer.service.public,
        3: 0,
        4: not_after,
        5: issuer.serial,
        6: "b",
        7: {"url": url},
    }
    world.services.identity.trust(issuer.root.sign("tapwatch/certificate", payload))


def test_addresses_come_from_trusted_certificates():
    world = ready()
    assert _post(world).addresses() == []
    _trust(world, "https://bank.example/")
    assert _post(world).addresses() == ["https://bank.example"]
    _trust(world, "https://new.example", world.services.clock.security_s() + 5)
    world.services.clock.raise_floor(world.services.clock.security_s() + 10)
    assert _post(world).addresses() == [], "an expired service is asked no more"


def test_only_with_a_phone_that_may():
    world = ready()
    assert not _post(world).ready()
    world.services.companion.web.connected = True
    assert _post(world).ready() and not _post(world, here=False).ready()
    new = World()
    new.services.companion.web.connected = True
    assert not _post(new).ready()
    world.services.guard.wipe()
    assert world.services.guard.state == states.WIPING and not _post(world).ready()


def test_a_card_that_runs_low():
    world = ready()
    post = _post(world)
    assert not post.wants() and post.device_id() == world.services.identity.device_id
    world.services.vault.slots[0].token.refill_at = 15
    assert post.wants()


def test_what_a_mailbox_may_bring():
    post = _post(ready())
    assert cbor.decode(post.answer(cbor.encode([4, 9, bytes(16)])))[2] == "ok"
    for kind in (2, 9, 12, 13, 14):
        assert cbor.decode(post.answer(cbor.encode([kind, 9, None])))[2] == "wrong-state", kind
