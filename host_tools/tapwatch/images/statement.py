"""What the envelopes of a system image say: `tapwatch/system` of docs/updates.md."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_USAGE, UserError
from tapwatch.signing import cbor

if TYPE_CHECKING:
    from typing import Any

KIND = "tapwatch/system"
DEVELOPMENT, RELEASE = "development", "release"
THRESHOLD = {DEVELOPMENT: 1, RELEASE: 2}
"""How many different update keys must have signed, by posture."""
XTENSAWIN, X64 = "xtensawin", "x64"
MACHINES = (XTENSAWIN, X64)
"""Machine code of viper functions: of the ESP32-S3, of a computer."""
_VERSION = re.compile(r"(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})")

Version = tuple[int, int, int]


@dataclass(frozen=True)
class Statement:
    """One image, as it is signed."""

    board: str
    version: Version
    floor: Version
    """No image below it is installed once this one has proved itself."""
    built_s: int
    """Seconds since 1970."""
    posture: str
    length: int
    """Of the body, bytes."""
    body: bytes
    """SHA-256 of the body."""
    source: bytes
    """SHA-256 of the source tree (`tapwatch.images.source_digest`)."""
    machine: str

    def encoded(self) -> bytes:
        """The payload: the same bytes in every envelope."""
        said = (self.board, list(self.version), list(self.floor), self.built_s, self.posture)
        return cbor.encode(dict(enumerate((*said, self.length, self.body, self.source, self.machine), 1)))

    @classmethod
    def of(cls, payload: dict[int, Any]) -> Statement:
        """From a payload whose form is right (`tapwatch.signing.forms`)."""
        board, version, floor, *rest = (payload[key] for key in range(1, 10))
        return cls(board, tuple(version), tuple(floor), *rest)


def parse_version(text: str) -> Version:
    """`X.Y.Z` as numbers. Raises UserError."""
    found = _VERSION.fullmatch(text)
    if found is None:
        raise UserError(f"{text!r} is no version", "three numbers up to 9999, such as 1.4.0", EXIT_USAGE)
    major, minor, patch = map(int, found.groups())
    return major, minor, patch


def version_text(version: Version) -> str:
    """Numbers as `X.Y.Z`."""
    return ".".join(map(str, version))
