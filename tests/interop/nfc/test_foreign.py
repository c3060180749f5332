"""Stock readers while an app or a face of a third party is in front: nothing is there, neither a tag nor a card."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import nfc
from nfc.tag.tt4 import Type4Tag

from tests.interop.nfc.foreign_desk import open_desk, tell
from tests.interop.nfc.pcsc_box import empty_box

if TYPE_CHECKING:
    from pathlib import Path

LOOK_S = 0.6
"""Longer than nfcpy takes to poll a few times; a watch that answers is found at the first."""
FOUND_S = 5.0
PPSE = b"\x00\xa4\x04\x00\x0e2PAY.SYS.DDF01\x00"
LIMIT_S = 90
MOMENTS = 7


def _sees(link: str, patience_s: float) -> str:
    """What stock nfcpy finds in its field: nothing, or what a tag answers to the terminals' first command."""
    until = time.monotonic() + patience_s
    with nfc.ContactlessFrontend(link) as reader:
        tag = reader.connect(rdwr={"on-connect": lambda _: False}, terminate=lambda: time.monotonic() > until)
        if tag is None or tag is False:
            return "nothing"
        assert isinstance(tag, Type4Tag)
        return bytes(tag.transceive(PPSE))[-2:].hex()


async def _nfcpy(folder: Path) -> dict[str, str]:
    seen = {}
    async with open_desk(folder) as stage:

        async def look(moment: str) -> None:
            patience_s = LOOK_S if moment.startswith("foreign") else FOUND_S
            seen[moment] = await asyncio.to_thread(_sees, stage.watch.nfc, patience_s)

        await tell(stage, look)
    return seen


def _expect(seen: dict[str, str], reader: str) -> None:
    wrong = {moment: found for moment, found in seen.items() if (found == "nothing") != moment.startswith("foreign")}
    assert len(seen) == MOMENTS and not wrong, seen
    print(f"NOTE foreign: {reader} saw {'; '.join(f'{found} ({moment})' for moment, found in seen.items())}")


def test_nfcpy_finds_no_target(tmp_path: Path) -> None:
    _expect(asyncio.run(asyncio.wait_for(_nfcpy(tmp_path), LIMIT_S)), "nfcpy")


def test_pcsc_finds_no_card() -> None:
    """Stock pyscard and pcscd with the virtual reader, in a box where the whole desk runs besides."""
    with empty_box() as box:
        box.ask(do="daemon")
        done = box.session("tests.interop.nfc.foreign_session", str(box.folder))
    _expect({one["moment"]: one["found"] for one in done}, "pyscard")
