"""From one window of sound to a word of the mask, or to nothing: network, prototypes, softmax, threshold by risk."""

import math
from array import array

from micropython import const

from watch.voice.heard import HEARD, UNCLEAR, Heard
from watch.voice.prototypes import shrink
from watch.voice.vocabulary import risk

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Protocol

    from watch.voice.prototypes import Prototypes

    class Network(Protocol):
        """What is used of `watch.voice.network.Network`; `docs/voice.md` has the units."""

        words: "tuple[str, ...]"
        embedding_size: int
        thresholds: "tuple[float, float, float]"
        scale: float
        pull: float
        near: float

        def run(self, window: bytearray, logits: "array[int]", embedding: "array[int]") -> None:
            """Fill logits (one for each word, then for no word) and embedding."""
            ...

        def clear(self) -> None:
            """Overwrite what the last run has left."""
            ...


class Recogniser:
    """Decides about windows of 48 frames. Its buffers hold features of speech until `clear`."""

    def __init__(self, network: "Network", prototypes: "Prototypes") -> None:
        """`prototypes` has the size of the network's embedding."""
        self.network = network
        self.prototypes = prototypes
        self._logits = array("i", bytes(4 * (len(network.words) + 1)))
        self._embedding = array("H", bytes(2 * network.embedding_size))
        self._shot = bytearray(network.embedding_size)

    def decide(self, window: bytearray, mask: "tuple[str, ...]") -> Heard:
        """The word of `mask` that was said, or "unclear". Words that the network does not have are never heard."""
        self.embed(window, self._shot)
        network = self.network
        nothing = self._logits[len(network.words)] * network.scale
        words = [word for word in mask if word in network.words]
        values = [self._value(word) for word in words]
        if not values:
            return Heard("", UNCLEAR)
        best = max(values)
        top = max(best, nothing)
        share = math.exp(best - top) / sum([math.exp(value - top) for value in values], math.exp(nothing - top))
        word = words[values.index(best)]
        if best <= nothing or share < network.thresholds[risk(word)]:
            return Heard("", UNCLEAR, share)
        return Heard(word, HEARD, share)

    def embed(self, window: bytearray, into: bytearray) -> None:
        """Make a shot of a window, for `Prototypes.add`. `into`: `network.embedding_size` bytes."""
        self.network.run(window, self._logits, self._embedding)
        shrink(self._embedding, into)

    def clear(self) -> None:
        """Overwrite what the last window has left, in the network too."""
        self.network.clear()
        for buffer in (self._logits, self._embedding, self._shot):
            for at in range(len(buffer)):
                buffer[at] = 0

    def _value(self, word: str) -> float:
        """Logit of a word in natural units; one that the wearer has recorded gains or loses by how like that it is."""
        network = self.network
        value = self._logits[network.words.index(word)] * network.scale
        if self.prototypes.enrolled(word):
            value += network.pull * (self.prototypes.score(word, self._shot) - network.near)
        return value
