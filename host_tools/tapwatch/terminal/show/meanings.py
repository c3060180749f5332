"""What EMV data objects say, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.errors import UserError
from tapwatch.terminal import amount
from tapwatch.terminal.emv import dol, tags, tlv
from tapwatch.terminal.show import cvm
from tapwatch.terminal.show.flags import FLAGS, flags

if TYPE_CHECKING:
    from collections.abc import Callable

_AC_TYPES = {0x00: "AAC (declined)", 0x40: "TC (approved offline)", 0x80: "ARQC (ask the bank)"}
_ON_DEVICE = bytes.fromhex("010002")
"""9F34 as kernel 2 has it for a verification on the device (Book C-2 section 6.5)."""
_TERMINAL_OWNERS = {1: "a bank's", 2: "a merchant's", 3: "the cardholder's"}
_ATTENDED = (1, 2, 3)
"""9F35: second digit of terminals with somebody at them (EMV Book 4 annex A1)."""
_MADE = {0: "AAC", 1: "TC", 2: "ARQC"}
_MADE_SECOND = {0: "AAC", 1: "TC", 2: "none yet"}
_ISSUER_DATA = {7: (1, 2, 3, 7, 4), 32: (2, 1, 3, 8, 4), 18: (0, 1, 2, 8, 2)}
"""9F10 in the layouts of docs/formats.md, by length: places of DKI and CVN, from where to where the CVR goes, and the
byte of the CVR that says which cryptograms were made."""
_FORMS = {0x00: "card", 0x03: "phone", 0x04: "wrist-worn"}


def meaning(tag: str, value: bytes) -> str:
    """What a value says, in words; empty where the bytes say it all."""
    if tag in FLAGS:
        return flags(tag, value)
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
    if len(value) not in _ISSUER_DATA:
        return ""
    dki, cvn, start, end, made = _ISSUER_DATA[len(value)]
    first, second = _MADE.get(value[made] >> 4 & 3, "reserved"), _MADE_SECOND.get(value[made] >> 6, "reserved")
    numbers = f"DKI {value[dki]:02X}, CVN {value[cvn]:02X}, CVR {value[start:end].hex().upper()}"
    return f"{numbers} (first {first}, second {second})"


def _authentication(value: bytes) -> str:
    """91 as ARPC method 1 has it: the bank's cryptogram, then its response code."""
    if len(value) != 10:
        return ""
    code = value[8:].decode("ascii", "replace")
    return f"ARPC {value[:8].hex().upper()}, response code {code}" if code.isprintable() else ""


def _currency(value: bytes) -> str:
    try:
        return amount.currency_numbered(int(value.hex())).code
    except (UserError, ValueError):  # no currency: there is nothing to say
        return ""


def _verification(value: bytes) -> str:
    return "on the device, successful" if value == _ON_DEVICE else cvm.results(value)


def _terminal_type(value: bytes) -> str:
    owner = _TERMINAL_OWNERS.get(value[0] >> 4)
    return f"{owner}, {'attended' if value[0] & 0x0F in _ATTENDED else 'unattended'}" if owner else ""


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
    "9F34": _verification,
    "9F35": _terminal_type,
    "9F42": _currency,
    "5F2A": _currency,
    "8E": cvm.rules,
    "91": _authentication,
    "9F36": lambda value: str(int.from_bytes(value, "big")),
    "9F6E": lambda value: _FORMS.get(value[0] & 0x1F, "") if len(value) == 4 else "",
}
