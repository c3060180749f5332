"""What cards ask of a terminal: tags, and the lists (DOL) that more than one profile uses."""

from micropython import const

# Tags, EMV Book 3 annex A and the annexes of EMV Contactless Books C-2 and C-3.
TAG_AMOUNT = const(0x9F02)
TAG_COUNTRY = const(0x9F1A)
TAG_CURRENCY = const(0x5F2A)
TAG_CVM_RESULTS = const(0x9F34)
TAG_ISSUER_AUTHENTICATION = const(0x91)
TAG_MERCHANT = const(0x9F4E)
TAG_RESPONSE_CODE = const(0x8A)
TAG_RISK_DATA = const(0x9F1D)
TAG_TTQ = const(0x9F66)
TAG_TVR = const(0x95)
TAG_UNPREDICTABLE = const(0x9F37)

MERCHANT_BYTES = const(20)
"""Asked for of the merchant's name and location; terminals cut or pad it."""

CRYPTOGRAM_DOL = (
    (TAG_AMOUNT, 6),
    (0x9F03, 6),  # amount, other
    (TAG_COUNTRY, 2),
    (TAG_TVR, 5),
    (TAG_CURRENCY, 2),
    (0x9A, 3),  # date
    (0x9C, 1),  # type
    (TAG_UNPREDICTABLE, 4),
)
"""The terminal's part of the cryptogram input, in the order of docs/formats.md "Cryptograms"."""
CRYPTOGRAM_DOL_BYTES = const(29)
COUNTRY_AT = const(12)
CURRENCY_AT = const(19)

ISSUER_AUTHENTICATION_BYTES = const(10)
"""ARPC of 8 bytes and the response code it is about."""
CDOL2 = (
    (TAG_ISSUER_AUTHENTICATION, ISSUER_AUTHENTICATION_BYTES),
    (TAG_RESPONSE_CODE, 2),
    (TAG_TVR, 5),
    (TAG_UNPREDICTABLE, 4),
)
"""Asked for before a second cryptogram."""
