"""A stage that could not begin lets go of everything at once, whoever still holds the error."""

from __future__ import annotations

import asyncio
import fcntl
from typing import TYPE_CHECKING

import pytest

from tapwatch.bank.service import Bank
from tapwatch.errors import UserError
from tapwatch.phone.memory import Memory
from tapwatch.simulator.flash_image import FlashImage
from tapwatch.simulator.options import WatchOptions
from tapwatch.simulator.watch import SimulatedWatch
from tapwatch.stage.stage import Stage

if TYPE_CHECKING:
    from pathlib import Path

LOCKED = ("terminal.lock", "watch/flash.img")


def _fail(*_: object) -> None:
    raise UserError("the disk is full", "free space")


async def _fail_later(*_: object) -> None:
    _fail()


def _held(folder: Path) -> list[str]:
    """Which files somebody has locked."""
    held = []
    for name in LOCKED:
        if (folder / name).exists():
            with (folder / name).open() as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    held.append(name)
    return held


async def _enter(stage: Stage) -> None:
    async with stage:
        raise AssertionError("it should not have begun")


def _begun(folder: Path) -> UserError:
    """The error of a stage that could not begin: with it live its traceback and all that its frames name."""
    with pytest.raises(UserError) as caught:
        asyncio.run(_enter(Stage(folder, WatchOptions())))
    return caught.value


def test_a_stage_that_cannot_begin_holds_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = ((Bank, "start", _fail_later), (SimulatedWatch, "_come_up", _fail_later), (Memory, "load", _fail))
    errors = []
    for owner, name, fails in places:
        with monkeypatch.context() as planted:
            planted.setattr(SimulatedWatch, "_come_up", _come_up)
            planted.setattr(owner, name, fails)
            errors.append(_begun(tmp_path))
        assert _held(tmp_path) == [], name
    print(f"NOTE stage: {len(errors)} beginnings failed, 0 locks kept")


async def _come_up(*_: object) -> bool:
    """Of a watch that needs no firmware here."""
    return True


def test_a_damaged_file_of_the_terminal_is_told_again(tmp_path: Path) -> None:
    (tmp_path / "terminal.json").write_text("{")
    first, second = _begun(tmp_path), _begun(tmp_path)
    assert "is damaged" in str(first) and "is damaged" in str(second)
    assert _held(tmp_path) == []


def test_a_watch_that_does_not_stop_well_frees_its_flash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> UserError:
        watch = SimulatedWatch(tmp_path / "watch")
        monkeypatch.setattr(watch, "_come_up", _come_up)
        await watch.start()
        assert _held(tmp_path) == [LOCKED[1]]
        monkeypatch.setattr(watch, "kill", _fail_later)
        with pytest.raises(UserError) as caught:
            await watch.stop()
        return caught.value

    error = asyncio.run(scenario())
    assert _held(tmp_path) == [], error


def test_an_image_that_cannot_be_brought_to_the_disk_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "watch/flash.img"
    path.parent.mkdir()
    image = FlashImage(path)
    with monkeypatch.context() as planted:
        planted.setattr("os.fsync", _fail)
        with pytest.raises(UserError, match="full"):
            image.close()
    assert _held(tmp_path) == []
