"""The product, which besides tells tests what its services know.

`ask` in place of the kind of a phone's message names what is wanted: attributes, places of lists, and calls. The value
is then in the state, under `asked`.
"""

from watch.system.main import build

TYPE_CHECKING = 0
if TYPE_CHECKING:
    from typing import Any


class Asked:
    """The watch. Everything that is not here is the product's."""

    def __init__(self, watch: "Any") -> None:
        self._watch = watch
        self.card, self.phone, self.run = watch.card, watch.phone, watch.run
        self._path = self._answer = None
        receive = watch.phone.receive

        def hear(message: "Any") -> None:
            if message.get("t") == "ask":
                self._path = message["path"]
                self._answer = value_at(watch.services, self._path)
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


def value_at(services: "Any", path: str) -> "Any":
    """What the services know."""
    value = services
    for step in path.split("."):
        if step == "notifications":
            value = [value.notifications.at(place) for place in range(len(value.notifications))]
        elif step in ("alarms", "loyalty"):
            value = getattr(value, step).places
        elif step.isdigit():
            value = value[int(step)]
        elif step.endswith("()"):
            value = getattr(value, step[:-2])()
        else:
            value = getattr(value, step)
    return value


def start(board: "Any", options: "dict[str, Any]") -> Asked:
    """Build it on a board."""
    return Asked(build(board))
