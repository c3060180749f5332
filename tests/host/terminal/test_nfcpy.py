"""The built-in reader against nfcpy's card emulation, and the nfcpy reader against our test card."""

from __future__ import annotations

import threading

import nfc
import nfc.clf
import pytest

from tapwatch.terminal.readers.antenna import UdpAntenna
from tapwatch.terminal.readers.builtin import BuiltinReader
from tapwatch.terminal.readers.choose import open_reader
from tapwatch.terminal.readers.isodep import Timing
from tapwatch.terminal.session import tap
from tests.host.terminal.cards import VisaCard
from tests.host.terminal.test_online import ScriptedBank, request
from tests.host.terminal.udp_card import UdpCard

pytestmark = pytest.mark.filterwarnings("ignore:.*TripleDES")


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
    assert card.fields_off == 2
