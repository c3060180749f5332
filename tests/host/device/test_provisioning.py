"""A simulated watch gets its manufacturer over its USB stream, with the cable pulled at every message."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import TYPE_CHECKING

import pytest

from tapwatch import cli
from tapwatch.device import provision_device, serial_watch
from tapwatch.device.maker import Maker, check_serial
from tapwatch.device.provisioning import provision
from tapwatch.device.serial_watch import SerialWatch
from tapwatch.device.station import Station
from tapwatch.errors import UserError
from tapwatch.phone.answers import Hello
from tapwatch.signing import certificates
from tapwatch.signing.key_folder import KeyFolder
from tapwatch.signing.keys import PrivateKey
from tapwatch.signing.register import Register
from tests.host.device.making_kit import BOARD, ROOT, make_root, no_password
from tests.host.device.paper_device import Crash, PaperDevice
from tests.host.device.wired_watch import WiredWatch

if TYPE_CHECKING:
    from pathlib import Path

SERIAL = "TW-0001"


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    return Maker(KeyFolder(make_root(tmp_path / "keys")), ROOT, no_password)


def issued(folder: Path) -> list[str]:
    """Names of the certificates that were made."""
    rows = KeyFolder(folder / "keys").register(ROOT).read().issued
    return [row.name for row in rows if row.certificate]


def paper() -> PaperDevice:
    device = PaperDevice("aa")
    device.flash(erase=False)
    return device


def test_the_cable_is_pulled_at_every_message(tmp_path: Path, maker: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a message, in the middle of it, before its answer: the same again ends well, with one certificate."""
    monkeypatch.setattr(serial_watch, "_TRY_S", 0.5)
    messages = (0, 1, 2, 2, 3)  # hello twice, provision; of a watch that has taken it, the third is hello, then attest
    places = [(message, where) for message in messages for where in ("before", "middle", "answer")]
    refused = 0
    with WiredWatch(tmp_path / "watch") as wired:
        for message, where in places:
            wired.pull(message, where)
            try:
                with SerialWatch(wired.port) as watch:
                    provision(watch.ask, maker, SERIAL)
            except UserError as problem:
                refused += 1
                assert "went away" in problem.message, (message, where)
        with SerialWatch(wired.port) as watch:
            receipt = provision(watch.ask, maker, SERIAL)
            hello = Hello.read(watch.ask(serial_watch.HELLO, None))
        assert wired.pulled == len(places)
    assert issued(tmp_path) == [SERIAL] and receipt.before and receipt.serial == SERIAL
    found = certificates.check(hello.certificate or b"", maker.root, "device", 1_800_000_000)
    assert (found.name, found.public, found.attributes["secret"]) == (SERIAL, hello.identity, hello.secret_kind)
    print(f"NOTE provision.cable_pulled {len(places)} points, {refused} said so, 1 certificate, 1 watch provisioned")


def test_the_command_writes_a_receipt_and_takes_no_other_serial_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keys, device = make_root(tmp_path / "keys"), paper()
    monkeypatch.setattr(Station, "watch", lambda self: _Held(device))
    said = {"board": BOARD, "port": "x", "baud": 1, "no_stub": False, "keys": str(keys), "module": "", "root": None}
    said |= {"password_file": None, "trust": [], "serial": SERIAL, "efuse": False, "json": True}
    said["out"] = str(tmp_path / "receipts")
    capsys.readouterr()
    assert provision_device.provision_device(Namespace(**said)) == 0
    printed = json.loads(capsys.readouterr().out)
    kept = json.loads((tmp_path / "receipts" / f"{SERIAL}.json").read_text())
    assert printed == kept and kept["serial"] == SERIAL and kept["secret"] == "software" and not kept["before"]
    for change, words in (({"serial": "TW-0002"}, "already"), ({"efuse": True}, "provisioned")):
        with pytest.raises(UserError, match=words):
            provision_device.provision_device(Namespace(**{**said, **change}))
    assert provision_device.provision_device(Namespace(**{**said, "serial": None})) == 0, "it knows its number"


