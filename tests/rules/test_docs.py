"""What the documents name exists: paths, functions, anchors, make targets, commands with their options."""

import argparse
import ast
import re
import shlex
from pathlib import Path

import pytest

from tapwatch.cli import build_parser
from tests.rules.test_imports import TABLE
from tests.tools.trees import ROOT

PAGES = (
    "README.md",
    "SECURITY.md",
    "CHANGELOG.md",
    *sorted(f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")),
)
GENERATED = ("build/", ".venv/")
BASES = ("", "firmware/")
"""Where a path may start: docs/formats.md is also read next to the firmware."""

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PATH = re.compile(r"\.?[\w.-]+(/[\w.*-]+)*/?$")
_METHOD = re.compile(r"[A-Z]\w*[a-z]\w*\.[a-z_]\w*$")  # no class is all capitals: `NAME.png` stands for any name
_PRIVATE = re.compile(r"_[a-z]\w*$", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_]\w*(\.[a-z_]\w*)?$")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


def spans(text: str) -> list[str]:
    """Every piece of code inside a sentence."""
    return _SPAN.findall(_FENCE.sub("", text))


_MIME = "application/"  # first part of a media type, which looks like a path


def commands(text: str) -> list[str]:
    """Every line of a shell block, and every piece of code inside a sentence."""
    lines = [line for kind, block in _FENCE.findall(text) if kind == "sh" for line in block.splitlines()]
    return [*(line.split(" #")[0].strip() for line in lines), *spans(text)]


def is_path(span: str) -> bool:
    """True for `tests/power/` and `watch/kernel/errors.py`, not for `boot.py` or `tapwatch/notice`."""
    if "/" not in span or not _PATH.match(span) or span.startswith((*GENERATED, _MIME)):
        return False
    return (ROOT / span.split("/")[0]).exists() or "." in span.rsplit("/", 1)[-1]


def missing_paths(text: str) -> list[str]:
    """Paths in code spans that are not there; `*` stands for anything."""
    named = [span for span in spans(text) if is_path(span)]
    return [path for path in named if not any(list(ROOT.glob(base + path.rstrip("/"))) for base in BASES)]


def anchors(text: str) -> set[str]:
    """The anchors that GitHub makes of headings."""
    headings = _HEADING.findall(_FENCE.sub("", text))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(page: Path, text: str) -> list[str]:
    """Relative links to files or headings that are not there."""
    broken = []
    for link in _LINK.findall(_FENCE.sub("", text)):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in anchors(target.read_text())):
            broken.append(link)
    return broken


