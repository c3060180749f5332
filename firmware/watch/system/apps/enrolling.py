"""Developer mode: a developer's own key is enrolled on the watch, by somebody who holds it and knows the passcode."""

from micropython import const

from watch.apps.shelf.developers import expect_key
from watch.crypto import cose
from watch.kernel.errors import InputError, WatchError
from watch.services import inputs
from watch.services.offers import ACCEPTED, Enrolment

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.system.services import Services

ASKED, ENROLLED, DECLINED = "asked", "enrolled", "declined"
"""Answers: docs/formats.md, message 22."""
NAME_BYTES = const(40)


class Enrolling:
    """Asks the wearer whether a key may count.

    Args:
        services: the shelf, and where the wearer is asked.
        done: called after a key was enrolled.
        failed: called with the code of an error that kept it off.
    """

    def __init__(self, services: "Services", done: "Callable[[], None]", failed: "Callable[[str], None]") -> None:
        self._services, self._done, self._failed = services, done, failed
        self._asked = b""
        """The key that the wearer is asked about."""
        self._declined = b""
        """The latest one that was declined, until its developer has heard so."""

    def ask(self, public: bytes, name: str) -> str:
        """Put the question, or tell how it went. Raises InputError, StateError, StorageError."""
        shown = inputs.clean(name, NAME_BYTES)
        if not shown:
            raise InputError("a developer has a name")
        expect_key(public, shown)
        if any(one.public == public for one in self._services.shelf.developers.all()):
            return ENROLLED
        if public == self._declined:
            self._declined = b""
            return DECLINED
        if public == self._asked:
            return ASKED
        self._put(public, shown)
        return ASKED

    def clear(self) -> None:
        """Forget all of it: the watch erases itself."""
        self._asked = self._declined = b""

    def _put(self, public: bytes, name: str) -> None:
        offers = self._services.offers

        def told(answer: str) -> None:
            self._asked = b""
            if answer == ACCEPTED:
                self._enrol(public, name)
            else:
                self._declined = public

        offers.put(Enrolment(offers.next_number(), told, name, cose.key_id(public)))
        self._asked = public

    def _enrol(self, public: bytes, name: str) -> None:
        try:
            self._services.shelf.enrol(public, name)
        except WatchError as error:
            self._declined = public
            self._failed(error.code)
            return
        self._done()
