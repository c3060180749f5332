"""The ears of the watch for `tapwatch voice test`: recordings in, what the watch made of them out; no time passes.

The recordings go through `Listener` as from a microphone. Started with a file of weights, it writes a line of JSON
(`Trial.hello`), then answers requests on standard input: one byte that says what, four with the length, the rest. All
numbers are little endian. Each mask decides anew from the kept logits and embedding: the network runs once a window.
"""

import asyncio
import json
import struct
import sys
from array import array

from micropython import const

from watch.kernel import loop
from watch.kernel.clock import Clock
from watch.kernel.virtual import VirtualTime
from watch.system.voice.masks import ENDS, TYPE, rules
from watch.voice.decision import Recogniser
from watch.voice.features import FrontEnd
from watch.voice.heard import REASONS
from watch.voice.listener import Listener
from watch.voice.network import Network
from watch.voice.prototypes import Prototypes, shrink
from watch.voice.vocabulary import DIGITS, WORDS, risk

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

SCREENS = (
    ("face", "FaceScreen", "face"),
    ("keys", "AmountEntryScreen", "merchant-amount"),
    ("player", "AppScreen", "app-music"),
    ("dialog", "QuestionScreen", "forget"),
)
"""Screens whose masks are tried, beside all words, and the digits alone."""
_SAMPLES_PER_MS = const(16)
_HOP = const(320)
_FRAME = const(512)
_FRAMES = const(48)
_BANDS = const(32)
_TAIL = const(3_200)
"""Samples at the end of a recording that come again and again after it."""
_NOBODY = const(255)
_ANY = (0.0, 0.0, 0.0)
_NEVER = -(1 << 31)
_HEAD = "<BI"
_HEAD_BYTES = const(5)


def masks() -> "list[tuple[str, tuple[str, ...]]]":
    """Name and words of each mask; the first one has every word."""
    made = [("all", WORDS), ("digits", DIGITS)]
    for name, kind, screen in SCREENS:
        taken = [rule[0] for rule in rules(kind, screen)]
        if any(rule[1] == TYPE for rule in rules(kind, screen)):
            taken.append(ENDS)
        made.append((name, tuple([word for word in WORDS if word in taken])))
    return made


class Tape:
    """A microphone that hears a recording, as fast as time goes."""

    def __init__(self, clock: Clock) -> None:
        self.at = 0
        """The next sample."""
        self.samples = memoryview(b"")
        self._clock = clock
        self._counted_ms = 0

    def load(self, data: bytes) -> None:
        """Samples of 16 bits; at the beginning again."""
        self.samples = memoryview(array("h", data))
        self.at = 0

    def start(self) -> None:
        """What is said from now on is heard."""
        self._counted_ms = self._clock.ticks_ms()

    def read(self, into: memoryview) -> int:
        """As many samples as time has passed, or as there is room for; see `ports.Microphone`."""
        now_ms = self._clock.ticks_ms()
        count = min(len(into), (now_ms - self._counted_ms) * _SAMPLES_PER_MS)
        self._counted_ms += count // _SAMPLES_PER_MS
        length = len(self.samples)
        tail = min(_TAIL, length)
        done = 0
        while done < count:
            place = self.at if self.at < length else length - tail + (self.at - length) % tail
            part = min(count - done, length - place)
            into[done : done + part] = self.samples[place : place + part]
            done += part
            self.at += part
        return count

    def stop(self) -> None:
        """Nothing is kept."""


class Memory:
    """A network that remembers what the last window gave, and gives it again when it is told to."""

    def __init__(self, network: Network) -> None:
        self.words = network.words
        self.embedding_size = network.embedding_size
        self.thresholds = network.thresholds
        self.scale = network.scale
        self.pull = network.pull
        self.near = network.near
        self.centre = network.centre
        self.logits = array("i", bytes(4 * (len(network.words) + 1)))
        self.embedding = array("H", bytes(2 * network.embedding_size))
        self.replay = False
        self.runs = 0
        self._network = network

    def run(self, window: bytearray, logits: "array[int]", embedding: "array[int]") -> None:
        """See `Network.run`."""
        if not self.replay:
            self._network.run(window, self.logits, self.embedding)
            self.runs += 1
        logits[:] = self.logits
        embedding[:] = self.embedding

    def clear(self) -> None:
        """See `Network.clear`."""
        self._network.clear()


class Again(Recogniser):
    """Decides about one window for several masks."""

    fresh = True
    """What the network has to say must be fetched: another window, or other logits."""

    def embed(self, window: bytearray, into: bytearray) -> None:
        """See `Recogniser.embed`; what was fetched stays."""
        if self.fresh:
            Recogniser.embed(self, window, into)
            self.fresh = False


class Nowhere:
    """Keeps no records (`prototypes.Keep`)."""

    def read(self, language: str) -> "list[tuple[str, bytes]]":
        """None."""
        return []

    def write(self, language: str, word: str, data: bytes) -> None:
        """Forget it."""

    def delete(self, language: str, word: str) -> None:
        """There is none."""


