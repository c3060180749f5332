"""The engines by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tapwatch.voice.speech.engine import Engine

NAMES = ("kokoro", "espeak", "flite", "festival", "piper", "people")
_MANDARIN = ("kokoro", "espeak", "people")


def engine(name: str, language: str) -> Engine:
    """An engine that is ready to speak; what it needs is loaded now.

    Raises:
        ValueError: there is none of that name, or it does not speak the language.
    """
    if language == "zh" and name in NAMES and name not in _MANDARIN:
        raise ValueError(f"{name} speaks no Chinese; {' and '.join(_MANDARIN)} do")
    if name == "kokoro":
        from tapwatch.voice.speech.kokoro import Kokoro

        return Kokoro(language)
    if name == "piper":
        from tapwatch.voice.speech.piper import Piper

        return Piper()
    return _program(name)


def _program(name: str) -> Engine:
    from tapwatch.voice.speech.espeak import Espeak
    from tapwatch.voice.speech.festival import Festival
    from tapwatch.voice.speech.flite import Flite
    from tapwatch.voice.speech.people import People

    programs = {"espeak": Espeak, "flite": Flite, "festival": Festival, "people": People}
    if name not in programs:
        raise ValueError(f"no engine {name}; there are {', '.join(NAMES)}")
    return programs[name]()
