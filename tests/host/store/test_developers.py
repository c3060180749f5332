"""Who may publish: developers apply, the root certifies them, and nobody is taken for another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tapwatch.bank.problems import AccessProblem, RequestProblem, StateProblem
from tapwatch.signing.keys import PrivateKey
from tests.host.store.mall import Maker, listing, project

if TYPE_CHECKING:
    from tests.host.store.mall import Mall


def test_developers_wait_for_the_root(mall: Mall) -> None:
    key = PrivateKey.generate()
    eve = Maker("eve", key, mall.certify("developer", key.public, "Eve", {"id": "eve"}))
    body = {"name": "Eve", "maker": "eve", "public": key.public, "payout": "IBAN"}
    application = mall.signed(eve, "register", body, [])
    assert mall.store.publish(application) == mall.store.publish(application)
    assert mall.store.publish(application).state == "done"
    with pytest.raises(AccessProblem, match="no certificate yet"):
        mall.publish(eve, project("eves"), listing())
    mall.store.certify(eve.certificate)
    assert mall.publish(eve, project("eves"), listing()).state == "waiting"
    other = Maker("eve", PrivateKey.generate(), b"")
    with pytest.raises(StateProblem, match="taken"):
        mall.store.publish(mall.signed(other, "register", {**body, "public": other.key.public}, []))
    with pytest.raises(AccessProblem):
        mall.store.publish(mall.signed(other, "register", body, []))


def _payout(mall: Mall, party: str) -> str:
    return next(one.payout for one in mall.store.parties() if one.name == party)


def test_nobody_is_paid_for_applying_under_the_name_of_another(mall: Mall) -> None:
    stranger, key = Maker("eve", PrivateKey.generate(), b""), PrivateKey.generate()
    body = {"name": "Eve", "maker": "eve", "public": stranger.key.public, "payout": "IBAN of a stranger"}
    mall.store.publish(mall.signed(stranger, "register", body, []))
    mall.store.certify(mall.certify("developer", key.public, "Eve", {"id": "eve"}), "IBAN of Eve")
    assert _payout(mall, "eve") == "IBAN of Eve"
    fresh = mall.certify("developer", PrivateKey.generate().public, "Eve", {"id": "eve"})
    mall.store.certify(fresh)
    assert _payout(mall, "eve") == "IBAN of Eve"


def test_a_maker_changes_keys(mall: Mall) -> None:
    fresh = Maker("ann", PrivateKey.generate(), b"")
    fresh.certificate = mall.certify("developer", fresh.key.public, "Ann", {"id": "ann"})
    mall.store.certify(fresh.certificate)
    assert mall.publish(fresh, project("tally", "1.1.0"), listing()).state == "waiting"
    with pytest.raises(AccessProblem):
        mall.publish(mall.ann, project("tally", "1.2.0"), listing())


@pytest.mark.parametrize("maker", ["tapwatch", "", "A", "x", "a b", "../etc", "'; --"])
def test_makers_that_are_none(mall: Mall, maker: str) -> None:
    key = PrivateKey.generate()
    with pytest.raises(RequestProblem):
        mall.store.certify(mall.certify("developer", key.public, "X", {"id": maker}))
