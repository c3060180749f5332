"""The product, which besides tells tests what its services know.

`ask` in place of the kind of a phone's message names what is wanted: attributes, places of lists, and calls. The value
is then in the state, under `asked`. `hold` holds the phone as a payment does.
"""

import json

from tests.firmware.ble.phone_link.values import value_at
from watch.system.main import build

TYPE_CHECKING = 0
if TYPE_CHECKING:
    from typing import Any


class Asked:
    """The watch. Everything that is not here is the product's."""

    def __init__(self, watch: "Any") -> None:
        self._watch = watch
        self.card, self.phone, self.run = watch.card, watch.phone, watch.run
        self._answer = None
        receive = watch.phone.receive

        def hear(message: "Any") -> None:
            if message.get("t") == "ask":
                self._answer = _answer(watch, message["path"])
            elif message.get("t") == "hold":
                watch._radio_services._phone.hold("test", message["on"])
            else:
                receive(message)

        watch.phone.receive = hear

    def describe(self) -> "dict[str, Any]":
        """State of the product, what the phone link has counted, and the last answer."""
        found = self._watch.describe()
        link = self._watch._radio_services._phone
        found["asked"] = self._answer
        found["link"] = {"ignored": link.ignored, "refused": link.refused, "dropped": link.dropped}
        return found


def _answer(watch: "Any", path: str) -> "Any":
    try:
        return json.loads(json.dumps(value_at(watch.services, path)))
    except (AttributeError, IndexError, ValueError):
        return "nothing plain of this name"


def start(board: "Any", options: "dict[str, Any]") -> Asked:
    """Build it on a board."""
    return Asked(build(board))
