"""A token's public data as the terminal reads it (EMV Book 3 annex A; payment tokens: EMV Payment Tokenisation)."""

from micropython import const

from watch.payment import tlv

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.payment.token import Token

_DISCRETIONARY = "00000"
"""Track 2 discretionary data: the cryptogram, not a static value, proves the token."""
_USAGE = b"\xff\x80"
"""9F07: valid at home and abroad for cash, goods and services, at ATMs and elsewhere, no cashback."""
_APPLICATION_VERSION = b"\x00\x02"
_PAR_CHARACTERS = const(29)


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


def token_objects(token: "Token") -> bytes:
    """Who asked for the token, the account behind it, and its last four digits: 9F19, 9F24, 9F25."""
    return (
        tlv.encode(0x9F19, tlv.number(int(token.requestor), 6))
        + tlv.encode(0x9F24, token.par.encode())
        + tlv.encode(0x9F25, tlv.number(int(token.last_four), 2))
    )


def common_objects(token: "Token") -> bytes:
    """What both schemes' records hold."""
    return (
        tlv.encode(0x5F24, expiry_date(token))
        + tlv.encode(0x5F28, tlv.number(token.country, 2))
        + tlv.encode(0x9F07, _USAGE)
        + tlv.encode(0x9F08, _APPLICATION_VERSION)
        + tlv.encode(0x9F42, tlv.number(token.currency, 2))
        + token_objects(token)
    )


def online_record(token: "Token") -> bytes:
    """The record of the Visa profile."""
    return tlv.encode(0x70, common_objects(token))


def card_record(token: "Token", cdol1: bytes, cdol2: bytes, cvm_list: bytes) -> bytes:
    """The record of the Mastercard profile: everything that kernel 2 reads before GENERATE AC."""
    return tlv.encode(
        0x70,
        tlv.encode(0x57, track2(token)),
        tlv.encode(0x5A, tlv.packed(token.pan)),
        tlv.encode(0x5F34, tlv.number(token.psn, 1)),
        tlv.encode(0x8C, cdol1),
        tlv.encode(0x8D, cdol2),
        tlv.encode(0x8E, cvm_list),
        _ISSUER_ACTION_CODES,
        common_objects(token),
    )


_ISSUER_ACTION_CODES = (
    tlv.encode(0x9F0D, b"\xff\xff\xff\xff\xff")  # default: decline whatever cannot go online
    + tlv.encode(0x9F0E, bytes(5))  # denial: the issuer decides
    + tlv.encode(0x9F0F, b"\xff\xff\xff\xff\xff")  # online: always
)
