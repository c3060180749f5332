"""The modelled PN532 against nfcpy: its PN532 driver at the model's serial port, its reader at a card behind it."""

import os
import subprocess
import termios
import threading
import tty
from collections.abc import Iterator

import nfc
import nfc.clf
import pytest
from nfc.clf import pn532, transport
from nfc.tag.tt4 import Type4Tag

from tapwatch.compiled import search_path
from tests.interop.nfc import issuer
from tests.interop.nfc.reader import Terminal
from tests.interop.nfc.watch_process import INTERPRETER, ROOT, free_port, start_card

ATS = bytes.fromhex("0578807000")
PPSE = bytes.fromhex("0200a404000e325041592e5359532e444446303100")


def _carry(source: int, sink: int) -> None:
    """Bytes from one end to the other until there are no more."""
    while True:
        try:
            data = os.read(source, 512)
            if not data:
                return
            os.write(sink, data)
        except OSError:  # one of the ends is closed
            return


@pytest.fixture
def chip() -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """A serial port with the modelled chip at its end."""
    master, slave = os.openpty()
    tty.setraw(slave, termios.TCSANOW)
    environment = {**os.environ, "MICROPYPATH": search_path("tests/firmware")}
    command = [str(INTERPRETER), "tests/interop/nfc/pn532_chip.py"]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0)
    assert process.stdin is not None and process.stdout is not None
    ends = ((master, process.stdin.fileno()), (process.stdout.fileno(), master))
    for source, sink in ends:
        threading.Thread(target=_carry, args=(source, sink), daemon=True).start()
    try:
        yield os.ttyname(slave), process
    finally:
        process.kill()
        process.wait()
        os.close(slave)


def test_nfcpys_driver_takes_the_model_for_a_pn532(chip: "tuple[str, subprocess.Popen[bytes]]") -> None:
    """Wake, speed, self test, long frames, and a target that gets RATS, answers it and is asked on."""
    port, process = chip
    device = pn532.init(transport.TTY(port))
    assert device.chipset is not None and device.chipset_name == "PN532v1.6"
    device.chipset.set_serial_baudrate(460800)
    card = {"sens_res": "0400", "sdd_res": "08123456", "sel_res": "20", "rats_res": ATS.hex()}
    wanted = nfc.clf.LocalTarget("106A", **{name: bytearray.fromhex(value) for name, value in card.items()})
    target = device.listen_tta(wanted, 2.0)
    assert target is not None and bytes(target.tt4_cmd) == PPSE
    answer = b"\x02" + bytes(range(250))
    said_back = device.send_rsp_recv_cmd(target, bytearray(answer), 2.0)
    assert said_back == b"\x03" + answer, "a long frame each way"
    with pytest.raises(nfc.clf.BrokenLinkError):
        device.send_rsp_recv_cmd(target, bytearray(b"\x03\x90\x00"), 2.0)
    assert process.stdin is not None and process.stderr is not None
    process.stdin.close()
    said = process.stderr.read()
    assert said == b"misuse [], 460800 baud\n"
    print("NOTE pn532 model: nfcpy's own driver uses it as a target, frames of 2 to 251 bytes, 0 complaints")


def test_a_payment_at_a_card_behind_a_pn532() -> None:
    number = free_port()
    keys = {"visa": issuer.session_keys("visa", 7)}
    link = f"udp:127.0.0.1:{number}"
    card = start_card({"link": link, "profiles": ["visa"], "keys": keys}, "pn532_card.py")
    try:
        for atc in (b"\0\x07", b"\0\x08"):
            with nfc.ContactlessFrontend(link) as reader:
                tag = reader.connect(rdwr={"on-connect": lambda _: False})
                assert isinstance(tag, Type4Tag)
                tags = Terminal(lambda command: bytes(tag.transceive(command))).pay("visa")
            assert tags["9F36"] == atc and tags["9F26"] == issuer.cryptogram("visa", tags)
    finally:
        card.kill()
        card.wait()
