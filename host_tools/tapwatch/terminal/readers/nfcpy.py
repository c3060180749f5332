"""Readers driven by nfcpy: USB and serial NFC chips, and its own simulated UDP device."""

from __future__ import annotations

import contextlib
import errno
import importlib.util
import re
import socket
import time
from typing import Any

from tapwatch.errors import EXIT_USAGE, UserError
from tapwatch.terminal.readers.pcsc_readers import driver_hint
from tapwatch.terminal.readers.port import CardInfo, CardLost, NoCard

_POLL_S = 0.1
_PATH = re.compile(r"usb(:[0-9a-fA-F]{1,4}){0,2}|(tty|com)(:[\w.-]+){0,2}|udp(:[\w.-]*(:\d+)?)?")
FORMS = "usb[:VENDOR[:PRODUCT]], usb:BUS:DEVICE, tty:PORT:DRIVER, com:PORT:DRIVER or udp:HOST:PORT"
_HINTS = {
    errno.ENODEV: "plug it in, and let your user open it (as root for a try, then a udev rule)",
    errno.EACCES: "let your user open it: a udev rule, or the group of the serial port",
    errno.EBUSY: "another program uses it: stop pcscd, or whatever else talks to it",
}


class NfcpyReader:
    """A reader by nfcpy's device path, such as `usb`, `tty:USB0:pn532` or `udp:127.0.0.1:54321`."""

    def __init__(self, path: str = "usb") -> None:
        self.name = f"nfcpy {path}"
        self._frontend: Any = _open(path)
        self._tag: Any = None  # nfcpy has no types

    def connect(self, timeout_s: float) -> CardInfo:
        """Wait for a card. Raises NoCard, or UserError if the reader has gone."""
        self.disconnect()
        deadline = time.monotonic() + timeout_s
        other = ""
        while time.monotonic() < deadline:
            target = self._sense()
            if target is not None:
                tag = self._activate(target)
                if tag is not None and tag.type == "Type4Tag":
                    self._tag = tag
                    return CardInfo(bytes(target.sdd_res), bytes(target.sens_res), target.sel_res[0])
                other = f"; there is a {tag.type}, which is no payment card" if tag is not None else other
            time.sleep(_POLL_S)
        raise NoCard(f"no card came into the field{other}")

    def transmit(self, apdu: bytes) -> bytes:
        """Send a command. Raises CardLost if the card has gone, UserError if the reader has."""
        import nfc.clf
        import nfc.tag

        if self._tag is None:
            raise CardLost("no card is in the field")
        try:
            return bytes(self._tag.transceive(apdu))
        except (nfc.tag.TagCommandError, nfc.clf.CommunicationError) as error:
            self.disconnect()
            raise CardLost(f"nfcpy: {error}") from error
        except OSError as error:
            self._tag = None
            raise self._gone() from error

    def disconnect(self) -> None:
        """Switch the field off."""
        self._tag = None
        with contextlib.suppress(OSError):  # the next `connect` says that the reader has gone
            self._frontend.device.mute()

    def _sense(self) -> Any:
        """A type A card that has been selected, or None."""
        import nfc.clf

        try:
            return self._frontend.sense(nfc.clf.RemoteTarget("106A"))
        except nfc.clf.UnsupportedTargetError as error:
            raise UserError(f"{self.name} cannot read type A cards", "use another reader") from error
        except OSError as error:
            raise self._gone() from error

    def _activate(self, target: Any) -> Any:
        """The tag for a selected card; None if the card does not go on."""
        import nfc.tag

        with contextlib.suppress(IndexError):  # nfcpy takes it for granted that an ATS has four bytes
            return nfc.tag.activate(self._frontend, target)
        return None

    def _gone(self) -> UserError:
        return UserError(f"{self.name} does not answer any more", "plug it in again")


def _open(path: str) -> Any:
    """Open a front end. Raises UserError."""
    if importlib.util.find_spec("nfc") is None:
        raise UserError("the nfcpy library is not installed", "run `pip install nfcpy`")
    if not _PATH.fullmatch(path):
        raise UserError(f"{path!r} is no device of nfcpy", f"write {FORMS}", EXIT_USAGE)
    try:
        import nfc

        return nfc.ContactlessFrontend(path)
    except ModuleNotFoundError as error:
        raise UserError(f"nfcpy has no such driver: {path}", "name one, as in tty:USB0:pn532", EXIT_USAGE) from error
    except ImportError as error:
        raise UserError("nfcpy cannot be used", "install libusb (Debian: libusb-1.0-0)") from error
    except socket.gaierror as error:
        raise UserError(f"nfcpy cannot open {path}", "check the name of the host") from error
    except OSError as error:
        hint = _HINTS.get(error.errno or 0, "see nfcpy's page on device paths")
        raise UserError(f"nfcpy cannot open a reader at {path}", hint + driver_hint()) from error
