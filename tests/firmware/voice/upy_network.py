"""The network of the watch by itself: damaged files, short buffers, memory.

What it computes is held against plain integers by tests/host/voice/test_network.py.
"""

import binascii
import gc
from array import array

import micropython

from watch.kernel.errors import CorruptError
from watch.voice.network import Network
from watch.voice.weights import Weights

_FILE = "tests/vectors/voice/small.twv"
_WINDOW = bytearray(i * i // 7 % 256 for i in range(1536))


def _data():
    with open(_FILE, "rb") as file:
        return bytearray(file.read())


def _sealed(data):
    """The file with the right check sum of what is in it now."""
    data[-4:] = binascii.crc32(memoryview(data)[:-4]).to_bytes(4, "little")
    return data


def _room(network):
    return array("i", bytes(4 * (len(network.words) + 1))), array("H", bytes(2 * network.embedding_size))


def _refused(data):
    try:
        Network(data)
        return False
    except CorruptError:
        return True


def test_what_is_in_a_file():
    network = Network(_data())
    assert network.words == ("yes", "no", "付款")
    assert network.embedding_size == 32
    assert network.thresholds == (32768 / 65536, 45875 / 65536, 52428 / 65536)
    assert network.pull == 4.0
    assert network.near == 45875 / 65536
    assert 0 < network.scale < 1
    assert network.centre == bytes(_data()[-4 - 32 : -4]) and max(network.centre) == 255


def test_a_run_allocates_nothing_and_says_the_same_again():
    network = Network(_data())
    logits, embedding = _room(network)
    micropython.heap_lock()
    try:
        network.run(_WINDOW, logits, embedding)
    finally:
        micropython.heap_unlock()
    assert any(embedding)
    again, _ = _room(network)
    network.run(bytearray(i % 256 for i in range(1536)), again, embedding)
    assert again != logits
    network.run(_WINDOW, again, embedding)
    assert again == logits, "a run depends on the one before"


def test_nothing_of_what_was_heard_is_left():
    network = Network(_data())
    buffers = network._buffers
    network.run(_WINDOW, *_room(network))
    assert all(any(buffer) for buffer in buffers), "one of the buffers is not used"
    micropython.heap_lock()
    try:
        network.clear()
    finally:
        micropython.heap_unlock()
    assert not any(any(buffer) for buffer in buffers)
    held = [value for value in network.__dict__.values() if isinstance(value, (array, bytearray))]
    assert len(held) == len(buffers) + 2, "a buffer that nobody clears"  # the dense layer has two


def test_short_buffers_are_refused():
    network = Network(_data())
    logits, embedding = _room(network)
    for given in (
        (_WINDOW[:-1], logits, embedding),
        (_WINDOW, logits[:-1], embedding),
        (_WINDOW, logits, embedding[:-1]),
    ):
        try:
            network.run(*given)
        except ValueError:
            continue
        raise AssertionError(given)


def test_damage_is_noticed():
    data = _data()
    for at in range(len(data)):
        for flip in (1, 0x10, 0xFF):
            data[at] ^= flip
            assert _refused(data), at
            data[at] ^= flip
        assert _refused(data[:at]), at
        assert _refused(_sealed(data[:at] if at > 4 else data[:4])), at
    assert _refused(data + b"\0")
    assert _refused(_sealed(data + b"\0"))
    assert not _refused(data)
    print("NOTE voice: weights with one byte changed, refused: %d; cut short, refused: %d" % (3 * at + 3, 2 * at + 2))


def _consistent(weights):
    """True if the loops stay within what they are given: sizes follow from channels, channels from shapes."""
    inside, rows, bands = 1, 12, 16
    for number, layer in enumerate(weights.layers):
        shape = layer.shape
        if shape[4] == 2 and number:
            rows, bands = rows // 2, bands // 2
        depth = number % 2 == 1
        taps = 25 if not number else 9 if depth else inside
        if (shape[0], shape[1], shape[2]) != (rows, bands, inside) or shape[3] > 128 or shape[3] % 8 or not shape[3]:
            return False
        if len(layer.weights) != taps * shape[3] or len(layer.rules) != 4 * shape[3] or rows * bands % 12:
            return False
        if (depth and shape[3] != inside) or layer.cells != (rows + 2) * (bands + 2) * shape[3] or layer.cells > 8192:
            return False
        inside = shape[3]
    count = len(weights.words) + 1
    sizes = (len(weights.dense), len(weights.dense_bias), len(weights.centre), max(weights.centre))
    return sizes == (count * 2 * inside, count, 2 * inside, 255)


def test_a_centre_that_is_none_is_refused():
    size = 32
    for centre in (bytes(size), b"\xfe" * size, b"\x01" * size):
        data = _data()
        data[-4 - size : -4] = centre
        assert _refused(_sealed(data)), centre
        data[-5] = 255
        assert not _refused(_sealed(data)), centre


def test_forged_files_are_refused_or_run():
    """Each byte changed and the check sum made right: an error, or other numbers."""
    data = _data()
    refused = taken = 0
    gc.collect()
    before = gc.mem_alloc()
    for at in range(len(data) - 4):
        kept = data[at]
        for value in (kept ^ 1, kept ^ 0x80, kept ^ 0x08, 0, 255):
            data[at] = value
            _sealed(data)
            try:
                network = Network(data)
                assert _consistent(Weights(data)), at
                network.run(_WINDOW, *_room(network))
                taken += 1
            except CorruptError:
                refused += 1
        data[at] = kept
        network = None
    gc.collect()
    assert gc.mem_alloc() - before < 1000
    assert refused > 100 and taken > 100
    print("NOTE voice: forged weights refused %d, run %d" % (refused, taken))
