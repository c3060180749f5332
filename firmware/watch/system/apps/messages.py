"""Answers to the messages about apps: docs/formats.md, messages 15 to 24."""

from micropython import const

from watch.access import states
from watch.apps.shelf.levels import DEVELOPER
from watch.exchange import messages
from watch.exchange.messages import expect, expect_list
from watch.kernel.errors import InputError, LockedError, StateError, WatchError
from watch.system.apps.payments import MOST_KEPT

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Protocol

    from watch.apps.shelf.installed import Installed
    from watch.exchange.messages import Handler
    from watch.system.apps.enrolling import Enrolling
    from watch.system.apps.installs import Installs
    from watch.system.services import Services

    class Runs(Protocol):
        """Who opens apps."""

        def open(self, app: str) -> None:
            """Open an app above what is in front."""
            ...

        def stop(self, app: str) -> None:
            """End an app, if it runs."""
            ...

        def end_void(self) -> None:
            """End what may run no longer."""
            ...

        def in_front(self) -> str:
            """Id of the app in front; empty if there is none."""
            ...


APPS_AT_ONCE = const(12)
"""Apps in one answer: with names of 24 Chinese characters they fill half of a message."""
_DIGEST_BYTES = const(32)


class AppMessages:
    """One method per message kind; each takes the body and returns the answer's body."""

    def __init__(self, services: "Services", installs: "Installs", enrolling: "Enrolling", runs: "Runs") -> None:
        self._services, self._installs, self._enrolling, self._runs = services, installs, enrolling, runs

    def handlers(self) -> "dict[int, Handler]":
        """The rows for `Answers`."""
        return {
            messages.APP_PART: self._part,
            messages.APP_STATE: self._state,
            messages.APPS: self._apps,
            messages.APP_REMOVE: self._remove,
            messages.LICENCE: self._licence,
            messages.REVOCATIONS: self._revocations,
            messages.APP_LOG: self._log,
            messages.DEVELOPER: self._developer,
            messages.APP_OPEN: self._open,
            messages.APP_PAYMENTS: self._payments,
        }

    def _part(self, body: "Any") -> int:
        digest, offset, total, part = expect_list(body, 4, "the body")
        expect(digest, bytes, "the hash")
        expect(part, bytes, "the part")
        expect(offset, int, "the offset")
        return self._installs.take(digest, offset, expect(total, int, "the length"), part)

    def _state(self, body: "Any") -> "dict[int, Any]":
        if len(expect(body, bytes, "the hash")) != _DIGEST_BYTES:
            raise InputError("a hash has 32 bytes")
        state, text, app = self._installs.state(body)
        return {1: state, 2: text, 3: app}

    def _apps(self, body: "Any") -> "list[dict[int, Any]]":
        first = 0 if body is None else expect(body, int, "the place")
        if first < 0:
            raise InputError("places are counted from 0")
        installed = self._services.shelf.installed()
        first = min(first, len(installed))  # an app may have gone since the last question
        return [self._about(one) for one in installed[first : first + APPS_AT_ONCE]]

    def _about(self, one: "Installed") -> "dict[int, Any]":
        version, name = one.version, one.id
        try:
            name = self._services.shelf.manifest(one.id).name(self._services.settings.get("language"))
        except WatchError:
            pass  # its file is damaged: the list still tells that it is there
        return {
            1: one.id,
            2: "%d.%d.%d" % version,
            3: one.kind,
            4: one.level,
            5: one.maker,
            6: one.bytes,
            7: one.strikes,
            8: one.off,
            9: name,
            10: one.licensed,
        }

    def _remove(self, body: "Any") -> None:
        self._installs.remove(expect(body, str, "the id"))

    def _licence(self, body: "Any") -> None:
        licence, certificate = expect_list(body, 2, "the body")
        expect(licence, bytes, "the licence")
        self._services.shelf.add_licence(licence, expect(certificate, bytes, "the certificate"))
        self._runs.end_void()

    def _revocations(self, body: "Any") -> None:
        self._services.shelf.revoke(expect(body, bytes, "the list"))
        self._runs.end_void()

    def _log(self, body: "Any") -> "list[Any]":
        first = 0 if body is None else expect(body, int, "the number")
        following, lines = self._services.app_log.since(first)
        return [following, lines]

    def _developer(self, body: "Any") -> str:
        public, name = expect_list(body, 2, "the body")
        return self._enrolling.ask(expect(public, bytes, "the key"), expect(name, str, "the name"))

    def _open(self, body: "Any") -> None:
        """On an open watch; on a locked one only in the place of an app of the same kind, which locked it."""
        app = expect(body, str, "the id")
        shelved = self._services.shelf.find(app)
        if shelved is None or shelved.level != DEVELOPER:
            raise InputError("no app of a developer's key has this id")
        guard = self._services.guard
        before = self._services.shelf.find(self._runs.in_front())
        if before is None or before.level != DEVELOPER:
            if not guard.unlocked():
                raise LockedError("enter the passcode first")
            if guard.state not in (states.WORN, states.FOREIGN):
                raise StateError("not possible while %s" % guard.state)
        self._runs.stop(app)
        self._runs.open(app)

    def _payments(self, body: "Any") -> "list[list[Any]]":
        answered = expect(body, list, "the body")
        if len(answered) > MOST_KEPT:
            raise InputError("more payments than there are")
        return self._services.app_payments.fetch([expect(digest, bytes, "the hash") for digest in answered])
