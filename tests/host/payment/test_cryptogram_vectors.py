"""The cryptogram vectors of the firmware tests are what pyemv says, and agree with figures obtained elsewhere."""

import json

from tests.host.payment import make_cryptogram_vectors as maker

# The same input once went through pyemv, plain `cryptography` primitives and a separate DES, with equal results.
CVN18 = "17d0c6b0a6c950bd"


def test_the_file_is_current() -> None:
    """Nobody has changed the file by hand."""
    assert json.loads(maker.TARGET.read_text()) == maker.content()


def test_worked_example() -> None:
    """The first vector is one whose result is known from elsewhere; the others are in tests/host/bank."""
    first = maker.vectors()[0]
    assert first["cryptogram"] == CVN18
    print(f"NOTE cryptogram vectors: {len(maker.vectors())}, of them one worked example, {CVN18}")
