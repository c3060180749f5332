"""Cryptogram versions as data: what the issuer application data (9F10) look like, and which part of them is MACed.

docs/formats.md "Cryptograms" is the source; the bits of the card verification results (CVR) follow VIS and M/Chip.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Dict, Sequence, Tuple

    Mark = Tuple[int, int]

CVN_18 = const(0x12)
CVN_20 = const(0x14)
CVN_21 = const(0x15)
CVN_22 = const(0x22)
CVN_43 = const(0x43)

# Facts that a version may have bits for.
WEARER_VERIFIED = "wearer-verified"
NOT_VERIFIED = "not-verified"
PIN_FAILED = "pin-failed"
PIN_BLOCKED = "pin-blocked"
DOMESTIC = "domestic"
INTERNATIONAL = "international"
ISSUER_AUTHENTICATED = "issuer-authenticated"
ISSUER_FAILED = "issuer-failed"
UNABLE_ONLINE = "unable-online"


class Version:
    """One layout of 9F10. Places count from its first byte."""

    def __init__(
        self,
        template: bytes,
        dki_at: int,
        kind_at: int,
        tail: "Sequence[Tuple[int, int]]",
        marks: "Dict[str, Sequence[Mark]]",
        index_at: int = 0,
        index_bytes: int = 0,
    ) -> None:
        """`template`: 9F10 of an ARQC about which nothing else is known."""
        self.template = template
        self.dki_at = dki_at
        self.kind_at = kind_at
        """The byte that says what the first and the second cryptogram were, in its upper four bits."""
        self.tail = tail
        """(place, length) of the parts that follow the ATC in the MAC."""
        self.marks = marks
        """(place, bits) to set, by fact; a fact without an entry has no bits in this version."""
        self.index_at = index_at
        self.index_bytes = index_bytes
        """Where the index of a limited-use key stands; 0 bytes for session keys."""


# 1F, CVN, DKI, CVR (5 bytes), what the issuer's own data are (1), the issuer's own data (23).
_MOBILE_CVR2 = b"\x00\xa0\x00\x00\x00"
_MOBILE_REST = bytes(24)
_MOBILE_MARKS: "Dict[str, Sequence[Mark]]" = {WEARER_VERIFIED: ((3, 0x51), (4, 0x04))}
"""A mobile application has verified by passcode; verification done and successful."""

# DKI, CVN, CVR (6 bytes), data authentication code (2), counters (8): nothing is ever approved offline.
_MCHIP_REST = b"\xa0\x00\x00\x00\x00\x00" + bytes(2) + bytes(8)
_MCHIP_MARKS: "Dict[str, Sequence[Mark]]" = {
    WEARER_VERIFIED: ((2, 0x05),),  # verification performed, and successful
    NOT_VERIFIED: ((5, 0x20),),
    PIN_FAILED: ((2, 0x04), (5, 0x10)),
    PIN_BLOCKED: ((5, 0x08),),
    DOMESTIC: ((5, 0x02),),
    INTERNATIONAL: ((5, 0x04),),
    ISSUER_AUTHENTICATED: ((3, 0x10),),
    ISSUER_FAILED: ((6, 0x04),),
    UNABLE_ONLINE: ((5, 0x40),),
}

BY_CVN = {
    CVN_18: Version(b"\x06\x00\x12\x03\xa0\x00\x00", 1, 4, ((0, 7),), {WEARER_VERIFIED: ((4, 0x04),)}),
    CVN_22: Version(b"\x1f\x22\x00" + _MOBILE_CVR2 + _MOBILE_REST, 2, 4, ((0, 32),), _MOBILE_MARKS),
    CVN_43: Version(b"\x1f\x43\x00" + _MOBILE_CVR2 + _MOBILE_REST, 2, 4, ((3, 4),), _MOBILE_MARKS, 13, 4),
    CVN_20: Version(b"\x00\x14" + _MCHIP_REST, 0, 2, ((2, 6),), _MCHIP_MARKS),
    CVN_21: Version(b"\x00\x15" + _MCHIP_REST, 0, 2, ((2, 6), (10, 8)), _MCHIP_MARKS),
}
