"""The terminal's PC/SC reader on a real pcscd, with a virtual card (vpcd)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tapwatch.errors import UserError
from tapwatch.terminal.readers.pcsc import PcscReader

ROOT = Path(__file__).resolve().parents[3]
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
SETUP = "mount -t tmpfs none /run && mkdir /run/pcscd && ip link set lo up"


def in_namespaces(command: str) -> subprocess.CompletedProcess[str]:
    """Run a shell command with a network and a /run of its own, where vpcd's ports disturb nobody."""
    flags = "-nm" if os.geteuid() == 0 else "-Urnm"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "host_tools")])}
    full = ["timeout", "60", "unshare", flags, "bash", "-c", f"{SETUP} && {command}"]
    return subprocess.run(full, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def steps() -> list[dict]:
    missing = [name for name in ("pcscd", "unshare", "ip") if shutil.which(name) is None]
    if missing or not DRIVER.exists():
        pytest.skip(f"not installed: {', '.join(missing) or 'vsmartcard-vpcd'}")
    if in_namespaces("true").returncode:
        pytest.skip("this machine allows no private namespaces")
    done = in_namespaces(f"{sys.executable} -W ignore -m tests.host.terminal.pcsc_script")
    reported = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(reported) == 5, f"{done.stdout}\n{done.stderr}"
    return reported


def test_what_is_missing_is_said(steps: list[dict]) -> None:
    daemon, reader, card = steps[:3]
    assert daemon["message"] in ("PC/SC does not answer", "no PC/SC reader matches ''")
    assert "no such reader" in reader["message"] and "Virtual PCD" in reader["hint"]
    assert card["message"] == "no card came into the field"


def test_both_profiles_pay(steps: list[dict]) -> None:
    for entry, scheme in zip(steps[3:], ("visa", "mastercard"), strict=True):
        assert entry["approved"], entry["reason"]
        assert entry["scheme"] == scheme and "3B80800101" in entry["seen"]
        print(f"NOTE terminal: {scheme} over PC/SC {entry['elapsed_ms']} ms")


def test_library_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UserError, match="not installed") as caught:
        PcscReader()
    assert "pip install pyscard" in caught.value.hint
