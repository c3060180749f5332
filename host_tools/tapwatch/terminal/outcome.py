"""How a tap ends (EMV Contactless Book A section 6, Book B section 3.5)."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Outcome(enum.Enum):
    """What the terminal does next."""

    APPROVED = "approved"
    ONLINE = "online request"
    DECLINED = "declined"
    TRY_AGAIN = "try again"
    SEE_PHONE = "see phone"
    SELECT_NEXT = "select next"
    OTHER_INTERFACE = "try another interface"
    END = "end application"


class Cvm(enum.Enum):
    """How the cardholder was verified."""

    NONE = "none"
    ON_DEVICE = "on the device"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class Decision:
    """An outcome with its reason, in words for a person."""

    outcome: Outcome
    reason: str
    cvm: Cvm = Cvm.NONE


class CardProblem(Exception):
    """The card sent something a terminal must not accept. The transaction ends."""
