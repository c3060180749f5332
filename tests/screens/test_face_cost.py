"""What a face costs, counted in instructions in one run for each panel."""

import shutil

import pytest

from tests.bench import measure

_BUDGETS = {
    # panel, kind: (instructions, bytes)
    ("small", "full"): (2_000_000, 116_000),
    ("small", "minute"): (412_000, 6_144),
    ("small", "second"): (36_500, 0),
    ("large", "full"): (5_275_000, 413_000),
    ("large", "minute"): (568_000, 16_384),
    ("large", "second"): (36_500, 0),
}


@pytest.fixture(scope="module", params=["small", "large"])
def counted(request: pytest.FixtureRequest) -> tuple[str, dict[str, tuple[int, int]]]:
    """Instructions and bytes of each kind of frame on one panel."""
    told, costs = measure.cut_up("tests/screens/face_cost.py", request.param, "each")
    pieces = costs[1::2]  # between the cut before a kind and the one behind it
    return request.param, {kind: (cost // times, sent) for (kind, times, sent), cost in zip(told, pieces, strict=True)}


@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind is not installed (apt-get install valgrind)")
def test_face_stays_within_its_budget(counted: tuple[str, dict[str, tuple[int, int]]]) -> None:
    panel, kinds = counted
    for kind, (instructions, sent) in kinds.items():
        print(f"NOTE face.{kind} {panel}: {instructions} instructions, {sent} bytes")
    for kind, (instructions, sent) in kinds.items():
        most, most_bytes = _BUDGETS[panel, kind]
        assert instructions <= most, (panel, kind)
        assert sent <= most_bytes, (panel, kind)
