"""The files of the page: all of them are served, they find each other, and none of them needs the network."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from tapwatch.simulator import pages

FOLDER = Path(pages.__file__).with_name("page")
ALONE = {"refused.html"}
"""Served in place of an answer, under no address of its own."""


class Ids(HTMLParser):
    """The ids of a page, what refers to them, and attributes that the policy of the page would ignore."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.wanted: set[str] = set()
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name in ("aria-controls", "aria-labelledby", "aria-describedby"):
                self.wanted.add(value or "")
            elif name == "style" or name.startswith("on"):
                self.inline.append(f"{tag} {name}")


def texts() -> dict[str, str]:
    """Every file of the page by name."""
    return {file.name: file.read_text() for file in FOLDER.iterdir()}


def test_every_file_is_served_and_every_import_exists():
    files = texts()
    assert set(pages.PATHS.values()) | ALONE == set(files)
    for name, text in files.items():
        for other in re.findall(r'from "\./([^"]+)"', text):
            assert other in files, f"{name} imports {other}"


def test_nothing_comes_from_elsewhere():
    for name, text in texts().items():
        outside = [url for url in re.findall(r"(?:https?:)?//[\w.-]+\.\w+", text) if "www.w3.org" not in url]
        assert outside == [], name
        assert not re.search(r"@import|innerHTML|insertAdjacentHTML|\beval\(|document\.write", text), name


def test_ids_are_there_once():
    files = texts()
    page = Ids(files["index.html"])
    assert page.inline == [], "the policy of the page forbids them"
    assert len(page.ids) == len(set(page.ids))
    used = {
        found
        for name, text in files.items()
        if name.endswith(".js")
        for found in re.findall(r'byId\("([^"]+)"\)', text)
    }
    assert (used | page.wanted) - set(page.ids) == set()
