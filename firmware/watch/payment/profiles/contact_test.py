"""A test card as a contact card has it, for tools that speak to a card reader and know nothing of contactless.

Its PIN is published here: it protects nothing and is good for nothing but the VERIFY command of such tools.
"""

from watch.payment.profiles.mastercard import DEFAULT_ACTION, DENIAL_ACTION, ONLINE_ACTION
from watch.payment.profiles.profile import (
    APPLICATION_VERSION,
    GENERATE,
    PSE,
    TAG_ATC,
    TAG_LAST_ONLINE_ATC,
    TAG_PIN_TRIES,
    USAGE,
    Name,
    Profile,
)
from watch.payment.terminal import CDOL2, CRYPTOGRAM_DOL, TAG_COUNTRY, TAG_CURRENCY, TAG_CVM_RESULTS
from watch.payment.versions import CVN_20

CONTACT_TEST = Profile(
    name="contact-test",
    names=(Name(b"\xf0TAPWATCH\x02", b"CONTACT TEST"),),
    flow=GENERATE,
    cvns=(CVN_20,),
    aip=b"\x18\x00",  # cardholder verification, terminal risk management
    pdol=((TAG_COUNTRY, 2), (TAG_CURRENCY, 2)),
    pdol_optional=True,  # some tools send none whatever the card asks for
    cdol1=CRYPTOGRAM_DOL + ((0x9F35, 1), (TAG_CVM_RESULTS, 3)),
    cdol2=CDOL2,
    records=(  # without 9F19, which tools for contact cards read as the list it was in EMV'96
        (1, 1, (0x57, 0x5A, 0x5F24, 0x5F28, 0x5F34, 0x9F42, 0x9F24, 0x9F25)),
        (2, 1, (0x8C, 0x8D, 0x8E, 0x9F07, 0x9F08, 0x9F0D, 0x9F0E, 0x9F0F)),
    ),
    values={
        # No amounts; the PIN if the terminal can ask for it, and if that fails or it cannot, no CVM.
        0x8E: bytes(8) + b"\x41\x03\x1f\x03",
        0x9F07: USAGE,
        0x9F08: APPLICATION_VERSION,
        0x9F0D: DEFAULT_ACTION,
        0x9F0E: DENIAL_ACTION,
        0x9F0F: ONLINE_ACTION,
    },
    currency_optional=True,  # tools that make sign-in codes (CAP) send none
    data=(TAG_ATC, TAG_LAST_ONLINE_ATC, TAG_PIN_TRIES),
    directory=PSE,
    pin=b"1234",
    test_only=True,
)
