"""Finding and selecting a type A card (ISO/IEC 14443-3): REQA, anticollision, SELECT."""

from __future__ import annotations

import time
from functools import reduce
from operator import xor
from typing import TYPE_CHECKING

from tapwatch.terminal.readers.port import CardInfo, CardLost, NoCard

if TYPE_CHECKING:
    from tapwatch.terminal.readers.antenna import Antenna

_REQA = b"\x26"  # short frame, ISO/IEC 14443-3 table 3; every field is fresh, so no card is halted and needs WUPA
_SELECT_CODES = (0x93, 0x95, 0x97)  # cascade levels 1 to 3
_CASCADE_TAG = 0x88
_UID_INCOMPLETE = 0x04  # SAK
ISO_DEP = 0x20
"""SAK bit: the card speaks ISO/IEC 14443-4."""


def activate(antenna: Antenna, timeout_s: float, answer_s: float) -> CardInfo:
    """Wait for a card and select it; `answer_s` is how long one answer may take. Raises NoCard or CardLost."""
    atqa = _poll(antenna, timeout_s, answer_s)
    uid = b""
    for code in _SELECT_CODES:
        part, sak = _select_level(antenna, code, answer_s)
        if not sak & _UID_INCOMPLETE:
            return CardInfo(uid + part, atqa, sak)
        if part[0] != _CASCADE_TAG:
            raise CardLost("the card says its UID goes on, without a cascade tag")
        uid += part[1:]
    raise CardLost("the UID has more than three parts")


def _poll(antenna: Antenna, timeout_s: float, answer_s: float) -> bytes:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        antenna.send(_REQA)
        answer = antenna.receive(min(answer_s, timeout_s))
        if answer is not None and len(answer) == 2:
            return answer
    raise NoCard("no card came into the field")


def _select_level(antenna: Antenna, code: int, answer_s: float) -> tuple[bytes, int]:
    part = _ask(antenna, bytes([code, 0x20]), 5, answer_s)
    if reduce(xor, part) != 0:
        raise CardLost("the check byte of the UID is wrong")
    sak = _ask(antenna, bytes([code, 0x70]) + part, 1, answer_s)
    return part[:4], sak[0]


def _ask(antenna: Antenna, frame: bytes, length: int, answer_s: float) -> bytes:
    antenna.send(frame)
    answer = antenna.receive(answer_s)
    if answer is None or len(answer) != length:
        raise CardLost(f"no proper answer to {frame.hex().upper()} while the card was selected")
    return answer
