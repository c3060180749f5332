"""Readers on PC/SC, through pyscard."""

from __future__ import annotations

import contextlib
import importlib.util
import time
from typing import Any

from tapwatch.errors import UserError
from tapwatch.terminal.readers.port import CardInfo, CardLost, NoCard

_POLL_S = 0.1
_GET_UID = [0xFF, 0xCA, 0x00, 0x00, 0x00]  # PC/SC part 3 section 3.2.2.1.3


class PcscReader:
    """A PC/SC reader whose name contains a text; the first one if the text is empty."""

    def __init__(self, wanted: str = "") -> None:
        self._reader = _find(wanted)
        self.name = f"PC/SC {self._reader}"
        self._connection: Any = None  # pyscard's annotations do not hold

    def connect(self, timeout_s: float) -> CardInfo:
        """Wait for a card. Raises NoCard or CardLost."""
        from smartcard.Exceptions import CardConnectionException, NoCardException

        self.disconnect()
        deadline = time.monotonic() + timeout_s
        connection: Any = self._reader.createConnection()
        while True:
            try:
                connection.connect()
                break
            except NoCardException as error:
                if time.monotonic() > deadline:
                    raise NoCard("no card came into the field") from error
                time.sleep(_POLL_S)
            except CardConnectionException as error:
                raise CardLost(str(error)) from error
        self._connection = connection
        return CardInfo(uid=self._uid(), ats=bytes(connection.getATR()))

    def transmit(self, apdu: bytes) -> bytes:
        """Send a command. Raises CardLost."""
        from smartcard.Exceptions import CardConnectionException, NoCardException

        if self._connection is None:
            raise CardLost("no card is in the field")
        try:
            data, sw1, sw2 = self._connection.transmit(list(apdu))
        except (CardConnectionException, NoCardException) as error:
            self.disconnect()
            raise CardLost(str(error)) from error
        return bytes([*data, sw1, sw2])

    def disconnect(self) -> None:
        """Let the card go."""
        from smartcard.Exceptions import SmartcardException

        if self._connection is not None:
            with contextlib.suppress(SmartcardException):  # the card may have left already
                self._connection.disconnect()
            self._connection = None

    def _uid(self) -> bytes:
        answer = self.transmit(bytes(_GET_UID))
        return answer[:-2] if answer.endswith(b"\x90\x00") else b""


def _find(wanted: str) -> Any:
    if importlib.util.find_spec("smartcard") is None:
        raise UserError("the PC/SC library is not installed", "run `pip install pyscard`")
    from smartcard.pcsc.PCSCExceptions import BaseSCardException
    from smartcard.System import readers

    try:
        found = readers()
    except BaseSCardException as error:
        raise UserError("PC/SC does not answer", "start pcscd") from error
    matching = [reader for reader in found if wanted.lower() in str(reader).lower()]
    if not matching:
        names = ", ".join(map(str, found)) or "none"
        raise UserError(f"no PC/SC reader matches {wanted!r}", f"connect one; there are: {names}")
    return matching[0]
