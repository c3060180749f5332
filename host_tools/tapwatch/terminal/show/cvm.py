"""Cardholder verification methods in words (EMV Book 3 annex C3, Book 4 annex A4)."""

from __future__ import annotations

_METHODS = {
    0x00: "fail",
    0x01: "plaintext PIN",
    0x02: "online PIN",
    0x03: "plaintext PIN and signature",
    0x04: "enciphered PIN",
    0x05: "enciphered PIN and signature",
    0x1E: "signature",
    0x1F: "no CVM",
    0x3F: "none performed",
}
_CONDITIONS = {
    0x00: "always",
    0x01: "for unattended cash",
    0x02: "unless cash or cashback",
    0x03: "if the terminal can",
    0x04: "for manual cash",
    0x05: "for cashback",
    0x06: "in the card's currency under X",
    0x07: "in the card's currency over X",
    0x08: "in the card's currency under Y",
    0x09: "in the card's currency over Y",
}
_RESULTS = {0x00: "unknown", 0x01: "failed", 0x02: "successful"}
_GO_ON = 0x40
_METHOD = 0x3F
_AMOUNTS = 8
"""Bytes of X and Y before the rules."""


def rules(value: bytes) -> str:
    """8E, the list of methods."""
    pairs = [value[at : at + 2] for at in range(_AMOUNTS, len(value) - 1, 2)]
    return "; ".join(_rule(*pair) for pair in pairs)


def results(value: bytes) -> str:
    """9F34, what became of it."""
    if len(value) != 3:
        return ""
    return f"{_name(value[0])}, {_RESULTS.get(value[2], 'reserved result')}"


def _rule(method: int, condition: int) -> str:
    otherwise = "else next" if method & _GO_ON else "else fail"
    return f"{_name(method)} {_CONDITIONS.get(condition, 'by an unknown condition')}, {otherwise}"


def _name(method: int) -> str:
    return _METHODS.get(method & _METHOD, "unknown method")
