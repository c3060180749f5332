"""Two processes that want the same at once get it once. The same on PostgreSQL: `test_postgresql.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.host.store.races import PROCESSES, ROUNDS, exactly_once

if TYPE_CHECKING:
    from tests.host.store.mall import Mall

pytestmark = pytest.mark.share("store and keys")


def test_two_processes_buy_the_same(mall: Mall) -> None:
    exactly_once(mall)
    print(f"NOTE store: {PROCESSES} processes, {ROUNDS} apps bought and given back by both at once: each once")
