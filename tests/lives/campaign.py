"""Many lives: each seed is one MicroPython process. `python -m tests.lives.campaign --payments 1000000 --jobs 2`.

What a life came to is kept in build/lives/, so a campaign that was stopped goes on where it was; a change of the
firmware or of these tests begins anew.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.compiled import search_path
from tests.lives import cryptograms

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build/lives"
INTERPRETER = Path(sys.executable).parent / "micropython"
SOURCES = ("firmware", "board", "tests/lives", "tests/firmware/support")
PAYMENTS_A_LIFE = 1_000
SAMPLE = 10
"""Every so manieth payment is recomputed by pyemv."""


@dataclass
class Lived:
    """What one life came to."""

    counts: dict[str, int]
    failed: str = ""

    @property
    def ok(self) -> bool:
        """True unless watch and model, or watch and pyemv, differ."""
        return not self.failed


def live(seed: int, payments: int, sample: int = SAMPLE, *bug: str) -> Lived:
    """Run one life, with a mistake of planted.py if it is named, and check its sample."""
    numbers = (str(seed), str(payments), str(sample))
    command = [str(INTERPRETER), "-X", "heapsize=16M", "tests/lives/live.py", *numbers, *bug]
    environment = {**os.environ, "MICROPYPATH": search_path("tests/firmware")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    *lines, last = done.stdout.splitlines() or [""]
    if done.returncode or not last.startswith("{"):
        return Lived({}, f"seed {seed}: {done.stdout[-500:]}{done.stderr[-2000:]}")
    counts = json.loads(last)
    failed = counts.pop("failed", "")
    wrong = [line for line in lines if not cryptograms.parse(line).genuine()]
    counts["recomputed"] = len(lines)
    counts["lives"] = 1
    return Lived(counts, failed or "".join(f"seed {seed}: not genuine: {line}\n" for line in wrong[:1]))


def sources() -> str:
    """A name for the state of the code under test."""
    digest = hashlib.sha256()
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


class Campaign:
    """Lives of rising seeds until there are enough payments."""

    def __init__(self, payments: int, kept: Path | None = None, a_life: int = PAYMENTS_A_LIFE) -> None:
        """`kept`: folder for what each life came to, or None. `a_life`: payments in each."""
        self._a_life = a_life
        self._payments = payments
        self._kept = kept
        self.total: Counter[str] = Counter()
        self.failures: list[str] = []

    def run(self, jobs: int) -> None:
        """Live them, so many at a time."""
        count = -(-self._payments // self._a_life)
        with ThreadPoolExecutor(jobs) as pool:
            self._add(pool.map(self._one, range(1, count + 1)))

    def told(self) -> str:
        """The line of numbers."""
        names = ("payments", "lives", "visits", "express", "cuts", "failures", "replays", "recomputed")
        numbers = ", ".join(f"{self.total[name]:,} {name}" for name in names)
        return f"NOTE random lives: {numbers}; 0 ATCs repeated, 0 differences"

    def _one(self, seed: int) -> Lived:
        place = self._kept / f"{seed}.json" if self._kept else None
        if place is not None and place.exists():
            return Lived(json.loads(place.read_text()))
        lived = live(seed, min(self._payments, self._a_life))
        if place is not None and lived.ok:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(json.dumps(lived.counts))
        return lived

    def _add(self, lives: Iterable[Lived]) -> None:
        for lived in lives:
            self.total.update(lived.counts)
            if not lived.ok:
                print(lived.failed, file=sys.stderr, flush=True)
                self.failures.append(lived.failed)


def main() -> int:
    """The long form by hand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=1_000_000)
    parser.add_argument("--jobs", type=int, default=1)
    given = parser.parse_args()
    started = time.monotonic()
    campaign = Campaign(given.payments, KEPT / sources())
    campaign.run(given.jobs)
    print(campaign.told() if not campaign.failures else "\n".join(campaign.failures))
    print(f"{time.monotonic() - started:.0f} s")
    return 1 if campaign.failures else 0


if __name__ == "__main__":
    sys.exit(main())
