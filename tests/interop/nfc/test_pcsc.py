"""PC/SC software as the reader: pcscd and vpcd in a namespace of their own, pyscard on top."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.interop.nfc import issuer

ROOT = Path(__file__).resolve().parents[3]
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
TIMEOUT_S = 60
SETUP = "mount -t tmpfs none /run && mkdir /run/pcscd && ip link set lo up"


def missing() -> str:
    """What has to be installed before this can run; empty if nothing."""
    programs = [name for name in ("pcscd", "unshare", "ip") if shutil.which(name) is None]
    return ", ".join(programs + ([] if DRIVER.exists() else ["vsmartcard-vpcd"]))


def in_namespace(command: str) -> "subprocess.CompletedProcess[str]":
    """Run a shell command with a network and a /run of its own; needs root or user namespaces."""
    flags = "-nm" if os.geteuid() == 0 else "-Urnm"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    full = ["timeout", str(TIMEOUT_S), "unshare", flags, "bash", "-c", f"{SETUP} && {command}"]
    return subprocess.run(full, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def steps() -> dict[str, dict]:
    """Everything one PC/SC session reported, by step."""
    if missing():
        pytest.skip(f"not installed: {missing()}")
    if in_namespace("true").returncode:
        pytest.skip("this machine allows no private namespaces")
    done = in_namespace(f"{sys.executable} -W ignore -m tests.interop.nfc.pcsc_tap")
    reported = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(reported) == 5, f"{done.stdout}\n{done.stderr}"
    return {entry["step"]: entry for entry in reported}


@pytest.mark.parametrize("profile", ["visa", "mastercard"])
def test_a_payment_has_the_cryptogram_the_issuer_expects(steps: dict[str, dict], profile: str) -> None:
    hexed = {name: value for name, value in steps[profile].items() if name not in ("step", "ms")}
    tags = {tag: bytes.fromhex(value) for tag, value in hexed.items()}
    assert tags["9F26"] == issuer.cryptogram(profile, tags)
    assert tags["9F36"] == b"\x00\x07"
    print(f"NOTE pcsc {profile}: ARQC {tags['9F26'].hex()} as pyemv, {steps[profile]['ms']:.0f} ms for the whole tap")


def test_the_card_shows_itself_as_contactless(steps: dict[str, dict]) -> None:
    assert steps["connected"]["atr"] == "3b80800101"
    assert steps["uid"]["answer"] == "08123456" + "9000"


def test_an_unknown_application_is_not_found(steps: dict[str, dict]) -> None:
    assert steps["unknown"]["status"] == "6a82"
