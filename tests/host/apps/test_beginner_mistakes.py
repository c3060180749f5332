"""A mistake that people make who begin is told by file, line and rule, with what to do instead."""

from __future__ import annotations

import pytest

from tapwatch.apps.method_rules import METHODS
from tests.host.apps.beginner_mistakes import FINE, IN_CODE, IN_FILES
from tests.host.apps.projects import APP, faults, faults_of
from tests.host.apps.stub_methods import methods_of_apps

_LINES = APP.count("\n")


@pytest.mark.parametrize(("rule", "said", "code"), IN_CODE, ids=range(len(IN_CODE)))
def test_a_mistake_in_code_is_told(rule: str, said: str, code: str) -> None:
    found = faults_of(code)
    (fault,) = [fault for fault in found if fault.rule == rule and said in fault.message][:1] or [None]
    assert fault is not None, found
    assert fault.file == "app.py" and _LINES < fault.line <= _LINES + code.count("\n") and len(str(fault)) < 240


@pytest.mark.parametrize(("rule", "said", "made"), IN_FILES, ids=range(len(IN_FILES)))
def test_a_mistake_in_another_file_is_told(rule: str, said: str, made: dict[str, bytes]) -> None:
    found = faults(made)
    assert [fault for fault in found if fault.rule == rule and said in fault.message], found


def test_what_looks_forbidden_and_is_not() -> None:
    assert [faults_of(code) for code in FINE] == [()] * len(FINE)
    print(
        f"NOTE apps.beginners {len(IN_CODE)} mistakes in code and {len(IN_FILES)} beside it, each told with its place"
    )


def test_the_methods_of_an_app_are_those_of_the_api() -> None:
    """What the packer says that the watch gives is what the stubs say."""
    assert methods_of_apps() == METHODS
