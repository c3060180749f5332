"""A merchant's scanner: what it recognises, what it sends, and a whole payment by `tapwatch scan`."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import sys
import threading
from typing import TYPE_CHECKING

import pytest
import zxingcpp
from PIL import Image

from tapwatch.acquiring import icc, spec
from tapwatch.acquiring.problems import LinkProblem
from tapwatch.cli import main
from tapwatch.errors import UserError
from tapwatch.terminal import amount
from tapwatch.terminal.request import TapRequest
from tapwatch.terminal.scan import picture, scanned, session
from tapwatch.terminal.scan.presented import PresentedCode, ScanProblem, read
from tapwatch.terminal.scan.scanned import DigitsCode
from tapwatch.terminal.state import TerminalState
from tests.host.bank.till import presented, shown
from tests.host.bank.world import World
from tests.host.terminal.direct import AT
from tests.host.terminal.test_online import ScriptedBank

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PUBLISHED = (
    "hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MWETTwegAAAAZmZmUAhQcm9kdWN0MmJJWggSNFZ4kBI0WF8gDkNBUkRIT0xERVIvRU1WXy0I"
    "cnVlc2RlZW5kIZ8QBwYBCgMAAACfJghYT9OF+iNLzJ82AgABnzcEbVjvEw=="
)
"""EMVCo, EMV QR Code Specification for Payment Systems: Consumer-Presented Mode, annex of examples."""
DIGITS = "970123456789012345"
CHIP = {
    "9F26": bytes(8), "9F27": b"\x80", "9F10": bytes(7), "9F36": b"\x00\x07", "9F37": b"\x01\x02\x03\x04",
    "82": b"\x20\x00",
}  # fmt: skip


def tlv(tag: str, *parts: bytes) -> bytes:
    """One object."""
    value = b"".join(parts)
    return bytes.fromhex(tag) + (b"" if len(value) < 128 else b"\x81") + bytes([len(value)]) + value


def qr(
    chip: dict[str, bytes] | None = None,
    track: str = "4761730000000000D3012201",
    head: bytes = b"CPV01",
    extra: bytes = b"",
) -> str:
    """The text of a code as the watch makes it (docs/formats.md "Payment codes")."""
    inside = b"".join(tlv(tag, value) for tag, value in (CHIP if chip is None else chip).items())
    account = tlv("57", bytes.fromhex(track)) + tlv("5F34", b"\x01") + tlv("9F25", bytes.fromhex("1234"))
    first = tlv("61", tlv("4F", bytes.fromhex("A0000000031010")), tlv("50", b"VISA"))
    return base64.b64encode(tlv("85", head) + first + tlv("62", account, tlv("64", inside)) + extra).decode()


def request() -> TapRequest:
    return TapRequest(amount.parse("12.34", "CNY"), at=AT)


def test_what_is_recognised() -> None:
    assert scanned.read(f" {DIGITS}\r\n") == DigitsCode(DIGITS)
    code = scanned.read(qr())
    assert isinstance(code, PresentedCode) and code.payable
    assert (code.pan, code.expiry, code.sequence, code.label) == ("4761730000000000", "3012", "01", "VISA")
    assert dict(code.chip) == CHIP


def test_the_published_code() -> None:
    code = read(PUBLISHED)
    assert (code.label, code.pan, code.expiry, code.track) == ("Product1", "1234567890123458", "", "")
    values = {tag: value.hex().upper() for tag, value in code.chip.items()}
    assert values == {"9F10": "06010A03000000", "9F26": "584FD385FA234BCC", "9F36": "0001", "9F37": "6D58EF13"}
    assert not code.payable, "it has no 9F27 and no 82"
    with pytest.raises(ScanProblem, match="no cryptogram"):
        session.scan(PUBLISHED, request(), ScriptedBank(), TerminalState())


@pytest.mark.parametrize(
    "text",
    [
        "", "12", DIGITS + "0", DIGITS[:-1], "9701234567890123٤٥", "x" * 513, qr() + "=", qr()[:-2], qr() + "\n\nhQ==",
        qr(head=b"CPV02"), qr(extra=tlv("85", b"CPV01")), qr(extra=b"\x00"), qr(extra=tlv("62")), qr(extra=tlv("70")),
        qr(extra=tlv("61", tlv("4F", b"1"), tlv("4F", b"2"))), qr(extra=tlv("61") * 8), qr(track="476173D3012201"),
        qr(track="4761730000000000D301D201"), qr(track="47A1730000000000D3012201"), "hQVDUFYwMQ==", "AAAA",
        base64.b64encode(tlv("85", b"CPV01") + b"\x61\x82\x00\x02\x50\x00").decode(), qr().replace("h", "-"),
        base64.b64encode(b"\x61" * 300).decode(), "http://bank.example/", "000201010212",
    ],
    ids=lambda text: text[:24] or "empty",
)  # fmt: skip
def test_what_is_not(text: str) -> None:
    with pytest.raises(ScanProblem):
        scanned.read(text)


def test_two_accounts_in_one_code() -> None:
    head, first = tlv("85", b"CPV01"), tlv("61", tlv("4F", bytes.fromhex("A0000000031010")))
    track = tlv("57", bytes.fromhex("4761730000000000D3012201"))
    for pan, good in (("4761730000000000", True), ("4761730000000001", False)):
        text = base64.b64encode(head + first + tlv("62", track, tlv("5A", bytes.fromhex(pan)))).decode()
        with contextlib.nullcontext() if good else pytest.raises(ScanProblem):
            assert isinstance(scanned.read(text), PresentedCode)


def test_two_ways_to_write_a_code() -> None:
    """Zero bytes between objects and long forms of lengths: another scanner might read something else."""
    plain = tlv("62", tlv("57", bytes.fromhex("4761730000000000D3012201")))
    head = tlv("85", b"CPV01") + tlv("61", tlv("4F", bytes.fromhex("A0000000031010")))
    assert isinstance(scanned.read(base64.b64encode(head + plain).decode()), PresentedCode)
    padded = bytes([0x62, plain[1] + 1]) + plain[2:] + b"\x00"
    long_form = b"\x62\x81" + plain[1:]
    for data in (head + padded, head + long_form, head + b"\x00" + plain):
        with pytest.raises(ScanProblem):
            scanned.read(base64.b64encode(data).decode())


def test_the_message_for_digits() -> None:
    bank, state = ScriptedBank("00"), TerminalState()
    receipt = session.scan(DIGITS, request(), bank, state)
    (message,) = bank.messages
    fixed = {"t": "0200", "2": DIGITS, "3": "000000", "4": "000000001234", "12": "093000", "22": "031", "49": "156"}
    assert {name: message[name] for name in fixed} == fixed
    assert not {"14", "23", "35", "55"} & set(message)
    assert (receipt.approved, receipt.card, receipt.token_pan, receipt.atc) == (True, "Payment code", "", 0)
    assert (receipt.stan, receipt.rrn, receipt.authorisation) == (message["11"], message["37"], "000042")
    assert state.pending == []


def test_the_message_for_a_qr_code() -> None:
    bank = ScriptedBank("61")
    receipt = session.scan(qr(), request(), bank, TerminalState())
    (message,) = bank.messages
    fixed = {"2": "4761730000000000", "14": "3012", "22": "031", "23": "001"}
    assert {name: message[name] for name in fixed} == fixed
    assert icc.decode(bytes.fromhex(message["55"])) == CHIP
    assert (receipt.approved, receipt.outcome, receipt.response_code) == (False, "declined", "61")
    assert (receipt.token_pan, receipt.atc, receipt.card) == ("4761730000000000", 7, "VISA")
    assert "limit" in receipt.reason


def test_no_answer_is_reversed() -> None:
    lost = LinkProblem("nobody answers")
    bank, state = ScriptedBank(lost, lost, lost, "00"), TerminalState()
    assert not session.scan(DIGITS, request(), bank, state).approved
    assert bank.types == ["0200", "0201", "0201", "0400"] and state.pending == []
    assert bank.messages[3]["2"] == DIGITS
    spec.encode(bank.messages[3])


@pytest.mark.parametrize("kind", [zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128])
def test_pictures(tmp_path: Path, kind: zxingcpp.BarcodeFormat) -> None:
    path = tmp_path / "code.png"
    Image.fromarray(drawn(DIGITS, kind)).save(path)
    assert picture.read(path) == DIGITS


def drawn(text: str, kind: zxingcpp.BarcodeFormat) -> zxingcpp.Image:
    """A code as pixels."""
    return zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, kind), scale=4)


def test_pictures_that_cannot_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "code.png"
    with pytest.raises(UserError, match="cannot be read as a picture"):
        picture.read(path)
    path.write_bytes(b"no picture")
    with pytest.raises(UserError, match="cannot be read as a picture"):
        picture.read(path)
    Image.new("L", (50, 50), 255).save(path)
    with pytest.raises(UserError, match="no code"):
        picture.read(path)
    two = Image.new("L", (400, 200), 255)
    for place, text in enumerate((DIGITS, DIGITS[::-1])):
        two.paste(Image.fromarray(drawn(text, zxingcpp.BarcodeFormat.QRCode)), (200 * place, 0))
    two.save(path)
    with pytest.raises(UserError, match="2 codes"):
        picture.read(path)
    monkeypatch.setattr(picture, "MAX_PIXELS", 1000)
    with pytest.raises(UserError, match="too many pixels"):
        picture.read(path)
    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    with pytest.raises(UserError, match="not installed") as problem:
        picture.read(path)
    assert "pip install zxing-cpp" in problem.value.hint


@contextlib.contextmanager
def serving(world: World) -> Iterator[str]:
    """Run the bank's servers in a thread; yield the acquirers' address."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(world.bank.start(), loop).result(10)
    try:
        yield f"127.0.0.1:{world.bank.iso_port}"
    finally:
        asyncio.run_coroutine_threadsafe(world.bank.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Digits, a QR code and a picture at a real bank; then the same code again."""
    world = World(tmp_path)
    card = world.card()
    code = [shown(card.content[21], number, world.clock.now) for number in range(2)]
    path = tmp_path / "code.png"
    Image.fromarray(drawn(code[1], zxingcpp.BarcodeFormat.Code128)).save(path)
    chip = presented(card, 1)
    track = f"{card.pan}D{card.content[5]}201"
    with serving(world) as address:
        common = ["--currency", "EUR", "--bank", address, "--state", str(tmp_path / "terminal.json")]

        def scan(*arguments: str) -> tuple[int, str, str]:
            done = main(["scan", *arguments, *common])
            captured = capsys.readouterr()
            return done, captured.out, captured.err

        done, out, _ = scan("--code", code[0], "--amount", "12.34", "--merchant", "Corner Shop", "--json")
        receipt = json.loads(out)
        facts = (receipt["approved"], receipt["amount_minor"], receipt["merchant"])
        assert (done, facts) == (0, (True, 1234, "Corner Shop"))
        done, out, _ = scan("--code", code[0], "--amount", "12.34")
        assert done == 1 and "DECLINED" in out and "duplicate" in out
        assert scan("--picture", str(path), "--amount", "1")[0] == 0
        done, out, _ = scan("--qr", qr(chip, track), "--amount", "2")
        assert done == 0 and "APPROVED" in out and f"**** {card.pan[-4:]}" in out and card.pan not in out
        done, _, err = scan("--qr", "hello", "--amount", "2")
        assert done == 2 and "no payment code" in err
    assert world.spent == 1234 + 100 + 200


def test_help_is_true(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--help"], ["--amount", "1"], ["--amount", "1", "--code", "1", "--qr", "2"]):
        with pytest.raises(SystemExit):
            main(["scan", *arguments])
    captured = capsys.readouterr()
    for option in (
        "--code",
        "--qr",
        "--picture",
        "--amount",
        "--currency",
        "--bank",
        "--merchant",
        "--state",
        "--json",
    ):
        assert option in captured.out
