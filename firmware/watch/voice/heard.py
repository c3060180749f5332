"""What comes of one listening, and the reasons why there may be no word."""

HEARD = ""
SILENCE = "silence"
SHORT = "short"
LONG = "long"
NOISE = "noise"
CLIPPED = "clipped"
UNCLEAR = "unclear"
MICROPHONE = "microphone"
CANCELLED = "cancelled"
REASONS = (HEARD, SILENCE, SHORT, LONG, NOISE, CLIPPED, UNCLEAR, MICROPHONE, CANCELLED)
"""Why there is no word; `HEARD` where there is one."""


class Heard:
    """What came of one listening: a word, or the reason why there is none."""

    def __init__(self, word: str, reason: str, score: float = 0.0) -> None:
        """`word`: an id of the vocabulary or ""; `reason`: one of `REASONS`; `score`: probability of the best word."""
        self.word = word
        self.reason = reason
        self.score = score
