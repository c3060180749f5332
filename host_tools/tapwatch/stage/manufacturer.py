"""The manufacturer of the stage: a root key in a file, and certificates for watches, a store and a developer."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.folders import make_folder
from tapwatch.signing import certificates, private_file, revocations
from tapwatch.signing.keys import PrivateKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_YEARS = 10
_YEAR_S = 365 * 86_400

STORE_NAME = "Stage Store"
DEVELOPER_NAME = "Stage Workshop"
DEVELOPER_ID = "workshop"
"""The maker of apps that the developer of the stage has signed."""


@dataclass(frozen=True)
class Member:
    """Somebody whom the root has certified."""

    key: PrivateKey
    certificate: bytes
    """The certificate's envelope."""


class Manufacturer:
    """A development root. Whoever makes real watches keeps this key off the computer that runs demos."""

    def __init__(self, folder: Path) -> None:
        """Load the root key in `folder`, making one at the first time. Raises UserError."""
        make_folder(folder)
        self._folder = folder
        self.root = self._key("root")

    @property
    def store(self) -> Member:
        """The store of the stage, made at the first time."""
        return self._member("store", STORE_NAME, {})

    @property
    def developer(self) -> Member:
        """The certified developer of the stage, made at the first time."""
        return self._member("developer", DEVELOPER_NAME, {"id": DEVELOPER_ID})

    def certify(self, identity: bytes, secret_kind: str) -> bytes:
        """A device certificate for a watch's identity public key (64 bytes)."""
        return self._issue("device", identity, f"TW-{time.time_ns()}", {"secret": secret_kind})

    def revoke(self, number: int, serials: Iterable[int] = (), apps: Iterable[bytes] = ()) -> bytes:
        """A revocation list. `apps`: SHA-256 of manifest payloads, of which the first 16 bytes count."""
        return revocations.issue(self.root, number, int(time.time()), serials, apps)

    def _member(self, role: str, name: str, attributes: Mapping[str, str]) -> Member:
        key, path = self._key(role), self._folder / f"{role}.cert"
        if not path.exists():
            private_file.create(path, self._issue(role, key.public, name, attributes))
        return Member(key, path.read_bytes())

    def _key(self, name: str) -> PrivateKey:
        path = self._folder / f"{name}.pem"
        if not path.exists():
            PrivateKey.generate().save(path)
        return PrivateKey.load(path)

    def _issue(self, role: str, public: bytes, name: str, attributes: Mapping[str, str]) -> bytes:
        now, serial = int(time.time()), time.time_ns()  # unique per root without a file to keep
        return certificates.issue(self.root, role, public, name, now, now + _YEARS * _YEAR_S, serial, attributes)
