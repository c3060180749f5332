"""The other half: code of the watch, in unix MicroPython, opens what the bank sealed and signs what it approves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.host.bank.card import Card, open_package

if TYPE_CHECKING:
    from tests.host.bank.world import World

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.share("system")
TERMINAL_TAGS = ("9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37")


def micropython(*arguments: bytes) -> subprocess.CompletedProcess[str]:
    """Run the watch's side."""
    beside = Path(sys.executable).with_name("micropython")
    program = str(beside) if beside.exists() else shutil.which("micropython")
    assert program, "unix MicroPython is not installed"
    return subprocess.run(
        [program, "-X", "heapsize=8M", str(Path(__file__).with_name("watch_side.py"))],
        cwd=ROOT, env={**os.environ, "MICROPYPATH": "firmware:.frozen"}, text=True, capture_output=True, timeout=60,
        input="\n".join(argument.hex() for argument in arguments), check=False,
    )  # fmt: skip


@pytest.mark.parametrize("profile", ["visa", "mastercard"])
def test_watch_opens_the_package_and_the_bank_accepts_its_tap(world: World, profile: str) -> None:
    package = world.bank.package(world.watch.request(world.token(profile), world.bank.issuer_id))
    card = Card(open_package(package, world.watch.receipt_key, world.watch.id, world.bank.issuer_id))
    chip = card.tap(card.atcs[0], 1234)
    terminal = b"".join(chip[tag] for tag in TERMINAL_TAGS)
    private = world.watch.receipt_key.private_numbers().private_value.to_bytes(32, "big")
    done = micropython(package, private, world.bank.service_public, world.watch.id, terminal, chip["82"])
    assert done.returncode == 0, done.stderr + done.stdout
    atc, issuer_data, cryptogram = done.stdout.split()
    signed = {**chip, "9F36": int(atc).to_bytes(2, "big"), "9F10": bytes.fromhex(issuer_data)}
    signed["9F26"] = bytes.fromhex(cryptogram)
    assert world.code(world.purchase(card, 1, 1234, chip=signed)) == "00"
    altered = bytearray(package)
    altered[-70] ^= 1
    refused = micropython(bytes(altered), private, world.bank.service_public, world.watch.id, terminal, chip["82"])
    assert refused.returncode != 0
    assert "SignatureError" in refused.stderr + refused.stdout
