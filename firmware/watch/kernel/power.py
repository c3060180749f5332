"""Wake locks: who keeps the watch from sleeping, by name."""

from micropython import const

from watch.kernel.errors import StateError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional


class Hold:
    """One owner's claim as a context manager: `with locks.hold("nfc"): ...`."""

    def __init__(self, locks: "WakeLocks", owner: str) -> None:
        """Nothing is held until the block is entered."""
        self._locks = locks
        self._owner = owner

    def __enter__(self) -> None:
        """Acquire."""
        self._locks.acquire(self._owner)

    def __exit__(self, kind: "Optional[type]", error: object, trace: object) -> None:
        """Release, whatever happened in the block."""
        self._locks.release(self._owner)


class WakeLocks:
    """The watch may sleep while `held()` is false. An owner may acquire several times and releases as often."""

    def __init__(self) -> None:
        """Nobody holds a lock."""
        self._counts: "dict[str, int]" = {}

    def acquire(self, owner: str) -> None:
        """Keep the watch awake."""
        self._counts[owner] = self._counts.get(owner, 0) + 1

    def release(self, owner: str) -> None:
        """Take back one `acquire`. Raises StateError if the owner holds nothing."""
        count = self._counts.get(owner, 0)
        if count == 0:
            raise StateError("wake lock is not held: " + owner)
        if count == 1:
            del self._counts[owner]
        else:
            self._counts[owner] = count - 1

    def hold(self, owner: str) -> Hold:
        """A context manager that holds the lock inside its block, cancelled or not."""
        return Hold(self, owner)

    def held(self) -> bool:
        """True while anybody keeps the watch awake."""
        return bool(self._counts)

    def held_by(self) -> "list[str]":
        """Names of all owners, sorted."""
        return sorted(self._counts)
