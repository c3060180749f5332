"""How an app comes onto the watch: its parts, the check, the question, the shelf; and how it goes.

A bundle comes in parts from a carrier. When it is whole it is checked in a task of its own, in small steps, so that
screen and taps live; then the wearer is asked. Whoever sent it asks what became of it (`state`). One at a time.
"""

from micropython import const

from watch.apps.shelf.levels import DEVELOPER, SYSTEM
from watch.crypto import cbor, cose
from watch.crypto.hashes import equal
from watch.kernel.clock import ticks_diff
from watch.kernel.errors import AppError, BundleError, InputError, StateError, WatchError
from watch.kernel.loop import sleep_ms
from watch.services.offers import ACCEPTED, Install, Removal

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Generator, Optional

    from watch.apps.shelf.intake import Checked
    from watch.apps.shelf.manifest import Manifest
    from watch.apps.shelf.shelved import Shelved
    from watch.system.apps.care import AppCare
    from watch.system.apps.draft import Draft
    from watch.system.services import Services
    from watch.system.unlocking import Spawn

UNKNOWN, COMING, CHECKING, ASKED = "unknown", "coming", "checking", "asked"
INSTALLED, DECLINED = "installed", "declined"
"""States of a bundle: docs/formats.md, message 16. The others are codes of errors."""
_NAME = const(6)  # field of a certificate: docs/formats.md
_KEPT = const(4)
"""Ends that are remembered."""
STALLED_MS = const(5_000)
"""A step of a check takes some 35 ms, a tap holds it up for two seconds at most: one that is silent so long is dead."""


class Attempt:
    """One bundle, and what has become of it."""

    def __init__(self, digest: bytes) -> None:
        self.digest = digest
        self.state = COMING
        self.text = ""
        """For its developer."""
        self.app = ""


