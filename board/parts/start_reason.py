"""Why the processor started, in the words of `ports.Info.start`."""

from micropython import const

_POWER_ON = const(1)
_HARD = const(2)
_WATCHDOG = const(3)
_DEEP_SLEEP = const(4)
_SOFT = const(5)
"""`machine.PWRON_RESET` and so on, as the ESP32 port has them."""

_REASONS = {_HARD: "restart", _WATCHDOG: "watchdog", _DEEP_SLEEP: "sleep", _SOFT: "restart"}


def start_reason(cause: int, by_key: bool) -> str:
    """`cause` is `machine.reset_cause()`; `by_key`: the power chip says that its key switched the watch on."""
    if cause == _POWER_ON:
        return "button" if by_key else "power"
    return _REASONS.get(cause, "")
