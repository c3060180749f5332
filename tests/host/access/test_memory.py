"""Secrets in the memory and on the flash of a watch, searched from outside, in every state that says it holds none."""

import hashlib
import hmac
import os
import subprocess
import sys
from pathlib import Path

import cbor2
import pytest

from tapwatch.compiled import search_path

ROOT = Path(__file__).parents[3]
MICROPYTHON = Path(sys.executable).with_name("micropython")
SECRET = bytes(range(32))  # of the counting board

pytestmark = [
    pytest.mark.share("system"),
    pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="searching a process needs Linux's /proc"),
]


def derived(name: bytes) -> bytes:
    return hashlib.sha256(name).digest()


def passcode() -> bytes:
    return b"%08d" % (int.from_bytes(derived(b"passcode")[:4], "big") % 100_000_000)


def passcode_key(record: bytes) -> bytes:
    _, salt, rounds, _ = cbor2.loads(record)
    link = hashlib.sha256(salt + passcode()).digest()
    for _ in range(rounds):
        link = hmac.digest(SECRET, link, "sha256")
    return link


def planted() -> dict[str, bytes]:
    """What is not secret, yet must be gone after a wipe: merchants, links, the wearer's record and word, the PAR."""
    found = {"token's PAR": derived(b"canary").hex()[:29].upper().encode()}
    found["recorded word"] = b"\xff" + derived(b"recorded word")[1:]
    for number in range(1, 32):
        found[f"planted {number}"] = derived(b"planted %d" % number).hex()[:16].upper().encode()
    return found


def secrets_of(told: str) -> dict[str, bytes]:
    """Every secret by name; numbers also as the interpreter keeps them, lowest byte first."""
    vault_key, receipt, identity, record = (bytes.fromhex(part) for part in told.split())
    found = {"vault key": vault_key, "passcode": passcode(), "passcode key": passcode_key(record)}
    for name, scalar in (("receipt key", receipt), ("identity key", identity)):
        found[name] = scalar
        found[name + " as a number"] = scalar[::-1]
    found["code seed"] = derived(b"code seed")
    for atc in range(1, 15):
        found[f"session key {atc}"] = derived(b"session key %d" % atc)[:16]
    return found | planted()


def memory_of(pid: int) -> bytes:
    """All writable memory of a process."""
    parts = []
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb") as memory:
        for line in maps:
            span, permissions = line.split()[:2]
            if permissions.startswith("rw") and "[v" not in line:
                start, end = (int(part, 16) for part in span.split("-"))
                memory.seek(start)
                parts.append(memory.read(end - start))
    return b"\0".join(parts)


def search(tmp_path: Path, state: str, mode: str = "scrub") -> "tuple[set[str], set[str]]":
    """Names of the secrets found in the memory, and on the flash, of a watch in this state."""
    image = tmp_path / "flash.bin"
    command = [MICROPYTHON, "-X", "heapsize=4M", "tests/host/access/keeper.py", state, mode, image]
    environment = {**os.environ, "MICROPYPATH": search_path("tests/firmware")}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) as child:
        told = child.stdout.readline()
        assert child.stdout.readline() == "ready\n"
        try:
            memory = memory_of(child.pid)
        finally:
            child.stdin.close()
    flash = image.read_bytes()
    secrets = secrets_of(told)
    assert len(secrets) == SECRETS
    return ({name for name in secrets if secrets[name] in memory}, {name for name in secrets if secrets[name] in flash})


SECRETS = 22 + 33
"""Secrets, and planted canaries."""
KNOWN = ("unlocked", "disarmed", "locked", "locked while armed", "express left", "code shown", "lost while armed")
"""States in which the cards' public data stay in RAM: a locked watch shows its cards."""


@pytest.mark.parametrize("state", [*KNOWN, "wiped"])
def test_no_secret_is_left(tmp_path: Path, state: str) -> None:
    memory, flash = search(tmp_path, state)
    memory -= set(planted()) if state in KNOWN else set()
    print(f"NOTE secrets of a watch found while {state}: {len(memory)} in memory, {len(flash)} on flash, of {SECRETS}")
    assert memory == set()
    assert flash == set()


def test_an_armed_watch_holds_three_session_keys(tmp_path: Path) -> None:
    memory, flash = search(tmp_path, "armed")
    print(f"NOTE session keys of a batch of 10 found while armed: {sum('session' in name for name in memory)}")
    assert {name for name in memory if "session" in name} == {f"session key {atc}" for atc in (1, 2, 3)}
    assert not memory & {"passcode", "passcode key", "receipt key"}
    assert flash == set()


@pytest.mark.parametrize(("state", "atc"), [("express", 11), ("express after a tap", 12)])
def test_express_mode_holds_one_key_of_its_own_batch(tmp_path: Path, state: str, atc: int) -> None:
    memory, flash = search(tmp_path, state)
    memory -= set(planted())
    print(f"NOTE secrets of a watch found in {state}: {sorted(memory)}")
    assert memory == {f"session key {atc}"}
    assert flash == set()


def test_the_canaries_are_there_before_the_wipe(tmp_path: Path) -> None:
    memory, flash = search(tmp_path, "locked")
    assert set(planted()) <= memory, "a canary that is never there proves nothing"
    assert not set(planted()) & flash, "records on flash are sealed"


@pytest.mark.parametrize("state", ["unlocked", "disarmed", "locked", "express left", "wiped"])
def test_without_scrub_the_search_finds_them(tmp_path: Path, state: str) -> None:
    memory, _ = search(tmp_path, state, "keep")
    memory -= set(planted())
    print(f"NOTE secrets found while {state} when scrub does nothing: {len(memory)}")
    assert memory, "the search finds nothing: it could not fail"
