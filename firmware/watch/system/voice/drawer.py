"""Where the recorded words lie while the watch is on: plain bytes, all that voice gets to see of the storage."""

from micropython import const

TYPE_CHECKING = const(0)


class Drawer:
    """The recorded words of one language. `changed` and `gone` say what the flash does not know yet."""

    def __init__(self, language: str, words: "dict[str, bytes]") -> None:
        self._language, self._words = language, words
        self.changed: "list[str]" = []
        self.gone: "list[str]" = []

    def read(self, language: str) -> "list[tuple[str, bytes]]":
        """Every record of a language."""
        return [(word, self._words[word]) for word in self._words] if language == self._language else []

    def write(self, language: str, word: str, data: bytes) -> None:
        """Take a record instead of what was there."""
        self._words[word] = data
        self.changed.append(word)

    def delete(self, language: str, word: str) -> None:
        """Forget a record; one that is not there is no error."""
        if self._words.pop(word, None) is not None:
            self.gone.append(word)

    def get(self, word: str) -> bytes:
        """The record of a word. Raises KeyError."""
        return self._words[word]

    def clear(self) -> None:
        """The flash knows everything."""
        del self.changed[:]
        del self.gone[:]
