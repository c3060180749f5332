"""The wearer's own record, read by an independent library."""

from __future__ import annotations

import ndef
import pytest

from tapwatch.errors import UserError
from tapwatch.phone import tag


@pytest.mark.parametrize(
    "link",
    ["https://example.org/ada", "HTTP://example.org", "tel:+12025550142", "mailto:a@b.example", "geo+x://1,2"],
)
def test_links(link: str) -> None:
    (record,) = ndef.message_decoder(tag.message(f" {link} "), errors="strict")
    assert isinstance(record, ndef.UriRecord) and record.uri.lower() == link.lower()


@pytest.mark.parametrize("text", ["Ada Lovelace", "谢谢 🙂", "see https://example.org", "x" * 300])
def test_texts(text: str) -> None:
    (record,) = ndef.message_decoder(tag.message(text), errors="strict")
    assert isinstance(record, ndef.TextRecord) and record.text == text


def test_what_has_no_room() -> None:
    most = tag.MAX_BYTES - len(tag.message("x" * 300)) + 300
    assert len(tag.message("x" * most)) == tag.MAX_BYTES
    for wrong in ("x" * (most + 1), "", "  "):
        with pytest.raises(UserError):
            tag.message(wrong)
