"""A token's public data as the terminal reads it (EMV Book 3 annex A; payment tokens: EMV Payment Tokenisation)."""

from micropython import const

from watch.kernel.errors import InputError
from watch.payment import tlv

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Dict, List, Sequence, Tuple

    from watch.payment.profiles.profile import Profile
    from watch.payment.token import Token

_DISCRETIONARY = "00000"
"""Track 2 discretionary data: the cryptogram, not a static value, proves the token."""
_WATCH = b"19"
"""Device type of 9F6E: a watch whose payment application runs in its main processor (Book C-2 annex A)."""


def track2(token: "Token") -> bytes:
    """Tag 57: token PAN, separator, expiry, service code, discretionary data."""
    return tlv.packed(f"{token.pan}D{token.expiry}{token.service_code}{_DISCRETIONARY}")


def expiry_date(token: "Token") -> bytes:
    """Tag 5F24, YYMMDD: the last day of the token's month."""
    year, month = int(token.expiry[:2]), int(token.expiry[2:])
    days = 30 if month in (4, 6, 9, 11) else 31
    if month == 2:
        days = 28 if year % 4 else 29
    return tlv.packed(f"{token.expiry}{days}")


def third_party_data(token: "Token") -> bytes:
    """Tag 9F6E as kernel 2 reads it: country, no third party, device type, one byte of nobody's data."""
    return tlv.number(token.country, 2) + b"\x00\x00" + _WATCH + b"\x00"


_BY_TAG: "Dict[int, Callable[[Token], bytes]]" = {
    0x57: track2,
    0x5A: lambda token: tlv.packed(token.pan),
    0x5F24: expiry_date,
    0x5F28: lambda token: tlv.number(token.country, 2),
    0x5F34: lambda token: tlv.number(token.psn, 1),
    0x9F19: lambda token: tlv.number(int(token.requestor), 6),  # who asked for the token
    0x9F24: lambda token: token.par.encode(),  # the account behind it, the same for all its tokens
    0x9F25: lambda token: tlv.number(int(token.last_four), 2),
    0x9F42: lambda token: tlv.number(token.currency, 2),
}
"""There is no cardholder name (5F20): a watch tells nobody whose it is."""


def value(profile: "Profile", token: "Token", tag: int) -> bytes:
    """The value of one tag on this card. Raises InputError if neither profile nor token has it."""
    own = profile.values.get(tag) or _BY_TAG.get(tag)
    if own is None:
        own = {0x8C: tlv.encode_dol(profile.cdol1), 0x8D: tlv.encode_dol(profile.cdol2)}.get(tag)
    if own is None:
        raise InputError("the profile names a tag that has no value")
    return own(token) if callable(own) else own


def objects(profile: "Profile", token: "Token", tags: "Sequence[int]") -> "List[Tuple[int, bytes]]":
    """These tags with their values. Raises InputError."""
    return [(tag, value(profile, token, tag)) for tag in tags]


def records(profile: "Profile", token: "Token") -> "Dict[int, bytes]":
    """All records, by P1 P2 of their READ RECORD (EMV Book 3 section 6.5.11). Raises InputError."""
    return {
        number << 8 | sfi << 3 | 4: tlv.template(0x70, objects(profile, token, tags))[0]
        for sfi, number, tags in profile.records
    }


def file_locator(profile: "Profile") -> bytes:
    """Tag 94: one entry for each record, none of them signed."""
    return b"".join([bytes((sfi << 3, number, number, 0)) for sfi, number, _ in profile.records])
