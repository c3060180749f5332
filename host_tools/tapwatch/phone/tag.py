"""What the wearer gives away by NFC: one record, a link or a text (NFC Forum NDEF 1.0, RTD URI 1.0, RTD Text 1.0)."""

from __future__ import annotations

import re

from tapwatch.errors import EXIT_USAGE, UserError
from tapwatch.phone.ndef import MAX_BYTES

_LINK = re.compile(r"(?:[a-z][a-z0-9+.-]*://|mailto:|tel:)\S+", re.IGNORECASE)
_PREFIXES = {"https://": 4, "http://": 3, "tel:": 5, "mailto:": 6}
"""RTD URI section 3.2.2: these are one byte."""
_LANGUAGE = b"en"
_FIRST_LAST_WELL_KNOWN = 0xC1  # MB, ME, TNF 1: NDEF section 3.2
_SHORT = 0x10  # SR: a length of one byte
_SHORT_BYTES = 255


def message(text: str) -> bytes:
    """An NDEF message with the link, or with the text if it is none. Raises UserError if it is empty or too long."""
    if not text.strip():
        raise UserError("There is nothing to give away.", "Give a text or a link, or --clear.", EXIT_USAGE)
    text = text.strip()
    found = _record(b"U", _link(text)) if _LINK.fullmatch(text) else _record(b"T", _text(text))
    if len(found) > MAX_BYTES:
        raise UserError(f"The tag has room for {MAX_BYTES} bytes, not {len(found)}.", "Give less.", EXIT_USAGE)
    return found


def _link(text: str) -> bytes:
    for prefix, number in _PREFIXES.items():
        if text.lower().startswith(prefix):
            return bytes([number]) + text[len(prefix) :].encode()
    return b"\x00" + text.encode()


def _text(text: str) -> bytes:
    return bytes([len(_LANGUAGE)]) + _LANGUAGE + text.encode()


def _record(kind: bytes, payload: bytes) -> bytes:
    short = len(payload) <= _SHORT_BYTES
    head = bytes([_FIRST_LAST_WELL_KNOWN | (_SHORT if short else 0), len(kind)])
    return head + len(payload).to_bytes(1 if short else 4, "big") + kind + payload
