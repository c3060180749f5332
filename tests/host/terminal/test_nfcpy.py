"""The built-in reader against nfcpy's card emulation, and the nfcpy reader against our test card."""

from __future__ import annotations

import errno
import threading
import time
from types import SimpleNamespace

import nfc
import nfc.clf
import nfc.tag
import nfc.tag.tt4
import pytest

from tapwatch.errors import EXIT_USAGE, UserError
from tapwatch.terminal.readers.antenna import UdpAntenna
from tapwatch.terminal.readers.builtin import BuiltinReader
from tapwatch.terminal.readers.choose import open_reader
from tapwatch.terminal.readers.isodep import Timing
from tapwatch.terminal.readers.nfcpy import NfcpyReader
from tapwatch.terminal.readers.port import CardLost, NoCard
from tapwatch.terminal.session import tap
from tests.host.terminal.cards import VisaCard
from tests.host.terminal.test_online import ScriptedBank, request
from tests.host.terminal.udp_card import UdpCard


class NfcpyCard(threading.Thread):
    """Stock nfcpy as the card: its driver does ISO 14443-3; blocks without chaining are answered here."""

    def __init__(self, port: int, card: VisaCard) -> None:
        super().__init__(daemon=True)
        self._frontend = nfc.ContactlessFrontend(f"udp:127.0.0.1:{port}")
        self._card = card

    def run(self) -> None:
        """One field."""
        target = nfc.clf.LocalTarget("106A")
        target.sens_res, target.sdd_res, target.sel_res = (
            bytearray.fromhex(text) for text in ("0400", "08010203", "20")
        )
        target = self._frontend.device.listen_tta(target, 5.0)
        frame = bytes(target.tt4_cmd)
        while True:
            try:
                frame = bytes(self._frontend.device.send_rsp_recv_cmd(target, self._answer(frame), 5.0))
            except nfc.clf.CommunicationError:
                break
        self._frontend.close()

    def _answer(self, frame: bytes) -> bytes:
        return bytes.fromhex("0578807000") if frame[0] == 0xE0 else frame[:1] + self._card.apdu(frame[1:])


def free_port() -> int:
    with UdpCard(lambda apdu: apdu) as card:
        return card.port


def test_built_in_reader_pays_at_a_card_emulated_by_nfcpy() -> None:
    port = free_port()
    card = NfcpyCard(port, VisaCard())
    card.start()
    reader = BuiltinReader(UdpAntenna("127.0.0.1", port), timing=Timing(floor_s=1.0))
    result = tap(reader, request(), ScriptedBank("00"), wait_s=5)
    card.join(timeout=10)
    assert not card.is_alive(), "nfcpy did not see the field go"
    assert result.receipt.approved
    assert "UID 08010203  ATQA 0400  SAK 20" in result.trace.card


def test_nfcpy_reader_pays_at_our_test_card() -> None:
    with UdpCard(VisaCard().apdu) as card:
        reader = open_reader(f"nfcpy:udp:127.0.0.1:{card.port}")
        result = tap(reader, request(), ScriptedBank("00"), wait_s=5)
        assert result.receipt.approved and reader.name == f"nfcpy udp:127.0.0.1:{card.port}"
        again = tap(reader, request(), ScriptedBank("00"), wait_s=5)
        assert again.receipt.atc == result.receipt.atc + 1
        deadline = time.monotonic() + 5  # the last datagram may still be on its way to the card's thread
        while card.fields_off < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
    assert card.fields_off == 2


class Frontend:
    """A reader on USB that does as told, where nfcpy would have one."""

    def __init__(self, target=None, failure: Exception | None = None) -> None:
        self._target, self._failure = target, failure
        self.device = SimpleNamespace(mute=self._mute)
        self.mutes = 0

    def _mute(self) -> None:
        self.mutes += 1
        if self._failure:
            raise OSError(errno.ENODEV, "No such device")

    def sense(self, target):
        """Find what there is."""
        if self._failure:
            raise self._failure
        return self._target


TARGET = SimpleNamespace(sdd_res=b"\x08\x01\x02\x03", sens_res=b"\x04\x00", sel_res=b"\x20")


def reader_with(monkeypatch: pytest.MonkeyPatch, frontend: Frontend, tag=None) -> NfcpyReader:
    monkeypatch.setattr(nfc, "ContactlessFrontend", lambda path: frontend)
    monkeypatch.setattr(nfc.tag, "activate", lambda frontend, target: tag() if tag else None)
    return NfcpyReader("usb")