def defined(path: Path) -> set[str]:
    """Names a file defines: functions, classes, constants, `Class.method` and `Class.field`."""
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            found |= {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
        elif isinstance(node, ast.ClassDef):
            found |= {node.name, *(f"{node.name}.{name}" for name in _members(node))}
    return found


def _members(cls: ast.ClassDef) -> set[str]:
    methods = {node.name for node in cls.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
    fields = [node for node in ast.walk(cls) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)]
    return methods | {node.attr for node in fields}


def missing_names(text: str) -> list[str]:
    """Names of code that is not there.

    A table row about a file must name something that the file defines. Every other name must be defined in some file
    that the page names.
    """
    known = {path: defined(ROOT / path) for path in spans(text) if path.endswith(".py") and (ROOT / path).is_file()}
    everywhere = set().union(*known.values()) if known else set()
    missing = []
    for path, names in file_rows(text):
        if path in known and not known[path] & set(names):
            missing.append(f"{path}: the row names nothing that is defined there")
    return missing + [name for name in spans(text) if _looks_like_code(name) and known and name not in everywhere]


def file_rows(text: str) -> list[tuple[str, list[str]]]:
    """Table rows in which a cell is one Python file: the file, and the names in the last cell."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        files = [cell[1:-1] for cell in cells if cell.startswith("`") and cell.endswith(".py`") and " " not in cell]
        if line.startswith("|") and files:
            found.append((files[0], [name for name in spans(cells[-2]) if _NAME.match(name)]))
    return found


def _looks_like_code(name: str) -> bool:
    """True for `Class.method` and `_private`; plain words may be states or texts, and `__init__` is Python's."""
    return bool(_METHOD.match(name)) or bool(_PRIVATE.match(name))


def make_targets() -> set[str]:
    """Targets of the Makefile."""
    return set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def unknown_targets(text: str) -> list[str]:
    """`make X` without a target X."""
    words = [line.split() for line in commands(text)]
    return [word for line in words if line[:1] == ["make"] for word in line[1:2] if word not in make_targets()]


def unknown_commands(text: str) -> list[str]:
    """`tapwatch X Y --option` that the parser does not know."""
    lines = [shlex.split(line) for line in commands(text) if line.split()[:1] == ["tapwatch"]]
    return [" ".join(line) for line in lines if not _known(line[1:], build_parser())]


def _known(words: list[str], parser: argparse.ArgumentParser) -> bool:
    """True if every subcommand and option exists; values are not looked at."""
    is_value = False
    for word in words:
        choices = next((action.choices for action in parser._actions if isinstance(action.choices, dict)), None)
        if is_value:
            is_value = False
        elif word.startswith("-") and word != "-":
            option = parser._option_string_actions.get(word.split("=")[0])
            if option is None:
                return False
            is_value = option.nargs != 0 and "=" not in word
        elif choices is not None:
            if word not in choices:
                return False
            parser = choices[word]
    return True


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_exists(page: str) -> None:
    """No page names what is not there."""
    text = (ROOT / page).read_text()
    found = [
        *missing_paths(text),
        *broken_links(ROOT / page, text),
        *missing_names(text),
        *unknown_targets(text),
        *unknown_commands(text),
    ]
    print(f"NOTE rules.docs {page}: {len([span for span in spans(text) if is_path(span)])} paths, {len(found)} missing")
    assert not found, "\n".join(found)


def test_the_table_of_rooms_is_the_one_that_is_enforced() -> None:
    """docs/architecture.md has a row for each room there is, and the same imports as the rule."""
    rules = {pattern.split("/")[2]: allowed for pattern, allowed in TABLE if pattern.startswith("firmware/watch/")}
    rooms = {folder.parent.name for folder in (ROOT / "firmware/watch").glob("*/__init__.py")}
    rows = re.findall(r"^\| `(\w+)` \| .* \| (.*) \|$", (ROOT / "docs/architecture.md").read_text(), re.MULTILINE)
    assert {room for room, _ in rows} == rooms
    for room, imports in rows:
        expected = {"all"} if rules[room] == ("watch.*",) else {name.removeprefix("watch.") for name in rules[room]}
        assert (set(spans(imports)) or {imports} - {"nothing of ours"}) == expected, room


WRONG = (
    "`tests/nowhere/`",
    "`watch/kernel/nothing.py`",
    "[a page](docs/nothing.md)",
    "[a heading](README.md#no-such-heading)",
    "| `firmware/watch/nfc/session.py` | `FieldSession.run`, then `FieldSession.walk` |",
    "In `firmware/watch/nfc/session.py`, `FieldSession.walk` does it.",
    "In `firmware/watch/nfc/session.py`, `_walk` does it.",
    "| `firmware/watch/nfc/session.py` | it happens |",
    "`make coffee`",
    "```sh\nmake coffee     # hot\n```",
    "`tapwatch fly`",
    "`tapwatch bank rob`",
    "```sh\ntapwatch tap --amount 1 --for-free\n```",
)


@pytest.mark.parametrize("text", WRONG)
def test_what_does_not_exist_is_noticed(text: str) -> None:
    """Each example names something that is not there."""
    page = ROOT / "EXAMPLE.md"
    checks = (missing_paths, missing_names, unknown_targets, unknown_commands)
    assert broken_links(page, text) or any(check(text) for check in checks)


RIGHT = (
    "`tests/power/`, `watch/kernel/errors.py`, `tests/rules/test_*.py`, `build/demo/`, `tapwatch/notice`, `boot.py`",
    "[a page](docs/formats.md#cryptograms)",
    "| `firmware/watch/nfc/session.py` | `FieldSession.run` does it until `armed` |",
    "In `firmware/watch/nfc/session.py` there is no `__init__`; `NAME.png` becomes `NAME.img`, with `_` for a blank.",
    "`make demo`, and to make coffee is fine in a sentence",
    "```sh\ntapwatch tap --amount 1.00 --no-bank\n```",
)


@pytest.mark.parametrize("text", RIGHT)
def test_what_exists_passes(text: str) -> None:
    """Each example names only what is there."""
    assert not broken_links(ROOT / "EXAMPLE.md", text)
    assert not [*missing_paths(text), *missing_names(text), *unknown_targets(text), *unknown_commands(text)]
