"""A watch that its manufacturer has taken back, and one that has no passcode yet: the bank gives neither anything."""

from __future__ import annotations

import pytest

from tapwatch.bank.problems import AccessProblem, RequestProblem
from tapwatch.signing import revocations
from tests.host.bank.world import Watch, World

pytestmark = pytest.mark.share("store and keys")


def test_a_revoked_watch_gets_nothing_new(world: World) -> None:
    token = world.token()
    other = Watch(world.root, 9)
    world.bank.set_revocations(revocations.issue(world.root, 1, 1, [1]))
    for refused in (lambda: world.register(world.watch), lambda: world.fetch(token)):
        with pytest.raises(AccessProblem, match="revoked"):
            refused()
    world.register(other)
    world.reopen()
    with pytest.raises(AccessProblem, match="revoked"):
        world.fetch(token)
    world.bank.set_revocations(revocations.issue(world.root, 2, 1, [9]))
    world.fetch(token)
    with pytest.raises(AccessProblem, match="revoked"):
        world.register(other)


def test_a_watch_without_a_passcode_is_told_what_is_missing(world: World) -> None:
    with pytest.raises(RequestProblem, match="receipt key"):
        world.register(world.watch, k2=b"")
    with pytest.raises(RequestProblem):
        world.register(world.watch, k2=bytes(63))
