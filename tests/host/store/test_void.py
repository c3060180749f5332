"""What the root has revoked leaves the store: it takes it no more, signs it no more, lists and sells it no more."""

from __future__ import annotations

import pytest

from tapwatch.apps import bundle
from tapwatch.bank.problems import AccessProblem, StateProblem, UnknownProblem
from tapwatch.signing import certificates, envelope, revocations
from tapwatch.signing.keys import PrivateKey
from tests.host.store.mall import PRICE, Maker, Mall, listing, project

pytestmark = pytest.mark.share("store and keys")
PRICES = listing(category="games", prices=[["**", 978, PRICE]])


def serial(certificate: bytes) -> int:
    return certificates.read(envelope.parse(certificate)).serial


def revoke(mall: Mall, number: int, *serials: int, apps: tuple[bytes, ...] = (), at_the_bank: bool = False) -> None:
    """A list of the root, which the store takes, or the bank alone."""
    made = revocations.issue(mall.world.root, number, mall.world.clock.now, serials, apps)
    (mall.world.bank if at_the_bank else mall.store).set_revocations(made)


def listed(mall: Mall) -> list[str]:
    from tapwatch.store.catalogue import Wish

    return [app["id"] for app in mall.store.apps(Wish())[0]]


@pytest.mark.parametrize("at_the_bank", [False, True])
def test_a_revoked_developer(mall: Mall, at_the_bank: bool) -> None:
    """Nothing of theirs comes in, is countersigned, is offered; another maker goes on; a new key brings all back."""
    mall.publish(mall.ann, project("draughts"), listing())
    waiting = mall.store.reviews()[-1]["review"]
    order = mall.order()
    digest = bytes.fromhex(str(mall.store.app("chess")["digest"]))
    revoke(mall, 1, serial(mall.ann.certificate), at_the_bank=at_the_bank)
    mall.store.sweep()
    with pytest.raises(AccessProblem, match="this developer was revoked"):
        mall.publish(mall.ann, project("tally", "2.0.0"), listing())
    with pytest.raises(AccessProblem, match="this developer was revoked"):
        mall.store.accept(waiting)
    assert listed(mall) == ["tea"]
    for ask in (mall.order, lambda: mall.store.app("chess"), lambda: mall.store.bundle(digest)):
        with pytest.raises(UnknownProblem):
            ask()
    assert mall.pay_order(mall.world.card(), 1, order) == "00"
    assert mall.store.order_state(mall.world.watch.id, order.order).state == "returned", "the money is back at once"
    assert mall.world.spent == 0
    key = PrivateKey.generate()
    certificate = mall.certify("developer", key.public, "Ann", {"id": "ann"})
    mall.store.certify(certificate)
    mall.listed(Maker("ann", key, certificate), project("chess", "1.1.0", paid=True), PRICES)
    assert listed(mall) == ["chess", "tea"] and mall.order().state == "open"


def test_a_version_that_is_void_gives_way_to_the_one_before(mall: Mall) -> None:
    old = mall.store.app("chess")["digest"]
    mall.listed(mall.ann, project("chess", "1.1.0", paid=True, word="two"), PRICES)
    bad = mall.store.app("chess")
    data = mall.store.bundle(bytes.fromhex(str(bad["digest"])))
    revoke(mall, 1, apps=(bundle.read(data).digest,))
    assert (mall.store.app("chess")["digest"], mall.store.app("chess")["version"]) == (old, "1.0.0")
    with pytest.raises(UnknownProblem):
        mall.store.bundle(bytes.fromhex(str(bad["digest"])))
    mall.reopen()
    mall.store.sweep()
    assert mall.store.app("chess")["version"] == "1.0.0"


def test_payments_in_an_app_that_is_void_are_still_shared_out(mall: Mall) -> None:
    """They were agreed to before the watch heard of it; nobody's money is left lying."""
    data = mall.store.bundle(bytes.fromhex(str(mall.store.app("tea")["digest"])))
    revoke(mall, 1, apps=(bundle.read(data).digest,))
    assert "tea" not in listed(mall)
    assert mall.pay_in_app(mall.world.card(), 1, 1000) == "00"
    mall.store.sweep()
    assert mall.balances()["bob"] == 850


def test_a_store_that_is_revoked_signs_nothing_more(mall: Mall) -> None:
    mall.publish(mall.bob, project("clock"), listing())
    revoke(mall, 1, serial(mall.store.certificate))
    with pytest.raises(StateProblem, match="this store was revoked"):
        mall.store.accept(mall.store.reviews()[-1]["review"])
