"""What is to be paid, and the terminal it is paid at."""

from __future__ import annotations

import datetime
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tapwatch.terminal.amount import Money


_CVM_LIMIT_UNITS = 100


@dataclass(frozen=True)
class Terminal:
    """A terminal and its merchant. The defaults are a test shop."""

    terminal_id: str = "TAPW0001"
    """8 characters."""
    merchant_id: str = "TAPWATCHSHOP001"
    """15 characters."""
    merchant_name: str = "Tapwatch Corner Shop"
    """At most 40 characters."""
    merchant_category: int = 5411
    """ISO 18245; 5411 is a grocery."""
    acquirer: int = 12345678901
    """At most 11 digits."""
    country: int = 156
    """ISO 3166 numeric; 156 is China."""
    capabilities: bytes = bytes.fromhex("006008")
    """9F33: no contact entry; signature and online PIN not done here, no CVM allowed; CDA. EMV Book 4 annex A2."""
    additional_capabilities: bytes = bytes.fromhex("6000000001")
    """9F40: goods and services; EMV Book 4 annex A3."""
    kind: int = 0x22
    """9F35: attended, merchant's, offline with online capability. EMV Book 4 annex A1."""
    serial: str = "00000001"


def _local_time() -> datetime.datetime:
    return datetime.datetime.now().astimezone()


def _unpredictable() -> bytes:
    return secrets.token_bytes(4)


@dataclass(frozen=True)
class TapRequest:
    """One payment. A new unpredictable number is drawn for every tap, `retry` included."""

    money: Money
    terminal: Terminal = field(default_factory=Terminal)
    cvm_limit_minor: int | None = None
    """From this amount on the cardholder must be verified; None stands for 100 units of the currency."""
    at: datetime.datetime = field(default_factory=_local_time)
    unpredictable: bytes = field(default_factory=_unpredictable)

    @property
    def needs_cvm(self) -> bool:
        """True if the cardholder must be verified."""
        limit = self.cvm_limit_minor
        if limit is None:
            limit = _CVM_LIMIT_UNITS * 10**self.money.currency.exponent
        return self.money.minor >= limit
