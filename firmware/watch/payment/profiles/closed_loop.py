"""A card that only Tapwatch's own bank takes, with AIDs of its own. It shows what another scheme needs: this table."""

from watch.payment.profiles.profile import APPLICATION_VERSION, OPTIONS, USAGE, Name, Profile
from watch.payment.profiles.visa import FORM_FACTOR, ONLINE_RECORD, PDOL
from watch.payment.versions import CVN_18

CLOSED_LOOP = Profile(
    name="closed-loop",
    # F0 marks an identifier that nobody has registered (ISO/IEC 7816-5 section 8.2); then "TAPWATCH" and a number.
    names=(
        Name(b"\xf0TAPWATCH\x01", b"TAPWATCH", 3),
        Name(b"\xf0TAPWATCH\x03", b"TAPWATCH TRANSIT", 3),
    ),
    flow=OPTIONS,
    cvns=(CVN_18,),
    aip=b"\x00\x00",
    pdol=PDOL,
    options=(0x57, 0x5F34, 0x9F6E),
    records=((1, 1, ONLINE_RECORD),),
    values={0x9F07: USAGE, 0x9F08: APPLICATION_VERSION, 0x9F6E: FORM_FACTOR},
    express=True,
)
