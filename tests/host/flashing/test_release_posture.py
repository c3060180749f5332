"""A release image on virtual hardware: from the first line of boot.py on nothing leads to an interpreter."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import tty
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from tapwatch.compiled import ROOT, search_path
from tapwatch.flashing import partitions
from tapwatch.images import build, container, contents, development, posture
from tapwatch.images.build import Built
from tests.host.flashing.test_virtual_esp32 import BOARD, FLASH_BYTES, STOCK, flash

LONG = bool(os.environ.get("TAPWATCH_LONG"))
BIN = Path(sys.executable).parent
MICROPYTHON = [str(BIN / "micropython"), "-X", "heapsize=8M"]
RAN, WAITS, RESTARTED = 0, 1, 3
"""Exit status: five seconds are over; so they are while boot.py waits; it wanted to start anew."""
RUN_MS = 5000
CLOSES = b"    _closed = micropython.kbd_intr(-1) or True"
KINDS = ("OSError", "ValueError", "MemoryError", "SystemExit", "KeyboardInterrupt")
ONLY_IN_MAIN = ("SystemExit", "KeyboardInterrupt")
"""Nothing raises these in boot.py once Ctrl-C is closed."""
FOLDERS = ("", "lib/", "slot/", ".frozen/", "site-packages/", "files/", "Lib/")
SHADOWS = (
    *("main.py", "Main.py", "main.mpy", "boot.mpy", "BOOT.PY", "_boot.py", "inisetup.py", "flashbdev.py", "facts.py"),
    *("os.py", "OS.py", "io.py", "struct.py", "binascii.py", "time.py", "machine.py", "esp32.py", "vfs.py", "sys.py"),
    *("micropython.py", "builtins.py", "errno.py", "gc.py", "hashlib.py", "json.py", "select.py", "network.py"),
    *("asyncio/__init__.py", "asyncio/core.mpy", "watch/__init__.py", "board/__init__.py", "drivers/__init__.py"),
)
"""What somebody may call a file so that it is run in the place of another."""
REPL = (b">>>", b"raw REPL", b"MicroPython v", b"paste mode")
BREAKS = b"\r\x03\r\x03\x03\r\x01\x04\x02\x05A\x01\r\nprint('EXE' + 'CUTED')\r\n\x04\x03\x03\x02"


@pytest.fixture(scope="module")
def built() -> Built:
    """The system of this checkout, with machine code for this computer."""
    return build.build(build.plan(ROOT, BOARD, machine="x64"))


def released(built: Built, **changes: bytes) -> dict[str, bytes]:
    """The files of its release: a release itself is built from commits alone. `changes`: other files, `_` for `.`."""
    said = built.statement
    files = {path: data for path, data in built.files.items() if path not in contents.workbench(built.files)}
    files["facts.py"] = contents.facts(said.board, said.version, said.built_s, "release", None)
    return files | {path.replace("_", "."): data for path, data in changes.items()}


def image_of(built: Built, files: dict[str, bytes]) -> bytes:
    body = container.write_body(files)
    said = replace(built.statement, posture="release", length=len(body), body=sha256(body).digest())
    return container.write([development.entry(said.encoded())], body)


@pytest.fixture(scope="module")
def release(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A flash chip with it; whoever writes takes a copy."""
    return flash(image_of(built, released(built)), tmp_path_factory.mktemp("release") / "flash.bin")


def environment() -> dict[str, str]:
    return os.environ | {"MICROPYPATH": search_path("tests/firmware")}


def moments(path: Path, kind: str = "", at: int = 0) -> dict:
    """Start from a copy of that flash; how it went.

    All that a computer sends to get a REPL lies at the port before the first line of boot.py runs.
    """
    own = path.with_suffix(".own")
    own.write_bytes(path.read_bytes())
    command = [*MICROPYTHON, "tests/host/flashing/moments.py", str(own), BOARD, kind, str(at)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(), input=BREAKS * 20, capture_output=True, timeout=60, check=False
    )
    lines, said = done.stdout.splitlines(), done.stdout + done.stderr
    assert len(lines) >= 2, said
    assert not any(word in said for word in (*REPL, b"EXECUTED")), said
    return {**json.loads(lines[-2]), **json.loads(lines[-1]), "said": said}


@pytest.fixture(scope="module")
def undisturbed(release: Path) -> dict:
    """How a start goes."""
    return moments(release)


def test_ctrl_c_is_closed_at_every_moment(undisturbed: dict, built: Built, tmp_path: Path) -> None:
    told = undisturbed
    assert told["open"] == [] and told["status"] == RAN, told
    count = told["moments"]["/boot.py"] + told["moments"]["main.py"]
    print(f"NOTE release: {count} moments of a start and five seconds after it, Ctrl-C open in {len(told['open'])}")
    late = released(built, main_py=built.files["main.py"].replace(CLOSES, b"    pass"))
    assert moments(flash(image_of(built, late), tmp_path / "late.bin"))["open"], "it could not fail"


