"""Random lives of a whole watch, over real commands, against a model in plain data (R3); and that they can fail."""

from __future__ import annotations

import os

import pytest

from tests.lives.campaign import KEPT, Campaign, live, sources
from tests.tools.upy_process import LONG

PAYMENTS = 1_000_000 if os.environ.get(LONG) else 3_000
GUARD_PAYMENTS = 400


@pytest.mark.share("cuts and faults")
def test_random_lives() -> None:
    campaign = Campaign(PAYMENTS, KEPT / sources() if os.environ.get(LONG) else None)
    campaign.run(os.cpu_count() or 1)
    assert campaign.failures == []
    assert campaign.total["payments"] >= PAYMENTS * 0.95, "lives end too early"
    for deed in ("express", "cuts", "failures", "replays", "recomputed"):
        assert campaign.total[deed] > PAYMENTS // 50, deed
    print(campaign.told())


@pytest.mark.share("cuts and faults")
@pytest.mark.parametrize(
    "bug",
    [
        "a reserved key is free after a cut", "a used key is free", "spending is forgotten at a restart",
        "taps without passcode are not counted", "a wrong passcode costs nothing", "a notice counts twice",
        "a suspended card pays", "the history forgets", "a lost watch opens", "a package is taken twice",
        "a confirmation is good for two taps", "an express key is loaded before it is written down",
    ],
)  # fmt: skip
def test_a_planted_bug_is_found(bug: str) -> None:
    """The lives can fail: each of these mistakes is found within a short one."""
    for seed in range(1, 6):
        lived = live(seed, GUARD_PAYMENTS, program="live_with.py " + bug)
        if not lived.ok:
            assert "seed" in lived.failed and "Traceback" not in lived.failed, lived.failed
            return
    pytest.fail("nobody noticed")
