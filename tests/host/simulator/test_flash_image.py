"""The flash image: NOR rules, faults on demand, and nothing lost when a process dies."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tapwatch.errors import UserError
from tapwatch.simulator.flash_image import SECTOR, SIZE, Cut, FlashImage, PowerCut


@pytest.fixture
def image(tmp_path: Path):
    flash = FlashImage(tmp_path / "flash.img")
    yield flash
    flash.close()


def test_a_new_image_is_erased(image):
    assert image.read(0, SIZE) == b"\xff" * SIZE


def test_programming_only_clears_bits(image):
    image.program(SECTOR - 1, b"\x0f\xf0")
    image.program(SECTOR - 1, b"\xf3\x3f")
    assert image.read(SECTOR - 1, 2) == b"\x03\x30"


def test_erasing_sets_one_sector_only(image):
    image.program(0, bytes(3 * SECTOR))
    image.erase(SECTOR)
    assert image.read(0, 3 * SECTOR) == bytes(SECTOR) + b"\xff" * SECTOR + bytes(SECTOR)


@pytest.mark.parametrize(("address", "length"), [(SIZE, 1), (SIZE - 1, 2), (-1, 1), (0, SIZE + 1)])
def test_access_outside_is_refused(image, address, length):
    with pytest.raises(OSError, match="outside") as problem:
        image.read(address, length)
    assert problem.value.errno == errno.EINVAL
    with pytest.raises(OSError, match="outside"):
        image.program(address, bytes(length))


@pytest.mark.parametrize("address", [1, SECTOR - 1, SIZE])
def test_an_erase_starts_at_a_sector_inside(image, address):
    with pytest.raises(OSError):
        image.erase(address)


def test_what_was_written_is_there_after_kill(tmp_path):
    """Another process writes and is killed at once, without closing anything."""
    path = tmp_path / "flash.img"
    script = (
        "import os, signal, sys; from pathlib import Path; from tapwatch.simulator.flash_image import FlashImage\n"
        "FlashImage(Path(sys.argv[1])).program(5000, b'kept'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    environment = dict(os.environ, PYTHONPATH="host_tools")
    done = subprocess.run([sys.executable, "-c", script, str(path)], env=environment, timeout=20, check=False)
    assert done.returncode == -9
    image = FlashImage(path)
    assert image.read(5000, 4) == b"kept"
    image.close()


def test_an_image_has_one_user(image, tmp_path):
    with pytest.raises(UserError, match="Another simulator"):
        FlashImage(tmp_path / "flash.img")


def test_an_image_of_another_size_is_left_alone(tmp_path):
    path = tmp_path / "flash.img"
    path.write_bytes(b"something else")
    with pytest.raises(UserError, match="14 bytes instead of 262144"):
        FlashImage(path)
    assert path.read_bytes() == b"something else"


def test_a_folder_that_cannot_be_used_is_named(tmp_path):
    with pytest.raises(UserError, match="cannot be opened"):
        FlashImage(tmp_path / "missing" / "flash.img")


def test_a_full_disk_leaves_no_half_image(tmp_path, monkeypatch):
    path = tmp_path / "flash.img"
    monkeypatch.setattr(os, "pwrite", lambda descriptor, data, offset: os.write(descriptor, data[:100]))
    with pytest.raises(UserError, match="cannot be written"):
        FlashImage(path)
    assert path.stat().st_size == 0
    monkeypatch.undo()
    FlashImage(path).close()


def test_failing_writes_change_nothing(image):
    image.fail(2)
    for access in (lambda: image.program(0, b"\0"), lambda: image.erase(0)):
        with pytest.raises(OSError) as problem:
            access()
        assert problem.value.errno == errno.EIO
    assert image.read(0, 1) == b"\xff"
    image.program(0, b"\0")
    assert image.read(0, 1) == b"\0"


@pytest.mark.parametrize(("mode", "found"), [("before", b"\xff" * 64), ("after", bytes(64))])
def test_a_cut_before_or_after(image, mode, found):
    image.cut_power(Cut(2, mode))
    image.program(100, b"\0")
    with pytest.raises(PowerCut):
        image.program(0, bytes(64))
    assert image.read(0, 64) == found
    image.program(200, b"\0")
    assert image.read(200, 1) == b"\0", "one cut is one cut"


def test_a_torn_program_clears_some_of_its_bits_and_no_others(image):
    for seed in range(8):
        image.erase(0)
        image.program(0, b"\x0f" * 64)
        image.cut_power(Cut(1, "torn", seed))
        with pytest.raises(PowerCut):
            image.program(0, b"\xfc" * 64)
        found = image.read(0, 64)
        assert all(byte & 0xFC == 0x0C for byte in found), "only bits 0 and 1 could change"
        assert len(set(found)) > 1, "some changed and some did not"


def test_a_torn_erase_sets_some_bits(image):
    image.program(0, bytes(SECTOR))
    image.cut_power(Cut(1, "torn", 5))
    with pytest.raises(PowerCut):
        image.erase(0)
    ones = sum(byte.bit_count() for byte in image.read(0, SECTOR))
    assert 0.4 < ones / (8 * SECTOR) < 0.6


def test_an_unknown_cut_is_refused(image):
    with pytest.raises(ValueError, match="sideways"):
        image.cut_power(Cut(1, "sideways"))