@pytest.mark.parametrize(
    "path", ["bogus", "usb:", "usb:072f:2200:1", "udp:1.2.3.4:x", "tty:USB0:pn532:9", "/dev/ttyUSB0"]
)
def test_what_is_no_device_is_a_mistake_on_the_command_line(path: str) -> None:
    with pytest.raises(UserError, match="is no device of nfcpy") as caught:
        open_reader(f"nfcpy:{path}")
    assert caught.value.exit_code == EXIT_USAGE and "usb[:VENDOR[:PRODUCT]]" in caught.value.hint


@pytest.mark.parametrize(
    "path", ["usb", "usb:072f", "usb:072f:2200", "usb:001:004", "tty:USB0:pn532", "com:3:pn532", "udp"]
)
def test_every_form_of_a_device_reaches_nfcpy(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    seen = []
    monkeypatch.setattr(nfc, "ContactlessFrontend", lambda path: seen.append(path) or Frontend())
    assert open_reader(f"nfcpy:{path}").name == f"nfcpy {path}" and seen == [path]


@pytest.mark.parametrize(
    ("failure", "hint"),
    [
        (OSError(errno.ENODEV, "No such device"), "plug it in"),
        (OSError(errno.EACCES, "Permission denied"), "let your user open it"),
        (OSError(errno.EBUSY, "Device or resource busy"), "another program uses it"),
        (ModuleNotFoundError("nfc.clf.pn53"), "name one"),
        (ImportError("missing usb1 module"), "libusb"),
    ],
)
def test_a_reader_that_cannot_be_opened(monkeypatch: pytest.MonkeyPatch, failure: Exception, hint: str) -> None:
    def fail(path: str) -> None:
        raise failure

    monkeypatch.setattr(nfc, "ContactlessFrontend", fail)
    with pytest.raises(UserError) as caught:
        NfcpyReader("usb")
    assert hint in caught.value.hint and str(failure) in caught.value.explain()


def test_a_reader_that_is_pulled_out(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = OSError(errno.EIO, "Input/output error")
    reader = reader_with(monkeypatch, Frontend(failure=gone))
    with pytest.raises(UserError, match="does not answer any more"):
        reader.connect(1)

    def transceive(apdu: bytes) -> bytes:
        raise gone

    reader = reader_with(monkeypatch, Frontend(TARGET), lambda: SimpleNamespace(type="Type4Tag", transceive=transceive))
    assert str(reader.connect(1)) == "UID 08010203  ATQA 0400  SAK 20"
    with pytest.raises(UserError, match="does not answer any more"):
        reader.transmit(b"\x00\xa4\x04\x00")


def test_a_card_that_leaves_switches_the_field_off(monkeypatch: pytest.MonkeyPatch) -> None:
    def transceive(apdu: bytes) -> bytes:
        raise nfc.tag.tt4.Type4TagCommandError(nfc.tag.TIMEOUT_ERROR)

    frontend = Frontend(TARGET)
    reader = reader_with(monkeypatch, frontend, lambda: SimpleNamespace(type="Type4Tag", transceive=transceive))
    reader.connect(1)
    before = frontend.mutes
    with pytest.raises(CardLost, match="nfcpy: "):
        reader.transmit(b"\x00\xa4\x04\x00")
    assert frontend.mutes == before + 1
    with pytest.raises(CardLost, match="no card is in the field"):
        reader.transmit(b"\x00\xa4\x04\x00")


def test_another_kind_of_tag_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = reader_with(monkeypatch, Frontend(TARGET), lambda: SimpleNamespace(type="Type2Tag"))
    with pytest.raises(NoCard, match="there is a Type2Tag, which is no payment card"):
        reader.connect(0.2)


def test_a_card_whose_ats_nfcpy_cannot_read_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def short_ats() -> None:
        raise IndexError("bytearray index out of range")

    reader = reader_with(monkeypatch, Frontend(TARGET), short_ats)
    with pytest.raises(NoCard, match="no card came into the field"):
        reader.connect(0.2)


@pytest.mark.parametrize("text", ["builtin:host", "udp:", "usb", ""])
def test_what_is_no_reader_says_what_is_one(text: str) -> None:
    with pytest.raises(UserError) as caught:
        open_reader(text)
    assert caught.value.exit_code == EXIT_USAGE and caught.value.hint.startswith("write ")


def test_the_built_in_reader_has_an_address_of_its_own() -> None:
    assert open_reader("builtin").name == "built-in antenna at 127.0.0.1:54321"
    assert open_reader("builtin:[::1]:4000").name == open_reader("udp:[::1]:4000").name
