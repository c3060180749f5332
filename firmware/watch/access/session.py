"""The worn session: the vault key between one passcode and the next lock."""

from micropython import const

from watch.crypto.scrub import zero
from watch.crypto.siv import siv_open, siv_seal
from watch.kernel.clock import ticks_diff
from watch.kernel.errors import LockedError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.access.device import DeviceKeys
    from watch.crypto.random import Random
    from watch.kernel.clock import Clock

LONGEST_MS = const(43_200_000)  # 12 h: docs/architecture.md "States"
STILL_MS = const(600_000)  # 10 min without motion: docs/architecture.md "States"
_NONCE_BYTES = const(16)


class Opened:
    """A key in clear, for the length of one `with` block; its buffer is zeroed at the end."""

    def __init__(self, key: bytearray) -> None:
        self._key = key

    def __enter__(self) -> bytearray:
        return self._key

    def __exit__(self, *_: object) -> None:
        zero(self._key)


class WornSession:
    """Keeps the vault key wrapped under a key made from a nonce that only lives in RAM."""

    def __init__(self, device: "DeviceKeys", random: "Random", clock: "Clock") -> None:
        self._device = device
        self._random = random
        self._clock = clock
        self._nonce = bytearray(_NONCE_BYTES)
        self._wrapped: "Optional[bytes]" = None
        self._started_ms = 0
        self._moved_ms = 0
        self._passcode_ms = 0

    def begin(self, vault_key: bytearray) -> None:
        """Start a session after a correct passcode. Takes the key over and zeroes the buffer it came in."""
        self._random.fill(self._nonce)
        self._wrapped = siv_seal(self._wrapping_key(), [], vault_key)
        zero(vault_key)
        self._started_ms = self._moved_ms = self._passcode_ms = self._clock.ticks_ms()

    def end(self) -> None:
        """Forget the key."""
        zero(self._nonce)
        self._wrapped = None

    def alive(self) -> bool:
        """True between `begin` and `end`."""
        return self._wrapped is not None

    def vault_key(self) -> Opened:
        """The vault key for one `with` block. Raises LockedError outside a session."""
        if self._wrapped is None:
            raise LockedError("no passcode has been entered since the watch was locked")
        return Opened(siv_open(self._wrapping_key(), [], self._wrapped))

    def moved(self) -> None:
        """Note that the wearer moved. What has run out already is not revived."""
        if self.overdue() is None:
            self._moved_ms = self._clock.ticks_ms()

    def overdue(self) -> "Optional[str]":
        """Why the session must end now ("time" or "stillness"), or None."""
        if self._elapsed_ms(self._started_ms) >= LONGEST_MS:
            return "time"
        if self._elapsed_ms(self._moved_ms) >= STILL_MS:
            return "stillness"
        return None

    def left_ms(self) -> int:
        """Milliseconds until the session ends if nobody moves; 0 when it must end now."""
        started_ms, moved_ms = self._elapsed_ms(self._started_ms), self._elapsed_ms(self._moved_ms)
        return max(0, min(LONGEST_MS - started_ms, STILL_MS - moved_ms))

    def passcode_age_s(self) -> int:
        """Seconds since the passcode was last entered."""
        return self._elapsed_ms(self._passcode_ms) // 1000

    def _elapsed_ms(self, since_ms: int) -> int:
        """Milliseconds since a tick. After six days ticks look like the future: then as long as a session may last."""
        elapsed_ms = ticks_diff(self._clock.ticks_ms(), since_ms)
        return elapsed_ms if elapsed_ms >= 0 else LONGEST_MS

    def _wrapping_key(self) -> bytes:
        return self._device.key(b"session" + self._nonce)
