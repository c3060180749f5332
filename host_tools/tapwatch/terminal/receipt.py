"""The receipt of a tap, as data."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Receipt:
    """One tap. `to_json` is the entry of receipt.json."""

    approved: bool
    amount_minor: int
    currency: str
    """ISO 4217 alphabetic code."""
    scheme: str
    """`visa`, `mastercard`, or empty when no application was selected."""
    token_pan: str
    atc: int
    """Application transaction counter; 0 when the card gave none."""
    cryptogram: str
    """9F26 in hex."""
    field55: str
    """What the bank was sent, in hex; empty when the bank was not asked."""
    elapsed_ms: float
    """From the first command until the field went off."""
    outcome: str
    reason: str
    cvm: str
    amount: str
    """The amount as people write it, with its currency."""
    card: str
    """Application label."""
    token_expiry: str
    """YYMM."""
    merchant: str
    merchant_id: str
    terminal_id: str
    at: str
    """Local time at the terminal, ISO 8601."""
    stan: str
    rrn: str
    authorisation: str
    response_code: str

    def to_json(self) -> dict[str, object]:
        """The receipt as a JSON object."""
        return asdict(self)
