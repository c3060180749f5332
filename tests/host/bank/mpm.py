"""EMV merchant-presented codes, read and written without the bank's code: a second opinion. The CRC goes bit by bit."""

from __future__ import annotations

import json
from pathlib import Path

SAMPLES = json.loads((Path(__file__).parents[2] / "vectors/payment/merchant_codes.json").read_text())
"""Codes that others have published."""


def crc(text: str) -> str:
    """CRC-16/CCITT-FALSE: polynomial 1021, start FFFF, no reflection, over UTF-8."""
    value = 0xFFFF
    for byte in text.encode():
        for bit in range(7, -1, -1):
            carry = (value >> 15 & 1) ^ (byte >> bit & 1)
            value = (value << 1 & 0xFFFF) ^ (0x1021 if carry else 0)
    return f"{value:04X}"


def fields(text: str) -> dict[str, str]:
    """The objects of a chain, by their two digits."""
    found = {}
    while text:
        name, size = text[:2], int(text[2:4])
        assert name not in found and len(text) >= 4 + size
        found[name], text = text[4 : 4 + size], text[4 + size :]
    return found


def chain(objects: dict[str, str]) -> str:
    """A whole code of these objects, checksum included; a checksum among them is written anew."""
    text = "".join(f"{name}{len(value):02d}{value}" for name, value in objects.items() if name != "63") + "6304"
    return text + crc(text)
