"""Runs Debian's cardpeek in a box and reads the view it saves."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

from tests.interop.nfc.pcsc_box import Box, Output

READER = "pcsc://Virtual PCD 00 00"
LIMIT_BYTES = 2_000_000
"""Its log of one card is 150 KB; without input its prompt repeats for ever, gigabytes in a minute."""
YES = "1\n"
LIST_OF_1996 = ("['9F19']", "['9F19 in EMV 96']")
"""cardpeek knows 9F19 as a list, and its script stops at a token requestor identifier: let it not know the tag."""


class View:
    """What cardpeek saw: a tree of nodes with attributes."""

    def __init__(self, root: ElementTree.Element) -> None:
        self._root = root

    def values(self, tag: str, application: str = "") -> list[str]:
        """Every value of a data object, in hex, of one application or of all."""
        root = self.application(application) if application else self._root
        return [value for node in root.iter("node") if _id(node) == tag and (value := _value(node))]

    def value(self, tag: str, application: str = "") -> str:
        """The first of them; empty if there is none."""
        return next(iter(self.values(tag, application)), "")

    def applications(self) -> list[str]:
        """Names of what was selected, in hex."""
        return [_id(node).lstrip("#") for node in _of_class(self._root, "application")]

    def application(self, name: str) -> ElementTree.Element:
        """The node of one application. Raises KeyError."""
        for node in _of_class(self._root, "application"):
            if _id(node) == f"#{name}":
                return node
        raise KeyError(f"cardpeek has seen no application {name}")

    def records(self, application: str) -> list[tuple[str, str]]:
        """File and record of every record that was read from an application."""
        files = _of_class(self.application(application), "file")
        return [(_id(file), _id(record)) for file in files for record in _of_class(file, "record")]

    def tags(self, application: str) -> dict[str, bytes]:
        """Every primitive data object of an application."""
        found = {_id(node): _value(node) for node in self.application(application).iter("node")}
        return {tag: bytes.fromhex(value) for tag, value in found.items() if value and len(tag) in (2, 4)}


def read_card(box: Box, *, token_tags: bool) -> tuple[View, Output]:
    """Install cardpeek's scripts as its first start does, read the card, and return what was seen.

    `token_tags`: the card has payment tokens, see LIST_OF_1996.
    """
    home = box.folder / "cardpeek"
    home.mkdir(exist_ok=True)
    if not (home / ".cardpeek").exists():
        _run(box, home, "os.exit(0)", YES * 2)
    script = home / ".cardpeek" / "scripts" / "emv.lua"
    if token_tags:
        _forget_1996(script)
    saved = home / "view.xml"
    saved.unlink(missing_ok=True)
    output = _run(box, home, f"dofile('emv.lua'); ui.save_view('{saved}'); os.exit(0)", YES * 10)
    assert saved.exists(), output.text[-2000:]
    _, _, tree = saved.read_text(encoding="latin-1").partition("\n")  # its XML declaration is not one
    return View(ElementTree.fromstring(tree)), output  # noqa: S314 - written by the tool a moment ago


def _run(box: Box, home: Path, lua: str, answers: str) -> Output:
    command = ("xvfb-run", "-a", "cardpeek", "--console", "--reader", READER, "--exec", lua)
    output = box.run(*command, stdin=answers, limit=LIMIT_BYTES, HOME=str(home))
    assert not output.cut, output.text[-2000:]
    return output


def _forget_1996(script: Path) -> None:
    script.write_text(script.read_text(encoding="latin-1").replace(*LIST_OF_1996), encoding="latin-1")


def _of_class(root: ElementTree.Element, wanted: str) -> list[ElementTree.Element]:
    return [node for node in root.iter("node") if _get(node, "classname") == wanted]


def _get(node: ElementTree.Element, name: str) -> str:
    return next((attribute.text or "" for attribute in node.findall("attr") if attribute.get("name") == name), "")


def _id(node: ElementTree.Element) -> str:
    return _get(node, "id")


def _value(node: ElementTree.Element) -> str:
    value = _get(node, "val")
    return value.removeprefix("8:") if value.startswith("8:") else ""
