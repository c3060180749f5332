"""A test card in the manner of Mastercard, for kernel 2 (EMV Contactless Book C-2)."""

from watch.payment.profiles.profile import APPLICATION_VERSION, GENERATE, USAGE, Name, Profile
from watch.payment.terminal import CDOL2, CRYPTOGRAM_DOL, MERCHANT_BYTES, TAG_CVM_RESULTS, TAG_MERCHANT, TAG_RISK_DATA
from watch.payment.token_data import third_party_data
from watch.payment.versions import CVN_20, CVN_21

# Issuer action codes: the issuer decides on everything, online. All bits that the TVR has (EMV Book 3 annex C5).
_EVERYTHING = b"\xfc\xf8\xfc\xf8\xf0"
DEFAULT_ACTION = _EVERYTHING
"""9F0D: decline whatever cannot go online."""
DENIAL_ACTION = bytes(5)
"""9F0E: nothing is declined unasked."""
ONLINE_ACTION = _EVERYTHING
"""9F0F: always online."""

MASTERCARD = Profile(
    name="mastercard",
    names=(Name(b"\xa0\x00\x00\x00\x04\x10\x10", b"TEST MASTERCARD", 2),),
    flow=GENERATE,
    cvns=(CVN_20, CVN_21),
    aip=b"\x18\x80",  # cardholder verification, terminal risk management; EMV mode
    aip_cdcvm=b"\x1a\x80",  # the same, and on-device verification
    cdol1=CRYPTOGRAM_DOL
    + (
        (0x9F35, 1),  # terminal type
        (0x9F45, 2),  # data authentication code
        (0x9F4C, 8),  # ICC dynamic number
        (TAG_CVM_RESULTS, 3),
        (0x9F21, 3),  # time
        (0x9F7C, 20),  # merchant custom data
        (TAG_RISK_DATA, 8),
        (TAG_MERCHANT, MERCHANT_BYTES),
    ),
    cdol2=CDOL2,
    records=(
        (
            1,
            1,
            (0x57, 0x5A, 0x5F24, 0x5F28, 0x5F34, 0x8C, 0x8D, 0x8E, 0x9F07, 0x9F08, 0x9F0D, 0x9F0E, 0x9F0F)
            + (0x9F42, 0x9F6E, 0x9F19, 0x9F24, 0x9F25),
        ),
    ),
    values={
        # No amounts; "no CVM" if the terminal allows it, otherwise verification has failed and the card sees that.
        0x8E: bytes(8) + b"\x1f\x03",
        0x9F07: USAGE,
        0x9F08: APPLICATION_VERSION,
        0x9F0D: DEFAULT_ACTION,
        0x9F0E: DENIAL_ACTION,
        0x9F0F: ONLINE_ACTION,
        0x9F6E: third_party_data,
    },
)
