"""Texts of an app: what the packer lets through the watch takes too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tapwatch.apps import bundle, manifest, words
from tests.host.apps.projects import faults, files

_SHELF = Path(__file__).parents[3] / "firmware/watch/apps/shelf"
_SAME = (
    ("words_file.py", "MAX_TEXTS", words.MOST_TEXTS),
    ("words_file.py", "_MAX_TEXT", words.MOST_CHARACTERS),
    ("words_file.py", "_MAX_KEY", words.LONGEST_KEY),
    ("words_file.py", "MAX_BYTES", words.MOST_BYTES),
    ("bundle.py", "MAX_BYTES", bundle.MOST_BYTES),
    ("bundle.py", "MAX_HEAD_BYTES", bundle.MOST_HEAD_BYTES),
    ("manifest.py", "MAX_FILES", bundle.MOST_FILES),
    ("manifest.py", "MAX_MODULE_BYTES", bundle.MOST_MODULE_BYTES),
    ("manifest.py", "_MAX_HOSTS", manifest.MOST_HOSTS),
)


@pytest.mark.parametrize(("file", "name", "most"), _SAME, ids=[f"{file}:{name}" for file, name, _ in _SAME])
def test_limits_are_those_of_the_watch(file: str, name: str, most: int) -> None:
    found = re.search(rf"^{name} = const\(([\d_]+)\)", (_SHELF / file).read_text(encoding="utf-8"), re.MULTILINE)
    assert found and int(found[1]) == most


@pytest.mark.parametrize(
    "table",
    [
        "\n".join(f'k{number} = "a"' for number in range(words.MOST_TEXTS + 1)),
        f'{"k" * 25} = "a"',
        f'key = "{"a" * 401}"',
        "\n".join(f'k{number} = "{"a" * 399}"' for number in range(42)),
        "key = 1",
    ],
    ids=["texts", "key", "characters", "bytes", "kind"],
)
def test_more_than_the_watch_takes_is_a_fault(table: str) -> None:
    found = faults(files(words__toml=f"[en]\n{table}\n"))
    assert {fault.rule for fault in found} & {"words-size", "words-text"}, found
    assert all(fault.file == "words.toml" for fault in found)


def test_as_much_as_it_takes_is_none() -> None:
    table = "\n".join(f'k{number:023} = "{"a" * 100}"' for number in range(words.MOST_TEXTS))
    made = files(words__toml=f"[en]\n{table}\n")
    assert {fault.rule for fault in faults(made)} <= {"word"}, "only that the app's own text is gone"
