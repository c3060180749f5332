"""Words as this wearer says them, and how close a new utterance comes to them.

A *shot* is an embedding of the network, scaled so that its largest value is 255: one byte a value. A prototype is the
mean direction of up to three shots of a word, kept as a shot is. It knows neither language nor spelling, so whatever
the wearer says for "payment" is "payment". It means something only to the network that made it: `mark` tells networks
apart, and what another one made counts as not recorded.

All embeddings of a network point nearly the same way, since none of their values is below 0. So what two of them have
in common with its *centre*, their mean direction, is taken off before they are compared.
"""

import math
import struct

import micropython
from micropython import const

from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from array import array
    from typing import Protocol

    Kept = tuple[bytes, int, int, int]
    """A prototype, its dot product with the centre, its `_off`, and how many shots it is made of."""

    class Keep(Protocol):
        """Where records lie between starts: one for each word and language of weights. Raises StorageError."""

        def read(self, language: str) -> "list[tuple[str, bytes]]":
            """Every record of a language."""
            ...

        def write(self, language: str, word: str, data: bytes) -> None:
            """Store a record instead of what was there."""
            ...

        def delete(self, language: str, word: str) -> None:
            """Forget a record; one that is not there is no error."""
            ...


MAX_SHOTS = const(3)
_VERSION = const(1)
_HEAD = "<BBHI"
"""Version, shots, bytes of a prototype, mark of the network. The prototype follows."""
_HEAD_BYTES = const(8)
_SIZE_MAX = const(512)  # values; dot products stay below 2^26


class Prototypes:
    """The recorded words of one language."""

    def __init__(self, keep: "Keep", language: str, centre: bytes, mark: int = 0) -> None:
        """`centre`: of the network that makes the shots, which has its size; `mark`: of the same, 32 bits.

        A record that does not follow the format, or is of another network, counts as not recorded (`refused`).
        Raises InputError for a centre that is none; StorageError.
        """
        if not 0 < len(centre) <= _SIZE_MAX or not any(centre):
            raise InputError("a centre has 1 to 512 values, not all of them zero")
        self.size = len(centre)
        """Values of an embedding."""
        self._centre, self._length = centre, dot(centre, centre, len(centre))
        self.refused = 0
        """Records that could not be used."""
        self._keep = keep
        self._language = language
        self._mark = mark & 0xFFFFFFFF
        self._words: "dict[str, Kept]" = {}
        for word, data in keep.read(language):
            try:
                self._words[word] = self._read(data)
            except InputError:
                self.refused += 1  # the wearer records the word again; the next record takes its place

    def enrolled(self, word: str) -> int:
        """Shots that were recorded of a word, 0 if there are none."""
        return self._words[word][3] if word in self._words else 0

    def words(self) -> "list[str]":
        """The words that were recorded."""
        return list(self._words)

    def add(self, word: str, shots: "list[bytes] | list[bytearray]") -> None:
        """Keep 1 to 3 shots (`Recogniser.embed`, `size` bytes each) of a word instead of those it had.

        Raises InputError for other numbers or lengths and for a shot of zeros; StorageError, then nothing has changed.
        """
        if not 0 < len(shots) <= MAX_SHOTS or {len(shot) for shot in shots} != {self.size}:
            raise InputError("a word is recorded with 1 to 3 shots of the size of the embedding")
        if not all(any(shot) for shot in shots):
            raise InputError("a shot is all zeros; record it again")
        data = struct.pack(_HEAD, _VERSION, len(shots), self.size, self._mark) + _mean(shots)
        made = self._read(data)
        self._keep.write(self._language, word, data)
        self._words[word] = made

    def forget(self, word: str) -> None:
        """Delete a word; one that was not recorded is no error. Raises StorageError."""
        self._keep.delete(self._language, word)
        self._words.pop(word, None)

    def forget_all(self) -> None:
        """Delete every word of the language, unusable records too. Raises StorageError."""
        for word, _ in self._keep.read(self._language):
            self._keep.delete(self._language, word)
        self._words.clear()
        self.refused = 0

    def score(self, word: str, shot: "bytes | bytearray") -> float:
        """Likeness of `shot` and a word; 0 for a word that was not recorded."""
        if word not in self._words:
            return 0.0
        kept, along, off, _ = self._words[word]
        return self._compared(shot, kept, along, off)

    def likeness(self, one: "bytes | bytearray", other: "bytes | bytearray") -> float:
        """Cosine of two shots without what they have in common with the centre: -1 to 1; 0 if one has no more."""
        along = dot(other, self._centre, self.size)
        return self._compared(one, other, along, self._off(other, along))

    def _compared(self, shot: "bytes | bytearray", other: "bytes | bytearray", along: int, off: int) -> float:
        """`along`: dot product of `other` and the centre; `off`: see `_off`. Whole numbers, for floats of 32 bits."""
        own = dot(shot, self._centre, self.size)
        lengths = self._off(shot, own) * off
        return (dot(shot, other, self.size) * self._length - own * along) / math.sqrt(lengths) if lengths else 0.0

    def _off(self, shot: "bytes | bytearray", along: int) -> int:
        """Square of the length of what a shot has beside the centre, times that of the centre; up to 2^52."""
        return dot(shot, shot, self.size) * self._length - along * along

    def _read(self, data: bytes) -> "Kept":
        """The prototype of a record. Raises InputError."""
        if len(data) != _HEAD_BYTES + self.size:
            raise InputError("a record of a recorded word has the wrong length; record the word again")
        version, count, size, mark = struct.unpack_from(_HEAD, data, 0)
        if (version, size, mark) != (_VERSION, self.size, self._mark):
            raise InputError("a recorded word was made by another network; record the word again")
        kept = bytes(data[_HEAD_BYTES:])
        if not 0 < count <= MAX_SHOTS or not any(kept):
            raise InputError("a record of a recorded word is malformed; record the word again")
        along = dot(kept, self._centre, size)
        return kept, along, self._off(kept, along), count


def _mean(shots: "list[bytes] | list[bytearray]") -> bytes:
    """The mean direction of shots, its largest value 255."""
    weights = [1 / norm(shot) for shot in shots]
    sums = [sum([weight * shot[at] for weight, shot in zip(weights, shots)]) for at in range(len(shots[0]))]
    scale = 255 / max(sums)
    return bytes([int(value * scale + 0.5) for value in sums])


def norm(shot: "bytes | bytearray") -> float:
    """Length of a shot as a vector."""
    return math.sqrt(dot(shot, shot, len(shot)))


def shrink(embedding: "array[int]", into: bytearray) -> None:
    """Make a shot of an embedding: its largest value becomes 255. `into` has as many bytes as that has values."""
    largest = max(embedding) or 1
    for at in range(len(into)):
        into[at] = (embedding[at] * 255 + largest // 2) // largest


@micropython.viper
def dot(one: ptr8, other: ptr8, count: int) -> int:
    """Sum of products of two vectors of bytes."""
    total = 0
    i = 0
    while i < count:
        total += one[i] * other[i]
        i += 1
    return total
