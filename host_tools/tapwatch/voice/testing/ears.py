"""The watch's own code as a listener: MicroPython processes that run `board/simulator/voice_trial.py`."""

from __future__ import annotations

import json
import os
import queue
import signal
import struct
import subprocess
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tapwatch.compiled import ROOT, search_path
from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.simulator.process import interpreter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_HEAP = "32M"
_MAIN = "import sys; sys.path.pop(0); from board.simulator.voice_trial import main; main(sys.argv[-1])"
_NOBODY = 255
_PATIENCE_S = 120
_AT_A_TIME = 100
"""Results that are decided about in one request."""
LIMIT_MS = 3_000
"""How long the watch listens after the button."""


@dataclass(frozen=True)
class Result:
    """What the watch made of one window of 48 frames.

    Attributes:
        logits: one for each word of the weights, the last for no word.
        embedding: of the network.
        decided: for each mask the word, "" for "say that again".
        score: for each mask the probability of the best word.
        best: for each mask the best word, however unlikely it is.
    """

    logits: NDArray[np.int32]
    embedding: NDArray[np.uint16]
    decided: dict[str, str]
    score: dict[str, float]
    best: dict[str, str]


@dataclass(frozen=True)
class Listening:
    """One press of the button.

    Attributes:
        reason: why there is no word, with all words allowed; "" if there is one.
        end_s: where in the recording it ended.
        result: None if nothing came to the network.
    """

    reason: str
    end_s: float
    result: Result | None


@dataclass(frozen=True)
class Hearing:
    """What became of one recording: its listenings, and the window around its middle if that was asked for."""

    listenings: tuple[Listening, ...]
    middle: Result | None


@dataclass(frozen=True)
class Sound:
    """A recording to be heard: bytes of 16-bit samples at 16 kHz.

    Attributes:
        middle: the sample in the middle of the word, for the window that no endpoint has chosen; -1 for none.
        again: press the button again until the recording is over.
    """

    data: bytes
    middle: int = -1
    again: bool = False


class EarsFailed(UserError):
    """The watch's code ended."""

    def __init__(self, status: int, output: str) -> None:
        reason = signal.Signals(-status).name if status < 0 else f"status {status}"
        super().__init__(f"The voice code of the watch ended with {reason}.", output.strip(), EXIT_FAILED)


class _Process:
    """One interpreter."""

    def __init__(self, weights: Path, path: str) -> None:
        """Raises UserError when it cannot be started, EarsFailed when it does not take the weights."""
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        command = [*interpreter(_HEAP), "-c", _MAIN, str(weights.resolve())]
        try:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=dict(os.environ, MICROPYPATH=path),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
            )
        except OSError as problem:
            self._errors.close()
            raise UserError("MicroPython cannot be started.", "Run `make setup` first.") from problem
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101 - pipes, see above
        self._input, self._output = self._process.stdin, self._process.stdout
        first = self._output.readline()
        try:
            self.hello: dict[str, Any] = json.loads(first)
        except ValueError as problem:
            raise self._failed(first + self._output.read()) from problem

    def ask(self, what: bytes, data: bytes) -> bytes:
        """One request. Raises EarsFailed."""
        patience = threading.Timer(_PATIENCE_S, self._process.kill)  # what hangs ends as what crashes
        patience.start()
        try:
            self._input.write(struct.pack("<cI", what, len(data)) + data)
            self._input.flush()
            head = self._output.read(4)
            length = int.from_bytes(head, "little")
            answer = self._output.read(length)
        except BrokenPipeError as problem:
            raise self._failed(self._output.read()) from problem
        finally:
            patience.cancel()
        if len(head) < 4 or len(answer) < length:
            raise self._failed(head + answer)  # MicroPython writes its traceback where the answer was to be
        return answer

    def close(self) -> None:
        """End it and wait for it."""
        self._process.kill()
        self._process.communicate()
        self._errors.close()

    def _failed(self, last: bytes = b"") -> EarsFailed:
        status = self._process.wait()
        self._errors.seek(0)
        return EarsFailed(status, (self._errors.read() + last).decode(errors="replace")[-2000:])


