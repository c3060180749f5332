"""What the two schemes look like to a terminal, as data. Test profiles: no scheme has approved them."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.payment.tlv import Dol

VISA = "visa"
MASTERCARD = "mastercard"

# Tags, EMV Book 3 annex A.
TAG_AMOUNT = const(0x9F02)
TAG_COUNTRY = const(0x9F1A)
TAG_CURRENCY = const(0x5F2A)
TAG_CVM_RESULTS = const(0x9F34)
TAG_MERCHANT = const(0x9F4E)
TAG_RISK_DATA = const(0x9F1D)
TAG_TTQ = const(0x9F66)
TAG_TVR = const(0x95)
TAG_UNPREDICTABLE = const(0x9F37)
TAG_RESPONSE_CODE = const(0x8A)

MERCHANT_BYTES = const(20)
"""Asked for of the merchant's name and location; terminals cut or pad it."""

CRYPTOGRAM_DOL = (
    (0x9F02, 6),  # amount
    (0x9F03, 6),  # amount, other
    (0x9F1A, 2),  # terminal country
    (0x95, 5),  # TVR
    (0x5F2A, 2),  # currency
    (0x9A, 3),  # date
    (0x9C, 1),  # type
    (0x9F37, 4),  # unpredictable number
)
"""The terminal's part of the cryptogram input, in the order of docs/formats.md "Cryptograms"; 29 bytes."""


class Profile:
    """The fixed part of one scheme."""

    def __init__(self, name: str, aid: bytes, label: bytes, kernel: int, pdol: "Dol") -> None:
        """`label` at most 16 bytes; `kernel` is the kernel identifier of EMV Contactless Book B table 3-6."""
        self.name = name
        self.aid = aid
        self.label = label
        self.kernel = kernel
        self.pdol = pdol


VISA_PROFILE = Profile(
    VISA,
    b"\xa0\x00\x00\x00\x03\x10\x10",
    b"TEST VISA",
    3,
    ((0x9F66, 4),) + CRYPTOGRAM_DOL + ((0x9F4E, MERCHANT_BYTES),),
)
MASTERCARD_PROFILE = Profile(MASTERCARD, b"\xa0\x00\x00\x00\x04\x10\x10", b"TEST MASTERCARD", 2, ())

CDOL1 = CRYPTOGRAM_DOL + (
    (0x9F35, 1),  # terminal type
    (0x9F45, 2),  # data authentication code
    (0x9F4C, 8),  # ICC dynamic number
    (0x9F34, 3),  # CVM results
    (0x9F21, 3),  # time
    (0x9F7C, 20),  # merchant custom data
    (0x9F1D, 8),  # terminal risk management data
    (0x9F4E, MERCHANT_BYTES),
)
CDOL2 = (
    (0x91, 10),  # issuer authentication data
    (0x8A, 2),  # authorisation response code
    (0x95, 5),  # TVR
    (0x9F37, 4),  # unpredictable number
)
