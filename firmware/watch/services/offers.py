"""What others ask of the wearer: to pair a device, to install or remove an app, to trust a developer, to update.

Whoever asks puts a question here (`put`) and hears the answer through a call back. `accepted` means only that the
wearer said yes: whoever asked does the rest.
"""

from micropython import const

from watch.kernel.clock import ticks_diff
from watch.kernel.errors import InputError, NoPasscodeError, StateError
from watch.services.news import News

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.kernel.clock import Clock
    from watch.ui.app_mark import AppMark

    Told = Callable[[str], object]

ACCEPTED, REFUSED, TIMEOUT = "accepted", "refused", "timeout"
"""Answers."""
ROLES = ("phone", "loader", "terminal", "tv")
"""What a device may be to the watch."""
PLACES = const(4)
"""Questions that wait, the one on the screen among them."""
DEADLINE_MS = const(60_000)
"""From the moment a question comes; whoever asks does not wait longer."""
_LONGEST_MS = const(86_400_000)  # while nothing waits
_NUMBER_MOST = const(0x1FFFFFFF)
_DIGITS = const(6)  # Bluetooth numeric comparison, Core 5.4 vol. 3 part C section 5.2.2.4


class Offer:
    """One question.

    Args:
        number: how the asker calls it.
        told: called once, with the answer.
    """

    kind = ""
    """`pair`, `install`, `remove`, `developer` or `update`."""
    by_passcode = False
    """True if a yes counts only once the passcode has been entered for it."""

    def __init__(self, number: int, told: "Told") -> None:
        self.number, self.told = number, told
        self.since_ms = 0
        """When it came, in ticks."""


class Pairing(Offer):
    """A device wants to be known. Its name is its own invention; only the digits tell which device it is."""

    kind = "pair"

    def __init__(self, number: int, told: "Told", name: str, digits: str, role: str) -> None:
        """`digits`: the six that both sides show. `role`: one of `ROLES`. Raises InputError."""
        super().__init__(number, told)
        if len(digits) != _DIGITS or not all("0" <= digit <= "9" for digit in digits):
            raise InputError("a pairing has six digits to compare")
        if role not in ROLES:
            raise InputError("a device has one of four roles")
        self.name, self.digits, self.role = name, digits, role


class Install(Offer):
    """An app wants to be installed, or to take the place of another version. All of it has been checked.

    Args:
        name: in the wearer's language.
        version: its own.
        before: the version that is there, empty if there is none.
        maker: name of whoever made it, may be empty.
        store: who has looked at it, empty if nobody has.
        permissions: what it may use; of an update only what is new.
        hosts: whom it may ask through the phone; of an update all, if one of them is new.
        unpaid: it was not bought for this watch, and will not open before that.
        mark: what it is known by, with the picture in the file that would be installed.
    """

    kind = "install"

    def __init__(
        self,
        number: int,
        told: "Told",
        name: str,
        version: str,
        before: str,
        maker: str,
        store: str,
        permissions: "tuple[str, ...]",
        hosts: "tuple[str, ...]",
        unpaid: bool,
        mark: "AppMark",
    ) -> None:
        super().__init__(number, told)
        self.name, self.version, self.before = name, version, before
        self.maker, self.store = maker, store
        self.permissions, self.hosts, self.unpaid, self.mark = permissions, hosts, unpaid, mark


class Removal(Offer):
    """An app shall go, with all that it keeps."""

    kind = "remove"

    def __init__(self, number: int, told: "Told", name: str) -> None:
        super().__init__(number, told)
        self.name = name


class Enrolment(Offer):
    """A developer's key shall count on this watch. The name is the developer's own invention.

    Args:
        key_id: 8 bytes, of the key.
    """

    kind = "developer"
    by_passcode = True

    def __init__(self, number: int, told: "Told", name: str, key_id: bytes) -> None:
        super().__init__(number, told)
        self.name, self.key_id = name, key_id


class Update(Offer):
    """A new system. Its signatures are good, and this watch may take it.

    Args:
        version: its own.
        before: the version that runs.
        size: bytes that come over the link.
        development: it is for those who develop the watch.
    """

    kind = "update"

    def __init__(self, number: int, told: "Told", version: str, before: str, size: int, development: bool) -> None:
        super().__init__(number, told)
        self.version, self.before, self.size, self.development = version, before, size, development


class Offers(News):
    """Questions in the order in which they came, each for a minute."""

    def __init__(self, clock: "Clock", answerable: "Callable[[], bool]") -> None:
        """Nothing is asked. `answerable()`: a passcode is chosen, without which there is no wearer who could agree."""
        super().__init__()
        self._clock, self._answerable = clock, answerable
        self._last_number = 0
        self._waiting: "list[Offer]" = []
        self.last = ""
        """The last answer, empty before the first."""

    def __len__(self) -> int:
        """Questions that wait."""
        return len(self._waiting)

    def front(self) -> "Optional[Offer]":
        """The question whose turn it is, None if there is none."""
        return self._waiting[0] if self._waiting else None

    def take_back(self, number: int) -> None:
        """The question with this number is asked no longer, and not answered; nothing happens if it is over."""
        kept = [offer for offer in self._waiting if offer.number != number]
        if len(kept) != len(self._waiting):
            self._waiting = kept
            self._changed()

    def answer(self, offer: Offer, answer: str) -> None:
        """The wearer has answered; nothing happens if the question is over. Raises nothing of its own."""
        if offer not in self._waiting:
            return
        self._waiting.remove(offer)
        self.last = answer
        self._changed()
        offer.told(answer)

    def tick(self) -> None:
        """To be called about once a second: ends questions that have waited too long."""
        now_ms = self._clock.ticks_ms()
        while self._waiting and not 0 <= ticks_diff(now_ms, self._waiting[0].since_ms) < DEADLINE_MS:
            self.answer(self._waiting[0], TIMEOUT)

    def rest_ms(self) -> int:
        """How long `tick` has nothing to end: whoever asks hears of a minute that is over, seen by somebody or not."""
        if not self._waiting:
            return _LONGEST_MS
        return max(0, DEADLINE_MS - ticks_diff(self._clock.ticks_ms(), self._waiting[0].since_ms))

    def expect_wearer(self) -> None:
        """Raise NoPasscodeError on a watch that is not set up: a question would never come up there."""
        if not self._answerable():
            raise NoPasscodeError("choose a passcode on the watch first")

    def clear(self) -> None:
        """Nobody answers any more."""
        while self._waiting:
            self.answer(self._waiting[0], REFUSED)

    def next_number(self) -> int:
        """A number that no question has that still waits."""
        self._last_number = self._last_number + 1 if self._last_number < _NUMBER_MOST else 1
        return self._last_number

    def longer(self, offer: Offer) -> None:
        """The wearer is at it, by the passcode for one: the minute begins anew."""
        offer.since_ms = self._clock.ticks_ms()

    def put(self, offer: Offer) -> None:
        """Ask. Raises StateError if too many questions wait, or one with this number; NoPasscodeError."""
        self.expect_wearer()
        if len(self._waiting) == PLACES:
            raise StateError("too many questions wait")
        if any(offer.number == one.number for one in self._waiting):
            raise StateError("a question with this number waits")
        offer.since_ms = self._clock.ticks_ms()
        self._waiting.append(offer)
        self._changed()
