"""Comparing a secret costs the same number of instructions wherever it is wrong (R9), counted by callgrind.

Not constant in time, and said so in SECURITY.md: P-256 (big integers), DES and AES (tables). What is compared by `==`
is public; the list below says what and why.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tapwatch.compiled import search_path
from tests.tools.trees import sources

ROOT = Path(__file__).parents[3]
MICROPYTHON = Path(sys.executable).with_name("micropython")
ROUNDS = 90 if os.environ.get("TAPWATCH_LONG") else 1
"""Times each place of each comparison; 90 are 10,000 inputs."""
HEAP = "512K"
"""Small, so that collecting it before each comparison costs little."""
GUARDED = ("equal", "GCM", "SIV", "ARPC", "VERIFY", "passcode")
SECRET = re.compile(r"(mac|digest|nonce|secret|passcode|pin|cryptogram|arpc|seed|private|signature|first|protected)$")
PUBLIC = {
    "unprotected != {}": "the empty map of an envelope",
    "_protected(envelope.kind, envelope.key_id, envelope.nonce) != protected": "the header of an envelope",
    "request.nonce == envelope.nonce": "the nonce of a request, which went out in clear",
    "waiting.digest != staged.code.digest": "the hash of a merchant's code",
    "self._paid_digest == digest": "the hash of a merchant's code",
    "waiting.digest != digest": "the hash of a merchant's code",
    "digest != self._coming": "the hash of card art",
    "sha256(data) != digest": "the hash of card art",
    "sha256(data) == digest": "the hash of card art",
    "digest == self._now.digest": "the hash of a bundle of an app",
    "one.digest == digest": "the hash of a bundle of an app",
    "one.digest != coming": "the hash of a bundle of an app",
    "self.digest != digest": "the hash of a bundle of an app",
    "at != first": "the numbers of two instructions of an app",
    "first == second": "two samples of the entropy source; where they differ first says nothing of either",
    "self._first == code": "a new passcode and its repetition: both were typed just now by the same person",
}
"""Comparisons of bytes that `==` may do, and what they are of."""


@pytest.mark.share("vectors")
@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind is not installed")
def test_the_same_instructions_wherever_it_is_wrong(tmp_path: Path) -> None:
    costs = measured(tmp_path)
    tried = sum(len(costs[name]) for name in GUARDED)
    assert set(costs) == {*GUARDED, "early"}
    told = ", ".join(f"{name} {min(costs[name]):,} to {max(costs[name]):,}" for name in GUARDED)
    print(f"NOTE R9, secrets compared: {tried} inputs; instructions: {told}")
    for name in GUARDED:
        assert len(set(costs[name])) == 1, f"{name}: {sorted(set(costs[name]))}"
    assert len(set(costs["early"])) > 20, "a comparison that ends early would go unnoticed"


def measured(folder: Path) -> dict[str, list[int]]:
    """Instructions of every comparison, by what was compared; callgrind starts a part at each `ticks_cpu`."""
    out = folder / "callgrind"
    tool = ["valgrind", "--tool=callgrind", "--dump-before=time_ticks_cpu*", "--combine-dumps=yes"]
    program = [str(MICROPYTHON), "-X", f"heapsize={HEAP}", "tests/firmware/access/constant_work.py", str(ROUNDS)]
    environment = {**os.environ, "MICROPYPATH": search_path("tests/firmware"), "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        [*tool, f"--callgrind-out-file={out}", *program],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=3_000,
    )  # fmt: skip
    with out.open() as file:  # too large to be read at once in the long form
        parts = [int(line.split()[1]) for line in file if line.startswith("summary: ")]
    names = [line.split() for line in done.stdout.splitlines()]
    assert len(parts) == 2 * len(names) + 1, "the parts do not fit the comparisons"
    costs: dict[str, list[int]] = defaultdict(list)
    for number, (name, place) in enumerate(names):
        if place != "first":
            costs[name].append(parts[2 * number + 1])
    return costs


def last_name(node: ast.expr) -> str:
    """The name that a value goes by: `c` of `a.b.c`, `a` of `a[1]` or `a(1)`."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript):
        return last_name(node.value)
    return last_name(node.func) if isinstance(node, ast.Call) else ""


def suspicious(tree: ast.AST) -> list[str]:
    """Comparisons by `==` or `!=` of what may be a secret, as text."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
            continue
        names = [last_name(part) for part in (node.left, *node.comparators)]
        constant = any(isinstance(part, ast.Constant) for part in (node.left, *node.comparators))
        if constant or "len" in names or any(name.isupper() for name in names):
            continue
        if any(SECRET.search(name.lower()) for name in names):
            found.append(ast.unparse(node))
    return found


def test_secrets_have_one_door() -> None:
    """What looks like a secret goes through `watch.crypto.hashes.equal`, or is in the list with its reason."""
    found = {text for source in sources("firmware") for text in suspicious(source.tree)}
    print(f"NOTE R9, comparisons by == that look at something like a secret: {len(found)}, all of public things")
    assert found == set(PUBLIC), sorted(found ^ set(PUBLIC))


@pytest.mark.parametrize(
    "text", ["made == arpc", "part[:8] != self._mac", "sha256(a) == digest", "code == self._passcode"]
)
def test_a_new_comparison_is_noticed(text: str) -> None:
    assert suspicious(ast.parse(text)) == [text]
