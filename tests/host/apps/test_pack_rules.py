"""What source may do: each rule has examples that break it, and none speaks of a project that is in order."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tapwatch.apps.rules import RULES
from tests.host.apps.hostile_sources import HOSTILE
from tests.host.apps.projects import APP, faults, faults_of, files

_DOC = Path(__file__).parents[3] / "docs/bundles.md"


def test_a_project_in_order_has_no_faults() -> None:
    assert faults(files()) == ()


@pytest.mark.parametrize(("rule", "code"), HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_source_is_refused_by_its_rule(rule: str, code: str) -> None:
    found = faults_of(code)
    assert rule in {fault.rule for fault in found}, found
    for fault in found:
        assert fault.file == "app.py" and fault.line > 0 and fault.column > 0 and len(fault.message) > 10


def test_every_rule_has_examples() -> None:
    examples = Counter(rule for rule, _ in HOSTILE)
    without = {rule.id for rule in RULES} - set(examples) - {"entry"}
    print(
        f"NOTE apps.rules {len(RULES)} rules, {len(HOSTILE)} hostile sources refused, {len(without)} rules without one"
    )
    assert not without and len(HOSTILE) >= 60


def test_every_rule_is_told_on_the_page() -> None:
    page = _DOC.read_text(encoding="utf-8")
    assert [rule.id for rule in RULES if f"`{rule.id}`" not in page] == []


def test_all_faults_are_told_with_their_places() -> None:
    found = faults_of("import os\n\n\ndef f(x):\n    x.sort()\n    return eval('1')\n")
    line = APP.count("\n")
    assert [(fault.line - line, fault.column, fault.rule) for fault in found] == [
        (1, 1, "import"),
        (5, 5, "sort"),
        (6, 12, "reflection"),
    ]


def test_a_slip_of_the_pen_is_guessed() -> None:
    found = faults_of("def f(watch):\n    watch.hapticks.play(TICKS)\n")
    assert ["is it `haptics`?" in fault.message or "is it `TICK`?" in fault.message for fault in found] == [True, True]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (APP.replace("Tally", "Other"), "no class `Tally`"),
        (
            APP.replace("class Tally(App)", "class Tally(Face)").replace("import TICK", "import Face, TICK"),
            "base is `App`",
        ),
        (APP.replace("class Tally(App)", "class Tally"), "base is `App`"),
    ],
)
def test_the_entry_is_a_class_of_its_kind(code: str, said: str) -> None:
    (fault,) = [fault for fault in faults(files(app__py=code)) if fault.rule == "entry"]
    assert said in fault.message


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import math\n", "the API has atan2"),
        ("import random, json\n", "`watch.dice.below(n)`; the API has `parse_json`"),
        ("from dataclasses import dataclass\n", "a class of your own"),
        ("import numpy\n", "`from watch.apps.api import NAME`"),
        ("def f(x):\n    return x.zfill(3)\n", 'f"{n:03}"'),
        ("def f(label):\n    label.set_text('x')\n", "`set` changes"),
        ("def f(watch):\n    return watch.text.get('moer')\n", "is it `more`?"),
    ],
)
def test_who_knows_python_is_told_what_there_is_instead(code: str, said: str) -> None:
    (fault,) = faults_of(code)
    assert said in fault.message, fault


def test_a_module_that_is_not_there_is_told_of_once() -> None:
    """Not again for each of its attributes, with guesses that mean nothing."""
    assert [fault.rule for fault in faults_of("import math as m\n\n\ndef f(x):\n    return m.sqrt(x)\n")] == ["import"]


def test_arguments_with_two_stars_have_their_line() -> None:
    (fault,) = faults_of("def f(**rest):\n    return rest\n")
    assert (fault.rule, fault.line) == ("star-star", APP.count("\n") + 1)


def test_other_tables_may_have_a_get_of_their_own() -> None:
    """A name that is texts here and a dictionary there is neither."""
    code = "def f(watch, words):\n    return words.get('x'), watch.settings.get('y', 0)\n\n\n"
    code += "def g(watch):\n    words = watch.text\n    words = {}\n    return words.get('z')\n"
    assert faults_of(code) == ()


def test_what_only_the_type_checker_sees_is_free() -> None:
    code = APP.replace(
        "_STEP = const(1)",
        'TYPE_CHECKING = const(0)\nif TYPE_CHECKING:\n    import sys\n_STEP: "Any" = const(1)',
    )
    assert faults(files(app__py=code)) == ()
