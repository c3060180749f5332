"""What both kernels share: their input, their result, GET PROCESSING OPTIONS and the records."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tapwatch.terminal.emv import apdu, checks, dol, tlv
from tapwatch.terminal.emv.card_data import CardData, read
from tapwatch.terminal.outcome import CardProblem, Decision, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tapwatch.terminal.channel import Channel


@dataclass
class Transaction:
    """One run of a kernel: what the terminal brings, and what the card adds."""

    channel: Channel
    card: CardData
    """Starts with the file control information."""
    terminal: dict[str, bytes]
    """Data objects of the terminal; a kernel adds 95 and 9F34."""
    needs_cvm: bool
    today: datetime.date


@dataclass(frozen=True)
class Result:
    """How a kernel ended, and what goes to the bank."""

    decision: Decision
    track: checks.Track2 | None = None
    pan: str = ""
    expiry: str = ""
    """YYMM."""
    chip: Mapping[str, bytes] = field(default_factory=dict)
    """Data objects of card and terminal together."""


_REFUSALS = {  # Book C-3 section 5.2.2.2, Book B section 3.5
    apdu.OTHER_INTERFACE: Decision(Outcome.OTHER_INTERFACE, "the card wants the contact interface"),
    apdu.CONDITIONS_NOT_SATISFIED: Decision(Outcome.SELECT_NEXT, "the application cannot be used now"),
    apdu.SEE_PHONE: Decision(Outcome.SEE_PHONE, "the watch wants its wearer to confirm first"),
}


def refusal(status: int, command: str) -> Decision:
    """What a status word other than 9000 means for the transaction."""
    if status in _REFUSALS:
        return _REFUSALS[status]
    return Decision(Outcome.END, f"{command} answered {status:04X}: {apdu.meaning(status)}")


def processing_options(transaction: Transaction) -> Decision | None:
    """Send GET PROCESSING OPTIONS and keep its answer; a decision if the card refused. Raises CardProblem."""
    filled = fill(transaction, "9F38")
    answer = transaction.channel.send(apdu.get_processing_options(filled))
    if not answer.ok:
        return refusal(answer.status, "GET PROCESSING OPTIONS")
    nodes = read(answer.data)
    if [node.tag for node in nodes] == ["80"]:
        _keep_format_1(transaction.card, nodes[0].value)
    else:
        transaction.card.add_template(answer.data, "77")
    transaction.card.require("82")
    return None


def _keep_format_1(card: CardData, value: bytes) -> None:
    """Format 1: AIP and AFL one after the other (EMV Book 3 section 6.5.8.4)."""
    if len(value) < 6:
        raise CardProblem("80 Response, format 1 is too short")
    card.put("82", value[:2])
    card.put("94", value[2:])


def entries(card: CardData, tag: str) -> list[dol.Entry]:
    """The entries of a list the card sent (PDOL, CDOL1); none if it sent no list. Raises CardProblem."""
    try:
        return dol.parse(card.get(tag))
    except tlv.TlvProblem as error:
        raise CardProblem(f"{tag}: {error}") from None


def fill(transaction: Transaction, tag: str) -> list[tuple[str, bytes]]:
    """A list of the card, filled with what the terminal knows. Raises CardProblem."""
    return dol.fill(entries(transaction.card, tag), transaction.terminal)


def read_records(transaction: Transaction) -> None:
    """Read all records of the AFL. Raises CardProblem for a record that is missing or is no 70 template."""
    for file, number in checks.locator(transaction.card["94"]):
        answer = transaction.channel.send(apdu.read_record(file, number))
        if not answer.ok:
            raise CardProblem(f"record {number} of file {file} answered {answer.status:04X}")
        transaction.card.add_template(answer.data, "70")


def result(transaction: Transaction, decision: Decision) -> Result:
    """Close a transaction with the account it was for. Raises CardProblem if 5A and track 2 contradict each other."""
    card = transaction.card
    track = checks.same_card(card)
    pan = track.pan if track else checks.pan_of(card) if "5A" in card else ""
    expiry = track.expiry if track else card["5F24"].hex()[:4] if "5F24" in card else ""
    return Result(decision, track, pan, expiry, {**transaction.terminal, **card.values()})
