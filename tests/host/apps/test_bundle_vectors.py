"""The vectors of bundles are those that their maker makes."""

import json

from tests.tools import bundle_vectors


def test_the_vectors_are_what_their_maker_makes() -> None:
    """The same bytes each time."""
    assert bundle_vectors.FILE.read_text() == bundle_vectors.text()
    assert len(json.loads(bundle_vectors.text())["bundles"]) > 9
