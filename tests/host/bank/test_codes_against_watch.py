"""Codes made by the watch's code in unix MicroPython, scanned by the terminal's, redeemed by the bank's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tapwatch.bank.products import PRODUCTS
from tapwatch.terminal import amount
from tapwatch.terminal.request import TapRequest
from tapwatch.terminal.scan import scanned, session
from tapwatch.terminal.scan.presented import PresentedCode
from tests.host.bank.card import Card, open_package
from tests.host.bank.test_against_watch import micropython
from tests.host.bank.till import presented, shown

if TYPE_CHECKING:
    from tests.host.bank.world import World

pytestmark = pytest.mark.share("system")


@pytest.mark.parametrize("product", [name for name, product in PRODUCTS.items() if product.codes])
def test_both_kinds(world: World, product: str) -> None:
    package = world.bank.package(world.watch.request(world.token(product), world.bank.issuer_id))
    card = Card(open_package(package, world.watch.receipt_key, world.watch.id, world.bank.issuer_id))
    private = world.watch.receipt_key.private_numbers().private_value.to_bytes(32, "big")
    now = world.clock.now.to_bytes(4, "big")
    done = micropython("watch_codes.py", package, private, world.bank.service_public, world.watch.id, now)
    assert done.returncode == 0, done.stderr + done.stdout
    lines = done.stdout.splitlines()
    digits, texts = lines[:50], lines[50:]
    assert digits == [shown(card.content[21], number, world.clock.now) for number in range(50)]
    for number, code in enumerate((digits[0], digits[49], texts[0], texts[-1])):
        request = TapRequest(amount.parse("1.23", "EUR"))
        assert world.code(session.message(request, scanned.read(code), number + 1)) == "00"
    for atc, text in zip(card.atcs, texts, strict=True):
        code = scanned.read(text)
        assert isinstance(code, PresentedCode) and code.pan == card.pan and code.expiry == card.content[5]
        own = presented(card, atc, b"wath")
        same = ("9F10", "9F36", "9F37", "9F27") if code.chip["82"] != own["82"] else tuple(own)
        assert {tag: code.chip[tag] for tag in same} == {tag: own[tag] for tag in same}
    print(
        f"NOTE codes: 50 digits and {len(texts)} QR codes of {product} by the watch's code, {len(texts[0])} characters"
    )
