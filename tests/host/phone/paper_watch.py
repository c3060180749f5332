"""A watch on paper: answers the messages of docs/formats.md and pays with the keys it got, all with other libraries.

Packages are opened by pyhpke, cryptograms made by pyemv. Nothing of the watch firmware is used.
"""

from __future__ import annotations

import calendar
import hashlib
import secrets

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pyemv.ac import PaddingType, generate_ac
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey

from tapwatch.signing import cbor, certificates, envelope
from tapwatch.signing.keys import PrivateKey
from tapwatch.simulator.messages import WatchRefused
from tests.host.terminal.cards import CDOL1, MASTERCARD_AID, PDOL, VISA_AID, Card, directory, split_dol, template

LICENCE, REVOCATIONS, APP_PAYMENTS = 19, 20, 24
_SUITE = CipherSuite.new(KEMId.DHKEM_P256_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES128_GCM)
_AC_TAGS = ("9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37")


class PaperWatch:
    """Give `message` to a Phone as its carrier."""

    def __init__(self) -> None:
        self.identity = PrivateKey.generate()
        self.receipt_key = ec.generate_private_key(ec.SECP256R1())
        self.locked = False
        self.root = b""
        self.issuer = b""
        self.packages: dict[bytes, dict] = {}
        """Token id to the opened package with the highest batch."""
        self.kept: list[tuple[bytes, bytes]] = []
        self.notices: list[dict] = []
        self.clock: list[int] = []
        self.app_payments: list[tuple[str, bytes]] = []
        """Code and payment of what apps asked for."""
        self.brought: list[tuple[int, object]] = []
        """Kind and body of licences and revocation lists."""
        self.refuses = ""
        """Status for these, empty to take them."""
        self._nonces: dict[bytes, bytes] = {}

    async def message(self, kind: int, body: object) -> object:
        """Answer one message."""
        if kind == APP_PAYMENTS:
            return self._app_payments(body)
        if kind in (LICENCE, REVOCATIONS):
            return self._bring(kind, body)
        handlers = [self._hello, self._provision, self._trust, self._attest, self._request, self._package]
        return [*handlers, self._receipts, self._notice, self._set_clock][kind - 1](body)

    def _bring(self, kind: int, body: object) -> None:
        if self.refuses:
            raise WatchRefused(kind, self.refuses)
        self.brought.append((kind, body))

    def _app_payments(self, answered: list[bytes]) -> list[list[object]]:
        self.app_payments = [
            one for one in self.app_payments if hashlib.sha256(one[0].encode()).digest() not in answered
        ]
        return [list(one) for one in self.app_payments[:2]]

    def _hello(self, body: object) -> dict:
        state = "provisioned" if self.root else "new"
        return {
            1: 1,
            2: "paper",
            3: self.identity.public,
            4: state,
            5: "software",
            6: "locked" if self.locked else "worn",
        }

    def _provision(self, body: dict) -> None:
        if self.root:
            raise WatchRefused(2, "wrong-state")
        certificates.check(body[2], body[1], "device", 1_800_000_000)
        self.root = body[1]

    def _trust(self, body: bytes) -> None:
        self.issuer = certificates.check(body, self.root, "token-service", 1_800_000_000).public

    def _attest(self, body: bytes) -> bytes:
        point = self.receipt_key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:]
        tokens = [[token, package[16][-1][0], len(package[16])] for token, package in self.packages.items()]
        facts = {1: self.identity.key_id, 2: point, 3: body, 4: "paper", 5: "software", 6: tokens}
        return self.identity.sign("tapwatch/attestation", facts)

    def _request(self, body: list) -> bytes:
        token, issuer = body
        held = self.packages.get(token)
        nonce = self._nonces.setdefault(token, secrets.token_bytes(16))
        batch, highest = (held[2] + 1, held[16][-1][0]) if held else (1, 0)
        facts = {1: self.identity.key_id, 2: token, 3: batch, 4: highest, 5: nonce, 6: issuer}
        return self.identity.sign("tapwatch/token-request", facts)

    def _package(self, body: bytes) -> bytes | None:
        opened = self._open(body)
        self.packages[opened[1]] = opened
        receipt = self._receipt(opened, body)
        if self.locked:
            self.kept.append((opened[1], receipt))
            return None
        return receipt

    def _open(self, data: bytes) -> dict:
        got = envelope.verify(data, self.issuer, "tapwatch/token-package")
        assert len(data) <= 2048 and got.nonce in self._nonces.values()
        enc, ciphertext = got.payload
        info = cbor.encode(["tapwatch token package", 1, self.identity.key_id, got.key_id])
        context = _SUITE.create_recipient_context(enc, KEMKey.from_pyca_cryptography_key(self.receipt_key), info=info)
        return cbor.decode(context.open(ciphertext, aad=got.protected))

    def _receipt(self, opened: dict, package: bytes) -> bytes:
        nonce = self._nonces.pop(opened[1])
        facts = {1: self.identity.key_id, 2: opened[1], 3: opened[2], 4: nonce, 5: hashlib.sha256(package).digest()}
        return self.identity.sign("tapwatch/receipt", facts)

    def _receipts(self, body: object) -> list[bytes]:
        receipts, self.kept = [receipt for _, receipt in self.kept], []
        return receipts

    def _notice(self, body: bytes) -> None:
        kind = envelope.parse(body).kind
        payload = envelope.verify(body, self.issuer, kind).payload
        if self.notices and payload[2] <= self.notices[-1][2]:
            raise WatchRefused(8, "replayed")
        self.notices.append(payload)

    def _set_clock(self, body: list[int]) -> None:
        self.clock = body


