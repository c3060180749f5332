"""`tapwatch voice say`: what it says to a simulator that runs, and what it prints. The watch is a stand-in."""

from __future__ import annotations

import asyncio
import io
import shutil
import sys
from array import array

import numpy as np
import pytest

from tapwatch import cli
from tapwatch.errors import EXIT_USAGE, UserError
from tapwatch.simulator.announced import Announced, announced
from tapwatch.simulator.server import SimulatorServer
from tapwatch.simulator.wav import RATE_HZ, samples_of, written
from tapwatch.voice import spoken
from tapwatch.voice.speech import kokoro
from tapwatch.voice.talking import talk
from tests.host.simulator.support import standin

needs_espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="Debian package espeak-ng is not installed")
SOUND = written(array("h", [3000, -3000] * (RATE_HZ // 4)))


def said(folder, scenario, **options):
    """Run `scenario(watch, place)` beside a stand-in that is served."""

    async def main():
        async with standin(folder / "watch", **options) as watch, SimulatorServer(watch, page=False) as server:
            return await scenario(watch, Announced(server.url, server.guard.token))

    return asyncio.run(main())


def test_a_word_is_heard_and_what_was_understood_is_printed(tmp_path):
    async def scenario(watch, place):
        out = io.StringIO()
        code = await talk(place, SOUND, -6.0, True, out)
        assert watch.hearing.unheard_ms == 0 and (await watch.state())["presses"] == [1, 0]
        assert code == 0 and "0.5 s of sound" in out.getvalue() and "It understood: payment." in out.getvalue()
        out = io.StringIO()
        assert await talk(place, SOUND, -6.0, False, out) == 0
        assert watch.hearing.unheard_ms == 800 and len((await watch.state())["presses"]) == 2, "nobody pressed"

    said(tmp_path, scenario, hears="payment")


def test_no_word_is_told_with_its_reason(tmp_path):
    async def scenario(watch, place):
        out = io.StringIO()
        assert await talk(place, SOUND, -6.0, True, out) == 1
        assert "no word: unclear" in out.getvalue()
        with pytest.raises(UserError, match="WAV") as problem:
            await talk(place, b"RIFF", -6.0, True, out)
        assert problem.value.exit_code == EXIT_USAGE

    said(tmp_path, scenario, hears="unclear")


def test_a_watch_that_does_not_listen_keeps_no_sound(tmp_path, monkeypatch):
    monkeypatch.setattr("tapwatch.voice.talking._LISTENS_S", 0.3)

    async def scenario(watch, place):
        with pytest.raises(UserError, match="does not listen") as problem:
            await talk(place, SOUND, -6.0, True, io.StringIO())
        assert "'standin'" in problem.value.hint and watch.hearing.unheard_ms == 0
        with pytest.raises(UserError, match="does not answer"):
            await talk(Announced("http://127.0.0.1:9", "x"), SOUND, -6.0, True, io.StringIO())

    said(tmp_path, scenario)


@needs_espeak
def test_the_command_speaks_to_the_simulator_that_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))

    async def scenario(watch, place):
        with announced(place.url, place.token):
            return await asyncio.to_thread(cli.main, ["voice", "say", "timer", "--no-press", "--voice", "en-gb+f3"])

    assert said(tmp_path, scenario) == 0
    assert "wait for the watch" in capsys.readouterr().out
    assert cli.main(["voice", "say", "timer"]) == EXIT_USAGE
    told = capsys.readouterr().err
    assert "No simulator runs" in told and "--watch" not in told


def test_help_and_files_that_are_not_there(tmp_path, monkeypatch, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(["voice", "say", "--help"])
    assert end.value.code == 0 and "--no-press" in capsys.readouterr().out
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with announced("http://127.0.0.1:9", "x"):
        assert cli.main(["voice", "say", "--wav", str(tmp_path / "none.wav")]) == EXIT_USAGE
    assert "cannot be read" in capsys.readouterr().err


@needs_espeak
def test_espeak_speaks_and_knows_its_voices():
    sound = spoken.speak("payment")
    assert 0.3 * RATE_HZ < len(sound) < 2 * RATE_HZ and max(sound) > 5000
    assert samples_of(written(sound)) == sound
    for voice, text in (("xx-nowhere", "has no voice"), ("nothing:at-all", "no engine|not installed")):
        with pytest.raises(UserError, match=text):
            spoken.speak("payment", voice)


def test_a_name_that_is_no_voice_becomes_no_path_and_no_command(tmp_path, monkeypatch):
    (tmp_path / "voices").mkdir()
    for place in ("secret.bin", "voices/af_none.bin"):
        np.zeros(256, np.float32).tofile(tmp_path / place)
    monkeypatch.setenv("TAPWATCH_KOKORO_VOICES", str(tmp_path / "voices"))
    monkeypatch.setattr(kokoro.Kokoro, "__init__", _silent)
    assert kokoro._voice("af_none").shape == (1, 256)
    wrong = ("../secret", str(tmp_path / "secret"), "af_none.bin", "", "x) (system 1)", "http://127.0.0.1/x.flitevox")
    for engine in ("kokoro", "flite", "festival"):
        for voice in wrong:
            with pytest.raises(UserError, match="is no name of a voice") as problem:
                spoken.speak("timer", f"{engine}:{voice}")
            assert problem.value.exit_code == EXIT_USAGE
    with pytest.raises(UserError, match="there is no voice af_nobody"):
        spoken.speak("timer", "kokoro:af_nobody")


def _silent(self: kokoro.Kokoro, language: str) -> None:
    """A Kokoro without its network."""
    self.__dict__.update(_ids={}, _phonemes=str, _british=str)


def test_without_any_voice_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(UserError, match="No voice is installed") as problem:
        spoken.speak("payment")
    assert "apt-get install espeak-ng" in problem.value.hint


@needs_espeak
def test_chinese_is_said_from_its_syllables_by_who_can():
    said = spoken.speak("付款")
    assert 0.3 * RATE_HZ < len(said) < 1.5 * RATE_HZ, "tones read aloud as English numbers take longer"
    assert said == spoken.speak("fu4 kuan3", "cmn-latn-pinyin")
    assert said != spoken.speak("付款", "espeak:cmn-latn-pinyin+f3")
    with pytest.raises(UserError, match="flite speaks no Chinese") as problem:
        spoken.speak("付款", "flite:slt")
    assert problem.value.exit_code == EXIT_USAGE


@needs_espeak
def test_chinese_without_its_package_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pypinyin", None)
    with pytest.raises(UserError, match="Chinese cannot be read") as problem:
        spoken.speak("付款")
    assert "tools/setup.sh voice" in problem.value.hint
