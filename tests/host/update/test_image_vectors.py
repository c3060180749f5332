"""The vectors of system images are those that their maker makes."""

import json

from tests.tools import image_vectors


def test_the_vectors_are_what_their_maker_makes() -> None:
    """The same bytes each time."""
    assert image_vectors.FILE.read_text() == image_vectors.text()
    assert sum(case["good"] for case in json.loads(image_vectors.text())["images"]) > 3
