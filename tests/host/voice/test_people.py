"""Recordings of people: by number, in the order of their names, at the rate of the watch."""

from __future__ import annotations

import wave
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tapwatch.errors import UserError
from tapwatch.voice.speech import people
from tapwatch.voice.speech.engine import Style
from tapwatch.voice.training.voices import PEOPLE
from tapwatch.voice.words import RECORDING

if TYPE_CHECKING:
    from pathlib import Path


def test_recordings_are_numbered_by_their_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number beyond the last is nothing, as the packages of another year may have fewer; no folder is an error."""
    monkeypatch.setattr(people, "_SHARE", tmp_path)
    voice = tmp_path / "klettres/xx/alpha"
    voice.mkdir(parents=True)
    (voice / "readme.txt").write_text("no sound")
    for name, seconds in (("b", 0.5), ("a", 0.25)):
        with wave.open(str(voice / f"{name}.wav"), "wb") as file:
            file.setparams((1, 2, 22050, 0, "NONE", ""))
            file.writeframes((8000 * np.sin(np.arange(int(22050 * seconds)) * 0.2)).astype("<i2").tobytes())
    style, engine = Style("klettres/xx/alpha"), people.People()
    heard = [engine.say(f"{RECORDING}{number}", style) for number in range(3)]
    assert [None if sound is None else round(len(sound) / 16000, 2) for sound in heard] == [0.25, 0.5, None]
    with pytest.raises(UserError, match="there is no"):
        engine.say(f"{RECORDING}0", Style("klettres/yy/alpha"))


def test_folders_stay_in_their_place() -> None:
    """A folder becomes a path below /usr/share and a name of a file."""
    assert all(set(folder.split("/")).isdisjoint({"", ".", ".."}) for folder in PEOPLE)
