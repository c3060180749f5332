"""A dropped secret is gone from the memory of the process, seen from outside."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MICROPYTHON = Path(sys.executable).with_name("micropython")

# The secrets are derived in the child, so that none stands in its source; then everything that held them is dropped.
CHILD = """
import sys, hashlib
from watch.crypto import p256
from watch.crypto.des import Alg3Mac
from watch.crypto.hashes import hmac_sha256
from watch.crypto.scrub import scrub

def secret(i):
    return hashlib.sha256(b"canary %d" % i).digest()

def use():
    held = [secret(i) for i in range(32)]
    for key in held[:4]:
        p256.sign(key, held[5])
        Alg3Mac(key[:16]).mac(key, 32, bytearray(8))
        hmac_sha256(key, key)
    return len(held)

def overwrite_stack(depth):
    return depth and overwrite_stack(depth - 1)

use()
overwrite_stack(20)
if sys.argv[1] == "scrub":
    scrub()
print("ready")
sys.stdin.readline()
"""


def _memory(pid: int) -> bytes:
    """All writable memory of a process."""
    found = []
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb") as memory:
        for line in maps:
            span, permissions = line.split()[:2]
            if permissions.startswith("rw") and "[v" not in line:
                start, end = (int(part, 16) for part in span.split("-"))
                memory.seek(start)
                found.append(memory.read(end - start))
    return b"\0".join(found)


def _secrets_left(tmp_path: Path, mode: str) -> int:
    script = tmp_path / "child.py"
    script.write_text(CHILD)
    child = subprocess.Popen(
        [MICROPYTHON, "-X", "heapsize=4M", script, mode],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "MICROPYPATH": f"{ROOT / 'firmware'}:.frozen"},
        cwd=ROOT,
        text=True,
    )
    try:
        assert child.stdout.readline() == "ready\n"
        memory = _memory(child.pid)
        secrets = [hashlib.sha256(b"canary %d" % i).digest() for i in range(32)]
        return sum(memory.count(secret) for secret in secrets)
    finally:
        child.communicate("\n", timeout=10)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs /proc")
def test_dropped_secrets_are_gone(tmp_path: Path) -> None:
    without = _secrets_left(tmp_path, "keep")
    after = _secrets_left(tmp_path, "scrub")
    print(f"NOTE copies of 32 dropped secrets found: {without} without scrub, {after} after it")
    assert without > 0, "the search finds nothing: it could not fail"
    assert after == 0
