"""`tapwatch update` and a watch on virtual hardware: a new system comes, proves itself, and a bad one goes back."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tapwatch import cli
from tapwatch.compiled import ROOT, search_path
from tapwatch.device import serial_watch
from tapwatch.device.serial_watch import SerialWatch
from tapwatch.flashing import partitions
from tapwatch.images import build, container, development
from tapwatch.signing import certificates
from tapwatch.update import links
from tests.host.flashing.test_virtual_esp32 import FLASH_BYTES, STOCK, flash
from tests.host.update.virtual_watch import BOARD, VirtualWatch
from tests.tools.children import PATIENCE_S

HELLO, PROVISION, UPDATE_STATE = 1, 2, 25
ASKED = "Answer on the watch."
READ_S = 1.5
"""To read what is asked."""
PASSCODE = "1397"
DAY_S = 86_400
PROGRAM = ROOT / "tests/host/update/programs/vault.py"


def changed(image: bytes, patch: int, more: bytes = b"") -> bytes:
    """The same system with a higher version; `more`: lines at the end of its facts."""
    read = container.read(image)
    old = ".".join(map(str, read.statement.version))
    version = (*read.statement.version[:2], patch)
    content = read.files
    content["facts.py"] = content["facts.py"].replace(old.encode(), ".".join(map(str, version)).encode()) + more
    body = container.write_body(content)
    said = replace(read.statement, version=version, floor=version, length=len(body), body=hashlib.sha256(body).digest())
    return container.write([development.entry(said.encoded())], body)


def wearer(watch: VirtualWatch, said: Path) -> threading.Thread:
    """Agrees when the command says that the watch asks. The watch is locked: yes, passcode, yes."""

    def answer() -> None:
        until = time.monotonic() + PATIENCE_S
        while ASKED not in said.read_text() and time.monotonic() < until:
            time.sleep(0.2)
        watch.pause(READ_S)
        watch.agree()
        watch.pause(READ_S)
        watch.enter(PASSCODE)
        watch.pause(2 * READ_S)
        watch.agree()

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    return thread


def furnished(system: bytes, folder: Path) -> Path:
    """A flash chip with that system, and the vault of a watch whose passcode is chosen."""
    vault, secret = folder / "vault.bin", folder / "secret.bin"
    command = [str(Path(sys.executable).with_name("micropython")), str(PROGRAM), PASSCODE, str(vault), str(secret)]
    environment = os.environ | {"MICROPYPATH": f"{search_path()}:tests/firmware"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=PATIENCE_S)
    path = flash(system, folder / "flash.bin", {"/secret.bin": secret.read_bytes()})
    table = partitions.make_table(STOCK, FLASH_BYTES)
    with path.open("r+b") as file:
        file.seek(partitions.named(table, "vault").offset)
        file.write(vault.read_bytes())
    return path


def provision(watch: VirtualWatch) -> None:
    """By the root of development builds."""
    with SerialWatch(lambda: watch.port, PATIENCE_S) as link:
        hello, now = link.ask(HELLO, None), int(time.time())
        assert isinstance(hello, dict)
        dates = (now - DAY_S, now + DAY_S)
        certificate = certificates.issue(
            development.root_key(), "device", hello[3], "Test", *dates, 9, {"secret": "software"}
        )
        link.ask(PROVISION, {1: development.root_key().public, 2: certificate})


def update(watch: VirtualWatch, folder: Path, image: Path, base: Path) -> tuple[int, str]:
    """The command, with a wearer; exit status and what it said."""
    said = folder / "said"
    said.write_text("")
    answering = wearer(watch, said)
    words = ["update", str(image), "--base", str(base), "--port", watch.port]
    with said.open("w", buffering=1) as stream, redirect_stderr(stream), redirect_stdout(stream):
        status = cli.main(words)
    answering.join(PATIENCE_S)
    return status, said.read_text()


def state(watch: VirtualWatch) -> dict[int, Any]:
    """The answer to message 25."""
    with SerialWatch(lambda: watch.port, PATIENCE_S) as link:
        found = link.ask(UPDATE_STATE, None)
    assert isinstance(found, dict)
    return found


def test_a_system_comes_and_a_bad_one_goes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Build, flash, set up, update by a delta: the new one proves itself; then one whose start fails goes back."""
    monkeypatch.setattr(links, "SerialWatch", partial(SerialWatch, start_s=PATIENCE_S))
    monkeypatch.setattr(serial_watch, "ANSWER_S", 5.0)  # of this cable nobody hears that the watch is off
    first = build.build(build.plan(ROOT, BOARD, machine="x64")).image
    images = {"good": changed(first, 901), "bad": changed(first, 902, b"raise ValueError\n"), "first": first}
    paths = {name: tmp_path / f"{name}.twi" for name in images}
    for name, data in images.items():
        paths[name].write_bytes(data)
    with VirtualWatch(furnished(first, tmp_path)) as watch:
        provision(watch)
        assert cli.main(["update", str(paths["good"]), "--check", "--port", watch.port]) == 0
        assert state(watch)[6] is None, "--check sends nothing"
        status, said = update(watch, tmp_path, paths["good"], paths["first"])
        assert status == 0 and "has proved itself" in said and "delta" in said, said
        now = state(watch)
        assert (now[3], now[4], watch.starts) == ("b", "proved", 2) and now[1] == now[8] == "0.1.901"
        watch.agree()  # it was read that the watch is updated; before that nothing else is asked
        status, said = update(watch, tmp_path, paths["bad"], paths["good"])
        assert status == 1 and "0.1.902 did not start well; version 0.1.901 is back" in said, said
        now = state(watch)
        assert (now[1], now[3], now[4], watch.starts) == ("0.1.901", "b", "proved", 5), now
        status = cli.main(["update", str(paths["first"]), "--port", watch.port])
        assert status == 1, "below the floor"
        print(f"NOTE update.end_to_end: {len(first)} bytes of image, {watch.starts} starts, 1 kept, 1 gone back")
