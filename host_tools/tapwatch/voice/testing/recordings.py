"""Folders of recordings: what is said in each file, and by whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tapwatch.errors import UserError
from tapwatch.voice.testing.sound import SUFFIXES
from tapwatch.voice.words import DIGITS, WORDS, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

WORD, OTHER, CONTINUOUS = "word", "other", "continuous"
SYNTHETIC = "synthetic.txt"
"""A file of this name says that programs speak in its folder and below, and nobody else."""
_OTHER_FOLDERS = ("other", "isolated_other", "unknown", "_unknown_")
_CONTINUOUS_FOLDERS = ("continuous", "noise", "background", "_background_noise_")
_MANDARIN = {spoken(word, "zh"): word for word in WORDS}
_NOBODY = "?"
LAYOUT = """A folder for each word, `timer/anna_1.wav`, or names that begin with it, `digits/7_anna_1.wav`. `other/` has
single words that are no commands, and so has a folder named after such a word; `continuous/` has speech or noise."""


@dataclass(frozen=True)
class Recording:
    """One file.

    Attributes:
        kind: WORD, OTHER or CONTINUOUS.
        word: the id in the vocabulary; of another word whatever the file or folder is called.
        speaker: by the name of the file; "?" where it says nothing.
    """

    path: Path
    kind: str
    word: str
    speaker: str
    synthetic: bool = False
    """A program speaks: the file is below a `SYNTHETIC`."""


def find(folders: Sequence[Path], words: Iterable[str]) -> list[Recording]:
    """Every recording below the folders, by name. Raises UserError if there is none, or a folder is missing."""
    known = frozenset(words)
    found: list[Recording] = []
    for folder in folders:
        if not folder.is_dir():
            raise UserError(f"There is no folder {folder}.", "Name a folder of recordings.")
        files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
        if not files:
            raise UserError(f"There is no sound below {folder}.", f"It takes files of {', '.join(SUFFIXES)}. {LAYOUT}")
        synthetic = {inner for inner in {path.parent for path in files} if _is_synthetic(inner.resolve())}
        found += [replace(_recording(path, folder, known), synthetic=path.parent in synthetic) for path in files]
    return found


def _is_synthetic(folder: Path) -> bool:
    return any((above / SYNTHETIC).is_file() for above in (folder, *folder.parents))


def summary(recordings: Sequence[Recording]) -> list[str]:
    """What the files were taken for, a line for each kind."""
    lines = []
    for kind in (WORD, OTHER, CONTINUOUS):
        chosen = [recording for recording in recordings if recording.kind == kind]
        if chosen:
            words = sorted({recording.word for recording in chosen})
            speakers = len({recording.speaker for recording in chosen} - {_NOBODY})
            lines.append(f"{kind}: {len(chosen)} files, {speakers} speakers by name, {len(words)} words: {_few(words)}")
            if made := sum(recording.synthetic for recording in chosen):
                lines.append(f"{kind}: {made} of these files are said by programs, not by people")
    return lines


def _few(words: list[str]) -> str:
    return " ".join(words[:40]) + (" …" if len(words) > 40 else "")


def _recording(path: Path, folder: Path, known: frozenset[str]) -> Recording:
    """Folders speak first, the nearest before those above; then the name of the file."""
    above = [part.lower() for part in (folder.name, *path.relative_to(folder).parts[:-1])]
    for at in range(len(above) - 1, -1, -1):
        name = above[at]
        inner = path.relative_to(folder).parts[at:-1]
        if name in _CONTINUOUS_FOLDERS:
            return Recording(path, CONTINUOUS, "", _NOBODY)
        if name in _OTHER_FOLDERS:
            return Recording(
                path, OTHER, inner[0].lower() if inner else _first(path.stem), _speaker_of_other(path.stem)
            )
        if (word := _word(name, known)) is not None:
            return Recording(path, WORD, word, inner[0] if inner else _speaker(path.stem))
    first, _, rest = path.stem.partition("_")
    if (word := _word(first.lower(), known)) is not None and rest:
        return Recording(path, WORD, word, _speaker(rest))
    return Recording(path, OTHER, above[-1], _speaker_of_other(path.stem))


def _word(name: str, known: frozenset[str]) -> str | None:
    """The id of the vocabulary that a name stands for: itself, a digit, or what Mandarin says for it."""
    name = _MANDARIN.get(name, name)
    if name in known:
        return name
    return DIGITS[int(name)] if len(name) == 1 and name.isdecimal() else None


def _first(stem: str) -> str:
    return stem.lower().partition("_")[0]


def _speaker_of_other(stem: str) -> str:
    return _speaker(stem) if "_nohash_" in stem else _NOBODY


def _speaker(stem: str) -> str:
    """`anna_nohash_2` and `anna_2` are Anna's."""
    if "_nohash_" in stem:
        return stem.partition("_nohash_")[0]
    name, line, _ = stem.rpartition("_")
    return name if line else _NOBODY