class Ears:
    """Hears many recordings at a time. A context manager."""

    def __init__(self, weights: Path, processes: int = 0) -> None:
        """`processes`: 0 for one each processor. Raises UserError; EarsFailed for weights that do not fit."""
        if not weights.is_file():
            raise UserError(f"There are no weights in {weights}.", "Train them: tapwatch voice train.")
        path = search_path()
        self._idle: queue.Queue[_Process] = queue.Queue()
        self._all = [_Process(weights, path) for _ in range(processes or len(os.sched_getaffinity(0)))]
        for process in self._all:
            self._idle.put(process)
        hello = self._all[0].hello
        self.words: list[str] = hello["words"]
        self.masks: dict[str, list[str]] = dict(hello["masks"])
        self.risks: list[int] = hello["risks"]
        self.thresholds: list[float] = hello["thresholds"]
        self.scale: float = hello["scale"]
        self._reasons: list[str] = hello["reasons"]
        self._logit_bytes = 4 * (len(self.words) + 1)
        self._embedding_bytes = 2 * hello["embedding"]
        self._result_bytes = self._logit_bytes + self._embedding_bytes + 6 * len(self.masks)
        self._pool = ThreadPoolExecutor(len(self._all))

    def __enter__(self) -> Ears:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)
        for process in self._all:
            process.close()

    def hear(self, sounds: Iterable[Sound], limit_ms: int = LIMIT_MS) -> Iterable[Hearing]:
        """What the watch makes of each, in order. Raises EarsFailed."""
        return self._pool.map(lambda sound: self._hear(sound, limit_ms), sounds)

    def decide(
        self, wearers: Iterable[tuple[Mapping[str, Sequence[Result]], Sequence[Result]]]
    ) -> Iterable[list[Result]]:
        """Decide again about earlier results, as the watch of each wearer who said some words. Raises EarsFailed."""
        return self._pool.map(lambda wearer: self._decide(*wearer), wearers)

    def _hear(self, sound: Sound, limit_ms: int) -> Hearing:
        process = self._idle.get()
        try:
            answer = process.ask(b"H", struct.pack("<HBBi", limit_ms, sound.again, 0, sound.middle) + sound.data)
        finally:
            self._idle.put(process)
        (count,) = struct.unpack_from("<H", answer)
        at, listenings = 2, []
        for _ in range(count):
            reason, ran, end = struct.unpack_from("<BBI", answer, at)
            at += 6
            result = self._result(answer, at) if ran else None
            at += self._result_bytes * ran
            listenings.append(Listening(self._reasons[reason], end / 16_000, result))
        return Hearing(tuple(listenings), self._result(answer, at) if sound.middle >= 0 else None)

    def _decide(self, enrolled: Mapping[str, Sequence[Result]], results: Sequence[Result]) -> list[Result]:
        shots = b"".join(
            bytes((self.words.index(word), len(said))) + b"".join(result.embedding.tobytes() for result in said)
            for word, said in enrolled.items()
        )
        data = [result.logits.tobytes() + result.embedding.tobytes() for result in results]
        parts = [b"".join(data[at : at + _AT_A_TIME]) for at in range(0, len(data), _AT_A_TIME)]
        process = self._idle.get()
        try:
            process.ask(b"E", shots)
            answer = b"".join([process.ask(b"D", part) for part in parts])
            process.ask(b"E", b"")
        finally:
            self._idle.put(process)
        return [self._result(answer, at) for at in range(0, len(answer), self._result_bytes)]

    def _result(self, answer: bytes, at: int) -> Result:
        logits = np.frombuffer(answer, "<i4", len(self.words) + 1, at)
        at += self._logit_bytes
        embedding = np.frombuffer(answer, "<u2", self._embedding_bytes // 2, at)
        at += self._embedding_bytes
        made = Result(logits, embedding, {}, {}, {})
        for place, mask in enumerate(self.masks):
            word, made.score[mask] = struct.unpack_from("<Bf", answer, at + 5 * place)
            made.decided[mask] = self._word(word)
            made.best[mask] = self._word(answer[at + 5 * len(self.masks) + place])
        return made

    def _word(self, place: int) -> str:
        return "" if place == _NOBODY else self.words[place]
