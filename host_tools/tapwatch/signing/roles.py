"""What a key may be for, and what each role asks of its file, its certificate and its end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_USAGE, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = "root"
SYSTEM_MAKER = "tapwatch"
"""The maker of the apps of the firmware; nobody else may have this id."""
_MAKER_ID = re.compile(r"[a-z][a-z0-9_]{1,23}")
_YEAR = 365


@dataclass(frozen=True)
class Role:
    """One sort of key."""

    signs: tuple[str, ...]
    """Content types of envelopes (docs/formats.md), without `tapwatch/`."""
    locked: bool
    """A file with such a key needs a password, unless somebody says otherwise."""
    days: int
    """How long a certificate is good if nobody says otherwise; 0 for a key that has none."""
    attributes: tuple[str, ...]
    """What a certificate must say."""
    replaced: str
    """What to do with a key that has been replaced."""


ROLES: dict[str, Role] = {
    ROOT: Role(("certificate", "revocations"), True, 0, (), ""),
    "store": Role(
        ("app-review", "licence"),
        True,
        2 * _YEAR,
        (),
        "Sign new reviews and licences with the new key. Reviews of the old one hold until its certificate ends or is "
        "revoked; countersign what is still offered before that.",
    ),
    "token-service": Role(
        ("token-package", "notice", "token-state", "device-state"),
        True,
        2 * _YEAR,
        (),
        "An issuer is known by its key: give watches the new certificate, move the tokens over, and revoke the old "
        "one when none is left.",
    ),
    "developer": Role(
        ("app", "publication"),
        False,
        2 * _YEAR,
        ("id",),
        "Sign the next version of each app with the new key; the id is the same, so it replaces what is installed. "
        "Keep the old key until its certificate ends, or destroy it now.",
    ),
    "update": Role(
        ("system",),
        True,
        _YEAR,
        (),
        "Sign the next image with the new key: watches know an update key by its certificate. Destroy the old one now; "
        "revoke its certificate if somebody may have it.",
    ),
    "device": Role(
        ("attestation", "token-request", "receipt", "merchant-payment"),
        False,
        10 * _YEAR,
        ("secret",),
        "A watch makes its own key; this one was for tests. Revoke its certificate.",
    ),
}


def signer_of(kind: str) -> str:
    """The role that signs a content type, such as `tapwatch/app`. Raises KeyError for one that nobody signs."""
    for name, role in ROLES.items():
        if kind.removeprefix("tapwatch/") in role.signs:
            return name
    raise KeyError(kind)


def check_attributes(role: str, attributes: Mapping[str, str]) -> None:
    """Raise UserError if a certificate in this role must say something else."""
    missing = [name for name in ROLES[role].attributes if not attributes.get(name)]
    if missing:
        raise UserError(
            f"a certificate for {role} must say {', '.join(missing)}",
            f"add --attribute {missing[0]}=...",
            EXIT_USAGE,
        )
    if role == "developer" and not is_maker_id(attributes["id"]):
        raise UserError(
            f"{attributes['id']!r} is no id of a maker of apps",
            f"2 to 24 characters: a letter, then letters, digits and `_`, all small; not `{SYSTEM_MAKER}`",
            EXIT_USAGE,
        )
    if role == "device" and attributes["secret"] not in ("software", "efuse"):
        raise UserError("the secret of a device is `software` or `efuse`", "", EXIT_USAGE)


def is_maker_id(text: str) -> bool:
    """True for the attribute `id` of a developer's certificate (docs/bundles.md)."""
    return _MAKER_ID.fullmatch(text) is not None and text != SYSTEM_MAKER
