"""The form of a key file: lines that say what the key is, then the private key as PEM, unless it is in a token.

Programs that read PEM skip the lines. The public half alone, `NAME.pub`, has the same lines and is no secret: it is
what somebody else gets to certify.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tapwatch.signing.public import check_public, key_id
from tapwatch.signing.roles import ROLES

SECRET_TITLE = "Tapwatch private key. Whoever has it can sign in its name."  # noqa: S105  # a heading
PUBLIC_TITLE = "Tapwatch public key. It is no secret."
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
"""What a key may be called: it is part of file names."""
_BEGIN = b"-----BEGIN"
_MOST_LINES = 8
_MOST_BYTES = 16_384
_ENCRYPTED = _BEGIN + b" ENCRYPTED PRIVATE KEY"


class KeyFileProblem(ValueError):
    """The bytes are not what a key file holds."""


@dataclass(frozen=True)
class KeyFile:
    """What a key file says; nothing of it is secret but `pem`."""

    name: str
    role: str
    public: bytes
    made: str
    """Day, YYYY-MM-DD."""
    token: str = ""
    """RFC 7512 URI, if the key is in a token."""
    pem: bytes = b""
    """The private key, unless it is in a token or this is the public half."""

    @property
    def key_id(self) -> bytes:
        """The key id, 8 bytes."""
        return key_id(self.public)

    @property
    def locked(self) -> bool:
        """True if a password or a token guards the key."""
        return bool(self.token) or self.pem.startswith(_ENCRYPTED)

    def __repr__(self) -> str:
        return f"<KeyFile {self.name} {self.role} {self.key_id.hex()}>"


def secret_form(key: KeyFile) -> bytes:
    """The key file."""
    return _lines(SECRET_TITLE, key, {"token": key.token} if key.token else {}) + key.pem


def public_form(key: KeyFile) -> bytes:
    """The public half."""
    return _lines(PUBLIC_TITLE, key, {})


def parse(data: bytes) -> KeyFile:
    """Read either form. Raises KeyFileProblem."""
    if len(data) > _MOST_BYTES:
        raise KeyFileProblem(f"it is longer than {_MOST_BYTES} bytes")
    head, begin, rest = data.partition(_BEGIN)
    fields = _fields(head)
    if set(fields) - {"name", "role", "public", "made", "token"} or len(fields) < 4:
        raise KeyFileProblem("it does not say name, role, public key and day, and nothing else")
    if not NAME.fullmatch(fields["name"]) or fields["role"] not in ROLES:
        raise KeyFileProblem("its name or role is none")
    try:
        public = bytes.fromhex(fields["public"])
        check_public(public)
    except ValueError as error:
        raise KeyFileProblem(f"its public key is none: {error}") from None
    return KeyFile(fields["name"], fields["role"], public, fields["made"], fields.get("token", ""), begin + rest)


def _lines(title: str, key: KeyFile, more: dict[str, str]) -> bytes:
    facts = {"name": key.name, "role": key.role, "public": key.public.hex(), "made": key.made, **more}
    return "\n".join([title, *(f"{name}: {value}" for name, value in facts.items()), "", ""]).encode()


def _fields(head: bytes) -> dict[str, str]:
    try:
        lines = head.decode("ascii").splitlines()
    except UnicodeDecodeError:
        raise KeyFileProblem("it is no text") from None
    if not lines or lines[0] not in (SECRET_TITLE, PUBLIC_TITLE) or len(lines) > _MOST_LINES:
        raise KeyFileProblem("it does not begin as a key file does")
    pairs = [line.partition(": ") for line in lines[1:] if line]
    fields = {name: value for name, _, value in pairs}
    if len(fields) != len(pairs) or not all(separator for _, separator, _ in pairs):
        raise KeyFileProblem("one of its lines is no `name: value`, or comes twice")
    if not {"name", "role", "public", "made"} <= set(fields):
        raise KeyFileProblem("a line is missing")
    return fields
