"""EMV consumer-presented QR codes: EMV QRCPS CPM, base64 around BER-TLV.

`85` says CPV01, each `61` is an application, one `62` holds the data they share, and inside it `64` the cryptogram.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.terminal.emv import tlv

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_CHARACTERS = 512
"""Longest payload (EMV QRCPS CPM section 3)."""
_FORMAT = "85"
_VERSION = b"CPV01"
_APPLICATION, _COMMON, _TRANSPARENT = "61", "62", "64"
_MAX_APPLICATIONS = 8
_CHIP = {"9F26": (8, 8), "9F27": (1, 1), "9F10": (2, 32), "9F36": (2, 2), "9F37": (4, 4), "82": (2, 2)}
"""What a bank needs to check the cryptogram, in the order of field 55: shortest and longest (EMV Book 3 annex A)."""
_EXPIRY_DIGITS, _SEQUENCE_DIGITS = 4, 2


class ScanProblem(ValueError):
    """The text is no payment code, or one this scanner cannot take."""


@dataclass(frozen=True)
class PresentedCode:
    """One code, checked for its form."""

    label: str
    """Of the first application."""
    pan: str
    expiry: str
    """YYMM; "" if the code has no track 2 data."""
    track: str
    """Track 2 data as text with D as separator; "" if there are none."""
    sequence: str
    """PAN sequence number, two digits; "" if the code has none."""
    chip: Mapping[str, bytes]
    """The cryptogram and what goes with it; some tags may be missing."""

    @property
    def payable(self) -> bool:
        """True if a bank can check the cryptogram."""
        return all(tag in self.chip for tag in _CHIP)


def read(text: str) -> PresentedCode:
    """Read the text of a code. Raises ScanProblem."""
    nodes = _nodes(text)
    if not nodes or (nodes[0].tag, nodes[0].value) != (_FORMAT, _VERSION):
        raise ScanProblem("the code is not consumer-presented EMV")
    applications = [node for node in nodes[1:] if node.tag == _APPLICATION]
    common = [node for node in nodes[1:] if node.tag == _COMMON]
    if not 1 <= len(applications) <= _MAX_APPLICATIONS or len(common) > 1:
        raise ScanProblem("the code has no application, or too many")
    if len(applications) + len(common) != len(nodes) - 1:
        raise ScanProblem("the code has templates that do not belong there")
    return _code(applications[0], common[0] if common else applications[0])


def _nodes(text: str) -> tuple[tlv.Tlv, ...]:
    if not 0 < len(text) <= MAX_CHARACTERS:
        raise ScanProblem("the text is no payment code")
    try:
        data = base64.b64decode(text, validate=True)
        if base64.b64encode(data).decode() != text:  # the decoder overlooks bits after the last byte
            raise ScanProblem("the text is no clean base64")
        nodes = tlv.parse(data)
    except (binascii.Error, ValueError) as problem:
        raise ScanProblem("the text is no payment code") from problem
    for node in nodes:
        _check_once(node)
    if not _plain(data, nodes):
        raise ScanProblem("the code has padding, or lengths written longer than need be")
    return nodes


def _plain(data: bytes, nodes: tuple[tlv.Tlv, ...]) -> bool:
    """True if these bytes are the only way to write these objects."""
    if data != b"".join(tlv.encode(node.tag, node.value) for node in nodes):
        return False
    return all(_plain(node.value, node.children) for node in nodes if node.constructed)


def _check_once(template: tlv.Tlv) -> None:
    """A tag twice would let two readers see two different payments."""
    inside = [node.tag for node in template.walk()]
    if len(set(inside)) != len(inside):
        raise ScanProblem("the code has a tag twice")


def _code(application: tlv.Tlv, common: tlv.Tlv) -> PresentedCode:
    values = {node.tag: node.value for node in (*application.walk(), *common.walk()) if not node.constructed}
    chip = {node.tag: node.value for node in common.walk() if node.tag in _CHIP}
    track = _digits(values.get("57", b""), "D")
    pan, _, rest = track.partition("D")
    if "5A" in values:
        from_5a = _digits(values["5A"], "")
        if track and from_5a != pan:
            raise ScanProblem("the code names two accounts")
        pan = from_5a
    if not 8 <= len(pan) <= 19:
        raise ScanProblem("the code names no account")
    expiry, sequence = rest[:4], values.get("5F34", b"").hex()
    if len(expiry) != (_EXPIRY_DIGITS if track else 0):
        raise ScanProblem("the code has no expiry behind its account number")
    if sequence and not (len(sequence) == _SEQUENCE_DIGITS and sequence.isdigit()):
        raise ScanProblem("the code has a malformed sequence number")
    if not all(least <= len(chip[tag]) <= most for tag, (least, most) in _CHIP.items() if tag in chip):
        raise ScanProblem("the code has a malformed cryptogram")
    label = values.get("50", b"").decode("ascii", "replace")
    return PresentedCode(label, pan, expiry, track, sequence, chip)


def _digits(packed: bytes, separator: str) -> str:
    """Compressed numeric: digits, filled with F at the end (EMV Book 3 section 4.3)."""
    text = packed.hex().upper()
    text = text.rstrip("F")
    parts = text.split(separator) if separator else [text]
    if len(parts) > 2 or not all(part.isdigit() or not part for part in parts):
        raise ScanProblem("the code has a malformed account number")
    return text
