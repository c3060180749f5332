"""The tag of the whole watch, read by stock nfcpy: what phone, bank and wearer make it say."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import ndef
import nfc
import pytest

from tests.system.desk import Desk, open_desk

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN_RECORD = 12  # docs/formats.md
OWN = b"".join(ndef.message_encoder([ndef.UriRecord("https://example.org/me")]))
RECEIPT_S = 121.0


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


def read(desk: Desk) -> list[ndef.Record]:
    """What a phone reads."""

    def reader() -> list[ndef.Record]:
        with nfc.ContactlessFrontend(desk.stage.watch.nfc) as frontend:
            tag = frontend.connect(rdwr={"on-connect": lambda tag: False})
            return list(tag.ndef.records)

    return desk.do(asyncio.to_thread(reader))


def own(desk: Desk, message: bytes | None) -> None:
    """The phone sets the wearer's own record."""
    assert desk.do(desk.stage.watch.message(OWN_RECORD, message)) is None


def test_public_own_and_receipt(desk: Desk) -> None:
    desk.refill()
    assert [record.text for record in read(desk)] == ["Tapwatch"]
    own(desk, OWN)
    assert [record.iri for record in read(desk)] == ["https://example.org/me"]
    desk.arm("visa")
    assert [record.iri for record in read(desk)] == ["https://example.org/me"], "beside an armed card"
    result = desk.tap("12.34")
    assert result.receipt.approved
    desk.wait(lambda now: now["access"] == "worn")
    (notice,) = desk.do(desk.stage.phone.deliver_notices())
    (link,) = read(desk)
    assert isinstance(link, ndef.UriRecord) and link.iri == notice[11] and link.iri.startswith("http")
    desk.do(desk.stage.watch.advance(RECEIPT_S))
    assert [record.iri for record in read(desk)] == ["https://example.org/me"]
