"""Watches of a batch, cut off at every step: no serial number is given twice or lost, no watch has two certificates."""

from __future__ import annotations

import contextlib
import shutil
from typing import TYPE_CHECKING

import pytest

from tapwatch.device.ledger import FAILED, PASSED, RETURNED, WIPED
from tapwatch.errors import UserError
from tapwatch.signing.key_folder import KeyFolder
from tests.host.device import making_kit
from tests.host.device.making_kit import NUMBERS, ROOT, Factory, SteppedMaker, factory
from tests.host.device.paper_device import Crash, PaperDevice, PaperStation, Steps

if TYPE_CHECKING:
    from pathlib import Path

FIRST, SECOND = NUMBERS.at(0), NUMBERS.at(1)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One root for all; each test works on a copy."""
    return making_kit.make_root(tmp_path_factory.mktemp("root") / "keys")


def fresh(keys: Path, folder: Path) -> Path:
    """A new batch."""
    shutil.copytree(keys, folder / "keys")
    return folder


def made(line: Factory, device: PaperDevice, steps: Steps) -> str:
    """Make a watch; its serial number."""
    return line.make(PaperStation.with_(line.batch.board, device, steps))[0].serial


def result(line: Factory, device: PaperDevice) -> str:
    """What the book says of it; empty for nothing."""
    row = line.ledger.last(device.mac)
    return row.result if row else ""


def valid(line: Factory) -> dict[str, str]:
    """Serial number and public key of every certificate that is not revoked; none may be there twice."""
    rows = line.maker._valid()
    assert len({row.name for row in rows}) == len(rows) == len({row.public for row in rows})
    return {row.name: row.public for row in rows}


def check_batch(line: Factory, first: PaperDevice, second: PaperDevice) -> None:
    """Both watches are made, with the numbers they must have, each with the certificate for its own key."""
    passed = [row for row in line.ledger.rows() if row.result == PASSED]
    assert [(row.serial, row.mac) for row in passed] == [(FIRST, first.mac), (SECOND, second.mac)]
    assert first.key is not None and second.key is not None
    assert valid(line) == {FIRST: first.key.public.hex(), SECOND: second.key.public.hex()}


@pytest.mark.parametrize(("how", "efuse"), [(Crash, False), (UserError, True)])
def test_a_batch_cut_off_at_every_step(keys: Path, tmp_path: Path, how: type[BaseException], efuse: bool) -> None:
    """The computer stops, or the cable is pulled; the same command goes on; the next watch gets the next number."""
    point = 0
    while True:
        folder = fresh(keys, tmp_path / str(point))
        steps, whole = Steps(point, how), Steps()
        first, second = PaperDevice("aa"), PaperDevice("bb")
        line = factory(folder, steps, efuse)
        with contextlib.suppress(Crash, UserError):
            made(line, first, steps)
            if len(steps.done) <= point:
                break
        line = making_kit.again(line, whole)
        if result(line, first) != PASSED:
            assert made(line, first, whole) == FIRST, (point, steps.done[-1])
        assert made(line, second, whole) == SECOND, (point, steps.done[-1])
        check_batch(line, first, second)
        point += 1
    kind = "efuse_cable" if efuse else "computer"
    print(f"NOTE factory.cut_points_{kind} {point}, 0 serial numbers twice, 0 lost, 0 second certificates")


def test_a_watch_that_comes_back_cut_off_at_every_step(keys: Path, tmp_path: Path) -> None:
    point = 0
    while True:
        folder = fresh(keys, tmp_path / str(point))
        first, second, whole = PaperDevice("aa"), PaperDevice("bb"), Steps()
        line = factory(folder, whole)
        assert made(line, first, whole) == FIRST
        steps = Steps(point)
        line = making_kit.again(line, steps)
        with contextlib.suppress(Crash):
            line.take_back(PaperStation.with_(line.batch.board, first, steps))
            if len(steps.done) <= point:
                break
        line = making_kit.again(line, whole)
        if result(line, first) != WIPED:
            assert line.take_back(PaperStation.with_(line.batch.board, first, whole)) == 1
        assert first.erased and not first.root and valid(line) == {}, (point, steps.done[-1])
        assert made(line, second, whole) == SECOND
        assert made(line, first, whole) == NUMBERS.at(2), "another key, another number"
        point += 1
    print(f"NOTE factory.rma_cut_points {point}, 0 certificates left valid, 0 numbers twice")


def test_a_watch_that_was_not_made_or_is_not_meant_is_not_wiped(keys: Path, tmp_path: Path) -> None:
    steps = Steps()
    line = factory(fresh(keys, tmp_path), steps)
    stranger, mine, other = PaperDevice("aa"), PaperDevice("bb"), PaperDevice("cc")
    with pytest.raises(UserError, match="no watch with the chip aa"):
        line.take_back(PaperStation.with_(line.batch.board, stranger, steps))
    for device in (mine, other):
        made(line, device, steps)
    with pytest.raises(UserError, match="nothing was done"):
        line.take_back(PaperStation.with_(line.batch.board, other, steps))  # FIRST is typed, it is the second one
    assert other.root and not other.erased and result(line, other) == PASSED


def test_a_watch_that_is_not_the_one_that_was_written_is_noticed(keys: Path, tmp_path: Path) -> None:
    """Ports have changed their names: behind this one is a watch that was made before."""
    steps = Steps()
    line = factory(fresh(keys, tmp_path), steps)
    before, after = PaperDevice("aa"), PaperDevice("bb")
    made(line, before, steps)
    bench = PaperStation.with_(line.batch.board, after, steps)
    bench.steps.step = lambda name, deed: before.ask(1, None) if name == "message 1" else deed()  # type: ignore[method-assign]
    with pytest.raises(UserError, match="another watch answers"):
        line.make(bench)
    assert result(line, before) == PASSED and result(line, after) == FAILED


def test_a_watch_that_finds_something_fails_and_passes_when_it_is_repaired(keys: Path, tmp_path: Path) -> None:
    steps = Steps()
    line = factory(fresh(keys, tmp_path), steps)
    device = PaperDevice("aa")
    device.problem = "no answer"
    with pytest.raises(UserError, match="nfc: no answer"):
        made(line, device, steps)
    key = device.key
    row = line.ledger.last("aa")
    assert row is not None and (row.result, row.note) == (FAILED, "nfc: no answer")
    device.problem = ""
    assert made(line, device, steps) == FIRST and device.key is key, "it was not flashed again"


def test_a_returned_watch_is_not_made_before_its_wipe_has_ended(keys: Path, tmp_path: Path) -> None:
    steps = Steps()
    line = factory(fresh(keys, tmp_path), steps)
    device = PaperDevice("aa")
    made(line, device, steps)
    line.ledger.write(FIRST, "aa", RETURNED)
    with pytest.raises(UserError, match="returned"):
        made(line, device, steps)


def test_a_maker_who_forgets_what_was_issued_is_noticed(
    keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard of the campaign above: certificates that are made anew each time fail it."""
    monkeypatch.setattr(SteppedMaker, "_valid", lambda self: [])
    steps = Steps(stop_at=None)
    line = factory(fresh(keys, tmp_path), steps)
    device = PaperDevice("aa")
    made(line, device, steps)
    line.ledger.write(FIRST, "aa", FAILED)
    line.maker.certify(device.key.public, "software", FIRST)  # type: ignore[union-attr]
    monkeypatch.undo()
    issued = KeyFolder(tmp_path / "keys").register(ROOT).read().issued
    assert len(issued) == 2
    with pytest.raises(AssertionError):
        valid(line)