def test_the_secret_in_the_fuses_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A new watch gets it and another identity; then its certificate says so. Without effect nothing is certified."""
    keys, device = make_root(tmp_path / "keys"), paper()
    monkeypatch.setattr(Station, "watch", lambda self: _Held(device))
    monkeypatch.setattr(Station, "start", lambda self: None)
    said = ["provision-device", "--board", BOARD, "--ca", str(keys), "--out", str(tmp_path / "receipts"), "--efuse"]
    burnt: list[str] = []

    def burn(self: Station, serial: str, answer: object, erase_vault: bool) -> str:
        assert erase_vault and not device.root
        burnt.append(serial)
        device.flash(erase=False)
        device.burnt = len(burnt) > 1
        return "BLOCK_KEY5"

    monkeypatch.setattr(Station, "burn_secret", burn)
    assert cli.main(said) == 2, "the serial number is what is typed to agree"
    assert cli.main([*said, "--serial", SERIAL]) == 1 and not issued(tmp_path)
    assert cli.main([*said, "--serial", SERIAL]) == 0
    assert burnt == [SERIAL, SERIAL] and issued(tmp_path) == [SERIAL]
    kept = json.loads((tmp_path / "receipts" / f"{SERIAL}.json").read_text())
    assert kept["secret"] == "efuse"
    capsys.readouterr()
    assert cli.main([*said, "--serial", SERIAL]) == 0 and len(burnt) == 2, "it is there already"


class _Held:
    """A watch on a port, as `Station.watch` gives it."""

    def __init__(self, device: PaperDevice) -> None:
        self.ask = device.ask

    def __enter__(self) -> _Held:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def test_a_watch_of_another_manufacturer_is_left_alone(tmp_path: Path, maker: Maker) -> None:
    device = paper()
    (tmp_path / "other").mkdir()
    other = Maker(KeyFolder(make_root(tmp_path / "other" / "keys")), ROOT, no_password)
    provision(device.ask, other, SERIAL)
    with pytest.raises(UserError, match="another manufacturer"):
        provision(device.ask, maker, SERIAL)
    assert not issued(tmp_path)


def test_one_serial_number_is_for_one_watch(tmp_path: Path, maker: Maker) -> None:
    provision(paper().ask, maker, SERIAL)
    with pytest.raises(UserError, match="another watch has"):
        provision(paper().ask, maker, SERIAL)
    assert maker.revoke(SERIAL) == 1 and maker.revoke(SERIAL) == 1 and maker.revoke("TW-9") is None
    provision(paper().ask, maker, SERIAL)
    assert issued(tmp_path) == [SERIAL, SERIAL], "the first one is revoked"


@pytest.mark.parametrize("deed", ["reserve", "complete"])
def test_a_certificate_that_was_cut_off_is_made_once(
    tmp_path: Path, maker: Maker, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    """A number of the register may be lost; a certificate that nobody keeps has left no computer."""

    def crash(*_: object) -> int:
        raise Crash

    key = PrivateKey.generate().public
    monkeypatch.setattr(Register, deed, crash)
    with pytest.raises(Crash):
        maker.certify(key, "software", SERIAL)
    monkeypatch.undo()
    data = maker.certify(key, "software", SERIAL)
    assert maker.certify(key, "software", SERIAL) == data and issued(tmp_path) == [SERIAL]


def test_a_watch_that_does_not_prove_its_key_is_refused(maker: Maker) -> None:
    """It names the key of another watch, or another secret, or answers an older challenge."""
    device, thief = paper(), PrivateKey.generate()

    def ask(kind: int, body: object) -> object:
        answer = device.ask(kind, body)
        if kind == 4:
            return thief.sign("tapwatch/attestation", {1: thief.key_id, 3: body, 4: "1.2.3", 5: "software"})
        return answer

    def old(kind: int, body: object) -> object:
        return device.ask(kind, bytes(16) if kind == 4 else body)

    with pytest.raises(UserError, match="does not prove"):
        provision(ask, maker, SERIAL)
    with pytest.raises(UserError, match="attests something else"):
        provision(old, maker, SERIAL)
    device.burnt = True
    with pytest.raises(UserError, match="made when"):
        maker.certify(device.key.public, "efuse", SERIAL)  # type: ignore[union-attr]


def test_serial_numbers_are_short_and_plain() -> None:
    for good in ("1", "TW-0001", "a" * 32, "A.b_c-9"):
        assert check_serial(good) == good
    for bad in ("", "-1", "a" * 33, "a b", "ä", "../x", "a/b", "a\n", "１"):
        with pytest.raises(UserError):
            check_serial(bad)


def test_lines_that_a_watch_prints_are_no_answer() -> None:
    """What the firmware prints on the same port goes by, whole or cut."""
    begins = bytes((1, 0x19, 1, 2))
    answer = b"\x84" + begins + b"\x62ok\xf6"
    framed = len(answer).to_bytes(2, "big") + answer
    noise = b"Tapwatch starts anew: OSError\r\n\x84\x01"
    for stream in (framed, noise + framed, noise + framed + noise):
        assert serial_watch.find_answer(bytearray(stream), begins) == answer
    for length in range(len(framed)):
        assert serial_watch.find_answer(bytearray(noise + framed[:length]), begins) is None
