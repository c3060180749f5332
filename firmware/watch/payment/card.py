"""The EMV card of the watch: two directories and one application per profile, behind the router."""

from micropython import const

from watch.kernel.errors import InputError
from watch.payment.kernel2 import Kernel2
from watch.payment.kernel3 import Kernel3
from watch.payment.ppse import Ppse
from watch.payment.profiles import ALL
from watch.payment.profiles.profile import GENERATE, OPTIONS
from watch.payment.pse import Pse

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Dict, Iterable, Tuple, Union

    from watch.payment.application import PaymentApplication
    from watch.payment.armed import ArmedCard
    from watch.payment.entrance import Entrance
    from watch.payment.profiles.profile import Profile

    Routed = Union[Ppse, Pse, Entrance]

_FLOWS: "Dict[str, Callable[[Profile, Callable[[], int]], PaymentApplication]]" = {OPTIONS: Kernel3, GENERATE: Kernel2}


class EmvCard:
    """What of the wallet can be tapped. `applications` go into the router, in this order."""

    def __init__(self, now_s: "Callable[[], int]") -> None:
        """`now_s` gives the time that outcomes are stamped with, seconds."""
        self._ppse = Ppse()
        self._pse = Pse()
        self._by_profile = {profile.name: _FLOWS[profile.flow](profile, now_s) for profile in ALL}
        self._in_order = [self._by_profile[profile.name] for profile in ALL]
        entrances = [entrance for application in self._in_order for entrance in application.entrances]
        self.applications: "Tuple[Routed, ...]" = tuple([self._ppse, self._pse] + entrances)
        """Until `set_state` says otherwise they answer "see the device"."""

    def set_state(self, answer: str) -> None:
        """Follow the watch's state: one of the NFC answers of `watch.access.states`."""
        for application in self._in_order:
            application.set_mode(answer)
        self._publish()

    def offer(self, profiles: "Iterable[str]", invalidated: "Iterable[str]" = ()) -> None:
        """Say which profiles the wallet holds, loaded or not: those answer "see the device" while nothing is armed.

        `invalidated`: profiles of which the bank has suspended every card; they are not listed, and SELECT says so.
        """
        held, blocked = list(profiles), list(invalidated)
        for application in self._in_order:
            name = application.profile.name
            application.invalidated = name in blocked
            application.offered = name in held and name not in blocked
        self._publish()

    def load(self, armed: "ArmedCard") -> None:
        """Make one card ready; does all work that does not depend on the terminal.

        A card takes the place of another one of the same profile, which has the same AIDs. Raises InputError for an
        unknown profile.
        """
        application = self._by_profile.get(armed.token.profile)
        if application is None:
            raise InputError("unknown card profile")
        application.load(armed)
        self._publish()

    def unload(self) -> None:
        """Forget every loaded card. Zeroing the keys is up to the owner of the armed card."""
        for application in self._in_order:
            application.unload()
        self._publish()

    def take_asked(self) -> bool:
        """True once after a terminal was told to see the device because nothing was armed."""
        asked = False
        for application in self._in_order:
            asked = asked or application.asked
            application.asked = False
        return asked

    def _publish(self) -> None:
        for directory in (self._ppse, self._pse):
            directory.publish(
                [
                    entrance
                    for application in self._in_order
                    if application.profile.directory == directory.name and application.present()
                    for entrance in application.entrances
                ]
            )
