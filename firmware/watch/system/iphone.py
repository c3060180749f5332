"""An iPhone's own services, wired to what the watch knows of phones. Settings and states hold as for every phone."""

from micropython import const

from watch.ble.apple import Apple
from watch.kernel.errors import InputError, StateError, StorageError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from watch.ble.radio import Radio
    from watch.kernel.log import Log
    from watch.services.phone import Phone


def iphone(radio: "Radio", phone: "Phone", log: "Log") -> Apple:
    """What looks for iPhones among the links of `radio`; `serve` is its task."""
    ears = _Ears(phone)
    return Apple(radio, ears, ears, log)


class _Ears:
    """Says to the watch, in the words of the phone link, what an iPhone shows."""

    def __init__(self, phone: "Phone") -> None:
        self._phone = phone

    def post(self, fields: "dict[str, Any]") -> bool:
        """A notification. Raises InputError."""
        return self._say("notify", fields)

    def gone(self, number: int) -> None:
        """A notification has gone."""
        try:
            self._say("notify-", {"id": number})
        except InputError:  # the watch never had it
            return

    def take_info(self, fields: "dict[str, Any]") -> None:
        """What plays. Raises InputError."""
        self._say("musicinfo", fields)

    def take_state(self, fields: "dict[str, Any]") -> None:
        """Whether it plays. Raises InputError."""
        self._say("musicstate", fields)

    def _say(self, kind: str, fields: "dict[str, Any]") -> bool:
        """False if the watch hears nobody now. Raises InputError."""
        fields["t"] = kind
        try:
            self._phone.receive(fields)
        except (StateError, StorageError):  # it erases itself, or has no room: an iPhone has no use for the reason
            return False
        return True
