"""One watch from a blank flash to `passed`: esptool on the mock of a chip, messages to the simulated watch."""

from __future__ import annotations

import csv
import json
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.device import serial_watch
from tapwatch.device.batch import Batch
from tapwatch.device.factory import _make
from tapwatch.device.ledger import Ledger, Numbers
from tapwatch.device.maker import Maker
from tapwatch.device.making import Factory
from tapwatch.device.serial_watch import SerialWatch
from tapwatch.device.station import Station
from tapwatch.flashing import esptool_run, partitions, sources
from tapwatch.images import boards
from tapwatch.phone.answers import Hello
from tapwatch.signing.key_folder import KeyFolder
from tests.host.device.making_kit import ROOT, make_root, no_password
from tests.host.device.wired_watch import WiredWatch
from tests.host.flashing import inside, kit
from tests.host.flashing.conftest import small

if TYPE_CHECKING:
    import pytest

    from tests.host.flashing.mock_chip import Mock

__all__ = ["small"]

FIRST = "TW-0001"
SIMULATOR = "simulator"
"""What the simulated watch calls its board."""


@dataclass(frozen=True)
class TwoPorts(Station):
    """The chip in download mode is on one port, the watch that runs on another: no mock is both."""

    running: WiredWatch | None = None

    def watch(self) -> SerialWatch:
        assert self.running is not None
        return SerialWatch(self.running.port)


def test_a_watch_is_made(
    tmp_path: Path, small: Mock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(esptool_run, "_watched", inside.watched)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    files = kit.Files(tmp_path, kit.system(), kit.stock())
    monkeypatch.setattr(sources, "BOOT", files.boot)
    maker = Maker(KeyFolder(make_root(tmp_path / "keys")), ROOT, no_password)
    board, numbers = replace(boards.read(kit.BOARD), name=SIMULATOR), Numbers(FIRST, 2)
    paths = {"ledger": tmp_path / "batch.csv", "receipts": tmp_path / "batch"}
    batch = Batch(board, files.image, files.stock, files.sha256, numbers, None, None, None, False, (), **paths)
    with WiredWatch(tmp_path / "watch") as wired:
        with SerialWatch(wired.port) as watch:
            version = Hello.read(watch.ask(serial_watch.HELLO, None)).firmware
        line = Factory(batch, version, maker, Ledger(batch.ledger, numbers), (), input)
        begun = time.monotonic()
        _make(line, TwoPorts(board, small.port, running=wired))
        took_s = time.monotonic() - begun
    assert f"{FIRST}: passed" in capsys.readouterr().out
    receipt = json.loads((tmp_path / "batch" / f"{FIRST}.json").read_text())
    header, *rows = csv.reader((tmp_path / "batch.csv").open(newline=""))
    said = [dict(zip(header, row, strict=True)) for row in rows]
    assert [row["result"] for row in said] == ["begun", "passed"]
    assert {name: said[1][name] for name in ("serial", "device_id", "secret", "firmware")} == {
        name: receipt[name] for name in ("serial", "device_id", "secret", "firmware")
    }
    assert partitions.read_table(small.flash.data[0x8000:0x9000]) == partitions.make_table(kit.STOCK_TABLE, 4 * kit.MB)
    print(f"NOTE factory.one_watch_on_mock_and_simulator {took_s:.1f} s")
