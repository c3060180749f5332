"""The check of a new system: what does not answer in time, or at all, or was not asked, keeps it from being kept."""

from tests.firmware.update.image_kit import HEALTHY, SICK
from watch.kernel.steps import finish
from watch.update.health import ABSENT, DEADLINE_MS, DEVICES, PASSED, TIMEOUT, Report, checking

SHARE = "flash and update"
MASK = 0x3FFFFFFF


class Ticks:
    """A clock that goes on by `step_ms` whenever it is asked, and wraps as the board's does."""

    def __init__(self, step_ms=1, at_ms=MASK - 5):
        self.at_ms, self.step_ms = at_ms, step_ms

    def __call__(self):
        self.at_ms = (self.at_ms + self.step_ms) & MASK
        return self.at_ms


def good():
    """A device that answers after some steps."""
    for _ in range(5):
        yield


def broken(error):
    """A check that raises after a step."""

    def check():
        yield
        raise error

    return check


def asked(*checks, step_ms=1):
    return finish(checking(list(checks), Ticks(step_ms)))


def all_but(device, check):
    return [(name, check if name == device else good) for name in DEVICES]


def test_a_watch_whose_devices_answer_is_healthy():
    report = asked(*[(device, good) for device in DEVICES])
    assert report.results == [(device, PASSED) for device in DEVICES] and not report.failed
    assert not HEALTHY.failed and SICK.failed


def test_each_device_counts():
    for device in DEVICES:
        for error in (OSError(19), ValueError("wrong id"), MemoryError(), RuntimeError(), OSError(ABSENT), OSError("")):
            report = asked(*all_but(device, broken(error)))
            assert [name for name, _ in report.failed] == [device]
            assert type(error).__name__ in report.failed[0][1]
        left_out = [pair for pair in all_but(device, good) if pair[0] != device]
        assert asked(*left_out).failed == [(device, "not asked")]


def test_only_the_radio_may_be_absent():
    for device in DEVICES:
        report = asked(*all_but(device, None))
        assert (device, ABSENT) in report.results, "it is listed"
        assert [name for name, _ in report.failed] == ([] if device == "radio" else [device])


def test_a_check_that_takes_too_long_has_failed():
    closed = []

    def endless():
        try:
            while True:
                yield
        finally:
            closed.append(1)

    assert asked(*all_but("touch", endless)).failed == [("touch", TIMEOUT)] and closed
    assert asked(*all_but("touch", good), step_ms=DEADLINE_MS).failed, "a call that does not come back in time"
    assert not asked(*all_but("touch", good), step_ms=DEADLINE_MS // 20).failed


def test_a_check_that_is_none_has_failed():
    for lie in (lambda: None, lambda: True, lambda: "passed", 7):
        assert [name for name, _ in asked(*all_but("panel", lie)).failed] == ["panel"]
    assert len(Report([]).failed) == len(DEVICES), "a report that says nothing"
