"""How sure the watch must be: a temperature for the logits and a threshold for each risk.

All of it is found on voices that nothing was trained on. Probabilities are those of docs/voice.md, "Decision".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tapwatch.voice.words import COMMANDS, DIGITS, NOTHING, RISKS, SHORT, WORDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating]

_PLAYER = ("next", "previous", "pause", "continue", "louder", "quieter")
MASKS = {
    "launcher": (*COMMANDS, "back"),
    "keypad": (*DIGITS, "stop"),
    "timer": (*DIGITS[1:], "pause", "continue", "stop", "back", "home"),
    "music": (*_PLAYER, "stop", "back", "home"),
    "question": SHORT,
}
"""Screens of the watch that take the most words of their kind (`firmware/watch/system/voice/masks.py`)."""
_HIGH = ("payment", "answer", "decline", "yes")
_LOW = ("next", "previous", "louder", "quieter", "pause", "continue", "back", "home", *DIGITS)
MOST_WRONG = {"low": 0.02, "middle": 0.01, "high": 0.005}
"""Of words that the screen takes, those that are taken for another one."""
MOST_TAKEN = {"low": 0.10, "middle": 0.05, "high": 0.02}
"""Of words that the screen does not take, those that are taken for one it does."""
_LEAST = {"low": 0.5, "middle": 0.8, "high": 0.85}
"""Thresholds below these are not believed: synthetic voices are easier than people. Chosen on people of the tests."""
_MOST = 0.95
_STEPS = 1000


@dataclass(frozen=True)
class Decisions:
    """What a mask made of many windows."""

    best: NDArray[np.int64]
    """The likeliest word, as an output of the network."""
    share: Floats
    """Its probability."""
    truth: NDArray[np.int64]
    taken: NDArray[np.bool_]
    """Whether it is likelier than no word."""

    def wrong(self) -> NDArray[np.bool_]:
        """Where a word would be acted upon that was not said."""
        return self.taken & (self.best != self.truth)

    def right(self) -> NDArray[np.bool_]:
        """Where it was said."""
        return self.taken & (self.best == self.truth)


def risk(word: str) -> str:
    """What a misheard word costs; as the watch has it."""
    return "high" if word in _HIGH else "low" if word in _LOW else "middle"


def decide(logits: Floats, truth: NDArray[np.int64], mask: tuple[str, ...]) -> Decisions:
    """What the watch decides about logits (n, outputs) in natural units."""
    columns = np.array([WORDS.index(word) for word in mask] + [NOTHING])
    shown = logits[:, columns]
    shares = np.exp(shown - shown.max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    best = shares[:, :-1].argmax(1)
    share = shares[np.arange(len(shares)), best]
    return Decisions(columns[best], share, truth, share > shares[:, -1])


def best_temperature(logits: Floats, truth: NDArray[np.int64]) -> float:
    """By what the logits (n, outputs) have to be divided to be the most honest probabilities; 0.3 to 3."""
    tried = [0.3 * 10 ** (step / 40) for step in range(41)]
    return min(tried, key=lambda temperature: surprise(logits / temperature, truth))


def surprise(logits: Floats, truth: NDArray[np.int64]) -> float:
    """Mean of -ln of the probability of what was true."""
    largest = logits.max(1, keepdims=True)
    totals = np.log(np.exp(logits - largest).sum(1)) + largest[:, 0]
    return float((totals - logits[np.arange(len(logits)), truth]).mean())


def thresholds(logits: Floats, truth: NDArray[np.int64]) -> dict[str, float]:
    """For each risk the least threshold that keeps what is wrong below `MOST_WRONG` and `MOST_TAKEN`.

    A higher risk never has a lower one: of few words few are mistaken, which says little of them.
    """
    found: dict[str, float] = {}
    for name in RISKS:
        found[name] = max([_threshold(logits, truth, name), *found.values()])
    return found


def _threshold(logits: Floats, truth: NDArray[np.int64], name: str) -> float:
    errors: list[Floats] = []
    others: list[Floats] = []
    said = unsaid = 0
    for mask in MASKS.values():
        decisions = decide(logits, truth, mask)
        of_risk = np.isin(decisions.best, [WORDS.index(word) for word in mask if risk(word) == name])
        known = np.isin(truth, [WORDS.index(word) for word in mask])
        wrong = decisions.wrong() & of_risk
        errors.append(decisions.share[wrong & known])
        others.append(decisions.share[wrong & ~known])
        said, unsaid = said + int(known.sum()), unsaid + int((~known).sum())
    least = max(_allowed(errors, MOST_WRONG[name] * said), _allowed(others, MOST_TAKEN[name] * unsaid))
    return min(_MOST, max(_LEAST[name], least))


def _allowed(shares: list[Floats], most: float) -> float:
    """The threshold that lets at most `most` of `shares` through."""
    falling = np.sort(np.concatenate(shares))[::-1]
    count = int(most)
    return float(np.ceil(falling[count] * _STEPS) / _STEPS + 1 / _STEPS) if count < len(falling) else 0.0
