"""One bundle file: docs/bundles.md "The file". Its head is parsed at once, files are read when they are asked for.

Nothing here looks at signatures: that is for `trust`.
"""

import os
import struct
from hashlib import sha256

from micropython import const

from watch.apps.shelf import words_file
from watch.apps.shelf.manifest import WORDS, Manifest
from watch.crypto import cbor, cose
from watch.crypto.hashes import equal
from watch.kernel.errors import BundleError, CorruptError, InputError
from watch.kernel.steps import finish

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Generator, Optional

    Head = tuple[bytes, Optional[bytes], Optional[bytes], Optional[bytes]]

KIND = "tapwatch/app"
MAX_BYTES = const(131_072)
MAX_HEAD_BYTES = const(4096)
_MAGIC = b"TWB1"
_PREFIX_BYTES = const(6)
_PARTS = const(4)
_CHUNK_BYTES = const(4096)  # hashed at a time: one block of the file system
_CHUNKS_A_STEP = const(4)  # 16 KB between two looks at the screen


class Bundle:
    """A file that is laid out as a bundle, whoever made it."""

    def __init__(self, path: str) -> None:
        """Read and parse the head. Raises BundleError for a file of another form, CorruptError if it cannot be read."""
        self.path = path
        try:
            self.size: int = os.stat(path)[6]
            if self.size > MAX_BYTES:
                raise BundleError("a bundle has at most %d bytes" % MAX_BYTES)
            with open(path, "rb") as file:
                head = _head(file.read(_PREFIX_BYTES + MAX_HEAD_BYTES))
        except OSError:
            raise CorruptError("the bundle cannot be read")
        try:
            manifest, self.certificate, self.review, self.store_certificate = _parts(head)
            self.envelope = cose.parse(manifest)
            self.manifest = Manifest(cbor.decode(self.envelope.payload))
        except InputError as error:
            raise BundleError("the head of the bundle: %s" % error)
        if self.envelope.kind != KIND:
            raise BundleError("the bundle begins with %s, no manifest" % self.envelope.kind)
        self._files = _PREFIX_BYTES + len(head)
        if self._files + sum([length for _, length, _ in self.manifest.files]) != self.size:
            raise BundleError("the files of the bundle do not end where it ends")

    def digest(self) -> bytes:
        """SHA-256 of the whole file, as it is now. Raises CorruptError."""
        return finish(self.hashing())

    def hashing(self) -> "Generator[None, None, bytes]":
        """The same in small steps; the result is what the generator returns."""
        digest, chunk = sha256(), bytearray(_CHUNK_BYTES)
        view, count = memoryview(chunk), 0
        try:
            with open(self.path, "rb") as file:
                while True:
                    length = file.readinto(chunk)
                    if not length:
                        return digest.digest()
                    digest.update(view[:length])
                    count += 1
                    if count % _CHUNKS_A_STEP == 0:
                        yield
        except OSError:
            raise CorruptError("the bundle cannot be read")

    def read(self, name: str) -> bytes:
        """The bytes of one file. Raises BundleError if there is none, or if it is not what the manifest says."""
        at = self._files
        for found, length, digest in self.manifest.files:
            if found == name:
                data = self._read(at, length)
                if not equal(sha256(data).digest(), digest):
                    raise BundleError("%s is not what its hash says" % name)
                return data
            at += length
        raise BundleError("there is no file " + name)

    def words(self, language: str) -> "dict[str, str]":
        """The app's texts by key; English stands in for a language that it lacks. Raises BundleError."""
        if not any(name == WORDS for name, _, _ in self.manifest.files):
            return {}
        table = words_file.parse(self.read(WORDS))
        return table.get(language) or table.get("en") or {}

    def _read(self, at: int, length: int) -> bytes:
        try:
            with open(self.path, "rb") as file:
                file.seek(at)
                return file.read(length)
        except OSError:
            raise CorruptError("the bundle cannot be read")


def _head(start: bytes) -> bytes:
    """The head in the first bytes of a file. Raises BundleError."""
    if len(start) < _PREFIX_BYTES or start[: len(_MAGIC)] != _MAGIC:
        raise BundleError("this is no bundle")
    length = struct.unpack(">H", start[len(_MAGIC) : _PREFIX_BYTES])[0]
    if not 0 < length <= MAX_HEAD_BYTES or _PREFIX_BYTES + length > len(start):
        raise BundleError("the head of a bundle has at most %d bytes" % MAX_HEAD_BYTES)
    return start[_PREFIX_BYTES : _PREFIX_BYTES + length]


def _parts(head: bytes) -> "Head":
    """Manifest, developer certificate, review and store certificate. Raises BundleError, InputError."""
    parts: "Any" = cbor.decode(head, 1, _PARTS)
    if not isinstance(parts, list) or len(parts) != _PARTS or not isinstance(parts[0], bytes):
        raise BundleError("the head of a bundle has four parts")
    rest = parts[1:]
    if not all(isinstance(part, bytes) for part in rest) and not all(part is None for part in rest):
        raise BundleError("a reviewed bundle has a review and both certificates, any other has none of them")
    return tuple(parts)
