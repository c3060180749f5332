"""Two readers that know nothing of each other: nfcpy's ISO-DEP and that of our terminal, both over `Air`."""

from collections.abc import Callable

import nfc.clf
from nfc.tag.tt4 import IsoDepInitiator, Type4TagCommandError

from tapwatch.terminal.readers.isodep import FRAME_SIZES, IsoDep, Timing, read_ats
from tapwatch.terminal.readers.port import CardLost
from tests.interop.isodep.air import Air, Garbled

_RATS = 0xE0


class Ended(Exception):
    """The reader has given the session up."""


class OurReader:
    """The terminal's reader; to it a garbled frame is no frame."""

    def __init__(self, air: Air, fsdi: int = 8) -> None:
        self._air = air
        self._heard: bytes | None = None
        air.activate()
        self._card = IsoDep(self, Timing(floor_s=0.0), fsdi)
        try:
            self.ats = self._card.activate().raw
        except CardLost as lost:
            raise Ended(str(lost)) from lost

    def exchange(self, apdu: bytes) -> bytes:
        """The answer to a command. Raises Ended."""
        try:
            return self._card.exchange(apdu)
        except CardLost as lost:
            raise Ended(str(lost)) from lost

    def send(self, frame: bytes) -> None:
        """As an antenna."""
        try:
            self._heard = self._air.exchange(frame)
        except Garbled:
            self._heard = None

    def receive(self, timeout_s: float) -> "bytes | None":
        """As an antenna; no time passes."""
        return self._heard

    def field_off(self) -> None:
        """As an antenna."""
        self._air.field_off()


class NfcpyRadio:
    """The part of nfcpy's `ContactlessFrontend` that its ISO-DEP calls."""

    def __init__(self, air: Air) -> None:
        self._air = air

    def exchange(self, data: "bytes | bytearray", timeout: float) -> bytearray:
        """One frame each way."""
        try:
            heard = self._air.exchange(bytes(data))
        except Garbled:
            raise nfc.clf.TransmissionError("CRC") from None
        if heard is None:
            raise nfc.clf.TimeoutError("silence")
        return bytearray(heard)


class NfcpyReader:
    """nfcpy's `IsoDepInitiator`, set up from the ATS as nfcpy does it."""

    def __init__(self, air: Air, fsdi: int = 8) -> None:
        air.activate()
        radio = NfcpyRadio(air)
        try:
            self.ats = bytes(radio.exchange(bytes([_RATS, fsdi << 4]), 0.03))
        except nfc.clf.CommunicationError as error:
            raise Ended("no answer to select") from error
        ats = read_ats(self.ats)
        self._dep = IsoDepInitiator(radio, ats.frame_size, ats.wait_s)

    def exchange(self, apdu: bytes) -> bytes:
        """The answer to a command. Raises Ended."""
        try:
            return bytes(self._dep.exchange(bytearray(apdu)))
        except (Type4TagCommandError, nfc.clf.CommunicationError) as error:
            raise Ended(repr(error)) from error


Reader = OurReader | NfcpyReader
READERS: dict[str, Callable[..., Reader]] = {"ours": OurReader, "nfcpy": NfcpyReader}
SIZES = FRAME_SIZES[:9]


def mirrored(apdu: bytes) -> bytes:
    """What the mirror card answers; what is longer than any command reaches it cut at 262 bytes."""
    apdu = apdu[:262]
    total = 0
    for byte in apdu:
        total = total * 5 + byte & 0xFFFF
    answer = bytes(apdu[i % len(apdu)] + total + i & 0xFF for i in range(total % 257))
    return answer + b"\x90\x00"
