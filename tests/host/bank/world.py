"""A bank with one watch and one acquirer, for the tests of this folder."""

from __future__ import annotations

import copy
import secrets
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ec

from tapwatch.acquiring import icc, spec
from tapwatch.bank.service import Bank
from tapwatch.signing import certificates, envelope
from tapwatch.signing.keys import PrivateKey
from tests.host.bank.card import Card, open_package

if TYPE_CHECKING:
    from pathlib import Path

    from tapwatch.bank.devices import Registration
    from tapwatch.bank.limits import Limits

START = 1_795_338_000  # 2026-11-22 09:00:00 UTC
DAY_S = 86_400
EUR = 978


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        return self.now


@dataclass(frozen=True)
class Told:
    """A notice or a token state."""

    kind: str
    payload: dict[int, Any]


class Watch:
    """The signing side of a watch."""

    def __init__(self, root: PrivateKey, serial: int = 1, role: str = "device", years: int = 5) -> None:
        self.identity = PrivateKey.generate()
        self.receipt_key = ec.generate_private_key(ec.SECP256R1())
        self.id = self.identity.key_id
        end = START + years * 365 * DAY_S
        attributes = {"secret": "software"}
        self.certificate = certificates.issue(
            root, role, self.identity.public, f"W-{serial}", START - 1, end, serial, attributes
        )

    def attest(self, challenge: bytes, **changes: object) -> bytes:
        """Sign an attestation; `changes` are by key, for example k5="efuse"."""
        body = {1: self.id, 2: PrivateKey(self.receipt_key).public, 3: challenge, 4: "0.1", 5: "software", 6: []}
        body.update({int(name[1:]): value for name, value in changes.items()})
        return self.identity.sign("tapwatch/attestation", body)

    def request(
        self, token: bytes, issuer: bytes, number: int = 1, highest: int = 0, nonce: bytes | None = None
    ) -> bytes:
        """Sign a token request."""
        body = {1: self.id, 2: token, 3: number, 4: highest, 5: nonce or secrets.token_bytes(16), 6: issuer}
        return self.identity.sign("tapwatch/token-request", body)

    def receipt(self, token: bytes, number: int, nonce: bytes, digest: bytes) -> bytes:
        """Sign a receipt."""
        return self.identity.sign("tapwatch/receipt", {1: self.id, 2: token, 3: number, 4: nonce, 5: digest})


class World:
    """The bank and everyone around it."""

    def __init__(self, folder: Path, url: str = "", opening: int = 1_000_000) -> None:
        self.url = url or f"sqlite:///{folder / 'bank.db'}"
        self.keys = folder / "keys"
        self.clock = Clock()
        self.root = PrivateKey.generate()
        self.bank = Bank.create(self.url, self.keys, self.root, clock=self.clock)
        self.watch = Watch(self.root)
        self.bearer = self.register(self.watch).bearer
        self.account = self.bank.open_account("Ada", EUR, opening)
        self._stan = 0

    def copied(self, folder: Path) -> World:
        """The same world in another folder: a sixth of the time of making one. Nobody may have the database open."""
        world = copy.copy(self)
        world.url, world.keys, world.clock = f"sqlite:///{folder / 'bank.db'}", folder / "keys", Clock()
        shutil.copyfile(self.url.removeprefix("sqlite:///"), folder / "bank.db")
        shutil.copytree(self.keys, world.keys)
        world.watch = copy.copy(self.watch)
        world.reopen()
        return world

    def register(self, watch: Watch, **changes: object) -> Registration:
        """Register a watch over a fresh challenge."""
        return self.bank.register(watch.certificate, watch.attest(self.bank.challenge(), **changes))

    def reopen(self) -> None:
        """Open the same bank again, as after a restart."""
        self.bank = Bank(self.url, self.keys, self.clock)

    def token(self, profile: str = "visa", limits: Limits | None = None) -> bytes:
        """Order a card and a token for the watch."""
        return self.bank.issue_token(self.bank.order_card(self.account, profile), self.watch.id, limits)

    def fetch(self, token: bytes, number: int = 1, highest: int = 0) -> Card:
        """Fetch a batch without confirming it."""
        package = self.bank.package(self.watch.request(token, self.bank.issuer_id, number, highest))
        return Card(open_package(package, self.watch.receipt_key, self.watch.id, self.bank.issuer_id))

    def card(self, profile: str = "visa", limits: Limits | None = None) -> Card:
        """A new card with its first batch."""
        return self.fetch(self.token(profile, limits))

    def next_stan(self, number: int) -> None:
        """Let the terminal's trace numbers go on from there."""
        self._stan = number

    def purchase(
        self,
        card: Card,
        atc: int,
        amount: int,
        message: str = "0200",
        chip: dict[str, bytes] | None = None,
        changes: dict[str, str] | None = None,
    ) -> spec.Fields:
        """Build the message of a new tap, with other chip data or other fields if they are given."""
        self._stan += 1
        return {
            "t": message,
            "2": card.pan,
            "3": "000000",
            "4": f"{amount:012d}",
            "7": "1122090000",
            "11": f"{self._stan:06d}",
            "12": "090000",
            "13": "1122",
            "14": card.content[5],
            "22": "071",
            "32": "1",
            "37": f"{self._stan:012d}",
            "41": "TAPWATCH",
            "42": f"{'SHOP':<15}",
            "43": f"{'Corner shop':<40}",
            "49": f"{EUR:03d}",
            "55": icc.encode(card.tap(atc, amount) if chip is None else chip).hex().upper(),
            **(changes or {}),
        }

    def about(self, original: spec.Fields, message: str, amount: int | None = None) -> spec.Fields:
        """Build a reversal or an advice of a purchase."""
        self._stan += 1
        names = ("2", "3", "4", "7", "13", "32", "37", "41", "42", "49")
        fields = {name: original[name] for name in names}
        fields.update({"t": message, "11": f"{self._stan:06d}", "90": spec.original_elements(original)})
        if amount is not None:
            fields["4"] = f"{amount:012d}"
        return fields

    def code(self, fields: spec.Fields) -> str:
        """Send a message; return its response code."""
        return self.bank.authorise(fields)["39"]

    def pay(self, card: Card, atc: int, amount: int) -> str:
        """Tap and return the response code."""
        return self.code(self.purchase(card, atc, amount))

    def notices(self, since: int = 0) -> list[Told]:
        """What the bank has for the watch, checked."""
        told = []
        for data in self.bank.notices(self.watch.id, since):
            checked = envelope.verify(data, self.bank.service_public, envelope.parse(data).kind)
            assert isinstance(checked.payload, dict)
            told.append(Told(checked.kind, checked.payload))
        return told

    @property
    def spent(self) -> int:
        """What has left the customer's account."""
        return 1_000_000 - self.bank.balance(self.account)
