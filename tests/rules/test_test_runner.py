"""The test runner itself: what it must notice, shown on small trees that contain the fault."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFTEST = "from tests.conftest import *\n"


@pytest.fixture
def tree(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """An empty repository that uses this repository's test runner."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # most of the time of such a run is their import
    for name in ("CI", "TAPWATCH_LONG", "TAPWATCH_COVERAGE"):
        monkeypatch.delenv(name, raising=False)
    pytester.makeconftest(CONFTEST)
    pytester.makeini("[pytest]\npython_files = test_*.py upy_*.py\n")
    return pytester


def run(tree: pytest.Pytester, source: str, *options: str) -> pytest.RunResult:
    """Run one firmware test file in its own pytest process."""
    folder = tree.path / "tests" / "firmware" / "room"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "upy_topic.py").write_text(source)
    return tree.runpytest_subprocess(*options)


def test_sync_and_async_tests_run_in_micropython(tree: pytest.Pytester) -> None:
    """Both kinds of functions run, inside MicroPython."""
    source = """
import asyncio, sys
def test_plain():
    assert sys.implementation.name == "micropython"
async def test_coroutine():
    await asyncio.sleep_ms(1)
"""
    run(tree, source).assert_outcomes(passed=2)


def test_a_failure_shows_error_source_line_and_prints(tree: pytest.Pytester) -> None:
    """Whoever reads the report sees what failed, where, and what the test printed."""
    result = run(tree, "def test_sum():\n    print('the sum')\n    assert 1 + 1 == 3, 'odd'\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["AssertionError: odd", "*upy_topic.py*line 3*", "*assert 1 + 1 == 3*", "the sum"])


def test_a_coroutine_that_fails_is_noticed(tree: pytest.Pytester) -> None:
    """An async test is awaited, not merely created."""
    run(tree, "async def test_x():\n    raise ValueError\n").assert_outcomes(failed=1)


def test_a_crash_fails_one_test_and_the_next_still_runs(tree: pytest.Pytester) -> None:
    """A dead interpreter is the failure of the test that killed it."""
    source = """
import struct
def test_crash():
    print(struct.unpack("O", struct.pack("P", 8)))
def test_next():
    pass
"""
    result = run(tree, source)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*crashed: MicroPython ended with status*"])


def test_leaving_the_interpreter_is_a_failure(tree: pytest.Pytester) -> None:
    """`sys.exit(0)` in a test must not look like success."""
    run(tree, "import sys\ndef test_x():\n    sys.exit(0)\n").assert_outcomes(failed=1)


def test_a_hanging_test_is_stopped_and_located(tree: pytest.Pytester) -> None:
    """A test over its time fails with the line where it hung."""
    result = run(tree, "TIMEOUT_S = 1\ndef test_x():\n    while True:\n        pass\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["timeout: no result within 1 s", "*upy_topic.py*line 4*"])


def test_notes_reach_the_summary(tree: pytest.Pytester) -> None:
    """Numbers that tests print are repeated at the end."""
    result = run(tree, "def test_x():\n    print('NOTE aes.block 5 us')\n")
    result.stdout.fnmatch_lines(["*numbers*", "NOTE aes.block 5 us"])


SKIPPING = "class SkipTest(Exception):\n    pass\ndef test_x():\n    raise SkipTest('no reader')\n"


def test_a_skip_is_shown_with_its_reason(tree: pytest.Pytester) -> None:
    """On a desk a skipped test is allowed but loud."""
    result = run(tree, SKIPPING)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*SKIPPED TESTS*", "*test_x*no reader*"])


def test_a_skip_fails_the_run_in_ci(tree: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """In CI the same skip fails the run."""
    monkeypatch.setenv("CI", "true")
    result = run(tree, SKIPPING)
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*THE RUN FAILS*", "1 skipped test(s)*"])


@pytest.mark.parametrize(("value", "ran"), [("", 1), ("1", 2)])
def test_long_tests_wait_for_the_long_run(
    tree: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, value: str, ran: int
) -> None:
    """A test marked `long` is left out, without counting as skipped, unless the long run is asked for."""
    monkeypatch.setenv("TAPWATCH_LONG", value)
    tree.makepyfile("import pytest\n@pytest.mark.long\ndef test_a(): ...\ndef test_b(): ...\n")
    tree.runpytest_subprocess().assert_outcomes(passed=ran, deselected=2 - ran)


BUSY = "def test_x():\n    for _ in range(300000):\n        pass\n"


@pytest.mark.parametrize(("limit_s", "status"), [("60", 0), ("0", 1)])
def test_a_share_over_its_limit_fails_the_run(tree: pytest.Pytester, limit_s: str, status: int) -> None:
    """The same test passes within its share of time and fails the run beyond it."""
    tree.makeconftest(f"{CONFTEST}from tests.tools.shares import LIMIT_S\nLIMIT_S['unit'] = {limit_s} or 1e-9\n")
    result = run(tree, BUSY)
    assert result.ret == status
    result.stdout.fnmatch_lines(["*time by share*", "unit*"])
    if status:
        result.stdout.fnmatch_lines(["time share exceeded: unit"])


def test_shares_are_added_up_across_worker_processes(tree: pytest.Pytester) -> None:
    """Running in parallel changes neither the share a test is booked on nor the limit."""
    tree.makeconftest(f"{CONFTEST}from tests.tools.shares import LIMIT_S\nLIMIT_S['fuzz'] = 1e-9\n")
    result = run(tree, 'SHARE = "fuzz"\n' + BUSY, "-p", "xdist", "-n", "2")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["time share exceeded: fuzz"])


def test_an_unknown_share_is_an_error(tree: pytest.Pytester) -> None:
    """A misspelt share does not slip out of the accounts."""
    result = run(tree, 'SHARE = "fuz"\ndef test_x():\n    pass\n')
    assert result.ret != 0
    assert "no time share is called 'fuz'" in result.stdout.str() + result.stderr.str()
