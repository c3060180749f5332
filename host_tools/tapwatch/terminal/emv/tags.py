"""The tags a terminal meets: name, kind and length (EMV Book 3 annex A, Books C-2 and C-3 annex A, Book B)."""

from __future__ import annotations

from dataclasses import dataclass

BINARY, NUMERIC, COMPRESSED, TEXT, TEMPLATE = "b", "n", "cn", "an", "template"


@dataclass(frozen=True)
class TagInfo:
    """What is known of a tag. Lengths in bytes."""

    name: str
    kind: str = BINARY
    shortest: int = 0
    longest: int = 0xFFFF


# tag, kind, shortest, longest, name
_ROWS = """
42 n 3 3 Issuer identification number
4F b 5 16 Application identifier (ADF name)
50 an 1 16 Application label
56 b 0 76 Track 1 data
57 b 7 19 Track 2 equivalent data
5A cn 4 10 Application PAN
5F20 an 2 26 Cardholder name
5F24 n 3 3 Application expiration date
5F25 n 3 3 Application effective date
5F28 n 2 2 Issuer country code
5F2A n 2 2 Transaction currency code
5F2D an 2 8 Language preference
5F30 n 2 2 Service code
5F34 n 1 1 PAN sequence number
5F36 n 1 1 Transaction currency exponent
5F55 an 2 2 Issuer country code (alpha-2)
61 template 0 65535 Application template
6F template 0 65535 File control information
70 template 0 65535 Record template
77 template 0 65535 Response, format 2
80 b 0 253 Response, format 1
82 b 2 2 Application interchange profile
83 b 0 253 Command template
84 b 5 16 Dedicated file name
87 b 1 1 Application priority indicator
88 b 1 1 Short file identifier
8A an 2 2 Authorisation response code
8C b 0 252 Card risk management list 1 (CDOL1)
8D b 0 252 Card risk management list 2 (CDOL2)
8E b 10 252 Cardholder verification methods
8F b 1 1 Certification authority key index
90 b 0 253 Issuer key certificate
91 b 8 16 Issuer authentication data
92 b 0 253 Issuer key remainder
94 b 4 252 Application file locator
95 b 5 5 Terminal verification results
97 b 0 252 Transaction certificate list (TDOL)
9A n 3 3 Transaction date
9C n 1 1 Transaction type
9D b 5 16 Directory definition file name
9F01 n 6 6 Acquirer identifier
9F02 n 6 6 Amount, authorised
9F03 n 6 6 Amount, other
9F06 b 5 16 Application identifier (terminal)
9F07 b 2 2 Application usage control
9F08 b 2 2 Application version (card)
9F09 b 2 2 Application version (terminal)
9F0A b 0 253 Application selection registered data
9F0D b 5 5 Issuer action code, default
9F0E b 5 5 Issuer action code, denial
9F0F b 5 5 Issuer action code, online
9F10 b 1 32 Issuer application data
9F11 n 1 1 Issuer code table index
9F12 an 1 16 Application preferred name
9F13 b 2 2 Last online ATC register
9F15 n 2 2 Merchant category code
9F16 an 15 15 Merchant identifier
9F17 b 1 1 PIN try counter
9F19 n 6 6 Token requestor identifier
9F1A n 2 2 Terminal country code
9F1C an 8 8 Terminal identification
9F1D b 1 8 Terminal risk management data
9F1E an 8 8 Interface device serial number
9F1F b 0 253 Track 1 discretionary data
9F21 n 3 3 Transaction time
9F24 an 29 29 Payment account reference
9F25 n 2 2 Last four digits of the card
9F26 b 8 8 Application cryptogram
9F27 b 1 1 Cryptogram information data
9F29 b 1 8 Extended selection
9F2A b 1 8 Kernel identifier
9F32 b 1 3 Issuer key exponent
9F33 b 3 3 Terminal capabilities
9F34 b 3 3 Cardholder verification results
9F35 n 1 1 Terminal type
9F36 b 2 2 Application transaction counter
9F37 b 4 4 Unpredictable number
9F38 b 0 252 Processing options list (PDOL)
9F39 n 1 1 Point of service entry mode
9F40 b 5 5 Additional terminal capabilities
9F41 n 2 4 Transaction sequence counter
9F42 n 2 2 Application currency code
9F44 n 1 1 Application currency exponent
9F45 b 2 2 Data authentication code
9F46 b 0 253 Card key certificate
9F47 b 1 3 Card key exponent
9F48 b 0 253 Card key remainder
9F49 b 0 252 Dynamic data list (DDOL)
9F4A b 1 1 Static data authentication tags
9F4B b 0 253 Signed dynamic application data
9F4C b 2 8 Card dynamic number
9F4D b 2 2 Log entry
9F4E an 1 40 Merchant name and location
9F4F b 0 252 Log format
9F5A b 1 16 Application program identifier
9F5D b 6 6 Available offline amount
9F66 b 4 4 Terminal transaction qualifiers
9F69 b 5 16 Card authentication data
9F6C b 2 2 Card transaction qualifiers
9F6E b 4 32 Form factor or third party data
9F7C b 0 32 Customer exclusive or merchant data
A5 template 0 65535 Proprietary FCI
BF0C template 0 65535 Issuer discretionary FCI
DF4B b 3 3 Cardholder interaction information (POSCII)
"""


def _read(rows: str) -> dict[str, TagInfo]:
    table = {}
    for row in rows.strip().splitlines():
        tag, kind, shortest, longest, name = row.split(" ", 4)
        table[tag] = TagInfo(name, kind, int(shortest), int(longest))
    return table


TAGS = _read(_ROWS)
"""Every known tag."""
_UNKNOWN = TagInfo("(unknown)")


def info(tag: str) -> TagInfo:
    """What is known of a tag; an unknown one is binary and of any length."""
    return TAGS.get(tag, _UNKNOWN)


def name(tag: str) -> str:
    """The name of a tag."""
    return info(tag).name
