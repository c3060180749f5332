"""What the watch lets the phone do for an app: show a line, keep a file, start something.

An app has the permission of its wearer for it (`watch.system.apps.phone_grants`). Gadgetbridge has a switch of its own
for intents, which is off at first.
"""

from micropython import const

from watch.kernel.clock import ticks_diff
from watch.kernel.errors import InputError
from watch.services import inputs
from watch.services.news import News

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from watch.kernel.clock import Clock
    from watch.services.inputs import Fields
    from watch.services.outbox import Outbox

LEVELS = ("info", "warn", "error")
"""How much a line for the phone's screen matters."""
TARGETS = ("activity", "service", "foregroundservice", "broadcastreceiver")
"""What an intent may be for, by Gadgetbridge's names."""
TOAST_MS = const(10_000)
"""One line for the phone's screen in this time: an app must not make the wearer's phone flicker."""
FILE_BYTES = const(1024)
"""Content of one message; a longer file is appended to."""
_TOAST_BYTES = const(120)
_NAME_BYTES = const(48)
_ACTION_BYTES = const(120)
_EXTRAS = const(8)
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-_."


class PhoneActions(News):
    """Sends them, and counts what the phone could not do."""

    def __init__(self, clock: "Clock", outbox: "Outbox") -> None:
        super().__init__()
        self._clock, self._outbox = clock, outbox
        self._toast_ms = 0
        self._toasted = False
        self.failed = 0
        """Intents that the phone could not send."""

    def toast(self, level: str, text: str) -> bool:
        """Show a line on the phone. False if there was one a moment ago, or if the outbox is full.

        Raises InputError for a level there is not, or for no text.
        """
        if level not in LEVELS or type(text) is not str:
            raise InputError("a line has a level and a text")
        now_ms = self._clock.ticks_ms()
        if self._toasted and 0 <= ticks_diff(now_ms, self._toast_ms) < TOAST_MS:
            return False
        self._toasted, self._toast_ms = True, now_ms
        return self._outbox.send({"t": level, "msg": inputs.clean(text, _TOAST_BYTES)})

    def file(self, name: str, content: str, append: bool) -> bool:
        """Let the phone keep a file in Gadgetbridge's folder. False if the outbox is full.

        Raises InputError for a name that is more than one, or for too much content, or none.
        """
        if type(name) is not str or type(content) is not str:
            raise InputError("a file has a name and a text")
        plain = all(letter in _LETTERS for letter in name)
        if not 0 < len(name) <= _NAME_BYTES or not plain or name[0] == "." or len(content.encode()) > FILE_BYTES:
            raise InputError("no such file can be kept")
        return self._outbox.send({"t": "file", "n": name, "c": content, "m": "a" if append else "w"})

    def intent(self, target: str, action: str, extra: "dict[str, str]") -> bool:
        """Start something on the phone. False if the outbox is full. Raises InputError."""
        if (
            type(action) is not str
            or target not in TARGETS
            or not 0 < len(action) <= _ACTION_BYTES
            or len(extra) > _EXTRAS
        ):
            raise InputError("no such intent can be sent")
        message: "dict[str, Any]" = {"t": "intent", "target": target, "action": action}
        if extra:
            message["extra"] = {inputs.clean(key, 48): inputs.clean(extra[key], _TOAST_BYTES) for key in extra}
        return self._outbox.send(message)

    def take_failure(self, fields: "Fields") -> None:
        """Read `intent`: the phone could not. Raises InputError."""
        if inputs.text(fields, "err", _TOAST_BYTES):
            self.failed += 1
            self._changed()

    def clear(self) -> None:
        """Forget what was."""
        self._toasted = False
        self.failed = 0
