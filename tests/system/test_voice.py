"""Speech through a whole simulated watch: side button, driver, endpoint, network, screen; in virtual time."""

from __future__ import annotations

import random
import shutil
from array import array
from typing import TYPE_CHECKING

import pytest

from tapwatch.simulator.wav import RATE_HZ, louder
from tapwatch.voice import spoken
from tapwatch.voice.words import WORDS
from tests.system.desk import Desk, open_desk
from tests.tools.trees import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

WEIGHTS = ROOT / "firmware/assets/voice.en.twv"
pytestmark = [
    pytest.mark.share("voice"),
    pytest.mark.skipif(not WEIGHTS.exists(), reason=f"{WEIGHTS.name} is not there: the watch does not listen without"),
]
HOLD_S = 0.8
SPOKEN = ("timer", "weather", "music")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


def pushed(desk: Desk, samples: array[int] | None, seconds: float = 6.0) -> str:
    """What the watch made of a sound, or of silence, after its button was held on the face."""
    watch = desk.stage.watch
    desk.do(watch.look())
    for _ in range(4):
        if desk.do(watch.state())["screen"] == "face":
            break
        desk.do(watch.press())
        desk.do(watch.advance(1))
    if samples is not None:
        watch.hearing.say(samples)
    desk.do(watch.press(seconds=HOLD_S))
    assert desk.do(watch.state())["microphone"] == "on" or watch.hearing.fault
    desk.do(watch.advance(seconds))
    state = desk.do(watch.state())
    assert state["microphone"] == "off" and not state["voice"]["listening"] and watch.alive
    watch.hearing.hush()
    return state["voice"]["latest"]


def test_nobody_speaks(desk: Desk) -> None:
    assert pushed(desk, None) == "silence"


@pytest.mark.parametrize("fault", ["missing", "low", "high", "error"])
def test_a_broken_microphone_is_told(desk: Desk, fault: str) -> None:
    hearing = desk.stage.watch.hearing
    hearing.fault = fault
    try:
        assert pushed(desk, None) == "microphone"
    finally:
        hearing.fault = ""
    assert pushed(desk, None) == "silence", "it works again"


def test_what_is_no_word_does_nothing(desk: Desk) -> None:
    rng = random.Random(8)
    hiss = array("h", [rng.randrange(-6000, 6000) for _ in range(5 * RATE_HZ)])
    hum = array("h", [9000 if n * 100 // RATE_HZ % 2 else -9000 for n in range(5 * RATE_HZ)])
    found = [pushed(desk, samples, 9.0) for samples in (hiss, hum, louder(hiss, 20))]
    print(f"NOTE voice, whole watch: hiss, hum and clipped hiss are {', '.join(found)}")
    assert not [word for word in found if word in WORDS]


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="Debian package espeak-ng is not installed")
def test_words_of_a_voice_are_one_utterance_each(desk: Desk) -> None:
    found = [pushed(desk, louder(spoken.speak(word, "en-gb"), -6)) for word in SPOKEN]
    print(f"NOTE voice, whole watch: espeak-ng said {', '.join(SPOKEN)}; it understood {', '.join(found)}")
    assert all(one in WORDS or one == "unclear" for one in found), found
