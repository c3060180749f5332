"""Gives a watch its manufacturer: the messages, what is checked, and what is said about it afterwards.

It may be cut off behind any message and done again: a watch takes a manufacturer once, and the register knows which
certificate it has.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from tapwatch.device.self_test import ask_report
from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.phone.answers import Hello, read_bytes, strange
from tapwatch.phone.relay import ATTEST, HELLO, PROVISION, TRUST
from tapwatch.signing import certificates, envelope, private_file
from tapwatch.signing.envelope import SignatureProblem
from tapwatch.signing.output import day, fingerprint
from tapwatch.simulator.messages import WatchRefused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tapwatch.device.maker import Maker
    from tapwatch.device.serial_watch import Ask
    from tapwatch.images.boards import Board

_SERVICE = "token-service"
_NO_CERTIFICATE = "name the file NAME.cert of a bank's token service"
_KNOWN = "replayed"
"""The watch has a newer certificate of that token service."""
_ATTESTATION = "tapwatch/attestation"
_CHALLENGE_BYTES = 16
_DEVICE, _CHALLENGE, _VERSION, _SECRET = 1, 3, 4, 5
OWN_SERIAL = "TW-"
"""Begin of the serial number of a watch to which nobody gave one; its device id follows."""


@dataclass(frozen=True)
class Receipt:
    """What became of a watch. Nothing of it is secret."""

    serial: str
    device_id: str
    root: str
    """Fingerprint of the root's public key."""
    certificate: int
    """Number in the register."""
    good_until: str
    secret: str
    """`efuse` or `software`."""
    firmware: str
    services: tuple[str, ...]
    """Token services it was told to trust."""
    before: bool
    """It had been provisioned by an earlier run."""
    time: str

    def facts(self) -> dict[str, object]:
        """For people and programs."""
        return {**asdict(self), "services": list(self.services)}


def provision(ask: Ask, maker: Maker, serial: str, services: Sequence[bytes] = ()) -> Receipt:
    """Provision a watch, or finish what an earlier run began.

    Args:
        ask: the watch.
        maker: who certifies it.
        serial: its serial number; empty for one made of its device id.
        services: certificates of token services that it shall trust.

    Raises UserError if it belongs to somebody, or to another serial number, or does not prove its key.
    """
    first = Hello.read(ask(HELLO, None))
    serial = serial or _own_serial(first, maker)
    if first.provisioned:
        expect_ours(first, maker, serial)
    else:
        certificate = maker.certify(first.identity, first.secret_kind, serial)
        ask(PROVISION, {1: maker.root, 2: certificate})
    last = Hello.read(ask(HELLO, None))
    if not last.provisioned or last.identity != first.identity or last.secret_kind != first.secret_kind:
        raise _doubtful("the watch is not what it was before")
    certificate = expect_ours(last, maker, serial)
    names = tuple(_trust(ask, service) for service in services)
    _prove(ask, last)
    return _receipt(last, maker, certificate, names, first.provisioned)


def read_services(paths: Sequence[Path], maker: Maker) -> list[bytes]:
    """Certificates of token services, looked at before a watch is: of this root, and good now. Raises UserError."""
    found = []
    for path in paths:
        data = private_file.read_public(path, "the certificate", _NO_CERTIFICATE)
        try:
            certificates.check(data, maker.root, _SERVICE, int(time.time()))
        except SignatureProblem as problem:
            message = f"{path} is no certificate that this root gave to a token service"
            raise UserError(message, _NO_CERTIFICATE, EXIT_FAILED) from problem
        found.append(data)
    return found


def expect_board(ask: Ask, board: Board) -> None:
    """Raises UserError if the watch says that it is another board. One with an older system does not say."""
    try:
        found = ask_report(ask).board
    except WatchRefused:
        return
    if found != board.name:
        hint = "name another port or another board; nothing was done"
        raise UserError(f"this watch is a {found}, not a {board.name}", hint, EXIT_FAILED)


def expect_ours(hello: Hello, maker: Maker, serial: str) -> bytes:
    """The certificate of a watch, which must be of this root and for this serial number. Raises UserError."""
    name = maker.issued(hello.certificate or b"")
    if name is None:
        raise UserError("this watch belongs to another manufacturer", "a watch takes one once; wipe it", EXIT_FAILED)
    if name != serial:
        raise UserError(f"this watch has the serial number {name} already, not {serial}", "", EXIT_FAILED)
    return hello.certificate or b""


def _own_serial(hello: Hello, maker: Maker) -> str:
    has = maker.issued(hello.certificate) if hello.certificate else None
    return has or OWN_SERIAL + hello.device_id.hex()


def _trust(ask: Ask, service: bytes) -> str:
    try:
        ask(TRUST, service)
    except WatchRefused as refused:
        if refused.status != _KNOWN:
            raise
    return certificates.read(envelope.parse(service)).name


def _prove(ask: Ask, hello: Hello) -> None:
    """Let the watch sign something new with its key. Raises UserError."""
    challenge = secrets.token_bytes(_CHALLENGE_BYTES)
    data = read_bytes(ask(ATTEST, challenge))
    try:
        said = envelope.verify(data, hello.identity, _ATTESTATION).payload
    except SignatureProblem as problem:
        raise _doubtful("the watch does not prove that it has its key") from problem
    wanted = {
        _DEVICE: hello.device_id,
        _CHALLENGE: challenge,
        _VERSION: hello.firmware,
        _SECRET: hello.secret_kind,
    }
    if not isinstance(said, dict) or {key: said.get(key) for key in wanted} != wanted:
        raise strange("attests something else than it said before")


def _doubtful(message: str) -> UserError:
    return UserError(message, "do not use it; give the same command again, and have a look at it", EXIT_FAILED)


def _receipt(hello: Hello, maker: Maker, data: bytes, services: tuple[str, ...], before: bool) -> Receipt:
    certificate = certificates.read(envelope.parse(data))
    return Receipt(
        serial=certificate.name,
        device_id=hello.device_id.hex(),
        root=fingerprint(maker.root),
        certificate=certificate.serial,
        good_until=day(certificate.not_after),
        secret=hello.secret_kind,
        firmware=hello.firmware,
        services=services,
        before=before,
        time=day(int(time.time())),
    )