def last_day(expiry: str) -> str:
    """The last day of the month YYMM, two digits."""
    return str(calendar.monthrange(2000 + int(expiry[:2]), int(expiry[2:]))[1])


class PaperCard(Card):
    """One token of a paper watch as a card; burns one key per tap."""

    def __init__(self, package: dict) -> None:
        super().__init__()
        self._package = package
        self._keys = list(package[16])
        self._visa = package[3] == "visa"

    def answer(self, step: str, command: bytes) -> bytes:
        """Answer like the profile of the token."""
        aid, kernel = (VISA_AID, "03") if self._visa else (MASTERCARD_AID, "02")
        if step == "PPSE":
            return directory((aid, self._package[10], 1, kernel))
        if step == "SELECT":
            return self.fci(aid, self._package[10].encode(), PDOL if self._visa else b"")
        if step == "GPO" and not self._visa:
            return template("77", {"82": b"\x02\x80", "94": bytes.fromhex("10010100")})
        if step == "RECORD":
            return template("70", {**self._account(), "8C": CDOL1})
        return template("77", self._cryptogram(command))

    def _account(self) -> dict[str, bytes]:
        pan, expiry = self._package[4], self._package[5]
        track = bytes.fromhex(f"{pan}D{expiry}{self._package[13]}00000000000F")
        sequence = bytes([self._package[6]])
        return {"57": track, "5F34": sequence} if self._visa else {
            "5A": bytes.fromhex(pan), "5F24": bytes.fromhex(expiry + last_day(expiry)), "57": track, "5F34": sequence,
        }  # fmt: skip

    def _cryptogram(self, command: bytes) -> dict[str, bytes]:
        atc, key = self._keys.pop(0)
        values = split_dol(PDOL, command[7:-1]) if self._visa else split_dol(CDOL1, command[5:-1])
        aip = b"\x20\x00" if self._visa else b"\x02\x80"
        dki = bytes([self._package[14]])
        iad = b"\x06" + dki + bytes.fromhex("1203A40000") if self._visa else dki + bytes.fromhex("14A4") + bytes(15)
        covered = iad if self._visa else iad[2:8]
        data = b"".join(values[tag] for tag in _AC_TAGS) + aip + atc.to_bytes(2, "big") + covered
        items = {
            "9F27": b"\x80",
            "9F36": atc.to_bytes(2, "big"),
            "9F26": generate_ac(key, data, PaddingType.EMV),
            "9F10": iad,
        }
        return {"82": aip, **self._account(), **items, "9F6C": b"\x00\x80"} if self._visa else items
