"""The table of what comes in is whole: nothing reads input that no test has tried to break."""

from __future__ import annotations

import ast
import functools
import re
from fnmatch import fnmatch

import pytest

from tests.fuzz.table import NOT_PARSERS, ROOT, TABLE, excused, function, inputs, main, rows_of
from tests.tools.trees import Source, sources

pytestmark = pytest.mark.share("rules")
INPUT_ERRORS = {"InputError", "CorruptError", "BadInput", "CardLost", "LinkError"}
"""With every `...Problem`: errors by which a file says that its input is not what it must be."""
ALWAYS = ("host_tools/tapwatch/phone/", "host_tools/tapwatch/terminal/state.py")
"""Files that say so by UserError, as those do that only talk to the person at the keyboard."""
TREES = ("firmware/watch/", "firmware/drivers/", "board/simulator/", "host_tools/tapwatch/")
ENTRANCES = {"apdu", "handle", "feed"}
"""Methods by which bytes come in from a link."""
COMMAND_LINES = ("cli.py", "commands.py", "script.py", "summary.py", "stage.py", "sim.py")
"""Files that turn the arguments of a person on the same computer into errors for that person."""


def is_parser(source: Source) -> bool:
    """True for a file that judges its input: it raises an error about it, checks fields, or is a link's door."""
    if source.path.startswith(ALWAYS):
        return not source.path.endswith("__init__.py")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            name = getattr(node.exc.func, "id", getattr(node.exc.func, "attr", ""))
            if name in INPUT_ERRORS or (name.endswith("Problem") and name not in ("StateProblem", "StoreProblem")):
                return True
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("expect", "_expect", "expect_map"):
            return True
        if isinstance(node, ast.FunctionDef) and node.name in ENTRANCES and len(node.args.args) > 1:
            return bool(node.body)
    return False


@functools.cache
def _sources() -> list[Source]:
    return [source for source in sources() if source.path.startswith(TREES)]


@functools.cache
def parsers() -> list[str]:
    """Paths of all files that are parsers."""
    found = [source.path for source in _sources() if is_parser(source)]
    return [path for path in found if not path.endswith(COMMAND_LINES)]


def test_every_parser_is_in_the_table() -> None:
    missing = [path for path in parsers() if not rows_of(path) and not excused(path)]
    assert not missing, "no row of tests/fuzz/table.py is about: " + ", ".join(missing)


def test_every_test_in_the_table_is_there_and_has_numbers() -> None:
    short = long = 0
    for row in TABLE:
        for test in row.tests:
            function(test)
        counts = [inputs(test) for test in row.tests]
        assert sum(short for short, _ in counts) or row.tests, row.name
        short += sum(count for count, _ in counts)
        long += sum(count for _, count in counts)
    tests = {test for row in TABLE for test in row.tests}
    print(f"NOTE fuzz, table: {len(TABLE)} things that come in, read by {len(parsers())} files, {len(tests)} tests")
    print(f"NOTE fuzz, table: about {short} inputs in the short form, {long} in the long one")


def test_nothing_in_the_table_is_out_of_date() -> None:
    paths = [path.relative_to(ROOT).as_posix() for tree in TREES for path in (ROOT / tree).rglob("*.py")]
    patterns = [pattern for row in TABLE for pattern in row.modules] + list(NOT_PARSERS)
    assert not [pattern for pattern in patterns if not any(fnmatch(path, pattern) for path in paths)]


def test_every_message_kind_is_tried() -> None:
    """The watch's own list, the table of docs/formats.md, and the bodies that the fuzzer knows."""
    formats = (ROOT / "docs/formats.md").read_text()
    section = formats.split("## Messages between a carrier and the watch")[1].split("\n## ")[0]
    documented = {int(number) for number in re.findall(r"^\| (\d+) \|", section, re.MULTILINE)}
    code = ast.parse((ROOT / "firmware/watch/exchange/messages.py").read_text())
    calls = [node for node in code.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)]
    constants = {node.targets[0].id: node.value.args[0].value for node in calls if node.value.func.id == "const"}
    numbered = {name: number for name, number in constants.items() if number and not name.startswith(("_", "MAX"))}
    assert set(numbered.values()) == documented
    fuzzer = (ROOT / "tests/firmware/exchange/upy_fuzz_messages.py").read_text()
    assert not [name for name in numbered if f"messages.{name}" not in fuzzer]


def texts(tree: ast.AST) -> set[str]:
    """All literal texts of a file."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_every_signed_type_is_tried() -> None:
    """Content types of the two pages are all known to the host's envelopes, and their readers are in the table."""
    from tapwatch.signing.envelope import KINDS

    pages = "\n".join((ROOT / page).read_text() for page in ("docs/formats.md", "docs/bundles.md"))
    documented = set(re.findall(r"^##+ `(tapwatch/[a-z-]+)`", pages, re.MULTILINE))
    assert documented == set(KINDS)
    named = {source.path: texts(source.tree) for source in _sources()}
    for kind in documented:
        where = [path for path, found in named.items() if kind in found]
        assert not [path for path in where if not rows_of(path) and not excused(path)], kind


@pytest.mark.parametrize(
    "text",
    [
        "def f(x: bytes) -> int:\n    if not x:\n        raise InputError('empty')\n    return x[0]",
        "def f(x: bytes) -> int:\n    raise problems.NewProblem('no')",
        "def f(x: object) -> None:\n    expect(isinstance(x, int), 'a number')",
        "class A:\n    def apdu(self, request: bytes) -> int:\n        return 0",
    ],
)
def test_a_new_parser_is_noticed(text: str) -> None:
    source = Source("firmware/watch/payment/brand_new.py", text)
    assert is_parser(source) and not rows_of(source.path) and not excused(source.path)


def test_a_missing_test_is_noticed() -> None:
    with pytest.raises(KeyError):
        function("tests/fuzz/test_table.py::test_that_is_not_there")


def test_the_table_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    assert len(capsys.readouterr().out.splitlines()) > 2 * len(TABLE)
