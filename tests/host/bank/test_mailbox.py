"""The mailbox: the bank plays the phone's part over polls that repeat, get lost, and come from strangers."""

from __future__ import annotations

import base64
import random
from typing import TYPE_CHECKING

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import text

from tapwatch.bank import mailbox
from tapwatch.bank.problems import RequestProblem
from tapwatch.bank.service import Bank
from tapwatch.signing import certificates
from tapwatch.signing.keys import PrivateKey
from tests.host.bank.card import Card
from tests.host.bank.mail import Mail
from tests.host.bank.world import START, Watch, World

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.share("cuts and faults")
ATTEST = 4


def test_a_card_comes_by_mail_and_pays(world: World) -> None:
    """Attest, trust, receipts, wallet, keys, picture: in that order; then nothing for a quarter of an hour."""
    token, mail = world.token(), Mail(world)
    mail.round()
    assert mail.kinds[:7] == [ATTEST, 3, 24, 7, 10, 5, 6]
    card = mail.held[token]
    assert world.pay(Card(card), card[16][0][0], 100) == "00"
    assert mail.round() == {3, 24, 8, 7, 10, 11}
    assert mail.art and mail.notices == [1]
    assert mail.round() == {3, 24, 7, 10}
    print(f"NOTE mailbox: {len(mail.kinds)} messages for a card, its picture and a payment")


def test_a_low_watch_is_refilled_without_anybody_asking(world: World) -> None:
    token, mail = world.token(), Mail(world)
    mail.round()
    mail.low = True
    mail.round()
    assert mail.held[token][2] == 2
    mail.round()
    assert mail.held[token][2] == 2


def test_a_locked_watch_hands_in_its_receipt_later(world: World) -> None:
    token, mail = world.token(), Mail(world)
    mail.locked = True
    mail.round()
    assert len(mail.kept) == 1
    mail.locked = False
    mail.round()
    mail.low = True
    mail.round()
    assert mail.held[token][2] == 2


def test_polls_may_repeat_and_answers_get_lost(world: World) -> None:
    """Any poll comes twice, any answer of the bank is lost: nothing is done twice, and everything is done."""
    drawn = random.Random(7)
    tokens = [world.token(product) for product in ("visa", "mastercard", "closed-loop")]
    mail = Mail(world)

    def disturb() -> None:
        if mail.ticket and drawn.random() < 0.4:
            before = mail.ticket
            for _ in range(drawn.randrange(1, 3)):
                mail.poll()
            assert mail.ticket == before

    mail.round(disturb)
    assert set(mail.held) == set(tokens)
    assert all(package[2] == 1 for package in mail.held.values())
    assert mail.kinds.count(6) == 3


def test_a_lost_answer_of_the_watch_is_asked_for_again(world: World) -> None:
    world.token()
    mail = Mail(world)
    first, _ = mail.poll()
    for _ in range(3):
        again, _ = mail.poll()
        assert again == first
    mail.answer = mail.work(first)
    trust, _ = mail.poll()
    assert cbor2.loads(trust)[0] == 3
    assert mail.poll()[0] == trust  # the attestation again: its time is over


def test_a_stranger_who_knows_the_id_takes_nothing(world: World) -> None:
    """No ticket, a wrong one, no attestation or that of another watch: the real conversation goes on."""
    world.token()
    world.bank.announce_states(world.watch.id)
    mail = Mail(world)
    mail.answer = mail.work(mail.poll()[0] or b"")
    message, _ = mail.poll()
    for ticket in (None, bytes(16), b"", bytes(64)):
        thief = Mail(world)
        thief.ticket = ticket
        asked, _ = thief.poll()
        assert cbor2.loads(asked)[0] == ATTEST
        kind, sequence, challenge = cbor2.loads(asked)
        other = Watch(world.root, 5)
        thief.answer = cbor2.dumps([kind, sequence, "ok", other.attest(challenge)], canonical=True)
        assert thief.poll() == (None, mailbox.IDLE_S) and thief.ticket is None
    assert mail.poll()[0] == message
    assert mail.round() >= {5, 6, 8}


