"""Card art: public pictures that are too large for the journal. Each file is named by its hash and checked by it."""

import os

from micropython import const

from watch.crypto.hashes import sha256
from watch.kernel.errors import InputError, StateError, WriteError
from watch.ui import picture

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.payment.token import Token
    from watch.ui.picture import Picture

_DIGEST_BYTES = const(32)
_PART_BYTES = const(2048)
_DRAFT = "draft"
_SUFFIX = ".twa"


class CardArt:
    """The pictures of the cards on the watch, in a folder that the board lends. Nothing here is secret."""

    def __init__(self, folder: "Optional[str]", large: bool, tokens: "Callable[[], list[Token]]") -> None:
        """`folder`: where files may be kept, None on a board without room. `large`: which of the two pictures to show.

        `tokens` gives the cards on the watch: only what one of them names is taken.
        """
        self._folder = folder
        self._large = large
        self._tokens = tokens
        self._coming = b""
        self._held = 0
        self._pictures: "dict[bytes, Optional[Picture]]" = {}

    def lacks(self, digest: bytes) -> bool:
        """True if the picture with this hash is not here and could be."""
        return self._folder is not None and self.picture(digest) is None

    def picture(self, digest: "Optional[bytes]") -> "Optional[Picture]":
        """The picture with this hash, None if it is not here. A file that is not what its name says is not."""
        if digest is None or self._folder is None:
            return None
        if digest not in self._pictures:
            self._pictures[digest] = self._read(digest)
        return self._pictures[digest]

    def take(self, digest: bytes, offset: int, total: int, part: bytes) -> int:
        """Keep a part of a file; returns the bytes held so far. The last part makes the picture appear.

        Raises InputError for a part that does not fit, StateError for a picture no card asks for, WriteError.
        """
        self._expect(digest, offset, total, part)
        if offset == 0:
            self.tidy()  # so there is never more than one file for each card, and this one
            self._coming, self._held = digest, 0
        elif digest != self._coming or offset != self._held:
            raise InputError(f"{self._held} bytes of card art are held")
        try:
            with open(self._path(_DRAFT), "ab" if offset else "wb") as file:
                file.write(part)
        except OSError:
            self._held = 0
            raise WriteError("card art could not be written")
        self._held = offset + len(part)
        if self._held == total:
            self._finish(digest)
        return total if self._held == 0 else self._held

    def tidy(self) -> None:
        """Delete every file that no card on the watch names."""
        if self._folder is None:
            return
        wanted = [token.art.hex() + _SUFFIX for token in self._tokens() if token.art is not None]
        self._pictures = {}
        for name in _files(self._folder):
            if name not in wanted:
                _remove(self._path(name))

    def _expect(self, digest: bytes, offset: int, total: int, part: bytes) -> None:
        if len(digest) != _DIGEST_BYTES or not 0 < len(part) <= _PART_BYTES:
            raise InputError("card art comes with a hash of 32 bytes, in parts of 2,048 bytes at most")
        if not 0 < total <= picture.MAX_BYTES or not 0 <= offset <= total - len(part):
            raise InputError("card art is too long")
        if self._folder is None or digest not in [token.art for token in self._tokens()]:
            raise StateError("no card asks for this art")

    def _finish(self, digest: bytes) -> None:
        """Give the file its name if it is what it should be, else drop it."""
        self._held = 0
        draft = self._path(_DRAFT)
        try:
            with open(draft, "rb") as file:
                data = file.read()
        except OSError:
            raise WriteError("card art could not be read back")
        if sha256(data) != digest:
            _remove(draft)
            raise InputError("the card art is not what its hash says")
        try:
            self._pictures[digest] = picture.parse(data, self._large)
            os.rename(draft, self._path(digest.hex() + _SUFFIX))
        except OSError:
            raise WriteError("card art could not be kept")

    def _read(self, digest: bytes) -> "Optional[Picture]":
        try:
            with open(self._path(digest.hex() + _SUFFIX), "rb") as file:
                data = file.read(picture.MAX_BYTES + 1)
            return picture.parse(data, self._large) if sha256(data) == digest else None
        except (OSError, InputError):
            return None  # safe to lose: the phone is asked for it again

    def _path(self, name: str) -> str:
        return f"{self._folder}/{name}"


def _files(folder: str) -> "list[str]":
    try:
        return os.listdir(folder)
    except OSError:
        return []  # nothing was ever kept


def _remove(path: str) -> None:
    try:
        os.remove(path)
    except OSError:
        pass  # gone already, or it stays until the next tidying: nothing reads it
