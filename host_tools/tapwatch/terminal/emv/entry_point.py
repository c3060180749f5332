"""Entry point: the directory of the card, the candidates in it, and the selection of one (EMV Contactless Book B)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.terminal.emv import apdu, tlv
from tapwatch.terminal.emv.card_data import CardData, check_format, read
from tapwatch.terminal.outcome import CardProblem

if TYPE_CHECKING:
    from tapwatch.terminal.channel import Channel

PPSE = b"2PAY.SYS.DDF01"
"""Name of the directory of a contactless card."""
MAX_ENTRIES = 16
"""Directory entries read."""

MASTERCARD, VISA = 2, 3
KERNELS = {MASTERCARD: "mastercard", VISA: "visa"}
"""Kernels this terminal has, with the scheme each stands for."""
RIDS = {"A000000003": VISA, "A000000004": MASTERCARD}
"""Default kernel by registered application provider (Book B table 3-6)."""
_NO_PRIORITY = 16  # entries without one come last (Book B section 3.3.2.5)


@dataclass(frozen=True)
class Candidate:
    """An application both sides have."""

    aid: bytes
    label: str
    priority: int
    """1 is highest, 16 means none was given."""
    kernel: int


def candidates(channel: Channel) -> list[Candidate]:
    """Read the directory; returns the applications this terminal has, best first. Raises CardProblem or CardLost."""
    answer = channel.send(apdu.select(PPSE, PPSE.decode()))
    if not answer.ok:
        raise CardProblem(f"no payment directory: {answer.status:04X} {apdu.meaning(answer.status)}")
    directory = read(answer.data)
    if [node.tag for node in directory] != ["6F"]:
        raise CardProblem("the payment directory is not one file control information")
    name = tlv.find(directory, "6F", "84")
    if name is not None and name.value != PPSE:
        raise CardProblem("the payment directory has another name")
    listed = tlv.find(directory, "6F", "A5", "BF0C")
    entries = [node for node in listed.children if node.tag == "61"] if listed else []
    if len(entries) > MAX_ENTRIES:
        raise CardProblem(f"the payment directory has more than {MAX_ENTRIES} entries")
    found = [candidate for entry in entries if (candidate := _candidate(entry)) is not None]
    return sorted(found, key=lambda candidate: candidate.priority)


def _candidate(entry: tlv.Tlv) -> Candidate | None:
    """A directory entry as a candidate; None if this terminal has no kernel for it."""
    values = {node.tag: node.value for node in entry.children}
    if len(values) != len(entry.children):
        raise CardProblem("a directory entry has a tag twice")
    if "4F" not in values:
        return None  # Book B section 3.3.2.5: entries without ADF name are skipped
    for tag, value in values.items():
        check_format(tag, value)
    kernel = _kernel(values)
    if kernel not in KERNELS:
        return None
    priority = values["87"][0] & 0x0F if "87" in values else 0
    label = values.get("50", b"").decode("ascii", "replace")
    return Candidate(values["4F"], label, priority or _NO_PRIORITY, kernel)


def _kernel(values: dict[str, bytes]) -> int | None:
    """The kernel an entry asks for: by 9F2A, or by its provider (Book B section 3.3.2.5)."""
    default = RIDS.get(values["4F"][:5].hex().upper())
    wanted = values.get("9F2A", b"")
    if not wanted or wanted[0] & 0x3F == 0:
        return default
    if wanted[0] & 0x80:  # domestic kernels have longer identifiers
        return None
    return wanted[0] & 0x3F


def select(channel: Channel, candidate: Candidate) -> tuple[CardData | None, int]:
    """Select an application; returns its data (None if the card refused) and the status word. Raises CardProblem."""
    answer = channel.send(apdu.select(candidate.aid, f"{candidate.label or candidate.aid.hex().upper()}"))
    if not answer.ok:
        return None, answer.status
    card = CardData()
    card.add_template(answer.data, "6F")
    if not card["84"].startswith(candidate.aid):
        raise CardProblem("the card selected another application than asked for")
    return card, answer.status
