"""A watch that the bank does not know, and that has no phone but one that carries HTTP: it becomes known by mail."""

from __future__ import annotations

import cbor2
import pytest
from sqlalchemy import text

from tapwatch.bank import strangers
from tapwatch.bank.problems import UnknownProblem
from tapwatch.signing.keys import PrivateKey
from tests.host.bank.mail import Mail
from tests.host.bank.world import DAY_S, Watch, World

pytestmark = pytest.mark.share("cuts and faults")
HELLO, TRUST, ATTEST = 1, 3, 4


def stranger(world: World, root: PrivateKey | None = None, **what: object) -> Mail:
    """The mail of a watch that nobody has registered."""
    world.watch = Watch(root or world.root, 8, **what)
    return Mail(world)


def waiting(world: World) -> int:
    with world.bank._store.read() as connection:
        return connection.execute(text("SELECT count(*) FROM strangers")).scalar_one()


def test_a_new_watch_becomes_known_and_gets_its_card(world: World) -> None:
    mail = stranger(world)
    mail.round()
    assert mail.kinds == [HELLO, ATTEST, TRUST, 24, 7, 10] and waiting(world) == 0
    token = world.token()
    assert mail.round() == {TRUST, 24, 5, 6, 7, 10}
    assert token in mail.held
    print(f"NOTE mailbox: {len(mail.kinds)} messages until a watch that nobody registered has a card")


def test_a_phone_may_register_it_as_well(world: World) -> None:
    """Before, between and after the two messages; the bearer token of a phone stays."""
    mail = stranger(world)
    hello, _ = mail.poll()
    mail.answer = mail.work(hello or b"")
    mail.poll()
    bearer = world.register(world.watch).bearer
    mail.round()
    world.bank.check_bearer(world.watch.id, bearer)
    assert world.token() not in mail.held
    mail.round()
    assert len(mail.held) == 1


def test_polls_may_repeat(world: World) -> None:
    mail = stranger(world)
    hello, _ = mail.poll()
    assert mail.poll()[0] == hello
    mail.answer = mail.work(hello or b"")
    attest, _ = mail.poll()
    assert mail.poll()[0] == attest, "the answer to the message before"
    mail.answer = mail.work(attest or b"")
    trust, _ = mail.poll()
    assert cbor2.loads(trust)[0] == TRUST and mail.poll()[0] == trust


@pytest.mark.parametrize("spoil", ["root", "role", "expired", "other", "none", "text", "no map", "refused"])
def test_whom_the_bank_does_not_want(world: World, spoil: str) -> None:
    """Another manufacturer, another role, a certificate of the past or of somebody else: nothing is kept."""
    mail = stranger(world, PrivateKey.generate() if spoil == "root" else None)
    if spoil == "role":
        world.watch = Watch(world.root, 9, role="token-service")
    if spoil == "expired":
        world.clock.now += 6 * 365 * DAY_S
    if spoil == "other":
        world.watch.certificate = Watch(world.root, 9).certificate
    body = {"none": {1: 1}, "text": {7: "certificate"}, "no map": [1]}.get(spoil, {7: world.watch.certificate})
    mail.poll()
    mail.answer = cbor2.dumps([HELLO, 1, "bad-input" if spoil == "refused" else "ok", body], canonical=True)
    message, seconds = mail.poll()
    if spoil == "refused":
        assert cbor2.loads(message)[0] == HELLO
    else:
        assert message is None and seconds == strangers.REFUSED_S and mail.ticket is None
    assert waiting(world) == 0
    with pytest.raises(UnknownProblem):
        world.bank.announce_states(world.watch.id)


def test_a_certificate_alone_is_not_enough(world: World) -> None:
    """Who has a watch's certificate, but not its key, is not let in; the watch itself is, later."""
    watch, thief = stranger(world), Watch(world.root, 9)
    watch.answer = watch.work(watch.poll()[0] or b"")
    kind, sequence, challenge = cbor2.loads(watch.poll()[0])
    for lie in (thief.attest(challenge), world.watch.attest(bytes(16)), b"", None):
        watch.answer = cbor2.dumps([kind, sequence, "ok", lie], canonical=True)
        assert watch.poll() == (None, strangers.REFUSED_S)
        watch.answer, watch.ticket = None, None
        watch.answer = watch.work(watch.poll()[0] or b"")
        kind, sequence, challenge = cbor2.loads(watch.poll()[0])
    watch.round()
    world.bank.announce_states(world.watch.id)


def test_they_do_not_pile_up_and_end_in_time(world: World) -> None:
    mail = stranger(world)
    for _ in range(20):
        mail.ticket, mail.answer = None, None
        mail.answer = mail.work(mail.poll()[0] or b"")
        mail.poll()
    assert waiting(world) == 4
    world.clock.now += strangers.WAITING_S
    mail = stranger(world)
    mail.answer = mail.work(mail.poll()[0] or b"")
    mail.poll()
    assert waiting(world) == 1
