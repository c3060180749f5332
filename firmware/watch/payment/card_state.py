"""What a card is good for right now: one table, for the wearer's screens, for the phone, and for what may be armed."""

from micropython import const

from watch.kernel.errors import ExpiredError, SuspendedError
from watch.payment.token import ACTIVE

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.payment.slot import Slot
    from watch.payment.token import Token

# docs/formats.md message 10, key 2.
USABLE = ACTIVE
SUSPENDED = "suspended"
KEYS_LOW = "keys-low"
NO_KEYS = "no-keys"
EXPIRED = "expired"


def _suspended(slot: "Slot", now_s: int) -> bool:
    return slot.token.state != ACTIVE


def _expired(slot: "Slot", now_s: int) -> bool:
    return now_s > slot.token.last_second() or now_s > slot.token.keys_expire_s


def _no_keys(slot: "Slot", now_s: int) -> bool:
    return not slot.atc.keys_left()


def _keys_low(slot: "Slot", now_s: int) -> bool:
    return slot.atc.keys_left() <= slot.token.refill_at


_TABLE = (
    (SUSPENDED, _suspended),
    (EXPIRED, _expired),
    (NO_KEYS, _no_keys),
    (KEYS_LOW, _keys_low),
)
"""The first row that applies is the state; none: usable."""


def state_of(slot: "Slot", now_s: int) -> str:
    """The state of a card at a security time, seconds since 1970."""
    for state, applies in _TABLE:
        if applies(slot, now_s):
            return state
    return USABLE


def wants_refill(slot: "Slot", now_s: int, codes_left: "int | None") -> bool:
    """True if the phone should fetch another package. `codes_left`: None if the bank offers no payment codes.

    A suspended card and one that is past its own date want none: the bank would give none.
    """
    if _suspended(slot, now_s) or now_s > slot.token.last_second():
        return False
    express_gone = slot.token.express is not None and not slot.express_atc.keys_left()
    return state_of(slot, now_s) != USABLE or express_gone or codes_left == 0


def expect_live(token: "Token", now_s: int) -> None:
    """Raise SuspendedError or ExpiredError unless the card itself, whatever its keys, may pay."""
    if token.state != ACTIVE:
        raise SuspendedError("the bank has suspended this card")
    if now_s > token.last_second():
        raise ExpiredError("this card has expired")


def expect_usable(token: "Token", now_s: int) -> None:
    """Raise SuspendedError or ExpiredError unless keys of this card may be reserved."""
    expect_live(token, now_s)
    if now_s > token.keys_expire_s:
        raise ExpiredError("the keys of this card are too old; connect to the phone")
