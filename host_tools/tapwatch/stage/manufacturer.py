"""The manufacturer of the stage: a root key in a file, and certificates for watches."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tapwatch.folders import make_folder
from tapwatch.signing import certificates
from tapwatch.signing.keys import PrivateKey

if TYPE_CHECKING:
    from pathlib import Path

_YEARS = 10
_YEAR_S = 365 * 86_400


class Manufacturer:
    """A development root. Whoever makes real watches keeps this key off the computer that runs demos."""

    def __init__(self, folder: Path) -> None:
        """Load the root key in `folder`, making one at the first time. Raises UserError."""
        path = folder / "root.pem"
        if path.exists():
            self.root = PrivateKey.load(path)
        else:
            make_folder(folder)
            self.root = PrivateKey.generate()
            self.root.save(path)

    def certify(self, identity: bytes, secret_kind: str) -> bytes:
        """A device certificate for a watch's identity public key (64 bytes)."""
        now = int(time.time())
        serial = time.time_ns()  # unique per root without a file to keep
        name = f"TW-{serial}"
        attributes = {"secret": secret_kind}
        return certificates.issue(self.root, "device", identity, name, now, now + _YEARS * _YEAR_S, serial, attributes)
