"""The pytest hooks of this repository: firmware tests, time shares, notes, and skips that cannot go unnoticed."""

import os
import resource
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.tools.firmware_coverage import prepare, report
from tests.tools.shares import Ledger, share_of
from tests.tools.upy_items import LONG_TIMEOUT_S, UpyFile, is_upy
from tests.tools.upy_process import COVERAGE, LONG

NOTE = "NOTE "


def _cpu_s() -> float:
    """Processor time of this process and of the children it has waited for.

    A child that serves several tests, such as the interpreter of a file, is booked with the test that ends it.
    """
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist, which is not loaded everywhere
def pytest_xdist_auto_num_workers() -> int:
    """One process more than cores: a third of the time a test waits for a radio, a reader or a page."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) + 1


class Summary:
    """Gathers what the tests report and prints it after the last one."""

    def __init__(self, ci: bool) -> None:
        """`ci`: a skipped test fails the run."""
        self._ci = ci
        self._ledger = Ledger()
        self._notes: list[str] = []
        self._skips: list[str] = []

    @property
    def complaints(self) -> list[str]:
        """Why the run fails although no test did."""
        # Coverage marks cost time that is not the tests' own, and long forms have no share.
        exceeded = [] if os.environ.get(COVERAGE) or os.environ.get(LONG) else self._ledger.exceeded()
        lines = [f"time share exceeded: {name}" for name in exceeded]
        if self._ci and self._skips:
            lines.append(f"{len(self._skips)} skipped test(s): in CI nothing may be skipped")
        return lines

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take time, notes and skips out of one report."""
        properties = dict(report.user_properties)
        if report.when == "teardown" and "share" in properties:
            cpu_s, wall_s = (float(str(properties[name])) for name in ("cpu_s", "wall_s"))
            self._ledger.add(str(properties["share"]), report.nodeid.partition("::")[0], cpu_s, wall_s)
        if report.when == "call":
            self._notes += [line for line in report.capstdout.splitlines() if line.startswith(NOTE)]
        if report.skipped and not hasattr(report, "wasxfail"):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            self._skips.append(f"{report.nodeid}: {reason}")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run for what no single test shows."""
        if self.complaints and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print notes, shares, skips and complaints."""
        coverage = report(terminalreporter.config.rootpath) if os.environ.get(COVERAGE) else []
        sections = (
            ("numbers", sorted(self._notes)),
            ("firmware coverage: statements, run", coverage),
            ("time by share", self._ledger.table()),
            ("the dearest files of shares that are nearly used up", self._ledger.dearest()),
            ("SKIPPED TESTS", self._skips),
            ("THE RUN FAILS", self.complaints),
        )
        for title, lines in sections:
            if lines:
                terminalreporter.section(title)
                for line in lines:
                    terminalreporter.line(line)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and the summary in the process that prints."""
    config.addinivalue_line("markers", "share(name): the time share this test belongs to")
    config.addinivalue_line("markers", "long: runs only with TAPWATCH_LONG=1")
    if not hasattr(config, "workerinput"):
        if os.environ.get(COVERAGE):
            prepare(config.rootpath)
        config.pluginmanager.register(Summary(os.environ.get("CI") == "true"), "tapwatch-summary")


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> "UpyFile | None":
    """Collect firmware tests without importing them here."""
    return UpyFile.from_parent(parent, path=module_path) if is_upy(module_path) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what belongs to the long run only; that is a choice, not a skip. In the long run, give a test hours."""
    if os.environ.get(LONG):
        for item in items:
            item.add_marker(pytest.mark.timeout(LONG_TIMEOUT_S))
        return
    left_out = [item for item in items if item.get_closest_marker("long")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Find the share of the test before it runs, so that a wrong marker is an error of the run."""
    marker = item.get_closest_marker("share")
    path = item.path.relative_to(item.config.rootpath).as_posix()
    item.stash[SHARE] = share_of(path, marker.args[0] if marker else None)
    item.stash[START] = _cpu_s()
    return (yield)


SHARE = pytest.StashKey[str]()
START = pytest.StashKey[float]()
WALL = pytest.StashKey[float]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: "pytest.CallInfo[None]"
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Attach share and time to the last report of a test; reports travel between worker processes."""
    report = yield
    item.stash[WALL] = item.stash.get(WALL, 0.0) + call.duration
    if call.when == "teardown":
        report.user_properties = [
            ("share", item.stash[SHARE]),
            ("cpu_s", _cpu_s() - item.stash[START]),
            ("wall_s", item.stash[WALL]),
        ]
    return report
