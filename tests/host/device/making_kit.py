"""A manufacturer with a root key and a batch, for tests; each of its steps may be the last."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch import cli
from tapwatch.device.batch import Batch
from tapwatch.device.ledger import Ledger, Numbers
from tapwatch.device.maker import Maker
from tapwatch.device.making import Factory
from tapwatch.images import boards
from tapwatch.signing.key_folder import KeyFolder
from tests.host.device.paper_device import VERSION, Steps

if TYPE_CHECKING:
    from tapwatch.device.ledger import Claim

BOARD = "lilygo_twatch_ultra"
ROOT = "acme"
NUMBERS = Numbers("TW-0001", 9)


def make_root(folder: Path) -> Path:
    """A folder of keys with a root that needs no password."""
    assert cli.main(["keys", "new", "root", ROOT, "--no-password", "--keys", str(folder), "--json"]) == 0
    return folder


def no_password(what: str) -> bytes:
    """Nobody is asked."""
    raise AssertionError(f"asked for {what}")


class SteppedLedger(Ledger):
    """Every line is a step."""

    steps = Steps()

    def claim(self, mac: str) -> Claim:
        return self.steps.step("claim", lambda: super(SteppedLedger, self).claim(mac))  # type: ignore[return-value]

    def write(self, serial: str, mac: str, result: str, **more: str) -> None:
        self.steps.step(f"line {result}", lambda: super(SteppedLedger, self).write(serial, mac, result, **more))


class SteppedMaker(Maker):
    """Every certificate and every list is a step."""

    steps = Steps()

    def certify(self, public: bytes, secret_kind: str, serial: str) -> bytes:
        certify = super().certify
        return self.steps.step("certify", lambda: certify(public, secret_kind, serial))  # type: ignore[return-value]

    def revoke(self, serial: str) -> int | None:
        return self.steps.step("revoke", lambda: super(SteppedMaker, self).revoke(serial))  # type: ignore[return-value]


def factory(folder: Path, steps: Steps, efuse: bool = False) -> Factory:
    """A batch in `folder`, where `keys` has the root."""
    nothing = Path()
    parts = {"image": nothing, "stock": nothing, "stock_sha256": "", "numbers": NUMBERS, "keys": None, "root": None}
    paths = {"ledger": folder / "batch.csv", "receipts": folder / "batch"}
    batch = Batch(boards.read(BOARD), **parts, brand=None, efuse=efuse, trust=(), **paths)  # type: ignore[arg-type]
    ledger, maker = SteppedLedger(batch.ledger, NUMBERS), SteppedMaker(KeyFolder(folder / "keys"), ROOT, no_password)
    ledger.steps = maker.steps = steps
    return Factory(batch, VERSION, maker, ledger, (), lambda question: NUMBERS.first)


def again(line: Factory, steps: Steps) -> Factory:
    """The same after a restart of the computer."""
    return replace(factory(line.batch.ledger.parent, steps, line.batch.efuse))
