"""The network: from a window of sound to logits of words and an embedding. `docs/voice.md` has it layer by layer."""

from array import array

from micropython import const

from watch.voice import kernels
from watch.voice.weights import Weights

_INPUT_CELLS = const(1008)
"""Half a window with a margin of two: 28 x 36."""
_WINDOW_BYTES = const(1536)
_VALUES = const(256)
"""Of a byte of the window."""
_PLACES = const(12)
_UNITS_65536 = const(65536)
_UNITS_256 = const(256)


class Network:
    """A network that is loaded. Its buffers are made once; they hold what was heard until `clear`.

    Args:
        data: a file of weights.

    Raises:
        CorruptError: it is damaged, or not what the watch can run.
    """

    def __init__(self, data: bytes) -> None:
        weights = Weights(data)
        self.words = weights.words
        self.embedding_size = weights.size
        low, middle, high = weights.thresholds
        self.thresholds = (low / _UNITS_65536, middle / _UNITS_65536, high / _UNITS_65536)
        """Probabilities for low, middle and high risk."""
        self.scale = weights.scale / _UNITS_65536
        """Natural units for one unit of a logit."""
        self.pull = weights.pull / _UNITS_256
        """Natural units for a likeness of 1."""
        self.near = weights.near / _UNITS_65536
        """From which likeness on a prototype counts."""
        self.centre = weights.centre
        """Mean direction of embeddings, `embedding_size` bytes, the largest 255."""
        self._layers = weights.layers
        self._dense, self._dense_bias = weights.dense, weights.dense_bias
        cells = max(layer.cells for layer in self._layers)
        self._input = array("I", bytes(4 * _INPUT_CELLS))
        self._one, self._other = array("I", bytes(4 * cells)), array("I", bytes(4 * cells))
        self._counts, self._table = array("H", bytes(2 * _VALUES)), bytearray(_VALUES)
        self._bases = array("I", bytes(4 * _PLACES))
        self._words = (_INPUT_CELLS, cells, cells, _VALUES // 2, _VALUES // 4, _PLACES)
        self._buffers = (self._input, self._one, self._other, self._counts, self._table, self._bases)

    def run(self, window: bytearray, logits: "array[int]", embedding: "array[int]") -> None:
        """Fill `logits` ("i", one for each word, then one for no word) and `embedding` ("H", `embedding_size`).

        `window` has 1536 bytes of the front end, 48 frames of 32 bands. Nothing is allocated. Raises ValueError if a
        buffer is too short.
        """
        if len(window) < _WINDOW_BYTES or len(logits) <= len(self.words) or len(embedding) < self.embedding_size:
            raise ValueError("a buffer is too short")
        one, other, layers = self._one, self._other, self._layers
        kernels.levels(window, self._input, self._counts, self._table)
        layer = layers[0]
        kernels.first(one, 0, self._input, layer.weights, one, layer.shape)
        for at in range(1, len(layers), 2):
            kernels.requantise(0, 0, one, other, layer.rules, layer.shape, 1)
            kernels.frame(other, layer.shape)
            layer = layers[at]
            kernels.depthwise(one, layer.weights, other, one, layer.shape)
            kernels.requantise(0, 0, one, one, layer.rules, layer.shape, 0)
            layer = layers[at + 1]
            kernels.pointwise(one, 0, one, layer.weights, other, self._bases, layer.shape)
            one, other = other, one
        kernels.requantise(0, 0, one, one, layer.rules, layer.shape, 0)
        kernels.pool(one, embedding, layer.shape)
        count = len(self.words) + 1
        kernels.dense(embedding, self._dense, logits, self._dense_bias, self.embedding_size, count)

    def clear(self) -> None:
        """Zero what the last run has left."""
        for at in range(len(self._buffers)):
            kernels.wipe(self._buffers[at], self._words[at])
