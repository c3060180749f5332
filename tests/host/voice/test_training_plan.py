"""The plan of synthetic speech: the same for ever, and nothing is trained on the voices that judge."""

from __future__ import annotations

import runpy
import sys
from random import Random
from types import SimpleNamespace

import pytest
from pypinyin import lazy_pinyin

from tapwatch.voice import words
from tapwatch.voice.speech.accents import accented
from tapwatch.voice.speech.engine import Style
from tapwatch.voice.speech.espeak import MANDARIN, pinyin
from tapwatch.voice.training import calibrate, voices
from tapwatch.voice.training.plan import Job, plan
from tests.tools.trees import ROOT


def _jobs(language: str = "en") -> dict[str, Job]:
    return {job.name: job for job in plan("full", language)}


def test_entries_are_what_they_always_were() -> None:
    """Literal names, keys and styles: a store that was filled once stays good."""
    jobs = plan("full", "en")
    assert len(jobs) == 1071
    assert sum(len(job.clips) for job in jobs) == 53876
    assert jobs[0].name == "kokoro_0_af_alloy_x_0"
    assert [clip.key for clip in jobs[0].clips[:3]] == ["payment|0|1.25", "wallet|1|1.1", "balance|2|1.25"]
    by_name = _jobs()
    mixed = by_name["kokoro_0_af_aoede_af_jessica_83"].clips[0].style
    assert mixed == Style("af_aoede", 1.1, "af_jessica", 0.37757172848767695)
    adam = by_name["espeak_0_adam_0"].clips
    assert (adam[0].key, adam[0].style.accent, adam[0].style.pitch) == ("payment|0|117", "en-gb-x-gbclan", 60)


def test_names_and_keys_are_unique() -> None:
    """One file for a job, one array for a clip."""
    for language in ("en", "zh"):
        jobs = plan("full", language)
        assert len({job.name for job in jobs}) == len(jobs)
        assert all(len({clip.key for clip in job.clips}) == len(job.clips) for job in jobs)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_voices_that_judge_are_not_trained_on(language: str) -> None:
    """Neither alone nor mixed; and every word of the vocabulary is said by them."""
    jobs = plan("full", language)
    judges = {(job.engine, job.clips[0].style.voice) for job in jobs if job.held}
    learners = {
        (job.engine, voice)
        for job in jobs
        if not job.held
        for clip in job.clips
        for voice in (clip.style.voice, clip.style.other)
    }
    assert judges
    assert not judges & learners
    assert set(words.WORDS) <= {clip.word for job in jobs if job.held for clip in job.clips}


def test_words_are_those_of_the_watch() -> None:
    """Ids, order and risks: a network's outputs mean the same on both sides."""
    watch = runpy.run_path(str(ROOT / "firmware/watch/voice/vocabulary.py"), {"const": int})
    assert watch["WORDS"] == words.WORDS
    assert [words.RISKS[watch["risk"](word)] for word in words.WORDS] == [calibrate.risk(word) for word in words.WORDS]


def test_masks_are_those_of_the_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those by which thresholds are found are the largest of their kinds: none of the watch's has more words."""
    vocabulary = runpy.run_path(str(ROOT / "firmware/watch/voice/vocabulary.py"), {"const": int})
    monkeypatch.setitem(sys.modules, "micropython", SimpleNamespace(const=lambda value: value))
    monkeypatch.setitem(sys.modules, "watch.voice.vocabulary", SimpleNamespace(**vocabulary))
    screens = runpy.run_path(str(ROOT / "firmware/watch/system/voice/masks.py"))["SCREENS"]
    watch = {frozenset(rule[0] for rule in rules) for names in screens.values() for rules in names.values()}
    keypad = frozenset(words.DIGITS)
    watch = {mask | {"stop"} if mask == keypad else mask for mask in watch}
    ours = {frozenset(mask) for mask in calibrate.MASKS.values()}
    assert ours <= watch
    assert not [mask for mask in watch for ours_too in ours if mask > ours_too]


def test_labels() -> None:
    """What sounds like a word is that word; what may or may not is nothing to learn from."""
    assert words.label("ate") == words.WORDS.index("eight")
    assert words.label("water") == words.NOTHING
    assert words.label("free") is None
    assert words.label(f"{words.RECORDING}7") == words.UNKNOWN
    for language in ("en", "zh"):
        others = words.others(language)
        assert not set(others) & set(words.WORDS)
        said = {words.spoken(word, language) for word in words.WORDS}
        assert len(said) == len(words.WORDS)
        assert not said & {words.spoken(word, language) for word in others}


def test_mandarin() -> None:
    """Espeak gets syllables, never characters; every engine that takes part speaks the language."""
    assert pinyin("付款") == "fu4 kuan3"
    assert pinyin("余额") == "yu2 e2"
    jobs = plan("full", "zh")
    assert {job.engine for job in jobs} == {"kokoro", "espeak", "people"}
    assert all(clip.style.accent == MANDARIN for job in jobs if job.engine == "espeak" for clip in job.clips)
    alone = {clip.style.voice for job in jobs if job.engine == "kokoro" for clip in job.clips}
    assert {name for name in voices.KOKORO if name.startswith("z")} <= alone
    assert {name[0] for name in alone} == set(voices.NATIVE["zh"] + voices.NATIVE["en"])
    assert all(
        job.clips[0].style.voice[0] in voices.NATIVE["zh"] for job in jobs if job.held and job.engine == "kokoro"
    )


def test_mandarin_words_do_not_sound_alike() -> None:
    """Without tones, which voices and dialects bend: no two commands begin alike, and no other word is one of them."""
    said = {word: lazy_pinyin(words.spoken(word, "zh")) for word in words.WORDS}
    long = [syllables for word, syllables in said.items() if word not in words.DIGITS]
    assert all(2 <= len(syllables) <= 3 for syllables in long)
    assert len({syllables[0] for syllables in long}) == len(long)
    assert not {tuple(lazy_pinyin(word)) for word in words.others("zh")} & {tuple(part) for part in said.values()}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_watch_shows_the_words_that_are_trained(language: str) -> None:
    """Whoever reads a hint on its screen says that."""
    texts = runpy.run_path(str(ROOT / f"firmware/watch/ui/languages/{language}.py"))["TEXT"]
    shown = {word: texts[f"word.{word}.title"].lower() for word in words.WORDS}
    assert shown == {word: words.spoken(word, language) for word in words.WORDS}


def test_accents_change_the_sounds_they_are_known_for() -> None:
    """With every rule in force, the sounds of some words; by lot, never always the same."""
    all_rules, by_lot = _AlwaysLow(), Random(3)
    said = {
        "german": ("wˈʌn", "vˈan"),
        "french": ("θɹˈi", "sʁˈi"),
        "italian": ("sˈɪks", "sˈiksə"),
        "indian": ("ˈAt", "ˈeːʈ"),
    }
    for accent, (before, after) in said.items():
        assert accented(before, accent, all_rules) == after, accent
    assert len({accented("wˈɛðəɹ", "german", by_lot) for _ in range(20)}) > 3


class _AlwaysLow(Random):
    def random(self) -> float:
        return 0.0
