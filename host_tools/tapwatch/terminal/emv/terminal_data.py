"""The data objects a terminal fills into PDOL and CDOL1 (EMV Book 3 annex A, Books C-2 and C-3 annex A)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tapwatch.terminal.request import TapRequest

PURCHASE = 0x00
"""9C, transaction type: goods and services."""
ENTRY_CONTACTLESS = 0x07
"""9F39, point of service entry mode: contactless chip (ISO 8583:1987 field 22, first two digits)."""
NO_VERIFICATION_RESULTS = bytes(5)
"""95 before anything was checked."""

# TTQ, 9F66 (Book C-3 annex A): byte 1 EMV mode; byte 2; byte 3.
_TTQ_EMV_MODE = 0x20
_TTQ_ONLINE_REQUIRED = 0x80
_TTQ_CVM_REQUIRED = 0x40
_TTQ_ON_DEVICE_CVM = 0x40

# 9F1D, terminal risk management data (Book C-2 annex A): byte 1 on-device CVM contactless; byte 2 limit exceeded.
_TRMD_ON_DEVICE_CVM = 0x04
_TRMD_LIMIT_EXCEEDED = 0x80


def build(request: TapRequest, sequence: int) -> dict[str, bytes]:
    """Tag to value for everything the terminal knows before the card speaks. `sequence` is 9F41."""
    return {**_transaction(request, sequence), **_terminal(request), **_kernel(request)}


def _transaction(request: TapRequest, sequence: int) -> dict[str, bytes]:
    return {
        "9F02": bcd(request.money.minor, 6),
        "9F03": bytes(6),
        "5F2A": bcd(request.money.currency.numeric, 2),
        "5F36": bcd(request.money.currency.exponent, 1),
        "9A": bytes.fromhex(request.at.strftime("%y%m%d")),
        "9F21": bytes.fromhex(request.at.strftime("%H%M%S")),
        "9C": bytes([PURCHASE]),
        "9F37": request.unpredictable,
        "9F39": bytes([ENTRY_CONTACTLESS]),
        "9F41": bcd(sequence, 4),
        "95": NO_VERIFICATION_RESULTS,
    }


def _terminal(request: TapRequest) -> dict[str, bytes]:
    terminal = request.terminal
    return {
        "9F01": bcd(terminal.acquirer, 6),
        "9F15": bcd(terminal.merchant_category, 2),
        "9F16": terminal.merchant_id.ljust(15).encode("ascii"),
        "9F1A": bcd(terminal.country, 2),
        "9F1C": terminal.terminal_id.ljust(8).encode("ascii"),
        "9F1E": terminal.serial.ljust(8).encode("ascii"),
        "9F33": terminal.capabilities,
        "9F35": bytes([terminal.kind]),
        "9F40": terminal.additional_capabilities,
        "9F4E": terminal.merchant_name.encode("ascii", "replace"),
    }


def _kernel(request: TapRequest) -> dict[str, bytes]:
    asked = _TTQ_ONLINE_REQUIRED | (_TTQ_CVM_REQUIRED if request.needs_cvm else 0)
    exceeded = _TRMD_LIMIT_EXCEEDED if request.needs_cvm else 0
    return {
        "9F66": bytes([_TTQ_EMV_MODE, asked, _TTQ_ON_DEVICE_CVM, 0]),
        "9F1D": bytes([_TRMD_ON_DEVICE_CVM, exceeded, 0, 0, 0, 0, 0, 0]),
    }


def bcd(number: int, size: int) -> bytes:
    """A number in `size` bytes of binary coded decimal. Raises ValueError if it does not fit."""
    digits = str(number).rjust(2 * size, "0")
    if len(digits) != 2 * size or not digits.isdigit():
        raise ValueError(f"{number} does not fit {2 * size} digits")
    return bytes.fromhex(digits)
