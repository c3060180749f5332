"""Words spoken by this computer: by espeak-ng, and by other voices where the training packages are installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from array import array
from pathlib import Path

from tapwatch.errors import EXIT_USAGE, UserError
from tapwatch.simulator.wav import samples_of

ESPEAK = "espeak-ng"
DEFAULT = "en-us"
"""The voice of espeak-ng that speaks when none is named."""
_CHINESE = re.compile("[\u4e00-\u9fff]")
_WAIT_S = 30
_INSTALL = "As root: apt-get install espeak-ng. Other voices: tools/setup.sh voice."
_NAMES = "`espeak-ng --voices` lists its voices; en-gb+f3 is one with a variant, kokoro:af_heart one of another engine."


def can_speak() -> bool:
    """True if there is a voice that needs nothing else."""
    return shutil.which(ESPEAK) is not None


def speak(text: str, voice: str = "") -> array[int]:
    """16-bit samples at 16 kHz.

    Args:
        text: words, English or Chinese.
        voice: of espeak-ng, `en-gb+f3`; or `kokoro:af_heart` and the like, engines of `tapwatch.voice.speech`.
            Chinese takes `cmn-latn-pinyin+f3`, and the training packages.

    Raises:
        UserError: no engine is installed, or it has no such voice.
    """
    engine, colon, name = voice.partition(":")
    if colon and engine != "espeak":
        return _by_engine(text, engine, name)
    voice = name or ("" if colon else engine)
    if not _CHINESE.search(text):
        return _by_espeak(text, voice or DEFAULT)
    syllables, accent = _mandarin(text)
    return _by_espeak(syllables, voice or accent)


def _mandarin(text: str) -> tuple[str, str]:
    """What espeak-ng can read of Chinese characters, and with which voice. Raises UserError."""
    try:
        from tapwatch.voice.speech.espeak import MANDARIN, pinyin

        return pinyin(text), MANDARIN
    except ImportError as problem:
        raise UserError(f"Chinese cannot be read: {problem}.", "Run tools/setup.sh voice.") from problem


def _by_espeak(text: str, voice: str) -> array[int]:
    if not can_speak():
        raise UserError("No voice is installed on this computer.", _INSTALL)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        command = [ESPEAK, "-v", voice, "-w", str(path), "--stdin"]
        try:
            done = subprocess.run(command, input=text.encode(), capture_output=True, check=False, timeout=_WAIT_S)
        except subprocess.TimeoutExpired as late:
            raise UserError(f"{ESPEAK} does not come to an end.", "Say fewer words.") from late
        if done.returncode or not path.is_file() or b"voice" in done.stderr:
            raise UserError(f"{ESPEAK} has no voice {voice!r}.", _NAMES, EXIT_USAGE)
        try:
            return samples_of(path.read_bytes())
        except ValueError as problem:
            raise UserError(f"{ESPEAK} said nothing that can be used: {problem}.", "Try other words.") from problem


def _by_engine(text: str, engine: str, voice: str) -> array[int]:
    try:
        from tapwatch.voice.speech import engines
        from tapwatch.voice.speech.engine import Style

        said = engines.engine(engine, "zh" if _CHINESE.search(text) else "en").say(text, Style(voice))
    except ImportError as problem:
        raise UserError(f"The engine {engine} is not installed: {problem}.", _INSTALL) from problem
    except ValueError as problem:
        raise UserError(f"{problem}.", _NAMES, EXIT_USAGE) from problem
    if said is None:
        raise UserError(f"{engine} said nothing.", _NAMES, EXIT_USAGE)
    return array("h", said.tobytes())
