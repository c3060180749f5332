"""Readers driven by nfcpy: USB and serial NFC chips, and its own simulated UDP device."""

from __future__ import annotations

import importlib.util
import time
from typing import Any

from tapwatch.errors import UserError
from tapwatch.terminal.readers.port import CardInfo, CardLost, NoCard

_POLL_S = 0.1


class NfcpyReader:
    """A reader by nfcpy's device path, such as `usb`, `tty:S0:pn532` or `udp:127.0.0.1:54321`."""

    def __init__(self, path: str = "usb") -> None:
        if importlib.util.find_spec("nfc") is None:
            raise UserError("the nfcpy library is not installed", "run `pip install nfcpy`")
        import nfc

        self.name = f"nfcpy {path}"
        try:
            self._frontend: Any = nfc.ContactlessFrontend(path)
        except OSError as error:
            raise UserError(f"nfcpy finds no reader at {path}", "see nfcpy's page on device paths") from error
        self._tag: Any = None  # nfcpy has no types

    def connect(self, timeout_s: float) -> CardInfo:
        """Wait for a card. Raises NoCard."""
        import nfc.clf
        import nfc.tag

        self.disconnect()
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            target = self._frontend.sense(nfc.clf.RemoteTarget("106A"))
            if target is not None:
                self._tag = nfc.tag.activate(self._frontend, target)
                if self._tag is not None and self._tag.type == "Type4Tag":
                    return CardInfo(bytes(target.sdd_res), bytes(target.sens_res), target.sel_res[0])
            time.sleep(_POLL_S)
        raise NoCard("no card came into the field")

    def transmit(self, apdu: bytes) -> bytes:
        """Send a command. Raises CardLost."""
        import nfc.tag

        if self._tag is None:
            raise CardLost("no card is in the field")
        try:
            return bytes(self._tag.transceive(apdu))
        except nfc.tag.TagCommandError as error:
            raise CardLost(f"nfcpy: {error}") from error

    def disconnect(self) -> None:
        """Switch the field off."""
        self._tag = None
        self._frontend.device.mute()
