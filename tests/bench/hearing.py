"""How much of what people say the watch understands, beside PocketSphinx on the same recordings. Not without both."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

from tests.bench import measure
from tests.bench.rows import Row

WEIGHTS = measure.ROOT / "firmware/assets/voice.en.twv"
SPEECH = Path(os.environ.get("TAPWATCH_SPEECH") or measure.ROOT.parent / "shared/data/speech")
RECORDINGS = 300
_NEEDED = ("numpy", "soundfile", "soxr", "pocketsphinx")


def rows() -> list[Row]:
    """Percent of words understood, by mask; nothing where speech, weights or packages are not at hand."""
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing or not WEIGHTS.is_file() or not (SPEECH / "digits").is_dir():
        print("voice was not measured on people: there is no speech, no weights or no packages", file=sys.stderr)
        return []
    from tapwatch.voice.testing import sphinx
    from tapwatch.voice.testing.ears import Ears
    from tapwatch.voice.testing.recordings import find
    from tapwatch.voice.testing.trials import Counts, listen, spread

    made = []
    with Ears(WEIGHTS, 1) as ears:
        chosen = spread(find([SPEECH / "digits"], ears.words), RECORDINGS)
        heard = list(listen(ears, chosen))
        for mask, name in (("digits", "voice.digits.percent"), ("all", "voice.all_words.percent")):
            counts = Counts()
            for one in heard:
                counts.add(one, mask)
            row = Row(name, round(counts.best.percent, 1), f"%, best word of {len(chosen)} digits of three men")
            made.append(row.beside("PocketSphinx", sphinx.compare(chosen, ears.masks[mask], 1).percent))
    return made
