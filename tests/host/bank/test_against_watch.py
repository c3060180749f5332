"""The other half: code of the watch, in unix MicroPython, opens what the bank sealed and signs what it approves."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tapwatch.acquiring import icc
from tapwatch.bank.art import files, form
from tapwatch.bank.products import PRODUCTS
from tests.host.bank.card import Card, open_package

if TYPE_CHECKING:
    from tests.host.bank.world import World

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.share("system")
TERMINAL_TAGS = ("9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37")


def micropython(script: str, *arguments: bytes) -> subprocess.CompletedProcess[str]:
    """Run a part of the watch's side."""
    beside = Path(sys.executable).with_name("micropython")
    program = str(beside) if beside.exists() else shutil.which("micropython")
    assert program, "unix MicroPython is not installed"
    return subprocess.run(
        [program, "-X", "heapsize=8M", str(Path(__file__).with_name(script))],
        cwd=ROOT, env={**os.environ, "MICROPYPATH": "firmware:.frozen"}, text=True, capture_output=True, timeout=60,
        input="\n".join(argument.hex() for argument in arguments), check=False,
    )  # fmt: skip


class Session:
    """One package, opened by the watch, with the same tap for each of its keys."""

    def __init__(self, world: World, product: str, amount: int) -> None:
        self.package = world.bank.package(world.watch.request(world.token(product), world.bank.issuer_id))
        content = open_package(self.package, world.watch.receipt_key, world.watch.id, world.bank.issuer_id)
        self.card = Card(content)
        self.chip = self.card.tap(self.card.atcs[0], amount)
        private = world.watch.receipt_key.private_numbers().private_value.to_bytes(32, "big")
        terminal = b"".join(self.chip[tag] for tag in TERMINAL_TAGS)
        self._rest = (private, world.bank.service_public, world.watch.id, terminal, self.chip["82"])

    def run(self, *answer: bytes, package: bytes = b"") -> subprocess.CompletedProcess[str]:
        """Let the watch open the package, or another one, and sign."""
        return micropython("watch_side.py", package or self.package, *self._rest, *answer)

    def taps(self) -> list[dict[str, bytes]]:
        """Field 55 of the watch's taps, by place of the key."""
        done = self.run()
        assert done.returncode == 0, done.stderr + done.stdout
        made = []
        for line in done.stdout.splitlines():
            atc, issuer_data, cryptogram = line.split()
            signed = {"9F36": int(atc).to_bytes(2, "big"), "9F10": bytes.fromhex(issuer_data)}
            made.append({**self.chip, **signed, "9F26": bytes.fromhex(cryptogram)})
        return made


@pytest.mark.parametrize("product", PRODUCTS)
def test_watch_opens_the_package_and_the_bank_accepts_its_taps(world: World, product: str) -> None:
    """Two taps with and two without passcode, and the express ones; nothing of the bank made their cryptograms."""
    session = Session(world, product, 1500)
    taps = session.taps()
    atcs = session.card.atcs + session.card.express_atcs
    assert [int.from_bytes(tap["9F36"], "big") for tap in taps] == atcs
    for place in (7, 0, 2, 3, *range(10, len(taps))):
        verified = place < 10 and place % 2 == 0
        assert taps[place] == session.card.tap(atcs[place], 1500, cdcvm=verified)
        assert world.code(world.purchase(session.card, atcs[place], 1500, chip=taps[place])) == "00"
    print(f"NOTE bank: {len(taps)} taps of {product} by the watch's code, by ours and as the bank expects them: equal")


def test_watch_refuses_an_altered_package(world: World) -> None:
    session = Session(world, "visa-18", 100)
    altered = bytearray(session.package)
    altered[-70] ^= 1
    refused = session.run(package=bytes(altered))
    assert refused.returncode != 0
    assert "SignatureError" in refused.stderr + refused.stdout


@pytest.mark.parametrize("spoil", [None, 0, 9])
def test_card_believes_the_bank_alone(world: World, spoil: int | None) -> None:
    """The ARPC that comes back over ISO 8583, untouched, with a changed byte and with a changed response code."""
    session = Session(world, "contact-test", 100)
    first = session.taps()[0]
    answer = world.bank.authorise(world.purchase(session.card, 1, 100, chip=first, changes={"22": "051"}))
    field = bytearray(icc.decode(bytes.fromhex(answer["55"]))["91"])
    if spoil is not None:
        field[spoil] ^= 1
    assert session.run(bytes(field)).stdout.splitlines()[-1] == str(spoil is None)


def test_watch_reads_every_art() -> None:
    done = micropython("watch_art.py", *(files.file_of(product) for product in PRODUCTS))
    assert done.returncode == 0, done.stderr + done.stdout
    expected = []
    for product in PRODUCTS:
        for picture in form.decode(files.file_of(product)):
            pixels = b"".join(picture.colours[index].to_bytes(2, "big") for index in picture.pixels)
            expected.append(f"{picture.width} {picture.height} {hashlib.sha256(pixels).hexdigest()}")
    assert done.stdout.splitlines() == expected
