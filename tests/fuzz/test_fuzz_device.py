"""A watch on a cable that says anything: only errors that a person can read, and no receipt for it."""

from __future__ import annotations

import random

import pytest

from tapwatch.device import self_test, serial_watch
from tapwatch.device.provisioning import provision
from tapwatch.errors import UserError
from tapwatch.phone.relay import ATTEST
from tapwatch.signing import cbor, certificates
from tapwatch.signing.envelope import SignatureProblem
from tapwatch.signing.keys import PrivateKey
from tapwatch.simulator.frames import LinkError
from tapwatch.simulator.messages import encode, taken
from tests.fuzz.campaign import Campaign
from tests.fuzz.mutate import mutated, mutated_value, noise
from tests.host.device.paper_device import PaperDevice

pytestmark = pytest.mark.share("flash and update")
SERIAL = "TW-0001"
NOW = 1_800_000_000


class OneRoot:
    """A maker without register."""

    def __init__(self) -> None:
        self._key = PrivateKey.generate()
        self.root = self._key.public

    def certify(self, public: bytes, secret_kind: str, serial: str) -> bytes:
        try:
            attributes = {"secret": secret_kind}
            return certificates.issue(self._key, "device", public, serial, 1, 2 * NOW, 1, attributes)
        except SignatureProblem as problem:
            raise UserError("no certificate can say that") from problem

    def issued(self, certificate: bytes) -> str | None:
        try:
            return certificates.check(certificate, self.root, "device", NOW).name
        except SignatureProblem:
            return None


def test_a_watch_that_lies_while_it_is_provisioned() -> None:
    """One answer of the five is another. What is accepted has proved its key all the same."""
    maker = OneRoot()
    proved = [0]

    def take(data: bytes) -> None:
        device, turn, at = PaperDevice("aa"), [0], data[0] % 5
        device.flash(erase=False)

        def ask(kind: int, body: object) -> object:
            turn[0] += 1
            answer = device.ask(kind, body)
            proved[0] += kind == ATTEST
            return mutated_value(answer) if turn[0] == at + 1 else answer

        before = proved[0]
        receipt = provision(ask, maker, SERIAL)  # type: ignore[arg-type]
        assert receipt.serial == SERIAL and proved[0] == before + 1

    Campaign("device, a watch that is provisioned", take, UserError).run(lambda: random.randbytes(1), 200, fewer=20)


def test_a_watch_that_lies_about_how_it_is() -> None:
    device = PaperDevice("aa")
    device.flash(erase=False)
    good = device.ask(self_test.DIAGNOSE, None)

    def take(data: bytes) -> None:
        report = self_test.ask_report(lambda kind, body: mutated_value(good))
        assert isinstance(report.firmware, str) and all(isinstance(one, str) for one in report.problems)

    Campaign("device, self-test", take, UserError).run(lambda: b"", 1_000)


def test_anything_on_the_port() -> None:
    """Answers, damaged ones, and lines of text between them."""
    begins = encode(1, 7, None)[1:-1]
    answer = cbor.encode([1, 7, "ok", {1: 1}])
    framed = len(answer).to_bytes(2, "big") + answer

    def make() -> bytes:
        return noise(random.randrange(60)) + random.choice((framed, mutated(framed), b"text\r\n")) + noise(20)

    def take(data: bytes) -> None:
        found = serial_watch.find_answer(bytearray(data), begins)
        if found is not None:
            taken(found, 1)

    Campaign("device, bytes on the port", take, (UserError, LinkError)).run(make, 1_000)
