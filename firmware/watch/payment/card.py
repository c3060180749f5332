"""The EMV card of the watch: a directory and one application per scheme, behind the router."""

from micropython import const

from watch.kernel.errors import InputError
from watch.payment.kernel2 import Kernel2
from watch.payment.kernel3 import Kernel3
from watch.payment.ppse import Ppse

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Dict, Iterable

    from watch.payment.application import PaymentApplication
    from watch.payment.armed import ArmedCard


class EmvCard:
    """What of the wallet can be tapped. `applications` go into the router, in this order."""

    def __init__(self, now_s: "Callable[[], int]") -> None:
        """`now_s` gives the time that outcomes are stamped with, seconds."""
        self._ppse = Ppse()
        visa, mastercard = Kernel3(now_s), Kernel2(now_s)
        self._by_profile: "Dict[str, PaymentApplication]" = {
            visa.profile.name: visa,
            mastercard.profile.name: mastercard,
        }
        self._schemes = (visa, mastercard)
        self.applications = (self._ppse, visa, mastercard)
        """Until `set_state` says otherwise they answer "see the device"."""

    def set_state(self, answer: str) -> None:
        """Follow the watch's state: one of the NFC answers of `watch.access.states`."""
        for application in self._schemes:
            application.set_mode(answer)
        self._publish()

    def offer(self, profiles: "Iterable[str]") -> None:
        """Say which profiles the wallet holds, loaded or not: those answer "see the device" while nothing is armed."""
        held = list(profiles)
        for application in self._schemes:
            application.offered = application.profile.name in held
        self._publish()

    def load(self, armed: "ArmedCard") -> None:
        """Make one card ready; does all work that does not depend on the terminal. One card per profile at most.

        Raises InputError for an unknown profile.
        """
        application = self._by_profile.get(armed.token.profile)
        if application is None:
            raise InputError("unknown card profile")
        application.load(armed)
        self._publish()

    def unload(self) -> None:
        """Forget every loaded card. Zeroing the keys is up to the owner of the armed card."""
        for application in self._schemes:
            application.unload()
        self._publish()

    def take_asked(self) -> bool:
        """True once after a terminal was told to see the device because nothing was armed."""
        asked = False
        for application in self._schemes:
            asked = asked or application.asked
            application.asked = False
        return asked

    def _publish(self) -> None:
        self._ppse.publish([application for application in self._schemes if application.present()])
