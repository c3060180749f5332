"""From a passcode to a key: slow on purpose, and only on this device.

The key is N oracle calls in series, from SHA-256(salt ‖ passcode). N is measured so that one try takes about a second
on the board it was set on. Whoever cannot call the oracle of this chip cannot try at all.
"""

from micropython import const

from watch.crypto.hashes import sha256
from watch.kernel.clock import ticks_diff
from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Awaitable, Callable

    from board.ports import Secret
    from watch.kernel.clock import Clock

MIN_DIGITS = const(4)
MAX_DIGITS = const(8)
SALT_BYTES = const(16)
TARGET_MS = const(1000)  # about one second a try: slow for a thief, bearable for the wearer
MIN_ROUNDS = const(64)  # also what a clock that stands still (virtual time) yields
MAX_ROUNDS = const(1 << 20)
_PROBE_ROUNDS = const(64)
_PROBES = const(5)  # the fastest counts: a busy moment makes a probe longer, nothing makes it shorter
_ROUNDS_PER_SLICE = const(64)  # the loop runs other tasks between slices


def check(passcode: "bytes | bytearray") -> None:
    """Raise InputError unless `passcode` is 4 to 8 ASCII digits."""
    if not MIN_DIGITS <= len(passcode) <= MAX_DIGITS:
        raise InputError("a passcode has 4 to 8 digits")
    for digit in passcode:
        if not 48 <= digit <= 57:
            raise InputError("a passcode has digits only")


def calibrate(secret: "Secret", clock: "Clock", target_ms: int = TARGET_MS) -> int:
    """Rounds that take about `target_ms` on this device, between MIN_ROUNDS and MAX_ROUNDS."""
    probe_us = min([_probe_us(secret, clock) for _ in range(_PROBES)])
    if probe_us <= 0:
        return MIN_ROUNDS
    return min(MAX_ROUNDS, max(MIN_ROUNDS, target_ms * 1000 * _PROBE_ROUNDS // probe_us))


def _probe_us(secret: "Secret", clock: "Clock") -> int:
    started = clock.ticks_us()
    link = bytes(32)
    for _ in range(_PROBE_ROUNDS):
        link = secret.hmac(link)
    return ticks_diff(clock.ticks_us(), started)


async def stretch(
    secret: "Secret", salt: bytes, passcode: "bytes | bytearray", rounds: int, pause: "Callable[[], Awaitable[None]]"
) -> bytes:
    """The 32-byte passcode key. `pause` is awaited between slices so that the screen stays alive."""
    link = sha256(salt, passcode)
    for done in range(rounds):
        if done % _ROUNDS_PER_SLICE == 0:
            await pause()
        link = secret.hmac(link)
    return link
