"""The card profiles: one table each, in files of their own. docs/adding-a-scheme.md says how to add one.

Test profiles: no scheme has approved them.
"""

from micropython import const

from watch.payment.profiles.closed_loop import CLOSED_LOOP
from watch.payment.profiles.contact_test import CONTACT_TEST
from watch.payment.profiles.mastercard import MASTERCARD
from watch.payment.profiles.visa import VISA

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Dict

    from watch.payment.profiles.profile import Profile

ALL = (VISA, MASTERCARD, CLOSED_LOOP, CONTACT_TEST)
"""In the order of the directory, if several cards are ready at once."""
BY_NAME: "Dict[str, Profile]" = {profile.name: profile for profile in ALL}
