"""Apps of a watch over its messages: brought, asked about, listed, removed (docs/formats.md, messages 15 to 23)."""

from __future__ import annotations

import asyncio
import hashlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.phone.answers import fields_of, read_list, strange
from tapwatch.simulator.messages import WatchRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from tapwatch.phone.answers import Shape
    from tapwatch.phone.relay import Ask, Progress

APP_PART, APP_STATE, APPS, APP_REMOVE, LICENCE, REVOCATIONS, APP_LOG, DEVELOPER, APP_OPEN = range(15, 24)
PART_BYTES = 2048
ON_THE_WAY = ("coming", "checking", "asked")
ASKED, ENROLLED = "asked", "enrolled"
INSTALLED = "installed"
_UNKNOWN = "unknown"
_OUT_OF_ORDER = "bad-input"
"""The watch's status for a part that does not follow: it was restarted, or has given the transfer up."""
_FIRST_LOOK_S = 0.02
_LOOK_S = 0.2
"""Between two looks: often at first, for a simulator is fast."""
_PATIENCE_S = 150.0
"""A check takes seconds, and the question stands for a minute on the watch, for another one after a passcode."""
_APP: Shape = {
    1: (str,),
    2: (str,),
    3: (str,),
    4: (str,),
    5: (str,),
    6: (int,),
    7: (int,),
    8: (bool,),
    9: (str,),
    10: (bool,),
}
_REASONS = {
    "declined": ("The wearer said no, or nothing for a minute.", "Ask them, then try again."),
    "app-damaged": ("The bundle is damaged.", "Pack it again with `tapwatch app pack`."),
    "app-code": ("The app does what no app may do.", "Pack it with `tapwatch app pack`, which says where."),
    "app-signer": (
        "Nobody whom the watch trusts has signed it.",
        "Use a bundle of a store, or enrol your key: `tapwatch app install --enrol`.",
    ),
    "app-name": ("It bears a name that is taken.", "Choose another name in app.toml."),
    "app-version": ("A newer version, or the app of another maker, is or was there.", "Raise the version in app.toml."),
    "app-licence": ("It was not bought for this watch.", "Buy it: `tapwatch phone buy`."),
    "app-quota": ("The watch has no room for it.", "Remove an app."),
    "wrong-state": ("The watch is busy with another app or question.", "Try again in a minute."),
    "locked": ("The watch is locked.", "Enter the passcode on the watch."),
}


class AppRefused(WatchRefused):
    """The watch did not install an app. `status` says why, `text` is what it tells the developer."""

    def __init__(self, status: str, text: str) -> None:
        super().__init__(APP_STATE, status)
        message, hint = _REASONS.get(status, (f"The watch did not take the app: {status}.", "Try again."))
        self.message = f"{message} ({text})" if text else message
        self.hint, self.text = hint, text
        self.args = (self.message,)


@dataclass(frozen=True)
class AppState:
    """What has become of a bundle."""

    state: str
    text: str
    app: str


@dataclass(frozen=True)
class AppOnWatch:
    """One installed app, as the watch lists it."""

    id: str
    version: str
    kind: str
    level: str
    maker: str
    bytes: int
    failures: int
    off: bool
    name: str
    licensed: bool


class AppDesk:
    """What a phone or a computer does with the apps of one watch. Every method raises WatchRefused, UserError."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def send(self, bundle: bytes, progress: Progress) -> None:
        """Bring all of a bundle; once more from the start where the watch has lost the beginning of it."""
        try:
            await self._send(bundle, progress)
        except WatchRefused as refused:
            if refused.status != _OUT_OF_ORDER:
                raise
            await self._send(bundle, progress)

    async def install(self, bundle: bytes, progress: Progress, told: Callable[[str], None]) -> str:
        """Bring a bundle and wait for the wearer; the id of the app. `told` gets each new state. Raises AppRefused."""
        await self.send(bundle, progress)
        state = await self.settled(hashlib.sha256(bundle).digest(), told)
        if state.state != INSTALLED:
            raise AppRefused(state.state, state.text)
        return state.app

    async def settled(self, digest: bytes, told: Callable[[str], None]) -> AppState:
        """Wait until a bundle is not on its way any more."""
        until, last, pause_s = time.monotonic() + _PATIENCE_S, "", _FIRST_LOOK_S
        while True:
            now = await self.state(digest)
            if now.state != last:
                last = now.state
                told(last)
            if now.state == _UNKNOWN:
                raise UserError("The watch has forgotten the app.", "Was it restarted? Try again.", EXIT_FAILED)
            if now.state not in ON_THE_WAY:
                return now
            if time.monotonic() > until:
                raise UserError("The watch does not come to an end with it.", "Restart the watch.", EXIT_FAILED)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 1.25, _LOOK_S)

    async def state(self, digest: bytes) -> AppState:
        """What has become of a bundle, by its SHA-256."""
        fields = fields_of(await self._ask(APP_STATE, digest), {1: (str,), 2: (str,), 3: (str,)}, "told no state")
        return AppState(fields[1], fields[2], fields[3])

    async def apps(self) -> list[AppOnWatch]:
        """What is installed; the apps of the firmware are not among it."""
        found: list[AppOnWatch] = []
        while True:
            rows = read_list(await self._ask(APPS, len(found)), "did not list its apps")
            taken = [fields_of(row, _APP, "did not list its apps") for row in rows]
            found += [AppOnWatch(*(row[key] for key in _APP)) for row in taken]
            if not rows:
                return found

    async def remove(self, app: str) -> None:
        """Let the watch ask its wearer whether an app shall go."""
        await self._ask(APP_REMOVE, app)

    async def licence(self, envelope: bytes, store_certificate: bytes) -> None:
        """Bring a licence."""
        await self._ask(LICENCE, [envelope, store_certificate])

    async def revoke(self, envelope: bytes) -> None:
        """Bring a list of revocations. The watch says `replayed` to one that it has."""
        await self._ask(REVOCATIONS, envelope)

    async def log(self, first: int) -> tuple[int, list[str]]:
        """What apps have printed: the number of the next line, and the lines from `first` on."""
        body: Any = await self._ask(APP_LOG, first)
        number, lines = read_list(body, "gave no log") if isinstance(body, list) and len(body) == 2 else (None, None)
        if not isinstance(number, int) or not isinstance(lines, list) or not all(isinstance(one, str) for one in lines):
            raise strange("gave no log")
        return number, lines

    async def enrol(self, public: bytes, name: str) -> bool:
        """Ask the wearer to trust a developer's key, and wait for the answer."""
        until = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until:
            answer = await self._ask(DEVELOPER, [public, name])
            if answer != ASKED:
                return answer == ENROLLED
            await asyncio.sleep(_LOOK_S)
        return False

    async def open(self, app: str) -> None:
        """Open an app of a developer's key."""
        await self._ask(APP_OPEN, app)

    async def _send(self, bundle: bytes, progress: Progress) -> None:
        digest, at = hashlib.sha256(bundle).digest(), 0
        while at < len(bundle):
            part = bundle[at : at + PART_BYTES]
            held = await self._ask(APP_PART, [digest, at, len(bundle), part])
            if not isinstance(held, int) or held <= at:
                raise strange("lost count of the bytes")
            at = held
            progress(at, len(bundle))
