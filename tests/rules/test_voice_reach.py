"""Voice is handed nothing that could approve a payment: what the source says, where the running watch cannot look.

`tests/firmware/system/upy_voice_reach.py` walks the objects. Functions keep what they have closed over to themselves,
so here is read that voice is given none but the clock's, by one file, and that nobody adds one later.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FIRMWARE = ROOT / "firmware"
VOICE = sorted((FIRMWARE / "watch/voice").glob("*.py"))
ENGINE = FIRMWARE / "watch/system/voice/engine.py"
MADE = {
    # class of voice: what it is handed, as the source says it
    "Network": {"data"},
    "Prototypes": {"self._drawer", "language", "network.centre", "mark"},
    "Recogniser": {"network", "self._prototypes"},
    "Listener": {"self._microphone", "recogniser", "self._ticks"},
}

OWN = {"answer: 'Callable[[bytearray], Heard]'"}
"""What the listener hands itself: whether a window is to be decided about, or kept as a shot."""


def made(tree: ast.AST) -> dict[str, set[str]]:
    """Which classes of voice a file makes, and of what."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MADE:
            parts = [*node.args, *(keyword.value for keyword in node.keywords)]
            found.setdefault(node.func.id, set()).update(ast.unparse(part) for part in parts)
    return found


def takes_functions(tree: ast.AST) -> list[str]:
    """Parameters and attributes that are functions of somebody else, by their types."""
    found = []
    for node in ast.walk(tree):
        annotation = getattr(node, "annotation", None)
        if isinstance(annotation, ast.expr) and "Callable" in ast.unparse(annotation):
            found.append(ast.unparse(node))
    return found


def set_on_listener(tree: ast.AST) -> list[str]:
    """Attributes that a file sets on what listens."""
    found = []
    for node in ast.walk(tree):
        for target in getattr(node, "targets", []):
            text = ast.unparse(target)
            if isinstance(target, ast.Attribute) and any(
                part in ast.unparse(target.value) for part in ("listener", "recogniser", "prototypes", "network")
            ):
                found.append(text)
    return found


def parsed(path: Path) -> ast.AST:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def test_one_file_makes_what_listens_and_of_these_things_alone() -> None:
    assert made(parsed(ENGINE)) == MADE
    others = [path for path in FIRMWARE.rglob("*.py") if path != ENGINE and path not in VOICE]
    found = {str(path): made(parsed(path)) for path in others}
    assert not {path: what for path, what in found.items() if what and set(what) - {"Network"}}, found


def test_voice_takes_no_functions_and_nobody_hangs_anything_on_it() -> None:
    assert {row for path in VOICE for row in takes_functions(parsed(path))} <= OWN
    system = sorted((FIRMWARE / "watch/system").rglob("*.py"))
    assert [row for path in system for row in set_on_listener(parsed(path))] == []
    print(f"NOTE voice: {len(VOICE)} files take no function, {len(system)} of the system set nothing on what listens")


def test_ticks_keep_one_function_of_the_clock() -> None:
    tree = parsed(ENGINE)
    ticks = next(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name == "Ticks")
    kept = [ast.unparse(node) for node in ast.walk(ticks) if isinstance(node, ast.Assign)]
    assert kept == ["self.ticks_ms = clock.ticks_ms"]


def test_the_drawer_imports_nothing_and_keeps_bytes() -> None:
    tree = parsed(ENGINE.with_name("drawer.py"))
    imports = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert imports == ["from micropython import const"]


@pytest.mark.parametrize(
    ("text", "look"),
    [
        ("Listener(self._microphone, recogniser, self._clock)", lambda tree: made(tree)["Listener"] - MADE["Listener"]),
        ("def f(self, done: 'Callable[[], None]') -> None: ...", takes_functions),
        ("engine.listener().pay = self.paying.pay", set_on_listener),
    ],
)
def test_a_mutant_is_seen(text: str, look) -> None:
    assert look(ast.parse(text))
