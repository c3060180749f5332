"""Field 55 of a code that the wearer showed: EMV QRCPS consumer-presented, kernel-less.

Such a code carries the card's side of a cryptogram alone. What a terminal says at a tap was zero when the watch made it
(docs/formats.md "Payment codes"), so it is zero here, whatever the merchant asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.acquiring import icc
from tapwatch.acquiring.problems import MessageProblem
from tapwatch.bank.chip import ChipData

if TYPE_CHECKING:
    from collections.abc import Mapping

_TERMINAL: Mapping[str, bytes] = {
    "9F02": bytes(6), "9F03": bytes(6), "9F1A": bytes(2), "95": bytes(5), "5F2A": bytes(2), "9A": bytes(3),
    "9C": bytes(1),
}  # fmt: skip
"""What a terminal would have said, by tag."""
_CARD = frozenset(("9F26", "9F27", "9F10", "9F36", "9F37", "82"))
_OPTIONAL = frozenset(("57", "5F34"))


def chip_data(field55: str) -> ChipData:
    """Read the hex text of field 55, with the zeros of the terminal filled in. Raises MessageProblem."""
    tags = icc.decode(bytes.fromhex(field55))
    if not _CARD <= set(tags) <= _CARD | _OPTIONAL:
        raise MessageProblem("the chip data are not those of a code", "55")
    return ChipData.parse((icc.encode({**_TERMINAL, **tags})).hex())