class Trial:
    """Answers the requests."""

    def __init__(self, weights: bytes, time: VirtualTime) -> None:
        """Raises an error of the tree for weights that cannot be used."""
        clock = Clock(time, 0)
        self._memory = Memory(Network(weights))
        self._front = FrontEnd()
        self._prototypes = Prototypes(Nowhere(), "en", self._memory.centre)
        self._recogniser = Recogniser(self._memory, self._prototypes)
        self._again = Again(self._memory, self._prototypes)
        self._tape = Tape(clock)
        self._listener = Listener(self._tape, self._recogniser, clock)
        self._masks = masks()
        self._window = bytearray(_FRAMES * _BANDS)

    def hello(self) -> "dict[str, Any]":
        """What the other side must know of the weights."""
        memory = self._memory
        return {
            "words": list(memory.words),
            "masks": [[name, list(words)] for name, words in self._masks],
            "risks": [risk(word) for word in memory.words],
            "thresholds": list(memory.thresholds),
            "scale": memory.scale,
            "reasons": list(REASONS),
            "embedding": memory.embedding_size,
        }

    async def answer(self, what: bytes, data: bytes) -> bytes:
        """The answer to one request. Raises KeyError for a request that there is not."""
        if what == b"H":
            return await self._hear(data)
        return {b"E": self._enrol, b"D": self._decide}[what](data)

    async def _hear(self, data: bytes) -> bytes:
        """Listen again and again until a recording is over.

        Request: milliseconds of one listening (u16), once or to the end (u8), a zero byte, the sample in the middle of
        the word or -1 (i32), the samples. Answer: how many listenings (u16); each: reason (u8), whether the network ran
        (u8), the sample at its end (u32), `_result` if it ran; then that of the window around the middle, unless -1.
        """
        limit_ms, again, _, middle = struct.unpack_from("<HBBi", data, 0)
        self._tape.load(data[8:])
        made, count = [], 0
        while not count or (again and self._tape.at < len(self._tape.samples)):
            runs = self._memory.runs
            heard = await self._listener.listen(WORDS, limit_ms)
            ran = self._memory.runs > runs
            made.append(struct.pack("<BBI", REASONS.index(heard.reason), ran, self._tape.at))
            if ran:
                made.append(self._result())
            count += 1
        if middle >= 0:
            self._look_at(middle)
            made.append(self._result())
        return struct.pack("<H", count) + b"".join(made)

    def _look_at(self, middle: int) -> None:
        """Run the network over the window around a sample, whatever is in it."""
        samples = self._tape.samples
        first = min(max(0, middle - (_FRAMES * _HOP) // 2), max(0, len(samples) - (_FRAMES - 1) * _HOP - _FRAME))
        for frame in range(_FRAMES):
            self._front.frame(samples, first + frame * _HOP, self._window, frame * _BANDS)
        self._recogniser.decide(self._window, WORDS)

    def _result(self) -> bytes:
        """Logits (i32), embedding (u16); for each mask the word (u8, 255 for none) and its probability (f32).

        Then for each mask the best word (u8), however unlikely it is.
        """
        memory, parts = self._memory, []
        kept = bytes(memory.logits) + bytes(memory.embedding)
        thresholds, nothing = memory.thresholds, memory.logits[-1]
        memory.replay = self._again.fresh = True
        for _, mask in self._masks:
            heard = self._again.decide(self._window, mask)
            parts.append(struct.pack("<Bf", self._place(heard.word), heard.score))
        memory.thresholds, memory.logits[-1], self._again.fresh = _ANY, _NEVER, True
        for _, mask in self._masks:
            parts.append(bytes((self._place(self._again.decide(self._window, mask).word),)))
        memory.thresholds, memory.logits[-1] = thresholds, nothing
        memory.replay = False
        return kept + b"".join(parts)

    def _place(self, word: str) -> int:
        return self._memory.words.index(word) if word else _NOBODY

    def _enrol(self, data: bytes) -> bytes:
        """Forget all words, then learn new ones: for each the word (u8), how many shots (u8), and those embeddings."""
        self._prototypes.forget_all()
        size, at = 2 * self._memory.embedding_size, 0
        while at < len(data):
            word, count = data[at], data[at + 1]
            at += 2
            shots = []
            for _ in range(count):
                shot = bytearray(self._memory.embedding_size)
                shrink(array("H", data[at : at + size]), shot)
                shots.append(shot)
                at += size
            self._prototypes.add(self._memory.words[word], shots)
        return b""

    def _decide(self, data: bytes) -> bytes:
        """Decide anew about logits and embeddings of earlier answers: for each, as `_result`."""
        memory, parts = self._memory, []
        split, whole = len(bytes(memory.logits)), len(bytes(memory.logits)) + len(bytes(memory.embedding))
        for at in range(0, len(data), whole):
            memory.logits = array("i", data[at : at + split])
            memory.embedding = array("H", data[at + split : at + whole])
            parts.append(self._result())
        return b"".join(parts)


async def _serve(trial: Trial) -> None:
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    print(json.dumps(trial.hello()))
    while head := source.read(_HEAD_BYTES):
        what, length = struct.unpack(_HEAD, head)
        data = source.read(length)
        answer = await trial.answer(bytes((what,)), data)
        sink.write(struct.pack("<I", len(answer)))
        sink.write(answer)
        await asyncio.sleep(0)


def main(weights: str) -> None:
    """Serve until the input ends."""
    with open(weights, "rb") as file:
        data = file.read()
    time = VirtualTime(None)
    loop.run(_serve(Trial(data, time)), time)
