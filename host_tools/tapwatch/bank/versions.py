"""Cryptogram versions (CVN) as a table: what 9F10 looks like and what its bytes say (docs/formats.md "Cryptograms")."""

from __future__ import annotations

from dataclasses import dataclass

DKI = 1
"""Derivation key index of the only set of issuer master keys."""
AC_TYPE_MASK = 0x30
AC_TYPE_ARQC = 0x20
"""Type of the first cryptogram in the CVR byte at `type_at`: 00 AAC, 10 TC, 20 ARQC."""
_ANY = "??"


@dataclass(frozen=True)
class CryptogramVersion:
    """One way to build and check a cryptogram. Places count from the first byte of 9F10."""

    number: int
    words: str
    """How it is derived, for people who recompute it."""
    form: str
    """Bytes of 9F10 in hex; ?? is any byte."""
    type_at: int
    """Place of the CVR byte that says what was generated."""
    cdcvm: tuple[tuple[int, int, int], ...]
    """(place, mask, value): all hold when the watch says that it verified its wearer."""
    index_at: int = 0
    """Place of the key index; 0 for versions without one."""

    def fits(self, iad: bytes) -> bool:
        """True if 9F10 is one of this version and of our master keys."""
        form = self.form.split()
        return len(iad) == len(form) and all(
            want in (_ANY, f"{byte:02X}") for byte, want in zip(iad, form, strict=True)
        )

    def verified(self, iad: bytes) -> bool:
        """True if 9F10 says that the watch verified its wearer."""
        return all(iad[place] & mask == value for place, mask, value in self.cdcvm)


def _wild(count: int) -> str:
    return " ".join([_ANY] * count)


_COMMON = "EMV common session key, algorithm 3 MAC, padding method 2"
_MOBILE_CDCVM = ((3, 0xFF, 0x51), (4, 0x04, 0x04))  # CVR 1: mobile application, passcode; CVR 2: CDCVM successful
_MCHIP_CDCVM = ((2, 0x05, 0x05),)  # M/Chip CVR 1: PIN verification performed, and successful

CVN_18 = CryptogramVersion(
    number=0x12,
    words=f"CVN 18: card key option B, {_COMMON}",
    form=f"06 {DKI:02X} 12 03 {_wild(3)}",
    type_at=4,
    cdcvm=((4, 0x04, 0x04),),  # VIS CVR 2: PIN verification performed
)
CVN_22 = CryptogramVersion(
    number=0x22,
    words=f"CVN 22h: card key option B, {_COMMON}",
    form=f"1F 22 {DKI:02X} {_wild(5)} 00 {_wild(23)}",
    type_at=4,
    cdcvm=_MOBILE_CDCVM,
)
CVN_43 = CryptogramVersion(
    number=0x43,
    words="CVN 43h: card key option A, limited-use key of the index in 9F10, algorithm 3 MAC, padding method 2",
    form=f"1F 43 {DKI:02X} {_wild(5)} 00 {_wild(23)}",
    type_at=4,
    cdcvm=_MOBILE_CDCVM,
    index_at=13,
)
CVN_20 = CryptogramVersion(
    number=0x14,
    words=f"CVN 20 (14h): card key option A, {_COMMON}",
    form=f"{DKI:02X} 14 {_wild(16)}",
    type_at=2,
    cdcvm=_MCHIP_CDCVM,
)
CVN_21 = CryptogramVersion(
    number=0x15,
    words=f"CVN 21 (15h): card key option A, {_COMMON}",
    form=f"{DKI:02X} 15 {_wild(16)}",
    type_at=2,
    cdcvm=_MCHIP_CDCVM,
)
