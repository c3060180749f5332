"""Taps a watch card through PC/SC: pcscd, vpcd and pyscard. test_pcsc.py runs it in namespaces of its own.

Prints one JSON line per step: {"step": name, tag or field: hex, ...}.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from smartcard.CardRequest import CardRequest
from smartcard.CardType import AnyCardType

from tests.interop.nfc import issuer
from tests.interop.nfc.reader import CardError, Terminal
from tests.interop.nfc.watch_process import start_card

PORT = 35963
SOCKET = Path("/run/pcscd/pcscd.comm")
READER = f"""FRIENDLYNAME "Virtual PCD"
DEVICENAME   /dev/null:0x{PORT:X}
LIBPATH      /usr/lib/pcsc/drivers/serial/libifdvpcd.so
CHANNELID    0x{PORT:X}
"""
PROFILES = ("visa", "mastercard")
TIMEOUT_S = 15
GET_UID = b"\xff\xca\x00\x00\x00"


def report(step: str, **fields: "bytes | str | float") -> None:
    """One line for the test."""
    shown = {name: value.hex() if isinstance(value, bytes) else value for name, value in fields.items()}
    print(json.dumps({"step": step, **shown}), flush=True)


def start_reader(directory: str) -> "subprocess.Popen[bytes]":
    """Start pcscd with the one virtual reader."""
    Path(directory, "vpcd").write_text(READER)
    daemon = subprocess.Popen(["pcscd", "--foreground", "--error", "--config", directory], stdout=subprocess.DEVNULL)
    end = time.monotonic() + TIMEOUT_S
    while not SOCKET.exists():
        if time.monotonic() > end:
            raise RuntimeError("pcscd did not start")
        time.sleep(0.01)
    return daemon


def tap() -> None:
    """Wait for the card, then pay with each application."""
    service = CardRequest(timeout=TIMEOUT_S, cardType=AnyCardType()).waitforcard()
    if service is None:
        raise RuntimeError("no card appeared in the virtual reader")
    connection = service.connection
    connection.connect()
    report("connected", atr=bytes(connection.getATR()))

    def exchange(command: bytes) -> bytes:
        data, sw1, sw2 = connection.transmit(list(command))
        return bytes(data) + bytes((sw1, sw2))

    report("uid", answer=exchange(GET_UID))
    for profile in PROFILES:
        start = time.perf_counter()
        tags = Terminal(exchange).pay(profile)
        report(profile, ms=(time.perf_counter() - start) * 1000, **tags)
    try:
        Terminal(exchange).select(b"\xa0\x00\x00\x00\x99\x99")
    except CardError as error:
        report("unknown", status=error.status)
    connection.disconnect()


def main() -> int:
    """Run everything; 0 if every step was reported."""
    keys = {profile: issuer.session_keys(profile, 7) for profile in PROFILES}
    with tempfile.TemporaryDirectory() as directory:
        daemon = start_reader(directory)
        card = start_card({"link": f"vpcd:127.0.0.1:{PORT}", "profiles": PROFILES, "keys": keys})
        try:
            tap()
        finally:
            card.kill()
            card.wait()
            daemon.terminate()
            daemon.wait(TIMEOUT_S)
    return 0


if __name__ == "__main__":
    sys.exit(main())
