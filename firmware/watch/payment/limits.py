"""May this tap be answered? A pure function over the bank's limits, what was spent, and what the wearer did."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Dict, Optional, Tuple

    from watch.payment.spending import Spending

# Results of a tap; stable keys of the language catalogue.
SENT = "sent"
CONFIRM = "confirm"
WAIT = "wait"
"""In place of CONFIRM where the terminal waits while the wearer is asked: the same command comes again."""
REFUSED = "refused"
"""In place of CONFIRM once the wearer does not want to pay."""
OVER_LIMIT = "over-limit"
SEE_DEVICE = "see-device"
NO_KEYS = "no-keys"
DECLINED = "declined-by-terminal"
UNSUPPORTED = "terminal-not-supported"

# Keys of the limits map, docs/formats.md "token-package".
_PER_TAP = const(1)
_CONFIRM_ABOVE = const(2)
_PER_TAP_NO_CDCVM = const(3)
_TAPS_NO_CDCVM = const(4)
_SUM_NO_CDCVM = const(5)
_PER_DAY = const(6)
_CDCVM_MAX_AGE_S = const(7)


class Limits:
    """The limits of one token; amounts in minor units of its currency."""

    def __init__(self, fields: "Dict[int, int]") -> None:
        """`fields` is the limits map of docs/formats.md."""
        self.per_tap = fields[_PER_TAP]
        self.confirm_above = fields[_CONFIRM_ABOVE]
        self.per_tap_no_cdcvm = fields[_PER_TAP_NO_CDCVM]
        self.taps_no_cdcvm = fields[_TAPS_NO_CDCVM]
        self.sum_no_cdcvm = fields[_SUM_NO_CDCVM]
        self.per_day = fields[_PER_DAY]
        self.cdcvm_max_age_s = fields[_CDCVM_MAX_AGE_S]


def needs_cdcvm(amount: int, foreign: bool, required: bool, limits: Limits, spending: "Spending") -> bool:
    """True if this tap may be answered only with a fresh passcode. `required`: the terminal asks for a CVM."""
    return (
        required
        or foreign
        or amount > limits.per_tap_no_cdcvm
        or spending.taps_without_cdcvm >= limits.taps_no_cdcvm
        or spending.sum_without_cdcvm + amount > limits.sum_no_cdcvm
    )


def decide(
    amount: int,
    currency: int,
    foreign: bool,
    cdcvm_missing: bool,
    limits: Limits,
    spending: "Spending",
    confirmed: "Optional[Tuple[int, int]]",
) -> str:
    """SENT if the tap may be answered, otherwise why not.

    Limits are amounts in the token's currency, so a foreign amount cannot be compared with them: it always needs the
    wearer's confirmation and a fresh passcode, and the bank compares after conversion.
    """
    if not foreign and (amount > limits.per_tap or spending.today + amount > limits.per_day):
        return OVER_LIMIT
    if cdcvm_missing:
        return SEE_DEVICE
    if (foreign or amount > limits.confirm_above) and confirmed != (amount, currency):
        return CONFIRM
    return SENT
