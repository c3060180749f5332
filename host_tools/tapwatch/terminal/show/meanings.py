"""What the bits of EMV data objects say, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.terminal.emv import dol, tags, tlv

if TYPE_CHECKING:
    from collections.abc import Callable

Flag = tuple[int, int, str]
"""Byte from 0, bit mask, text."""

FLAGS: dict[str, tuple[Flag, ...]] = {
    "82": (  # EMV Book 3 annex C1; Book C-2 annex A for on-device CVM and EMV mode
        (0, 0x40, "SDA"),
        (0, 0x20, "DDA"),
        (0, 0x10, "cardholder verification"),
        (0, 0x08, "terminal risk management"),
        (0, 0x04, "issuer authentication"),
        (0, 0x02, "on-device CVM"),
        (0, 0x01, "CDA"),
        (1, 0x80, "EMV mode"),
        (1, 0x40, "mobile phone"),
        (1, 0x01, "relay resistance"),
    ),
    "95": (  # EMV Book 3 annex C5
        (0, 0x80, "data authentication not performed"),
        (1, 0x40, "application expired"),
        (2, 0x80, "cardholder verification failed"),
    ),
    "9F66": (  # Book C-3 annex A
        (0, 0x80, "magnetic stripe mode"),
        (0, 0x20, "EMV mode"),
        (0, 0x10, "contact chip"),
        (0, 0x08, "offline only"),
        (0, 0x04, "online PIN"),
        (0, 0x02, "signature"),
        (0, 0x01, "data authentication for online"),
        (1, 0x80, "online cryptogram required"),
        (1, 0x40, "CVM required"),
        (1, 0x20, "offline PIN"),
        (2, 0x80, "issuer updates"),
        (2, 0x40, "on-device CVM"),
    ),
    "9F6C": (  # Book C-3 annex A
        (0, 0x80, "online PIN required"),
        (0, 0x40, "signature required"),
        (0, 0x20, "online if data authentication fails"),
        (0, 0x10, "contact if data authentication fails"),
        (0, 0x08, "online if expired"),
        (1, 0x80, "on-device CVM performed"),
        (1, 0x40, "issuer updates"),
    ),
    "9F1D": (  # Book C-2 annex A
        (0, 0x04, "on-device CVM"),
        (1, 0x80, "CVM limit exceeded"),
    ),
    "DF4B": (  # Book C-2 annex A
        (1, 0x08, "context conflicting"),
        (1, 0x04, "PIN change required"),
        (1, 0x02, "acknowledgement required"),
        (1, 0x01, "PIN required"),
    ),
}

_AC_TYPES = {0x00: "AAC (declined)", 0x40: "TC (approved offline)", 0x80: "ARQC (ask the bank)"}
_CVM_RESULTS = {"010002": "on the device, successful", "3F0002": "none needed", "3F0001": "failed"}
_FORMS = {0x00: "card", 0x03: "phone", 0x04: "wrist-worn"}


def meaning(tag: str, value: bytes) -> str:
    """What a value says, in words; empty where the bytes say it all."""
    if tag in FLAGS:
        return ", ".join(text for byte, mask, text in FLAGS[tag] if byte < len(value) and value[byte] & mask)
    if tag in _READERS and value:
        return _READERS[tag](value)
    if tags.info(tag).kind == tags.TEXT:
        return f'"{value.decode("ascii", "replace")}"'
    return ""


def _locator(value: bytes) -> str:
    rows = [value[at : at + 4] for at in range(0, len(value) - 3, 4)]
    return ", ".join(f"file {row[0] >> 3} records {row[1]} to {row[2]}" for row in rows)


def _list(value: bytes) -> str:
    try:
        return ", ".join(f"{tag}[{length}]" for tag, length in dol.parse(value))
    except tlv.TlvProblem as problem:
        return f"malformed: {problem}"


def _name(value: bytes) -> str:
    text = value.decode("ascii", "replace")
    return f'"{text}"' if text.isprintable() and text.isascii() else ""


def _issuer_data(value: bytes) -> str:
    """9F10 in the two layouts of docs/formats.md."""
    if value[0] == 0x06 and len(value) == 7:
        return f"DKI {value[1]:02X}, CVN {value[2]:02X}, CVR {value[3:].hex().upper()}"
    if len(value) == 18:
        return f"DKI {value[0]:02X}, CVN {value[1]:02X}, CVR {value[2:8].hex().upper()}"
    return ""


def _track2(value: bytes) -> str:
    pan, _, rest = value.hex().upper().partition("D")
    return f"PAN {pan}, expires {rest[:2]}-{rest[2:4]}, service code {rest[4:7]}"


_READERS: dict[str, Callable[[bytes], str]] = {
    "57": _track2,
    "4F": _name,
    "84": _name,
    "87": lambda value: f"priority {value[0] & 0x0F}",
    "94": _locator,
    "8C": _list,
    "8D": _list,
    "9F38": _list,
    "9F02": lambda value: f"{int(value.hex())} minor units" if value.hex().isdigit() else "",
    "9F10": _issuer_data,
    "9F27": lambda value: _AC_TYPES.get(value[0] & 0xC0, "reserved type"),
    "9F2A": lambda value: f"kernel {value[0] & 0x3F}",
    "9F34": lambda value: _CVM_RESULTS.get(value.hex().upper(), ""),
    "9F36": lambda value: str(int.from_bytes(value, "big")),
    "9F6E": lambda value: _FORMS.get(value[0] & 0x1F, "") if len(value) == 4 else "",
}
