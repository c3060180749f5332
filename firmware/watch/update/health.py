"""Whether a new system works on this watch: each device is asked, and none is left out in silence."""

from micropython import const

from watch.kernel.clock import ticks_diff

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Generator, Optional

    Check = Callable[[], Generator[None, None, None]]
    """Asks a device, in steps. It has passed when the generator ends, and failed when it raises anything."""

DEVICES = ("panel", "touch", "radio", "vault")
"""What a system has to reach before it may be kept."""
MAY_LACK = ("radio",)
"""Those that a board may be without."""
PASSED, ABSENT, TIMEOUT = "", "absent", "timeout"
"""Results; any other text says what is wrong."""
DEADLINE_MS = const(3_000)
"""For one device: the slowest answer is that of a radio that is switched on, about one second."""


class Report:
    """What became of each check."""

    def __init__(self, results: "list[tuple[str, str]]") -> None:
        self.results = results
        """Device, and PASSED, ABSENT or what is wrong with it."""

    @property
    def failed(self) -> "list[tuple[str, str]]":
        """The devices that keep the system from being kept; those that were not asked are among them."""
        found = dict(self.results)
        named = self.results + [(device, "not asked") for device in DEVICES if device not in found]
        return [(device, result) for device, result in named if not _is_good(device, result)]


def checking(
    checks: "list[tuple[str, Optional[Check]]]", ticks_ms: "Callable[[], int]", deadline_ms: int = DEADLINE_MS
) -> "Generator[None, None, Report]":
    """Ask every device in turn, in steps.

    Args:
        checks: device, and its check; None where the board has no such device.
        ticks_ms: the clock.
        deadline_ms: after which a check has failed, whatever it says later.
    """
    results: "list[tuple[str, str]]" = []
    for device, check in checks:
        result = ABSENT
        if check is not None:
            result = yield from _one(check, ticks_ms, deadline_ms)
        results.append((device, result))
    return Report(results)


def _one(check: "Check", ticks_ms: "Callable[[], int]", deadline_ms: int) -> "Generator[None, None, str]":
    """The result of one check."""
    begun_ms = ticks_ms()
    try:
        steps = check()
        ended = False
        while not ended:
            ended = _ends(steps)
            if ticks_diff(ticks_ms(), begun_ms) > deadline_ms:
                steps.close()
                return TIMEOUT
            yield
        return PASSED
    except Exception as error:  # noqa: BLE001 # whatever a check raises, the device does not work with this system
        return "%s: %s" % (type(error).__name__, error)


def _ends(steps: "Generator[None, None, None]") -> bool:
    """Take one step; True if it was the last."""
    try:
        next(steps)
    except StopIteration:
        return True
    return False


def _is_good(device: str, result: str) -> bool:
    return result == PASSED or (result == ABSENT and device in MAY_LACK)
