"""Random lives of a whole watch, over real commands, against a model in plain data (R3); and that they can fail."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

from tests.lives.campaign import KEPT, Campaign, live, sources
from tests.tools.upy_process import LONG

PAYMENTS = 1_000_000 if os.environ.get(LONG) else 600
A_LIFE = 1_000 if os.environ.get(LONG) else 300
GUARD_PAYMENTS = 60
GUARD_LIVES = 24
PLANTED = Path(__file__).with_name("planted.py")


def bugs() -> list[str]:
    """Names of the mistakes in planted.py, which only MicroPython can load."""
    table = next(node for node in ast.parse(PLANTED.read_text()).body if isinstance(node, ast.Assign))
    assert isinstance(table.value, ast.Dict)
    return [ast.literal_eval(key) for key in table.value.keys if key is not None]


@pytest.mark.share("cuts and faults")
def test_random_lives() -> None:
    campaign = Campaign(PAYMENTS, KEPT / sources() if os.environ.get(LONG) else None, A_LIFE)
    campaign.run(os.cpu_count() or 1)
    assert campaign.failures == []
    assert campaign.total["payments"] >= PAYMENTS * 0.95, "lives end too early"
    for deed in ("express", "cuts", "failures", "replays", "recomputed"):
        assert campaign.total[deed] > PAYMENTS // 50, deed
    print(campaign.told())


@pytest.mark.share("mutants")
@pytest.mark.parametrize("bug", bugs())
def test_a_planted_bug_is_found(bug: str) -> None:
    """The lives can fail: each of these mistakes is found within a short one."""
    for seed in range(1, 1 + GUARD_LIVES):
        lived = live(seed, GUARD_PAYMENTS, 0, bug)
        if not lived.ok:
            assert "deed" in lived.failed, lived.failed
            return
    pytest.fail("nobody noticed")
