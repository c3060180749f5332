"""A tap as JSON for the simulator's page: the shape is `tapwatch.simulator.tapping.TapResult`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.terminal.emv import apdu, tags, tlv
from tapwatch.terminal.show.meanings import meaning
from tapwatch.terminal.show.receipt import receipt_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tapwatch.simulator import tapping
    from tapwatch.terminal.session import TapResult
    from tapwatch.terminal.trace import Exchange


def page_result(result: TapResult) -> tapping.TapResult:
    """The result as plain dictionaries, lists and texts."""
    receipt = result.receipt
    return {
        "approved": receipt.approved,
        "outcome": receipt.outcome,
        "reason": receipt.reason,
        "amount": receipt.amount,
        "receipt": dict(receipt_rows(receipt)),
        "exchanges": [_exchange(exchange) for exchange in result.trace.exchanges],
        "card_ms": receipt.elapsed_ms,
    }


def _exchange(exchange: Exchange) -> tapping.Exchange:
    sent = [_field(0, tag, value) for tag, value in exchange.command.filled]
    return {
        "name": exchange.command.name,
        "command": exchange.command.encode().hex().upper(),
        "answer": exchange.answer.hex().upper(),
        "elapsed_ms": round(exchange.elapsed_ms, 2),
        "fields": [*sent, *_answer(exchange.answer)],
    }


def _answer(raw: bytes) -> list[tapping.Field]:
    if len(raw) < 2:
        return []
    answer = apdu.split_answer(raw)
    fields: list[tapping.Field] = []
    try:
        fields += _fields(tlv.parse(answer.data), 0)
    except tlv.TlvProblem as problem:
        fields.append({"depth": 0, "tag": "", "name": "no BER-TLV", "value": str(problem)})
    fields.append({"depth": 0, "tag": f"{answer.status:04X}", "name": "status", "value": apdu.meaning(answer.status)})
    return fields


def _fields(nodes: Iterable[tlv.Tlv], depth: int) -> list[tapping.Field]:
    fields: list[tapping.Field] = []
    for node in nodes:
        fields.append(_field(depth, node.tag, b"" if node.constructed else node.value))
        fields += _fields(node.children, depth + 1)
    return fields


def _field(depth: int, tag: str, value: bytes) -> tapping.Field:
    said = meaning(tag, value)
    text = value.hex().upper() + (f"  {said}" if said else "")
    return {"depth": depth, "tag": tag, "name": tags.name(tag), "value": text}
