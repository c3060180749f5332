"""One card in a PC/SC reader. Imports pyscard, so it is imported only where that is known to be there."""

from __future__ import annotations

import contextlib
from typing import Any

from smartcard import scard
from smartcard.CardConnection import CardConnection
from smartcard.Exceptions import CardConnectionException, NoCardException, SmartcardException
from smartcard.ExclusiveTransmitCardConnection import ExclusiveTransmitCardConnection

from tapwatch.errors import UserError
from tapwatch.terminal.readers import t0
from tapwatch.terminal.readers.port import CardLost

_GET_UID = bytes.fromhex("FFCA000000")  # PC/SC part 3 section 3.2.2.1.3
_OK = b"\x90\x00"
_MOMENTS = (
    scard.SCARD_W_UNRESPONSIVE_CARD,
    scard.SCARD_W_UNPOWERED_CARD,
    scard.SCARD_W_RESET_CARD,
    scard.SCARD_W_REMOVED_CARD,
    scard.SCARD_E_NOT_TRANSACTED,
)
"""Said of a card that has just come, or just left: worth another try."""
_ABSENT = (
    scard.SCARD_E_READER_UNAVAILABLE,
    scard.SCARD_E_UNKNOWN_READER,
    scard.SCARD_E_NO_SERVICE,
    scard.SCARD_E_SERVICE_STOPPED,
)
"""Said when reader or service are not there any more."""


class PcscCard:
    """A card with power. `reader` is the name for messages."""

    def __init__(self, connection: Any, reader: str) -> None:
        self._connection = connection  # pyscard's annotations do not hold
        self._reader = reader
        self._over_t0 = connection.getProtocol() == CardConnection.T0_protocol
        self.atr = bytes(connection.getATR())

    def transmit(self, apdu: bytes) -> bytes:
        """Send a command. Raises CardLost if the card has gone, UserError if the reader has."""
        try:
            return t0.exchange(self._exchange, apdu) if self._over_t0 else self._exchange(apdu)
        except SmartcardException as error:
            if error.hresult in _ABSENT:
                raise _unusable(error, self._reader) from error
            raise CardLost(str(error)) from error

    def uid(self) -> bytes:
        """What the reader itself says; empty if it knows no such command."""
        with contextlib.suppress(SmartcardException):  # a card that has left is noticed by the next command
            answer = self._exchange(_GET_UID)
            return answer[: -len(_OK)] if answer.endswith(_OK) else b""
        return b""

    def release(self) -> None:
        """Take its power."""
        with contextlib.suppress(SmartcardException):  # the card may have left already
            self._connection.disconnect()

    def _exchange(self, apdu: bytes) -> bytes:
        data, sw1, sw2 = self._connection.transmit(list(apdu))
        return bytes([*data, sw1, sw2])


def power_up(reader: Any, name: str) -> PcscCard | None:
    """The card in a reader; None if there is none, or one that does not answer yet. Raises UserError."""
    try:
        connection = _connect(reader)
    except NoCardException:
        return None
    except CardConnectionException as error:
        if error.hresult in _MOMENTS:
            return None
        raise _unusable(error, name) from error
    try:
        connection.lock()  # other programs look at new cards too, and would select something else in between
        return PcscCard(connection, name)
    except SmartcardException:
        return None  # the card has left again


def _connect(reader: Any) -> Any:
    """By T=1, which contactless readers speak and which carries any command as it is; else by what the card has."""
    connection = ExclusiveTransmitCardConnection(reader.createConnection())
    try:
        connection.connect(CardConnection.T1_protocol)
    except CardConnectionException as error:
        if error.hresult != scard.SCARD_E_PROTO_MISMATCH:
            raise
        connection.connect()
    return connection


def _unusable(error: SmartcardException, name: str) -> UserError:
    if error.hresult == scard.SCARD_E_SHARING_VIOLATION:
        return UserError(f"another program holds the card in {name}", "close that program")
    if error.hresult in _ABSENT:
        return UserError(f"{name} has gone", "plug it in again; if it is there, restart pcscd")
    return UserError(f"{name} cannot reach the card", "lay the card flat on the reader and try again")
