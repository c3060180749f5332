"""What a watch and its bank must agree on, in plain data: the oracle of test_bank.py."""

from __future__ import annotations

from dataclasses import dataclass, field

DAY_S = 86_400
PER_DAY = 200_000
"""Most that a token of the test bank pays in a day."""


@dataclass
class Payment:
    """One cryptogram that left the watch."""

    amount: int
    result: str = "sent"
    """What the bank has decided: `approved`, `declined`, or `sent` if it never heard of it."""
    told: str = "sent"
    """What the watch has been told."""
    written: bool = True
    """False if the power went before the watch can have written it down for certain."""


@dataclass
class Token:
    """One card."""

    issued: set[int] = field(default_factory=set)
    """ATCs that the bank gave away."""
    dead: set[int] = field(default_factory=set)
    """Those of them that the bank will take from nobody any more."""
    paid: dict[int, Payment] = field(default_factory=dict)
    """By ATC: every cryptogram that the watch ever made."""
    free: set[int] = field(default_factory=set)
    """ATCs that the watch may still use, as it says itself; only a package may add to them."""
    active: bool = True
    active_on_watch: bool = True
    expires_s: int = 0
    spent: dict[int, int] = field(default_factory=dict)
    """By day: what the bank approved."""

    def verdict(self, atc: int, amount: int, lost: bool, now_s: int) -> str:
        """What the bank must say to the first message with this cryptogram."""
        today = self.spent.get(now_s // DAY_S, 0)
        refused = not self.active or lost or atc in self.dead or now_s > self.expires_s or today + amount > PER_DAY
        if not refused:
            self.spent[now_s // DAY_S] = today + amount
        return "declined" if refused else "approved"

    def cloned(self) -> None:
        """Somebody has used an ATC twice: the bank ends every key, and the token waits."""
        if self.active:
            self.active = False
            self.dead |= self.issued

    @property
    def approved(self) -> int:
        """Sum of all approved payments."""
        return sum(payment.amount for payment in self.paid.values() if payment.result == "approved")
