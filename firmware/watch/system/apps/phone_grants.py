"""What an app sees of the phone behind a permission: its position, its folder for files, what may be started on it.

As in `watch.system.apps.grants`, what is refused is False or None here.
"""

from micropython import const

from watch.apps.capabilities import Part
from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.system.services import Services


class Location:
    """Where the phone is. It is asked only while an app wants to know; when the app ends, that ends too."""

    _FIELDS = ("latitude", "longitude", "altitude_m", "speed_kmh", "course_deg", "satellites")

    def __init__(self, services: "Services") -> None:
        self._gps, self._phone = services.companion.gps, services.phone

    @property
    def changes(self) -> int:
        """Counts up with every position."""
        return self._gps.changes

    def want(self, on: bool) -> bool:
        """Ask, or ask no longer. False if no phone hears it."""
        return self._phone.connected and self._gps.want(on)

    def now(self) -> "Optional[Part]":
        """Where it is; None while nothing new enough is known."""
        position = self._gps.position()
        return None if position is None else Part(position, self._FIELDS)


class PhoneFiles:
    """Files in the folder of Gadgetbridge on the phone. Nothing can be read back."""

    def __init__(self, services: "Services", allowed: "Callable[[], bool]") -> None:
        """`allowed` is asked before each message, and counts it."""
        self._actions, self._phone, self._allowed = services.companion.actions, services.phone, allowed

    def write(self, name: str, content: str) -> bool:
        """Keep a file anew: at most 1,024 bytes, a name of small letters, digits and `-_.`. False if it cannot be."""
        return self._phone.connected and self._allowed() and _sent(lambda: self._actions.file(name, content, False))

    def append(self, name: str, content: str) -> bool:
        """Let it grow by at most 1,024 bytes. False if it cannot."""
        return self._phone.connected and self._allowed() and _sent(lambda: self._actions.file(name, content, True))


class PhoneIntents:
    """Starts things on an Android phone, and shows a line there."""

    def __init__(self, services: "Services", allowed: "Callable[[], bool]") -> None:
        """`allowed` is asked before each message, and counts it."""
        self._actions, self._phone, self._allowed = services.companion.actions, services.phone, allowed

    @property
    def failed(self) -> int:
        """How many the phone could not send: its own switch for them is off at first."""
        return self._actions.failed

    def say(self, level: str, text: str) -> bool:
        """Show a line: `info`, `warn` or `error`. False if there was one in the last ten seconds."""
        return self._phone.connected and self._allowed() and _sent(lambda: self._actions.toast(level, text))

    def send(self, target: str, action: str, extra: "dict[str, str]") -> bool:
        """Start an `activity`, `service`, `foregroundservice` or `broadcastreceiver`. False if it cannot be sent."""
        sending = self._phone.connected and self._allowed()
        return sending and _sent(lambda: self._actions.intent(target, action, extra))


def _sent(send: "Callable[[], bool]") -> bool:
    try:
        return send()
    except InputError:
        return False
