"""The file system: what MicroPython mounts, what littlefs-python reads back, what has to be written."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest
from littlefs import LittleFS, UserContext

from tapwatch.flashing import filesystem
from tapwatch.flashing.filesystem import FilesystemError, NoFilesystem
from tapwatch.flashing.volume import BLOCK_BYTES, PIECE_BYTES, Volume, runs
from tapwatch.simulator.process import interpreter
from tests.host.flashing import kit
from tests.host.flashing.kit import MB

SIZE = 2 * MB
CONTENTS = {"/boot.py": kit.BOOT, "/a.twi": kit.noise(90_000), "/files/small": b"x" * 100, "/files/middle": b"y" * 400}
MOUNT = Path(__file__).with_name("mount_files.py")


def mounted_by_micropython(image: bytes, folder: Path) -> tuple[dict[str, str], bytes]:
    """What MicroPython finds in it, and the image after it has written one more file."""
    path = folder / "vfs.bin"
    path.write_bytes(image)
    words = [*interpreter("8M"), str(MOUNT), str(path)]
    said = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True, timeout=30).stdout
    found = dict(line.split() for line in said.splitlines())
    return found, path.read_bytes()


def renewed(image: bytes, contents: dict[str, bytes]) -> bytes:
    """What is on the flash after the changed blocks have been written over `image`."""
    volume = Volume(len(image), lambda offset, size: image[offset : offset + size])
    filesystem.renew(volume, contents)
    flash = bytearray(image)
    for run in runs(volume.image(), volume.changed):
        flash[run.offset : run.offset + len(run.data)] = run.data
    return bytes(flash)


def hashes(contents: dict[str, bytes]) -> dict[str, str]:
    return {"/w" + path: hashlib.sha256(data).hexdigest() for path, data in contents.items()}


def test_micropython_mounts_what_this_computer_made(tmp_path: Path) -> None:
    """All files read, one written there, all read here again."""
    image = filesystem.build(CONTENTS, SIZE)
    found, after = mounted_by_micropython(image, tmp_path)
    assert found == {**hashes(CONTENTS), "/w/files": "folder"}
    assert filesystem.contents(after) == {**CONTENTS, "/files/written.bin": bytes(range(256)) * 40}


def test_and_renews_what_micropython_wrote(tmp_path: Path) -> None:
    _, after = mounted_by_micropython(filesystem.build(CONTENTS, SIZE), tmp_path)
    new = renewed(after, {"/boot.py": b"new", "/a.twi": kit.noise(50_000, 9)})
    found, _ = mounted_by_micropython(new, tmp_path)
    kept = {path: data for path, data in CONTENTS.items() if path.startswith("/files/")}
    wanted = {**kept, "/boot.py": b"new", "/a.twi": kit.noise(50_000, 9), "/files/written.bin": bytes(range(256)) * 40}
    assert found == {**hashes(wanted), "/w/files": "folder"}


@pytest.mark.parametrize("filling", [0x00, 0xFF, 0xA5])
def test_blocks_that_are_not_written_may_hold_anything(filling: int, tmp_path: Path) -> None:
    image = filesystem.build(CONTENTS, SIZE)
    flash = bytearray((filling,)) * SIZE
    for run in filesystem.used(image):
        flash[run.offset : run.offset + len(run.data)] = run.data
    found, after = mounted_by_micropython(bytes(flash), tmp_path)
    assert found == {**hashes(CONTENTS), "/w/files": "folder"}
    assert len(filesystem.contents(after)) == len(CONTENTS) + 1


def test_an_older_file_system_does_not_shine_through() -> None:
    """A directory that was changed often has high revisions; only writing both blocks of the root hides it."""
    old = bytearray(filesystem.build({"/secret.bin": b"old"}, SIZE))
    for turn in range(40):
        old = bytearray(renewed(bytes(old), {"/a.twi": bytes([turn]) * 5000, "/boot.py": b"old"}))
    written = filesystem.used(filesystem.build(CONTENTS, SIZE))
    flash = bytearray(old)
    for run in written:
        flash[run.offset : run.offset + len(run.data)] = run.data
    assert filesystem.contents(bytes(flash)) == CONTENTS
    assert written[0].offset == 0
    assert len(written[0].data) >= 2 * BLOCK_BYTES
    for skipped in (0, 1):
        mixed = bytearray(flash)
        mixed[skipped * BLOCK_BYTES : (skipped + 1) * BLOCK_BYTES] = old[
            skipped * BLOCK_BYTES : (skipped + 1) * BLOCK_BYTES
        ]
        if filesystem.contents(bytes(mixed)) != CONTENTS:
            return
    pytest.fail("leaving out a block of the root harmed nothing: the test shows nothing")


def test_little_is_written() -> None:
    image = filesystem.build(CONTENTS, SIZE)
    written = sum(len(run.data) for run in filesystem.used(image))
    least = sum(-(-len(data) // BLOCK_BYTES) for data in CONTENTS.values() if len(data) > 128) * BLOCK_BYTES
    print(f"NOTE flashing.files_written_bytes {written} for {sum(map(len, CONTENTS.values()))} of files")
    assert written <= least + 6 * BLOCK_BYTES


def test_the_same_files_make_the_same_bytes() -> None:
    assert filesystem.build(CONTENTS, SIZE) == filesystem.build(CONTENTS, SIZE)


def test_the_parameters_are_those_of_the_port() -> None:
    """Version 2.0 on the flash; a file of up to 128 bytes lies in its directory, a larger one does not."""
    image = filesystem.build({"/boot.py": b"a" * 128, "/a.twi": b"b" * 129}, SIZE)
    system = LittleFS(UserContext(buffer=bytearray(image)), block_size=BLOCK_BYTES, block_count=SIZE // BLOCK_BYTES)
    stat = system.fs_stat()
    assert (stat.disk_version, stat.name_max, stat.block_size) == (0x00020000, 255, 4096)
    assert any(b"b" * 129 in run.data and run.data.startswith(b"b" * 129) for run in filesystem.used(image))
    assert b"a" * 128 in image[: 2 * BLOCK_BYTES]


def test_renewing_takes_the_old_systems_away_first() -> None:
    """The new system needs the room of the old ones."""
    old = {
        "/boot.py": b"1",
        "/a.twi": kit.noise(100_000, 1),
        "/b.twi": kit.noise(100_000, 2),
        "/update.part": b"3" * 500,
    }
    size = 64 * BLOCK_BYTES
    image = filesystem.build({**old, "/new.twi": b"4", "/secret.bin": b"s"}, size)
    new = renewed(image, {"/boot.py": b"2", "/a.twi": kit.noise(190_000, 5)})
    assert filesystem.contents(new) == {"/boot.py": b"2", "/a.twi": kit.noise(190_000, 5), "/secret.bin": b"s"}


def test_only_what_stays_is_fetched() -> None:
    """The old systems are the most of it, and are not read at all."""
    kept = {"/files/one": kit.noise(40_000, 1), "/secret.bin": b"s" * 32}
    image = filesystem.build({"/boot.py": b"1", "/a.twi": kit.noise(1_000_000, 2), **kept}, 4 * MB)
    volume = Volume(len(image), lambda offset, size: image[offset : offset + size])
    filesystem.fetch_kept(volume)
    copy = volume.image()
    filesystem.renew(volume, {"/boot.py": b"2", "/a.twi": kit.noise(900_000, 3)})
    print(f"NOTE flashing.keep_state_fetched_bytes {volume.fetched_bytes} of {len(image)}")
    assert volume.fetched_bytes <= 4 * PIECE_BYTES
    again = renewed(copy, {"/boot.py": b"2", "/a.twi": kit.noise(900_000, 3)})
    assert filesystem.contents(again) == filesystem.contents(volume.image()), "the copy is enough to do it again"
    assert filesystem.contents(again) == {"/boot.py": b"2", "/a.twi": kit.noise(900_000, 3), **kept}


def test_a_full_file_system() -> None:
    image = filesystem.build({"/files/big": kit.noise(200_000)}, 64 * BLOCK_BYTES)
    with pytest.raises(FilesystemError, match=r"no room for /a.twi, 90000 bytes"):
        renewed(image, {"/boot.py": b"2", "/a.twi": kit.noise(90_000)})
    with pytest.raises(FilesystemError, match="no room"):
        filesystem.build({"/a.twi": kit.noise(90_000)}, 16 * BLOCK_BYTES)


@pytest.mark.parametrize("damage", [b"\xff", b"\x00"])
def test_what_cannot_be_mounted(damage: bytes) -> None:
    with pytest.raises(NoFilesystem):
        renewed(damage * SIZE, {})
    with pytest.raises(NoFilesystem):
        filesystem.contents(damage * SIZE)
