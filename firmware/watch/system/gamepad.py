"""The capability `gamepad`: an app presses buttons and keys of the television that the watch is paired with."""

import micropython
from micropython import const

from watch.ble.hid import keys
from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.system.services import Services

NONE, AWAY, CONNECTED = const(0), const(1), const(2)
"""No television is paired; none is there; one is."""

BUTTONS = {
    "a": keys.A,
    "b": keys.B,
    "c": keys.C,
    "x": keys.X,
    "y": keys.Y,
    "z": keys.Z,
    "l1": keys.L1,
    "r1": keys.R1,
    "l2": keys.L2,
    "r2": keys.R2,
    "select": keys.SELECT,
    "start": keys.START,
}
"""Of the gamepad, by name."""
KEYS = {
    "louder": keys.VOLUME_UP,
    "quieter": keys.VOLUME_DOWN,
    "mute": keys.MUTE,
    "play": keys.PLAY,
    "next": keys.FORWARD,
    "previous": keys.BACKWARD,
    "home": keys.HOME,
    "back": keys.BACK,
    "menu": keys.MENU,
    "power": keys.POWER,
    "up": keys.MENU_UP,
    "down": keys.MENU_DOWN,
    "left": keys.MENU_LEFT,
    "right": keys.MENU_RIGHT,
    "ok": keys.OK,
}
"""Of the remote, by name."""


class Gamepad:
    """Keeps the radio on; when the app ends, the system lets go of it and of every button. Nothing here allocates."""

    def __init__(self, services: "Services") -> None:
        self._hid, self._services = services.hid, services
        self._hid.hold(True)

    @property
    def state(self) -> int:
        """0 if no television is paired, 1 while none is there, 2 while one is."""
        if self._hid.connected:
            return CONNECTED
        return AWAY if self._hid.paired() else NONE

    @micropython.native
    def press(self, name: str, on: bool) -> None:
        """Press a button of the gamepad or a key of the remote, or let it go. Raises InputError for an unknown name.

        Buttons: a b c x y z l1 r1 l2 r2 select start. Keys: up down left right ok home back menu power louder quieter
        mute play next previous.
        """
        if name in BUTTONS:
            self._hid.button(BUTTONS[name], on)
        elif name in KEYS:
            self._hid.key(KEYS[name], on)
        else:
            raise InputError("there is no such button or key")

    @micropython.native
    def hat(self, direction: int) -> None:
        """Press the direction pad: 1 up, 3 right, 5 down, 7 left, even numbers between them, 0 none."""
        self._hid.hat(direction)

    @micropython.native
    def stick(self, x: int, y: int) -> None:
        """Move the stick, -127 to 127; right and down are positive."""
        self._hid.stick(x, y)

    @micropython.native
    def tilt(self, x: int, y: int) -> None:
        """Move the second stick, which is for the way the watch is held, likewise."""
        self._hid.tilt(x, y)

    def release(self) -> None:
        """Let go of everything."""
        self._hid.release()

    def acceleration(self, into: "list[int]") -> bool:
        """Store x, y, z in milli-g; 0, 0, 1000 lying on a table. False if the watch cannot know."""
        return self._services.acceleration(into)
