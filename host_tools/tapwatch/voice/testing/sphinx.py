"""PocketSphinx on the same recordings: a recogniser for desks, with a grammar of the same words. The peer to beat."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Any

from tapwatch.errors import UserError
from tapwatch.voice.testing.rates import Rate
from tapwatch.voice.testing.sound import as_bytes, in_a_room, read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tapwatch.voice.testing.recordings import Recording

_decoders: dict[tuple[str, ...], Any] = {}  # of this process: making one takes half a second


def compare(recordings: Sequence[Recording], words: Sequence[str], processes: int = 0) -> Rate:
    """How many it understands of recordings in a quiet room, when it may choose between `words`. Raises UserError."""
    chosen = tuple(words)
    if processes == 1:
        heard = [_understand((recording, chosen)) for recording in recordings]
        return _rate(recordings, heard)
    with ProcessPoolExecutor(processes or len(os.sched_getaffinity(0))) as pool:
        heard = list(pool.map(_understand, [(recording, chosen) for recording in recordings], chunksize=8))
    return _rate(recordings, heard)


def _rate(recordings: Sequence[Recording], heard: Sequence[str]) -> Rate:
    right = sum(recording.word == word for recording, word in zip(recordings, heard, strict=True))
    return Rate(right, len(recordings))


def _understand(task: tuple[Recording, tuple[str, ...]]) -> str:
    """What it hears, "" for nothing."""
    recording, words = task
    decoder = _decoder(words)
    decoder.start_utt()
    decoder.process_raw(as_bytes(in_a_room(read(recording.path), recording.path.name)), full_utt=True)
    decoder.end_utt()
    hypothesis = decoder.hyp()
    return hypothesis.hypstr.strip() if hypothesis is not None else ""


def _decoder(words: tuple[str, ...]) -> Any:
    try:
        from pocketsphinx import Config, Decoder
    except ImportError as problem:
        raise UserError("PocketSphinx is not installed.", "pip install -r requirements/voice.lock") from problem

    if words not in _decoders:
        decoder = Decoder(Config(lm=None, loglevel="FATAL"))
        grammar = f"#JSGF V1.0;\ngrammar words;\npublic <word> = {' | '.join(words)};\n"
        if missing := [word for word in words if decoder.lookup_word(word) is None]:
            raise UserError(f"PocketSphinx has no pronunciation of {', '.join(missing)}.", "Compare in English only.")
        decoder.add_jsgf_string("words", grammar)
        decoder.activate_search("words")
        _decoders[words] = decoder
    return _decoders[words]
