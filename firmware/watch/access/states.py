"""The state table: what the watch may do right now, as data.

One row per state, one entry per allowed change. Everything that depends on the state asks this table, so a test can
walk every event through every state.
"""

from micropython import const

from watch.kernel.errors import StateError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

LOCKED = "locked"
WORN = "worn"
ARMED = "armed"
TAPPING = "tapping"
FOREIGN = "foreign"
EXPRESS = "express"
LOST = "lost"
WIPING = "wiping"

PAYING = (ARMED, TAPPING)
"""A card is open, and on the glass."""
BARRED = (LOST, WIPING)
"""The wearer can do nothing with the watch."""
UNDISTURBED = PAYING + BARRED
"""Nothing comes in front of what the glass shows."""

DEAF = UNDISTURBED + (FOREIGN,)
"""Nobody speaks to the watch: a card is open, nothing can be done, or code of a third party is in front."""

# What a reader gets from the payment applications.
NFC_CARD = "card"
NFC_SEE_DEVICE = "see-device"
NFC_EXPRESS = "express"
NFC_SILENT = "silent"

# Which bonded devices Bluetooth serves; the wearer's settings may switch it off besides.
BLE_ALL = "all"  # and the wearer may pair a new one
BLE_BONDED = "bonded"
BLE_EXCHANGE = "exchange"  # those that may bring the word that the watch is found
BLE_SILENT = "silent"

# Which vault secrets are in RAM.
KEYS_NONE = "none"
KEYS_WRAPPED = "wrapped"
KEYS_OPEN = "open"
KEYS_EXPRESS = "express"

# Events.
UNLOCK = "unlock"
LOCK = "lock"
ARM = "arm"
DISARM = "disarm"
SELECT = "select"
DESELECT = "deselect"
APP_OPEN = "app-open"
APP_CLOSE = "app-close"
EXPRESS_ON = "express-on"
EXPRESS_OFF = "express-off"
RESUME = "resume"  # leave an app or express, the worn session still alive
LOSE = "lose"  # a token service has said that the watch is lost
FOUND = "found"  # and that it is found again
WIPE = "wipe"

EVENTS = (
    UNLOCK,
    LOCK,
    ARM,
    DISARM,
    SELECT,
    DESELECT,
    APP_OPEN,
    APP_CLOSE,
    EXPRESS_ON,
    EXPRESS_OFF,
    RESUME,
    LOSE,
    FOUND,
    WIPE,
)


class Row:
    """What one state means: keys in RAM, the answer on NFC, whom Bluetooth serves, whether CDCVM may be claimed."""

    def __init__(self, keys: str, nfc: str, ble: str, cdcvm: bool, moves: "dict[str, str]") -> None:
        self.keys = keys
        self.nfc = nfc
        self.ble = ble
        self.cdcvm = cdcvm
        self.moves = moves


TABLE = {
    LOCKED: Row(
        KEYS_NONE,
        NFC_SEE_DEVICE,
        BLE_BONDED,
        False,
        {UNLOCK: WORN, LOCK: LOCKED, APP_OPEN: FOREIGN, EXPRESS_ON: EXPRESS, LOSE: LOST, WIPE: WIPING},
    ),
    WORN: Row(
        KEYS_WRAPPED,
        NFC_SEE_DEVICE,
        BLE_ALL,
        False,
        {UNLOCK: WORN, LOCK: LOCKED, ARM: ARMED, APP_OPEN: FOREIGN, EXPRESS_ON: EXPRESS, LOSE: LOST, WIPE: WIPING},
    ),
    ARMED: Row(
        KEYS_OPEN, NFC_CARD, BLE_BONDED, True, {LOCK: LOCKED, DISARM: WORN, SELECT: TAPPING, LOSE: LOST, WIPE: WIPING}
    ),
    TAPPING: Row(
        KEYS_OPEN, NFC_CARD, BLE_BONDED, True, {LOCK: LOCKED, DISARM: WORN, DESELECT: ARMED, LOSE: LOST, WIPE: WIPING}
    ),
    FOREIGN: Row(
        KEYS_WRAPPED,
        NFC_SILENT,
        BLE_BONDED,
        False,
        {LOCK: LOCKED, APP_CLOSE: LOCKED, RESUME: WORN, LOSE: LOST, WIPE: WIPING},
    ),
    # The worn session lives on in express, or there was none: RESUME and EXPRESS_OFF are the two ways back. Pairing
    # needs that session besides.
    EXPRESS: Row(
        KEYS_EXPRESS,
        NFC_EXPRESS,
        BLE_ALL,
        False,
        {
            UNLOCK: WORN,
            LOCK: LOCKED,
            APP_OPEN: FOREIGN,
            EXPRESS_OFF: LOCKED,
            RESUME: WORN,
            LOSE: LOST,
            WIPE: WIPING,
        },
    ),
    LOST: Row(KEYS_NONE, NFC_SEE_DEVICE, BLE_EXCHANGE, False, {LOCK: LOST, LOSE: LOST, FOUND: LOCKED, WIPE: WIPING}),
    WIPING: Row(KEYS_NONE, NFC_SILENT, BLE_SILENT, False, {WIPE: WIPING}),
}


def after(state: str, event: str) -> str:
    """The state that follows `event` in `state`. Raises StateError if the event is not allowed there."""
    following: "Optional[str]" = TABLE[state].moves.get(event)
    if following is None:
        raise StateError(f"{event} is not possible while {state}")
    return following
