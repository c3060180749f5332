"""The words that the watch knows, by what they mean; each language has its own sounds for them.

English chose the names, and chose them far from the digits: "payment" and not "pay", which is "eight" on a bad line.
"""

COMMANDS = (
    "payment",
    "wallet",
    "balance",
    "history",
    "timer",
    "stopwatch",
    "alarm",
    "weather",
    "music",
    "next",
    "previous",
    "pause",
    "continue",
    "louder",
    "quieter",
    "phone",
    "answer",
    "decline",
    "settings",
    "home",
)
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
"""In the order of their values."""
SHORT = ("yes", "no", "stop", "back")
WORDS = COMMANDS + DIGITS + SHORT
"""In the order of the outputs of a network; one more output is for whatever is no word."""

LOW, MIDDLE, HIGH = 0, 1, 2
"""What a misheard word costs: a step to undo; another screen; a call answered, or a question of the watch answered."""
_LOW_RISK = ("next", "previous", "louder", "quieter", "pause", "continue", "back", "home") + DIGITS
_HIGH_RISK = ("payment", "answer", "decline", "yes")


def risk(word: str) -> int:
    """How sure the watch must be before it acts on a word: `LOW`, `MIDDLE` or `HIGH`."""
    if word in _HIGH_RISK:
        return HIGH
    return LOW if word in _LOW_RISK else MIDDLE
