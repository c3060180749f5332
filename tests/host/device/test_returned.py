"""`tapwatch factory` on the mock of the chip's bootloader: the files it names, and a watch that comes back."""

from __future__ import annotations

import hashlib
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from tapwatch import cli
from tapwatch.device.ledger import PASSED, WIPED, Ledger, Numbers
from tapwatch.device.maker import Maker
from tapwatch.device.station import Station
from tapwatch.flashing import chip, esptool_run, filesystem, partitions, sources
from tapwatch.flashing.esptool_run import Esptool
from tapwatch.images import boards
from tapwatch.signing.key_folder import KeyFolder
from tapwatch.signing.keys import PrivateKey
from tests.host.device.making_kit import ROOT, make_root, no_password
from tests.host.flashing import inside, kit
from tests.host.flashing.conftest import small

if TYPE_CHECKING:
    from pathlib import Path

    from tests.host.flashing.mock_chip import Mock

__all__ = ["small"]

CANARIES = [hashlib.sha256(bytes((number,))).digest()[:16] for number in range(32)]
TABLE = partitions.make_table(kit.STOCK_TABLE, 4 * kit.MB)
SERIAL = "TW-0001"


@pytest.fixture
def batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A batch with a root, and files for the mock; esptool runs in this process."""
    monkeypatch.setattr(esptool_run, "_watched", inside.watched)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    files = kit.Files(tmp_path, kit.system(), kit.stock())
    monkeypatch.setattr(sources, "BOOT", files.boot)
    make_root(tmp_path / "keys")
    said = {"board": kit.BOARD, "image": "system.twi", "stock": "stock.bin", "stock_sha256": files.sha256}
    said |= {"first": SERIAL, "keys": "keys"}
    lines = [f"{name} = {json.dumps(value)}" for name, value in said.items()]
    path = tmp_path / "batch.toml"
    path.write_text("\n".join([*lines, "count = 3", ""]))
    return path


def plant(flash: bytearray) -> None:
    """A canary in each of 32 places: every partition, free blocks, what belongs to none, the last bytes."""
    vfs = partitions.named(TABLE, "vfs")
    places = [0x9100, 0xF800, 0x1F_F000, 0x20_0000, 0x21_3456, 0x23_FFF0, 0x24_0800, 0x24_1F00, len(flash) - 16]
    places += [vfs.offset + 0x1000 * block + 77 for block in range(3, vfs.size // 0x1000, vfs.size // 0x1000 // 23)]
    for place, canary in zip(places[-32:], CANARIES, strict=True):
        flash[place : place + 16] = canary


def found(flash: bytearray) -> int:
    return sum(canary in flash for canary in CANARIES)


def test_what_comes_back_is_wiped_and_revoked(
    batch: Path, small: Mock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All 32 canaries are gone, the watch is new, its certificate is on the list. Writing it anew alone leaves some."""
    folder = batch.parent
    mac = chip.look(Esptool(small.port)).mac
    Maker(KeyFolder(folder / "keys"), ROOT, no_password).certify(PrivateKey.generate().public, "software", SERIAL)
    ledger = Ledger(folder / "batch.csv", Numbers(SERIAL, 3))
    assert ledger.claim(mac).serial == SERIAL
    ledger.write(SERIAL, mac, PASSED)

    plant(small.flash.data)
    sha256 = hashlib.sha256((folder / "stock.bin").read_bytes()).hexdigest()
    station = Station(boards.read(kit.BOARD), small.port)
    station.flash(folder / "system.twi", folder / "stock.bin", sha256, erase=False)
    left = found(small.flash.data)
    assert left > 0, "a test that cannot fail: nothing is left without erasing"

    plant(small.flash.data)
    monkeypatch.setattr("builtins.input", lambda question: SERIAL)
    assert cli.main(["factory", "--batch", str(batch), "--rma", "--port", small.port]) == 0
    assert found(small.flash.data) == 0
    vfs = partitions.named(TABLE, "vfs")
    files = filesystem.contents(bytes(small.flash.data[vfs.offset : vfs.end]))
    assert files == {"/boot.py": kit.BOOT, "/a.twi": (folder / "system.twi").read_bytes()}
    assert "revocation list 1" in capsys.readouterr().out
    row = ledger.last(mac)
    assert row is not None and (row.serial, row.result, row.note) == (SERIAL, WIPED, "revocation list 1")
    print(f"NOTE factory.rma_canaries 32 planted, {left} left by writing anew alone, 0 left by --rma")


def test_a_named_port_is_the_port_whatever_else_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tapwatch.flashing.ports.matching", lambda *_: [SimpleNamespace(device="/dev/other")])
    board = boards.read(kit.BOARD)
    assert Station(board, "/dev/null").find() == "/dev/null"


def test_a_batch_with_a_mistake_in_it_is_refused_before_the_first_watch(batch: Path) -> None:
    good = batch.read_text()
    bad = {
        "count = 3": "count = 0",
        'first = "TW-0001"': 'first = "TW-"',
        "count = 3\n": "count = 3\ncolour = 1\n",
        'board = "lilygo_twatch_ultra"': 'board = "../etc"',
        "system.twi": "nothing.twi",
        'keys = "keys"': 'keys = "nowhere"',
        'keys = "keys"\n': 'keys = "keys"\nefuse = 1\n',
        "count = 3 ": "",
    }
    for old, new in bad.items():
        batch.write_text(good.replace(old.strip(" "), new))
        assert cli.main(["factory", "--batch", str(batch), "--port", "/dev/nobody"]) in (1, 2, 3), new
        assert not (batch.parent / "batch.csv").exists(), new
