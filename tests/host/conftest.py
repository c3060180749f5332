"""A private PostgreSQL cluster behind a socket file, for the tests of bank and store. Skipped where it is missing."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


def program(name: str) -> str | None:
    """Find a program of the newest PostgreSQL here."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(installed[-1]) if installed else shutil.which(name)


def owner() -> str | None:
    """PostgreSQL refuses to run as root; give its programs another user then."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def run(folder: Path, *command: str | None) -> None:
    """Run one of its programs. Raises CalledProcessError."""
    subprocess.run(
        [str(word) for word in command], check=True, stdout=subprocess.DEVNULL, timeout=60, cwd=folder, user=owner()
    )


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """URL of an empty cluster."""
    if not (program("initdb") and program("pg_ctl")):
        pytest.skip("PostgreSQL is not installed: the bank was NOT tested on it")
    pytest.importorskip("psycopg", reason="psycopg is not installed: the bank was NOT tested on PostgreSQL")
    folder = Path(tempfile.mkdtemp(prefix="tapwatch-pg-"))
    if user := owner():
        shutil.chown(folder, user)
    data = folder / "data"
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    control = [program("pg_ctl"), "-D", str(data), "-w"]
    try:
        run(folder, program("initdb"), "-D", str(data), "-U", "bank", "-A", "trust", "-E", "UTF8", "--no-sync")
        run(folder, *control, "-o", options, "-l", str(folder / "log"), "start")
        try:
            yield f"postgresql://bank@/postgres?host={folder}"
        finally:
            run(folder, *control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
