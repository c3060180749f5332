"""The link to vpcd on the wire: this test is the reader's side."""

import socket
import struct
from collections.abc import Iterator

import pytest

from tests.interop.nfc import issuer
from tests.interop.nfc.watch_process import start_card

ATR = bytes.fromhex("3b80800101")
OFF, ON, RESET, GET_ATR = b"\x00", b"\x01", b"\x02", b"\x04"
PPSE = b"\x00\xa4\x04\x00\x0e2PAY.SYS.DDF01\x00"
TIMEOUT_S = 5
QUIET_S = 0.1


class Slot:
    """One connection of a card to the reader."""

    def __init__(self, stream: socket.socket) -> None:
        self.stream = stream
        stream.settimeout(TIMEOUT_S)

    def send(self, message: bytes) -> None:
        """One message, no answer expected."""
        self.stream.sendall(struct.pack(">H", len(message)) + message)

    def ask(self, message: bytes) -> bytes:
        """One message and its answer."""
        self.send(message)
        return self.receive()

    def receive(self) -> bytes:
        """One answer."""
        size = struct.unpack(">H", self._exactly(2))[0]
        return self._exactly(size)

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            part = self.stream.recv(size - len(data))
            assert part, "the card has hung up"
            data += part
        return data


@pytest.fixture(scope="module")
def reader() -> Iterator[socket.socket]:
    """A listening virtual reader, and a watch that connects to it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(TIMEOUT_S)
        port = server.getsockname()[1]
        keys = {"visa": issuer.session_keys("visa", 7)}
        card = start_card({"link": f"vpcd:127.0.0.1:{port}", "profiles": ["visa"], "keys": keys})
        yield server
        card.kill()
        card.wait()


@pytest.fixture
def slot(reader: socket.socket) -> Iterator[Slot]:
    """A fresh connection; the card comes back after each test."""
    stream, _ = reader.accept()
    with stream:
        yield Slot(stream)


def test_atr_is_the_only_control_that_is_answered(slot: Slot) -> None:
    assert slot.ask(GET_ATR) == ATR
    for control in (OFF, ON, RESET, b"\x03", b"\xff"):
        slot.send(control)
    assert slot.ask(GET_ATR) == ATR


def test_power_starts_over(slot: Slot) -> None:
    slot.send(ON)
    assert slot.ask(PPSE)[-2:] == b"\x90\x00"
    assert slot.ask(b"\x00\xa4\x04\x00\x07\xa0\x00\x00\x00\x03\x10\x10\x00")[-2:] == b"\x90\x00"
    assert slot.ask(b"\x80\xca\x9f\x36\x00")[-2:] == b"\x90\x00"
    slot.send(RESET)
    assert slot.ask(b"\x80\xca\x9f\x36\x00") == b"\x6d\x00"


def test_uid_command(slot: Slot) -> None:
    assert slot.ask(b"\xff\xca\x00\x00\x00") == bytes.fromhex("08123456") + b"\x90\x00"
    assert slot.ask(b"\xff\xca\x01\x00\x00") == b"\x6e\x00"


def test_messages_in_pieces_and_too_long_ones(slot: Slot) -> None:
    for byte in struct.pack(">H", len(PPSE)) + PPSE:
        slot.stream.sendall(bytes((byte,)))
    assert slot.receive()[-2:] == b"\x90\x00"
    assert slot.ask(bytes(2000)) == b"\x67\x00"
    assert slot.ask(PPSE)[-2:] == b"\x90\x00"


def test_half_a_message_does_not_hang_the_card(slot: Slot) -> None:
    slot.stream.sendall(b"\x00\x05\x00")


def test_the_card_comes_back_afterwards(slot: Slot) -> None:
    assert slot.ask(GET_ATR) == ATR
