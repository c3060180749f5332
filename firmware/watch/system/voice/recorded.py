"""The recorded words on flash: one sealed record for each word and language. They go with a wipe, as all records do."""

from micropython import const

from watch.kernel.errors import CorruptError
from watch.storage import records
from watch.system.voice.drawer import Drawer
from watch.voice.vocabulary import WORDS

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional

    from watch.access.records import DeviceRecords
    from watch.storage.journal import Journal

LANGUAGES = ("en", "zh")
"""In the order of their records: a new one comes last."""


class Recorded:
    """Reads and writes drawers."""

    def __init__(self, journal: "Journal", sealed: "DeviceRecords") -> None:
        self._journal, self._sealed = journal, sealed

    def load(self, language: str) -> Drawer:
        """The words of a language. Raises StorageError; a record that is none of ours is left out."""
        words = {}
        for word in WORDS:
            stored = self._read(language, word)
            if stored is not None:
                words[word] = stored
        return Drawer(language, words)

    def save(self, language: str, drawer: Drawer) -> None:
        """Write what has changed, as one change. Raises StorageError; then the flash is as it was."""
        changes: "dict[int, Optional[bytes]]" = {_record(language, word): None for word in drawer.gone}
        for word in drawer.changed:
            number = _record(language, word)
            changes[number] = self._sealed.sealed(number, [word, drawer.get(word)])
        if changes:
            self._journal.commit(changes)
        drawer.clear()

    def _read(self, language: str, word: str) -> "Optional[bytes]":
        try:
            stored: "Any" = self._sealed.read(_record(language, word))
        except CorruptError:
            return None  # it can be taught again; the rest of the watch must not wait for it
        good = isinstance(stored, list) and len(stored) == 2 and stored[0] == word and isinstance(stored[1], bytes)
        return stored[1] if good else None


def _record(language: str, word: str) -> int:
    """Number of the record of a word."""
    return records.VOICE_WORD + LANGUAGES.index(language) * records.VOICE_WORDS + WORDS.index(word)
