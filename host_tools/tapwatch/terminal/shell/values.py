"""What the terminal says of itself when a card's list asks: the data of a test terminal, and what a person changes."""

from __future__ import annotations

from tapwatch.errors import EXIT_USAGE, UserError
from tapwatch.terminal import amount
from tapwatch.terminal.emv import card_data, tags, terminal_data
from tapwatch.terminal.emv.tlv import is_constructed
from tapwatch.terminal.outcome import CardProblem
from tapwatch.terminal.request import TapRequest

_AMOUNT, _CURRENCY = "12.34", "CNY"
_SEQUENCE = 1
_NO_CVM = bytes.fromhex("1F0302")
"""9F34: no verification, if the terminal can do so, successful (EMV Book 4 annex A4)."""
_APPROVED = b"00"
"""8A, authorisation response code, as the bank of `ac2` would give it (ISO 8583:1987 field 39)."""


class TerminalValues:
    """Data objects by tag. The unpredictable number, date and time are fresh for each selection."""

    def __init__(self) -> None:
        self._money = amount.parse(_AMOUNT, _CURRENCY)
        self._own: dict[str, bytes] = {}
        self.renew()

    def renew(self) -> None:
        """Begin a new transaction; what a person has set stays."""
        built = terminal_data.build(TapRequest(self._money), _SEQUENCE)
        self._built = {**built, "9F34": _NO_CVM, "8A": _APPROVED}

    def all(self) -> dict[str, bytes]:
        """Every value, in the order of the tags."""
        values = {**self._built, **self._own}
        return {tag: values[tag] for tag in sorted(values, key=lambda tag: (len(tag), tag))}

    def pay(self, price: str, currency: str) -> None:
        """Change the amount. Raises UserError."""
        self._money = amount.parse(price, currency)
        for tag in ("9F02", "5F2A", "5F36"):
            self._own.pop(tag, None)
        self.renew()

    def set(self, tag: str, value: bytes) -> None:
        """Say something else from now on. Raises UserError for a value that the tag cannot have."""
        if is_constructed(tag):
            raise UserError(f"{tag} {tags.name(tag)} is a template", "set what is inside it", EXIT_USAGE)
        try:
            card_data.check_format(tag, value)
        except CardProblem as problem:
            raise UserError(str(problem), "give it in the right form", EXIT_USAGE) from None
        self._own[tag] = value

    def unset(self, tag: str) -> None:
        """Go back to the test terminal's own value."""
        self._own.pop(tag, None)
