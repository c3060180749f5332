"""Recordings are found, read and laid into a room as `tapwatch voice test` says; rates are as in the textbook."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

np = pytest.importorskip("numpy")
soundfile = pytest.importorskip("soundfile", reason="soundfile is not installed: sound files were NOT tested")
pytest.importorskip("soxr", reason="soxr is not installed: sound files were NOT tested")

from tapwatch.errors import UserError  # noqa: E402 - after the skip
from tapwatch.voice.testing import noises, sound  # noqa: E402
from tapwatch.voice.testing.rates import Rate, mean_percent, per_hour, total, worst  # noqa: E402
from tapwatch.voice.testing.recordings import SYNTHETIC, find, summary  # noqa: E402

if TYPE_CHECKING:
    from pathlib import Path

WORDS = ("timer", "yes", "back", "seven", "zero")
TONE = np.sin(np.arange(8_000) * 0.3) * 8_000


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, TONE / 32_768, 8_000)


LAYOUTS = (
    ("digits/7_anna_12.wav", "word", "seven", "anna"),
    ("timer/anna_3.wav", "word", "timer", "anna"),
    ("Yes/0a7c2a8d_nohash_1.wav", "word", "yes", "0a7c2a8d"),
    ("back/bob/take1.wav", "word", "back", "bob"),
    ("timer_bob_2.flac", "word", "timer", "bob"),
    ("返回/wang_1.wav", "word", "back", "wang"),
    ("七_li_2.wav", "word", "seven", "li"),
    ("0/carol_1.wav", "word", "zero", "carol"),
    ("isolated_other/alexa_1.wav", "other", "alexa", "?"),
    ("other/mirror/x.wav", "other", "mirror", "?"),
    ("backward/0a7c2a8d_nohash_0.wav", "other", "backward", "0a7c2a8d"),
    ("continuous/038439fc.wav", "continuous", "", "?"),
    ("_background_noise_/running_tap.wav", "continuous", "", "?"),
)


@pytest.mark.parametrize(("name", "kind", "word", "speaker"), LAYOUTS)
def test_layout(tmp_path: Path, name: str, kind: str, word: str, speaker: str) -> None:
    put(tmp_path, name)
    (recording,) = find([tmp_path], WORDS)
    assert (recording.kind, recording.word, recording.speaker) == (kind, word, speaker)


def test_a_folder_of_one_word_may_be_named_itself(tmp_path: Path) -> None:
    put(tmp_path, "timer/anna_1.wav", "timer/bob_1.wav")
    assert [recording.speaker for recording in find([tmp_path / "timer"], WORDS)] == ["anna", "bob"]
    assert summary(find([tmp_path / "timer"], WORDS)) == ["word: 2 files, 2 speakers by name, 1 words: timer"]


def test_programs_say_what_lies_below_their_mark(tmp_path: Path) -> None:
    put(tmp_path, "timer/anna_1.wav", "voices/yes/puck_1.wav")
    (tmp_path / "voices" / SYNTHETIC).touch()
    found = find([tmp_path], WORDS)
    assert {recording.speaker: recording.synthetic for recording in found} == {"anna": False, "puck": True}
    assert summary(found)[1] == "word: 1 of these files are said by programs, not by people"
    assert find([tmp_path / "voices/yes"], WORDS)[0].synthetic, "the mark is above the folder that was named"


def test_what_is_no_sound_is_said(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("this is no sound")
    (tmp_path / "empty.wav").touch()
    soundfile.write(tmp_path / "silent.wav", np.zeros(0), 8_000)
    soundfile.write(tmp_path / "slow.wav", TONE, 2_000)
    soundfile.write(tmp_path / "endless.flac", np.zeros(8_000 * 601), 8_000)
    for path in tmp_path.iterdir():
        with pytest.raises(UserError) as caught:
            sound.read(path)
        assert path.name in caught.value.message
        assert caught.value.hint
    for folder in (tmp_path / "nowhere", tmp_path / "bare"):
        if folder.name == "bare":
            folder.mkdir()
        with pytest.raises(UserError, match=r"There is no"):
            find([folder], WORDS)


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg"])
def test_sound_is_read_at_16_khz(tmp_path: Path, suffix: str) -> None:
    stereo = np.stack([TONE, TONE], axis=1) / 32_768
    soundfile.write(tmp_path / f"tone{suffix}", stereo, 8_000)
    read = sound.read(tmp_path / f"tone{suffix}")
    assert len(read) == 16_000
    expected = np.sin(np.arange(16_000) * 0.15) * 8_000
    assert sound.rms(read[1000:-1000] - expected[1000:-1000]) < 0.15 * sound.rms(expected)


def test_the_room_is_as_quiet_as_the_recording() -> None:
    rng = np.random.default_rng(1)
    word = rng.standard_normal(9_600) * np.repeat([10, 3_000, 10], 3_200)
    room = sound.in_a_room(word, "name")
    before, after = int(sound.BEFORE_S * sound.RATE), int(sound.AFTER_S * sound.RATE)
    assert len(room) == before + len(word) + after
    assert 5 < sound.rms(room[:before]) < 20
    assert np.array_equal(room, sound.in_a_room(word, "name"))
    tight = sound.in_a_room(rng.standard_normal(9_600) * 3_000, "tight")
    assert 20 * math.log10(3_000 / sound.rms(tight[:before])) == pytest.approx(35, abs=1.5)
    assert sound.middle_of(word) == pytest.approx(4_800, abs=320)
    assert len(sound.in_a_room(np.ones(5), "short")) == before + 5 + after


def test_noise_is_as_far_below_as_it_is_said() -> None:
    rng = np.random.default_rng(2)
    word = rng.standard_normal(8_000) * 1_000
    for maker in noises.NOISES.values():
        noise = maker(rng, [word])
        mixed = sound.mixed(np.zeros(16_000), noise, 10, word)
        assert 20 * math.log10(sound.loudness(word) / sound.rms(mixed)) == pytest.approx(10, abs=0.1)


@pytest.mark.parametrize("kind", noises.BAD)
def test_bad_sounds_are_numbers(kind: str) -> None:
    for words in ([], [TONE]):
        made = noises.BAD[kind](np.random.default_rng(3), words)
        assert len(made) >= 4 * sound.RATE
        assert np.isfinite(made).all()
        assert sound.rms(made) > 100 or kind == "silence"


def test_rates() -> None:
    assert Rate(93, 100).interval == pytest.approx((86.25, 96.57), abs=0.01)  # as statsmodels' proportion_confint
    assert Rate(0, 190).interval == pytest.approx((0, 1.98), abs=0.01)
    assert Rate(0, 0).interval == (0, 100)
    rates = {"a": Rate(9, 10), "b": Rate(50, 100)}
    assert total(rates) == Rate(59, 110)
    assert mean_percent(rates) == pytest.approx(70)
    assert worst(rates) == ("b", Rate(50, 100))
    assert worst(rates, highest=True) == ("a", Rate(9, 10))
    assert worst(rates | {"said one word": Rate(0, 1)}) == ("b", Rate(50, 100))
    assert worst({"said one word": Rate(0, 1)}) == ("said one word", Rate(0, 1))


def test_events_an_hour() -> None:
    assert per_hour(0, 1) == pytest.approx((0, 2.996), abs=0.001)  # -ln 0.05
    assert per_hour(3, 2) == pytest.approx((1.5, 7.754 / 2), abs=0.001)  # tables of Poisson, one-sided
    assert per_hour(0, 0)[1] == math.inf