def test_two_phones(world: World) -> None:
    """The second conversation attests and takes over; the first one is asked who it is. No notice is lost."""
    world.token()
    world.bank.announce_states(world.watch.id)
    one, two = Mail(world), Mail(world)
    one.answer = one.work(one.poll()[0] or b"")
    one.poll()
    two.round()
    assert two.notices == [1] and two.held
    message, _ = one.poll()
    assert cbor2.loads(message)[0] == ATTEST


def test_a_new_receipt_key_by_mail(world: World) -> None:
    """A watch that was set up anew shows its new key; what was sealed for the old one ends."""
    token, mail = world.token(), Mail(world)
    world.fetch(token)
    world.watch.receipt_key = ec.generate_private_key(ec.SECP256R1())
    mail.round()
    assert mail.held[token][2] == 1
    assert mail.held[token][16][0][0] == 11


def test_conversations_do_not_pile_up(world: World) -> None:
    for _ in range(20):
        Mail(world).poll()
    with world.bank._store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM mailboxes")).scalar_one() == 4


def test_a_lost_watch_hears_of_it_and_gets_no_keys(world: World) -> None:
    world.token()
    mail = Mail(world)
    world.bank.lost(world.watch.id, "call 555 0142")
    assert mail.round() == {ATTEST, 3, 24, 8, 7, 10}
    world.bank.found(world.watch.id)
    assert mail.round() >= {5, 6, 8}


DEVICE = bytes(8)
BODIES = (
    [],
    {},
    {1: b"", 2: None, 3: None},
    {1: DEVICE, 2: None},
    {1: DEVICE, 2: None, 3: 5},
    {1: DEVICE, 2: "x", 3: None},
    {1: DEVICE, 2: b"\xff", 3: None},
    {1: DEVICE, 2: b"\x80", 3: None},
    {1: DEVICE, 2: b"\x84\x01\x01\x01\xf6", 3: None},
    {1: DEVICE, 2: None, 3: None, 4: None},
)
TEXTS = (b"", b"!!", base64.b64encode(b""), base64.b64encode(b"\xf6"), b"A" * (mailbox.MAX_POLL_BYTES + 4))
WRONG = [*TEXTS, *(base64.b64encode(cbor2.dumps(body, canonical=True)) for body in BODIES)]


@pytest.mark.parametrize("body", WRONG)
def test_wrong_polls(world: World, body: bytes) -> None:
    with pytest.raises(RequestProblem):
        world.bank.poll(body)


def test_wrong_answers_end_their_errand_alone(world: World) -> None:
    """Every answer to every message replaced by nonsense: the round ends, the next one does what was left out."""
    token = world.token()
    nonsense = (None, 5, "x", b"x", [], [5], {1: 2}, [b"x"] * 40, [{1: b"x"}])
    drawn = random.Random(3)
    mail = Mail(world)
    honest = mail.work
    for _ in range(10):

        def lie(message: bytes) -> bytes:
            kind, sequence, _ = cbor2.loads(message)
            if kind == ATTEST or drawn.random() < 0.5:
                return honest(message)
            status = drawn.choice(("ok", "kept", "locked", "wrong-state"))
            return cbor2.dumps([kind, sequence, status, drawn.choice(nonsense)], canonical=True)

        mail.work = lie
        mail.round()
    mail.work = honest
    mail.round()
    assert token in mail.held


def test_the_certificate_says_where_the_mailbox_is(tmp_path: Path) -> None:
    root = PrivateKey.generate()
    where = "https://bank.example"
    bank = Bank.create(f"sqlite:///{tmp_path / 'b.db'}", tmp_path / "k", root, clock=lambda: START, public_url=where)
    assert certificates.check(bank.certificate, root.public, "token-service", START).attributes == {"url": where}
