"""What differs between the two card profiles, as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.bank.problems import RequestProblem

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Profile:
    """One way to build and check a cryptogram, and the number ranges that go with it."""

    name: str
    fpan_prefix: str
    """Leading digits of the numbers behind the tokens. Test ranges only."""
    dpan_prefix: str
    """Leading digits of token numbers. Test ranges only."""
    label: str
    accent: int
    """Accent colour of the card on the watch, 0xRRGGBB."""
    iad_bytes: int
    """Length of tag 9F10."""
    dki_at: int
    """Place of the derivation key index in 9F10; the cryptogram version follows it."""
    cvn: int
    """Cryptogram version number."""
    cvr_at: int
    """Place in 9F10 of the byte that says what was generated and whether the wearer was verified."""
    cdcvm_mask: int
    """Bits of that byte that are all set when the watch verified its wearer."""


VISA = Profile(
    name="visa",
    fpan_prefix="47617390",
    dpan_prefix="47617300",
    label="Tapwatch Blue",
    accent=0x4DA3FF,
    iad_bytes=7,
    dki_at=1,
    cvn=0x12,
    cvr_at=4,  # 06 DKI 12 03 [A4] 00 00: CVR byte 2, after its length
    cdcvm_mask=0x04,  # VIS: PIN verification performed
)
MASTERCARD = Profile(
    name="mastercard",
    fpan_prefix="54133390",
    dpan_prefix="54133300",
    label="Tapwatch Amber",
    accent=0xFFA24D,
    iad_bytes=18,
    dki_at=0,
    cvn=0x14,
    cvr_at=2,  # DKI 14 [A5] …: CVR byte 1
    cdcvm_mask=0x05,  # M/Chip: PIN verification performed, and successful
)
PROFILES: Mapping[str, Profile] = {profile.name: profile for profile in (VISA, MASTERCARD)}

DKI = 1
"""Derivation key index of the only set of issuer master keys."""
AC_TYPE_MASK = 0x30
AC_TYPE_ARQC = 0x20
"""Type of the first cryptogram in the CVR byte at `cvr_at`: 00 AAC, 10 TC, 20 ARQC."""


def profile_named(name: str) -> Profile:
    """Return a profile. Raises RequestProblem."""
    try:
        return PROFILES[name]
    except KeyError:
        raise RequestProblem(f"there is no profile {name!r}", f"use one of: {', '.join(PROFILES)}") from None
