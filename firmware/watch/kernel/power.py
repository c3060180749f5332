"""Wake locks, and who used what: the two things one asks when a battery is empty too soon."""

from micropython import const

from watch.kernel.clock import ticks_diff
from watch.kernel.errors import StateError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

_PARTS = ("screen_ms", "radio_ms", "processor_ms")
_SCREEN, _RADIO, _PROCESSOR = const(0), const(1), const(2)  # places of the parts in a row of the table
_REST_US = const(3)  # place of the microseconds that are no whole millisecond of work yet
_US_PER_MS = const(1000)


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


class _Claim:
    """How often an owner holds the lock now, since when, and for how long it did before."""

    def __init__(self) -> None:
        self.count = 0
        self.since_ms = 0
        self.past_ms = 0


class WakeLocks:
    """What they keep awake may sleep while `held()` is false. An owner may acquire often, and releases as often."""

    def __init__(self, ticks_ms: "Callable[[], int]") -> None:
        """Nobody holds a lock. `ticks_ms` of the kernel clock measures who does for how long."""
        self._ticks_ms = ticks_ms
        self._claims: "dict[str, _Claim]" = {}
        self._holders = 0

    def acquire(self, owner: str) -> None:
        """Keep it awake."""
        claim = self._claims.get(owner)
        if claim is None:
            claim = self._claims[owner] = _Claim()
        if claim.count == 0:
            claim.since_ms = self._ticks_ms()
            self._holders += 1
        claim.count += 1

    def release(self, owner: str) -> None:
        """Take back one `acquire`. Raises StateError if the owner holds nothing."""
        claim = self._claims.get(owner)
        if claim is None or claim.count == 0:
            raise StateError("wake lock is not held: " + owner)
        claim.count -= 1
        if claim.count == 0:
            claim.past_ms += ticks_diff(self._ticks_ms(), claim.since_ms)
            self._holders -= 1

    def hold(self, owner: str) -> Hold:
        """A context manager that holds the lock inside its block, cancelled or not."""
        return Hold(self, owner)

    def held(self) -> bool:
        """True while anybody holds it. Allocates nothing."""
        return self._holders > 0

    def holds(self, owner: str) -> bool:
        """True while this owner holds it. Allocates nothing."""
        claim = self._claims.get(owner)
        return claim is not None and claim.count > 0

    def held_ms(self) -> "dict[str, int]":
        """Milliseconds that each owner has held it since boot, those of now included."""
        now_ms = self._ticks_ms()
        return {
            owner: claim.past_ms + (ticks_diff(now_ms, claim.since_ms) if claim.count else 0)
            for owner, claim in self._claims.items()
        }


class Usage:
    """Who used screen, radio and processor since boot. An owner is a screen, an app or a task."""

    def __init__(self, ticks_ms: "Callable[[], int]") -> None:
        """Nothing used yet."""
        self._ticks_ms = ticks_ms
        self._rows: "dict[str, list[int]]" = {}
        self._shown = ""
        self._since_ms = 0
        self.wakes = 0
        """How often the screen task has run: what an idle watch must not do."""

    def show(self, owner: str) -> None:
        """The light is on for this owner from now on; for nobody with an empty name. Call it now and then."""
        now_ms = self._ticks_ms()
        if self._shown:
            self._row(self._shown)[_SCREEN] += ticks_diff(now_ms, self._since_ms)
        self._shown, self._since_ms = owner, now_ms

    def worked(self, owner: str, us: int) -> None:
        """The processor worked so many microseconds for this owner. Counts one wake-up, too."""
        self.wakes += 1
        row = self._row(owner)
        us += row[_REST_US]
        row[_PROCESSOR] += us // _US_PER_MS
        row[_REST_US] = us % _US_PER_MS

    def served(self, owner: str, ms: int) -> None:
        """A radio served somebody for so many milliseconds, and the processor did nothing else meanwhile."""
        row = self._row(owner)
        row[_RADIO] += ms
        row[_PROCESSOR] += ms

    def aired(self, owner: str, ms: int) -> None:
        """A radio was on for so many milliseconds, and the processor, though awake, free for others."""
        self._row(owner)[_RADIO] += ms

    def table(self) -> "dict[str, dict[str, int]]":
        """Milliseconds since boot: `screen_ms`, `radio_ms` and `processor_ms` of each owner."""
        self.show(self._shown)
        return {owner: {part: row[place] for place, part in enumerate(_PARTS)} for owner, row in self._rows.items()}

    def _row(self, owner: str) -> "list[int]":
        row = self._rows.get(owner)
        if row is None:
            row = self._rows[owner] = [0, 0, 0, 0]
        return row
