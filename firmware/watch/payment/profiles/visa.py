"""A test card in the manner of Visa, for kernel 3 (EMV Contactless Book C-3)."""

from watch.payment.profiles.profile import APPLICATION_VERSION, OPTIONS, USAGE, Name, Profile
from watch.payment.terminal import CRYPTOGRAM_DOL, MERCHANT_BYTES, TAG_MERCHANT, TAG_TTQ
from watch.payment.versions import CVN_18, CVN_22, CVN_43

FORM_FACTOR = b"\x24\x84\x00\x00"
"""9F6E: version 1, wrist-worn; passcode capable, cloud-based credentials; contactless (Book C-3 annex A)."""
PDOL = ((TAG_TTQ, 4),) + CRYPTOGRAM_DOL + ((TAG_MERCHANT, MERCHANT_BYTES),)
ONLINE_RECORD = (0x5F24, 0x5F28, 0x9F07, 0x9F08, 0x9F42, 0x9F19, 0x9F24, 0x9F25)

VISA = Profile(
    name="visa",
    names=(Name(b"\xa0\x00\x00\x00\x03\x10\x10", b"TEST VISA", 3),),
    flow=OPTIONS,
    cvns=(CVN_18, CVN_22, CVN_43),
    # No offline data authentication; cardholder verification is settled by TTQ and CTQ, not by a list.
    aip=b"\x00\x00",
    pdol=PDOL,
    options=(0x57, 0x5F34, 0x9F6E),
    records=((1, 1, ONLINE_RECORD),),
    values={0x9F07: USAGE, 0x9F08: APPLICATION_VERSION, 0x9F6E: FORM_FACTOR},
)
