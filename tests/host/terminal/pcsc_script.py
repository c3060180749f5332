"""Run by test_pcsc.py inside namespaces of its own: pcscd, a test card on vpcd, and the terminal's PC/SC reader."""

from __future__ import annotations

import json
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from tapwatch.errors import UserError
from tapwatch.terminal.readers.choose import open_reader
from tapwatch.terminal.readers.port import NoCard
from tapwatch.terminal.session import TapSession
from tests.host.terminal.cards import Card, MastercardCard, VisaCard
from tests.host.terminal.test_online import ScriptedBank, request

PORT = 0x8C7B
SOCKET = Path("/run/pcscd/pcscd.comm")
CONFIGURATION = f"""FRIENDLYNAME "Virtual PCD"
DEVICENAME   /dev/null:0x{PORT:X}
LIBPATH      /usr/lib/pcsc/drivers/serial/libifdvpcd.so
CHANNELID    0x{PORT:X}
"""
ATR = bytes.fromhex("3B80800101")
DEADLINE_S = 15


class VpcdCard(threading.Thread):
    """A card on vpcd: two length bytes in front of everything; one byte is a control code, 4 asks for the ATR."""

    def __init__(self, card: Card) -> None:
        super().__init__(daemon=True)
        self._card = card
        self.socket = socket.create_connection(("127.0.0.1", PORT))

    def run(self) -> None:
        """Answer until the socket is closed."""
        while (message := self._read()) is not None:
            if message == b"\x04":
                self._write(ATR)
            elif len(message) > 1:
                self._write(bytes.fromhex("6A81") if message[0] == 0xFF else self._card.apdu(message))

    def _read(self) -> bytes | None:
        head = self.socket.recv(2, socket.MSG_WAITALL)
        return self.socket.recv(int.from_bytes(head, "big"), socket.MSG_WAITALL) if len(head) == 2 else None

    def _write(self, data: bytes) -> None:
        self.socket.sendall(len(data).to_bytes(2, "big") + data)


def wait_for(there) -> None:
    """Wait until something is there."""
    end = time.monotonic() + DEADLINE_S
    while not there():
        assert time.monotonic() < end, "pcscd did not start"
        time.sleep(0.02)


def main() -> None:
    """Report one JSON line per step."""
    try:
        open_reader("pcsc")
    except UserError as error:
        print(json.dumps({"step": "no daemon", "message": error.message}))
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "vpcd").write_text(CONFIGURATION)
        daemon = subprocess.Popen(["pcscd", "--foreground", "--error", "--config", folder])
        try:
            wait_for(SOCKET.exists)
            time.sleep(0.5)
            taps()
        finally:
            daemon.terminate()
            daemon.wait()


def taps() -> None:
    """No card, then one tap with each profile."""
    try:
        open_reader("pcsc:no such reader")
    except UserError as error:
        print(json.dumps({"step": "no reader", "message": error.message, "hint": error.hint}))
    reader = open_reader("pcsc:virtual")
    try:
        TapSession(reader).tap(request(), wait_s=1)
    except NoCard as error:
        print(json.dumps({"step": "no card", "message": str(error)}))
    for card in (VisaCard(), MastercardCard()):
        plugged = VpcdCard(card)
        plugged.start()
        result = TapSession(reader, ScriptedBank("00")).tap(request(), wait_s=DEADLINE_S)
        print(json.dumps({"step": "tap", "seen": result.trace.card, **result.receipt.to_json()}), flush=True)
        plugged.socket.shutdown(socket.SHUT_RDWR)
        time.sleep(1)


if __name__ == "__main__":
    main()