def test_whatever_is_raised_it_starts_anew_or_goes_on(
    release: Path, undisturbed: dict, built: Built, tmp_path: Path
) -> None:
    booted = undisturbed["moments"]["/boot.py"]
    total = booted + undisturbed["moments"]["main.py"]
    ends = {RAN: 0, WAITS: 0, RESTARTED: 0}
    step = total // (60 if LONG else 3)
    for number, at in enumerate(range(5, total, step)):
        for kind in KINDS if LONG else (KINDS[number % len(KINDS)],):
            if kind in ONLY_IN_MAIN and at <= booted:
                continue
            told = moments(release, kind, at)
            assert told["status"] != RAN or told["ms"] >= RUN_MS, (kind, at, "it went back to the port")
            assert told["status"] != WAITS or b"tapwatch flash --keep-state" in told["said"], (kind, at)
            assert b"Traceback" not in told["said"], (kind, at)
            ends[told["status"]] += 1
    print(f"NOTE release: raised at {sum(ends.values())} moments: {ends[RESTARTED]} started anew, {ends[RAN]} went on")
    open_ = moments(flash(built.image, tmp_path / "development.bin"), "KeyboardInterrupt", total * 7 // 10)
    assert open_["status"] == RAN and open_["ms"] < RUN_MS, "a development image goes back; so it would be noticed"


def test_planted_files_are_not_run(release: Path, tmp_path: Path) -> None:
    bomb = b"print('PLANTED')\nraise SystemExit\n"
    planted = {f"{folder}{name}": bomb for folder in FOLDERS for name in SHADOWS}
    data = bytearray(release.read_bytes())
    vfs = partitions.named(partitions.make_table(STOCK, FLASH_BYTES), "vfs")
    from littlefs import LittleFS

    system = LittleFS(block_size=4096, block_count=vfs.size // 4096, mount=False)
    system.context.buffer[:] = data[vfs.offset : vfs.offset + vfs.size]
    system.mount()
    for path, text in planted.items():
        system.makedirs(path.rpartition("/")[0], exist_ok=True)
        with system.open(path, "wb") as file:
            file.write(text)
    data[vfs.offset : vfs.offset + vfs.size] = system.context.buffer
    path = tmp_path / "planted.bin"
    path.write_bytes(data)
    told = moments(path)
    assert told["status"] == RAN and b"PLANTED" not in told["said"], told
    print(f"NOTE release: {len(planted)} planted files, none was run")


def test_mpremote_says_that_it_cannot(release: Path, tmp_path: Path) -> None:
    """The real program, at a watch that runs: it fails, and nothing was executed."""
    own = release.with_suffix(".own")
    own.write_bytes(release.read_bytes())
    ours, its = pty.openpty()
    tty.setraw(its)
    port = tmp_path / "port"  # of what is called /dev/pts mpremote reads without an end
    port.symlink_to(os.ttyname(its))
    command = [*MICROPYTHON, "-m", "board.simulator.virtual_esp32", str(own), BOARD, "usb"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdin=ours, stdout=ours, stderr=subprocess.DEVNULL
    ) as watch:
        try:
            mpremote = [str(BIN / "mpremote"), "connect", str(port), "exec", "print('EXE' + 'CUTED')"]
            done = subprocess.run(mpremote, capture_output=True, timeout=60, check=False)
            assert watch.poll() is None
        finally:
            watch.terminate()
            os.close(its)
            os.close(ours)
    said = done.stdout + done.stderr
    assert done.returncode and b"could not enter raw repl" in said and b"EXECUTED" not in said, said


def test_the_built_image_is_fit(built: Built) -> None:
    """Each rule about the files of a release holds, and is missed when it is broken."""
    files, said = released(built), built.statement
    version = ".".join(map(str, said.version))
    links = posture.judge(files, said.board, version)
    assert all(link.good for link in links), [link.problems for link in links]
    assert not all(link.good for link in posture.judge(built.files, said.board, version))
    code = files["watch/screens/armed.mpy"]
    broken = {
        "facts": {"facts.py": built.files["facts.py"]},
        "start": {"main.py": files["main.py"].replace(b" or True", b"")},
        "interpreter": {"drivers/extra.mpy": code + b"\x0edupterm\0"},
        "debugging": {"watch/system/workbench/blocks.mpy": code},
        "marks": {"watch/screens/armed.mpy": code.replace(b"add_test_mark", b"add_best_mark")},
    }
    for what, change in broken.items():
        wrong = [link.what for link in posture.judge({**files, **change}, said.board, version) if not link.good]
        assert wrong == [what], (what, wrong)
    assert {f"watch/screens/{name}.mpy" for name in posture.PAYING} <= set(files)
    print(f"NOTE release: {len(links)} rules about its {len(files)} files, {len(broken)} of them broken and noticed")
