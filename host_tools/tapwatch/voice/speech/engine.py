"""What every engine is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Style:
    """Who speaks, and how. An engine heeds what it has."""

    voice: str
    speed: float = 1.0
    """1 is the voice's own; an engine that counts words a minute takes those."""
    other: str = ""
    """A second voice, mixed in."""
    mix: float = 0.0
    """How much of it, 0 to 1."""
    accent: str = ""
    pitch: int = 0
    """In the engine's own unit; 0 leaves the voice's."""


def named(voice: str) -> str:
    """The name of a voice, which becomes part of a path or of a command. Raises ValueError for what is none."""
    if not re.fullmatch("[A-Za-z0-9_]+", voice):
        raise ValueError(f"{voice!r} is no name of a voice: letters, digits and _ alone")
    return voice


class Engine(Protocol):
    """Speaks."""

    def say(self, text: str, style: Style) -> NDArray[np.int16] | None:
        """Samples at 16 kHz with a peak of `sound.PEAK`, or None where nothing came out.

        Raises:
            UserError: the engine or the voice is not installed.
            ValueError: that is no name of a voice.
        """
        ...
