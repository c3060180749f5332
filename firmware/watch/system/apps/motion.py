"""The capability `motion`: how the watch is held, and whether it moves."""

from micropython import const

from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.system.services import Services

_AXES = const(3)


class Motion:
    """How the watch is held, and whether it moves."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._seen = services.movements

    def acceleration(self, into: "list[int]") -> bool:
        """Store x, y, z in milli-g into a list of three; 0, 0, 1000 lying on a table. Allocates nothing.

        False if the watch cannot know. Raises InputError for anything but a list of three.
        """
        if type(into) is not list or len(into) != _AXES:
            raise InputError("a list of three is needed")
        return self._services.acceleration(into)

    def moving(self) -> bool:
        """True if the watch has moved since the last question. It looks about once a second. Allocates nothing."""
        seen, self._seen = self._seen, self._services.movements
        return seen != self._seen
