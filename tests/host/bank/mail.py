"""A watch that polls the mailbox, and answers the bank's messages by the book."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

import cbor2

from tests.host.bank.card import open_package

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.host.bank.world import World


class Mail:
    """The watch of a world; `held` are its packages by token, `lost` those it has deleted."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ticket: bytes | None = None
        self.answer: bytes | None = None
        self.held: dict[bytes, dict] = {}
        self.states: dict[bytes, str] = {}
        self.notices: list[int] = []
        self.art: dict[bytes, bytes] = {}
        self.low = False
        self.locked = False
        self.kept: list[bytes] = []
        self.kinds: list[int] = []
        self.brought: list[tuple[int, object]] = []
        """Kind and body of licences and revocation lists."""
        self.refuses: dict[int, str] = {}
        """Status by kind of message, for those that the watch does not take."""
        self.app_payments: list[tuple[object, object]] = []
        """Codes that apps asked to be paid, and the payments of them."""

    def poll(self) -> tuple[bytes | None, int]:
        """Poll once; returns the message and after how many seconds to ask again."""
        body = {1: self.world.watch.id, 2: self.answer, 3: self.ticket}
        answer = self.world.bank.poll(base64.b64encode(cbor2.dumps(body, canonical=True)))
        got = cbor2.loads(base64.b64decode(answer))
        assert set(got) == {1, 2, 3}
        self.ticket = got[3]
        return got[1], got[2]

    def round(self, disturb: Callable[[], None] = lambda: None) -> set[int]:
        """Poll until the bank has nothing more; returns the kinds of its messages. `disturb` runs before each poll."""
        kinds: set[int] = set()
        for _ in range(200):
            disturb()
            message, seconds = self.poll()
            if message is None:
                assert seconds
                self.answer = None
                return kinds
            assert seconds == 0 and len(message) <= 4096
            kinds.add(cbor2.loads(message)[0])
            self.answer = self.work(message)
        raise AssertionError("the bank never has enough")

    def work(self, message: bytes) -> bytes:
        """The answer of the watch to one message."""
        kind, sequence, body = cbor2.loads(message)
        self.kinds.append(kind)
        status, result = self._handle(kind, body)
        return cbor2.dumps([kind, sequence, status, result], canonical=True)

    def _handle(self, kind: int, body: object) -> tuple[str, object]:
        watch = self.world.watch
        if kind in self.refuses:
            return self.refuses[kind], None
        if kind in (19, 20):
            self.brought.append((kind, body))
            return "ok", None
        if kind == 1:
            return "ok", {1: 1, 2: "0.1", 3: watch.identity.public, 4: "provisioned", 7: watch.certificate}
        if kind == 4:
            return "ok", watch.attest(body)
        if kind == 24:
            kept = [one for one in self.app_payments if hashlib.sha256(str(one[0]).encode()).digest() not in body]
            self.app_payments = kept
            return "ok", [list(one) for one in kept[:2]]
        if kind == 5:
            token = body[0]
            held = self.held.get(token)
            number, highest = (held[2] + 1, held[16][-1][0]) if held else (1, 0)
            nonce = hashlib.sha256(token + bytes([number])).digest()[:16]
            return "ok", watch.request(token, self.world.bank.issuer_id, number, highest, nonce)
        if kind == 6:
            opened = open_package(body, watch.receipt_key, watch.id, self.world.bank.issuer_id)
            self.held[opened[1]] = opened
            nonce = hashlib.sha256(opened[1] + bytes([opened[2]])).digest()[:16]
            receipt = watch.receipt(opened[1], opened[2], nonce, hashlib.sha256(body).digest())
            self.low = False
            if self.locked:
                self.kept.append(receipt)
                return "kept", None
            return "ok", receipt
        if kind == 7:
            receipts, self.kept = self.kept, []
            return "ok", receipts
        if kind == 8:
            return self._told(cbor2.loads(cbor2.loads(body)[2]))
        if kind == 10:
            return "ok", [self._status(token) for token in self.held]
        if kind == 11:
            self.art[body[0]] = self.art.get(body[0], b"")[: body[1]] + body[3]
            return "ok", len(self.art[body[0]])
        return "ok", None

    def _told(self, payload: dict) -> tuple[str, object]:
        if payload[2] in self.notices:
            return "replayed", None
        self.notices.append(payload[2])
        if isinstance(payload[3], bytes) and isinstance(payload[4], str):  # a token state, not a payment
            self.states[payload[3]] = payload[4]
        return "ok", None

    def _status(self, token: bytes) -> dict:
        art = self.held[token][23]
        lacks = None if hashlib.sha256(self.art.get(art, b"")).digest() == art else art
        return {1: token, 2: self.states.get(token, "active"), 3: 10, 4: self.low, 5: 0, 6: 0, 7: lacks}