class Installs:
    """Takes bundles.

    Args:
        services: the shelf, and where the wearer is asked.
        draft: the file that is coming.
        spawn: starts a coroutine as a task.
        care: ends apps that run, and removes them.
        done: is told what is new on the shelf.
        failed: is told the code of an error that kept an app on it.
    """

    def __init__(
        self,
        services: "Services",
        draft: "Draft",
        spawn: "Spawn",
        care: "AppCare",
        done: "Callable[[Shelved], None]",
        failed: "Callable[[str], None]",
    ) -> None:
        self._services, self._draft, self._spawn = services, draft, spawn
        self._care, self._done, self._failed = care, done, failed
        self._attempts: "list[Attempt]" = []
        self._now: "Optional[Attempt]" = None
        """What is checked, or asked about."""
        self._stepped_ms = 0
        """When the check began, or took its last step."""

    def take(self, digest: bytes, offset: int, total: int, part: bytes) -> int:
        """Keep a part of a bundle; returns the bytes held so far. The last one sets the check going.

        Raises InputError for a part that does not fit, StateError while another bundle is under way, NoPasscodeError
        on a watch whose wearer could not be asked, WriteError.
        """
        self._services.offers.expect_wearer()
        if self._now is not None:
            if digest == self._now.digest:
                return total  # sent again: it is here, and looked at
            raise StateError("another app is being installed")
        self._draft.tick()
        held = self._draft.take(digest, offset, total, part)
        attempt = self._attempt(digest)
        attempt.state, attempt.text, attempt.app = COMING, "", ""
        if self._draft.whole:
            attempt.state, self._now = CHECKING, attempt
            self._stepped_ms = self._services.clock.ticks_ms()
            self._spawn(self._check(attempt))
        return held

    def state(self, digest: bytes) -> "tuple[str, str, str]":
        """What has become of a bundle: its state, a text for its developer, the id of the app or nothing."""
        self.tick()
        for one in self._attempts:
            if one.digest == digest:
                return one.state, one.text, one.app
        return UNKNOWN, "", ""

    def remove(self, app: str) -> None:
        """Ask the wearer whether an app shall go, with its data. Raises InputError, StateError."""
        shelved = self._services.shelf.find(app)
        if shelved is None or shelved.level == SYSTEM:
            raise InputError("no app of this name was installed")
        offers = self._services.offers

        def told(answer: str) -> None:
            if answer == ACCEPTED:
                self._remove(app)

        offers.put(Removal(offers.next_number(), told, self._name(app)))

    def tick(self) -> None:
        """To be called now and then: forgets a bundle whose sender has gone, and ends a check that has died."""
        now, silent_ms = self._now, ticks_diff(self._services.clock.ticks_ms(), self._stepped_ms)
        if now is not None and now.state == CHECKING and not 0 <= silent_ms < STALLED_MS:
            self._end(now, AppError.code, "the check was stopped")
        coming = self._draft.digest
        self._draft.tick()
        if coming and not self._draft.digest:
            self._attempts = [one for one in self._attempts if one.digest != coming]

    def clear(self) -> None:
        """Forget all of it: the watch erases itself."""
        self._attempts, self._now = [], None
        self._draft.drop()

    async def _check(self, attempt: Attempt) -> None:
        """Look at a whole bundle, then ask."""
        try:
            checked = await self._all(self._services.shelf.check(self._draft.path))
            if self._now is not attempt:
                return  # the watch has been erased meanwhile, or has waited too long
            if not equal(checked.digest, attempt.digest):
                raise BundleError("the file is not what its hash says")
            attempt.app = checked.bundle.manifest.id
            self._ask(attempt, checked)
        except WatchError as error:
            self._end(attempt, error.code, str(error))
        finally:
            if self._now is attempt and attempt.state == CHECKING:
                self._end(attempt, AppError.code, "the check was stopped")

    def _ask(self, attempt: Attempt, checked: "Checked") -> None:
        def told(answer: str) -> None:
            if answer == ACCEPTED:
                self._install(attempt, checked)
            else:
                self._end(attempt, DECLINED, "")

        self._services.offers.put(self._offer(checked, told))
        attempt.state = ASKED

    def _offer(self, checked: "Checked", told: "Callable[[str], None]") -> Install:
        """What the wearer is asked about a checked bundle."""
        services, manifest, verdict = self._services, checked.bundle.manifest, checked.verdict
        permissions, hosts = manifest.permissions, manifest.hosts
        if checked.before is not None:
            permissions, hosts = self._news(manifest)
        free = not manifest.paid or verdict.level == DEVELOPER
        return Install(
            services.offers.next_number(),
            told,
            manifest.name(services.settings.get("language")),
            manifest.version_text,
            "" if checked.before is None else "%d.%d.%d" % checked.before.version,
            verdict.maker_name,
            _store(checked),
            permissions,
            hosts,
            not free and not services.shelf.bought(manifest.id, verdict.maker),
            self._care.mark_in(checked.bundle),
        )

    def _news(self, manifest: "Manifest") -> "tuple[tuple[str, ...], tuple[str, ...]]":
        """What an update may use and the version before might not; of the hosts all, if one of them is new."""
        try:
            before = self._services.shelf.manifest(manifest.id)
        except WatchError:
            return manifest.permissions, manifest.hosts  # nobody knows what the damaged one might use
        new = tuple([name for name in manifest.permissions if name not in before.permissions])
        return new, () if all(host in before.hosts for host in manifest.hosts) else manifest.hosts

    def _install(self, attempt: Attempt, checked: "Checked") -> None:
        """The wearer has agreed. An app that runs in the version before ends first.

        No await in it: nothing can stop it between the yes and its end.
        """
        try:
            self._care.stop(attempt.app)
            self._services.shelf.install(checked)
        except WatchError as error:
            self._end(attempt, error.code, str(error))
            return
        self._end(attempt, INSTALLED, "")
        shelved = self._services.shelf.find(attempt.app)
        if shelved is not None:
            self._done(shelved)

    def _remove(self, app: str) -> None:
        try:
            self._care.remove(app)
        except WatchError as error:
            self._failed(error.code)

    def _end(self, attempt: Attempt, state: str, text: str) -> None:
        attempt.state, attempt.text = state, text
        if self._now is attempt:
            self._now = None
        self._draft.drop()

    def _attempt(self, digest: bytes) -> Attempt:
        """The one for this bundle; the oldest makes room for a new one."""
        for one in self._attempts:
            if one.digest == digest:
                return one
        self._attempts = self._attempts[1 - _KEPT :]
        self._attempts.append(Attempt(digest))
        return self._attempts[-1]

    def _name(self, app: str) -> str:
        """What the wearer calls an app; its id where the bundle cannot be read."""
        try:
            return self._services.shelf.manifest(app).name(self._services.settings.get("language"))
        except WatchError:
            return app  # safe: it is about to go

    async def _all(self, steps: "Generator[None, None, Checked]") -> "Checked":
        """Take every step, and let the other tasks run between them."""
        while True:
            try:
                next(steps)
            except StopIteration as done:
                return done.value
            self._stepped_ms = self._services.clock.ticks_ms()
            await sleep_ms(0)


def _store(checked: "Checked") -> str:
    """Name of the store that has looked at it; empty if none has. Its certificate was verified."""
    if checked.bundle.store_certificate is None:
        return ""
    return cbor.decode(cose.parse(checked.bundle.store_certificate).payload)[_NAME]
