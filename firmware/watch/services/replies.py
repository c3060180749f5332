"""The wearer's own short answers, as the phone has set them. One sealed record: they are the wearer's words."""

from micropython import const

from watch.kernel.errors import InputError
from watch.services import inputs
from watch.services.news import News
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from watch.services.inputs import Fields
    from watch.services.loyalty import Sealed

SLOTS = const(16)
"""As many as Gadgetbridge has."""
TEXT_BYTES = const(120)


class Replies(News):
    """`texts` is empty until a phone has set some."""

    def __init__(self, sealed: "Sealed") -> None:
        """None until `load`."""
        super().__init__()
        self._sealed = sealed
        self.texts: "list[str]" = []

    def load(self) -> None:
        """Read the record. Raises CorruptError, StorageError."""
        stored = self._sealed.read(records.REPLIES)
        good = isinstance(stored, list) and len(stored) <= SLOTS and all(isinstance(one, str) for one in stored)
        self.texts = _cleaned(stored) if good else []

    def take(self, fields: "Fields") -> None:
        """Read Gadgetbridge's `canned_responses_sync`; known ones cost no write. Raises InputError, StorageError."""
        found = []
        for row in inputs.rows(fields, "d", SLOTS):
            if not isinstance(row, dict):
                raise InputError("an answer is a map")
            found.append(inputs.text(row, "text", TEXT_BYTES))
        found = _cleaned(found)
        if found != self.texts:
            self._sealed.write(records.REPLIES, found)
            self.texts = found
            self._changed()

    def clear(self) -> None:
        """Forget all of them in RAM: the flash is being erased."""
        self.texts = []
        self.changes += 1


def _cleaned(texts: "Any") -> "list[str]":
    """Each once, without empty ones."""
    found = []
    for text in [inputs.clean(one, TEXT_BYTES) for one in texts]:
        if text and text not in found:
            found.append(text)
    return found
