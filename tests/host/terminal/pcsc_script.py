"""Run by test_pcsc.py inside a box: pcscd, test cards on vpcd, and the terminal's PC/SC reader.

Prints one JSON line per step.
"""

from __future__ import annotations

import json
import socket
import tempfile
import threading
import time
from pathlib import Path

from tapwatch.errors import UserError
from tapwatch.terminal.readers.choose import open_reader
from tapwatch.terminal.readers.port import CardLost, NoCard, Reader
from tapwatch.terminal.session import TapSession
from tests.host.terminal.cards import Card, MastercardCard, VisaCard
from tests.host.terminal.test_online import ScriptedBank, request
from tests.interop.nfc.pcsc_agent import PORT, start_daemon

CONTACTLESS, CONTACT = bytes.fromhex("3B80800101"), bytes.fromhex("3B600000")
"""Contactless; and contact, T=0 alone."""
UID = b"\xff\xca\x00\x00\x00"
DEADLINE_S = 15
NOTICED_S = 0.5  # pcscd looks for cards every 400 ms


class VpcdCard(threading.Thread):
    """A card on vpcd: two length bytes in front of everything; one byte is a control code, 4 asks for the ATR."""

    def __init__(self, card: Card, atr: bytes = CONTACTLESS, leaves_after: int = 1000) -> None:
        super().__init__(daemon=True)
        self._card = card
        self._atr = atr
        self._left = leaves_after
        self.commands: list[bytes] = []
        self._socket = socket.create_connection(("127.0.0.1", PORT))
        self.start()

    def run(self) -> None:
        """Answer until the reader, or whoever holds the card, has had enough."""
        while (message := self._read()) is not None:
            if message == b"\x04":
                self._write(self._atr)
            elif message == UID:
                self._write(bytes.fromhex("08A1B2C39000"))
            elif len(message) > 1:
                self.commands.append(message)
                self._left -= 1
                if self._left < 0:
                    break
                self._write(self._answer(message))
        self._socket.close()

    def leave(self) -> None:
        """Be taken away."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self.join()
        time.sleep(NOTICED_S)

    def _answer(self, message: bytes) -> bytes:
        """Over T=0 half of a SELECT answer must be fetched."""
        if self._atr == CONTACTLESS:
            return self._card.apdu(message)
        if message[1] == 0xC0:
            return self._rest
        whole = self._card.apdu(message + b"\x00")
        self._rest = whole
        return bytes((0x61, len(whole) - 2))

    def _read(self) -> bytes | None:
        try:
            head = self._socket.recv(2, socket.MSG_WAITALL)
            return self._socket.recv(int.from_bytes(head, "big"), socket.MSG_WAITALL) if len(head) == 2 else None
        except OSError:
            return None

    def _write(self, data: bytes) -> None:
        self._socket.sendall(len(data).to_bytes(2, "big") + data)


def report(step: str, **fields: object) -> None:
    """One line for the test."""
    print(json.dumps({"step": step, **fields}), flush=True)


def refused(step: str, wanted: str) -> None:
    """A reader that cannot be opened."""
    try:
        open_reader(wanted)
    except UserError as error:
        report(step, message=error.message, hint=error.hint)


def no_card(reader: Reader) -> None:
    """Nobody presents a card."""
    try:
        TapSession(reader).tap(request(), wait_s=0.3)
    except NoCard as error:
        report("no card", message=str(error))


def late_card(reader: Reader) -> None:
    """The card comes while the reader waits; after the tap it is left there for another one."""
    arriving: list[VpcdCard] = []
    threading.Timer(0.5, lambda: arriving.append(VpcdCard(VisaCard()))).start()
    started = time.monotonic()
    result = TapSession(reader, ScriptedBank("00")).tap(request(), wait_s=DEADLINE_S)
    report("late", seconds=time.monotonic() - started, seen=result.trace.card, **result.receipt.to_json())
    again = TapSession(reader, ScriptedBank("00")).tap(request(), wait_s=DEADLINE_S)
    report("still there", **again.receipt.to_json())
    arriving[0].leave()


def card_that_leaves(reader: Reader) -> None:
    """The card is taken away between two commands, and comes back."""
    card = VpcdCard(MastercardCard(), leaves_after=3)
    result = TapSession(reader).tap(request(), wait_s=DEADLINE_S)
    report("left", outcome=result.outcome.value, reason=result.receipt.reason)
    card.join()
    time.sleep(NOTICED_S)
    card = VpcdCard(MastercardCard())
    result = TapSession(reader, ScriptedBank("00")).tap(request(), wait_s=DEADLINE_S)
    report("back", **result.receipt.to_json())
    card.leave()


def contact_card(reader: Reader) -> None:
    """A card that has T=0 alone, as contact cards do."""
    card = VpcdCard(VisaCard(), CONTACT)
    info = reader.connect(DEADLINE_S)
    answer = reader.transmit(bytes.fromhex("00A404000E325041592E5359532E444446303100"))
    sent = [command.hex().upper() for command in card.commands]
    report("contact", seen=str(info), answer=answer.hex().upper(), sent=sent)
    reader.disconnect()
    card.leave()


def main() -> None:
    """All of it."""
    refused("no daemon", "pcsc")
    with tempfile.TemporaryDirectory() as folder:
        daemon = start_daemon(Path(folder))
        time.sleep(NOTICED_S)  # its socket is there before its readers are
        refused("no reader", "pcsc:no such reader")
        reader = open_reader("pcsc:virtual")
        for step in (no_card, late_card, card_that_leaves, contact_card):
            step(reader)
        card = VpcdCard(VisaCard())
        reader.connect(DEADLINE_S)
        daemon.terminate()
        daemon.wait()
        try:
            reader.transmit(bytes.fromhex("00A404000E325041592E5359532E444446303100"))
        except (UserError, CardLost) as error:
            report("daemon gone", message=str(error))
        try:
            reader.connect(1)
        except UserError as error:
            report("reader gone", message=error.message, hint=error.hint)
        card.join()


if __name__ == "__main__":
    main()
