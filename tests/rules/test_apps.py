"""Apps are bytecode: MicroPython keeps native and viper functions for good, so each start of an app would leak them.

An app is loaded anew whenever it opens. Only `const` of the module `micropython` is of use to it, and safe.
"""

import ast

import pytest

from tests.tools.trees import Source, sources

ALLOWED = frozenset({"const"})


def native(source: Source) -> list[str]:
    """Where machine code is asked for: any way to the module `micropython` but `const`."""
    found: list[str] = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            names = [one.name for one in node.names if one.name.split(".")[0] == "micropython"]
        elif isinstance(node, ast.ImportFrom) and node.module == "micropython":
            names = [one.name for one in node.names if one.name not in ALLOWED]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            words = {ast.unparse(one).split(".")[-1].split("(")[0] for one in node.decorator_list}
            names = sorted(word for word in words if word in ("native", "viper") or word.startswith("asm_"))
        else:
            continue
        found += [f"{source.path}:{node.lineno}: {name}" for name in names]
    return found


def test_no_app_is_machine_code() -> None:
    apps = sources("firmware/apps")
    print(f"NOTE {len(apps)} files of apps hold no native code")
    assert apps
    assert [line for source in apps for line in native(source)] == []


@pytest.mark.parametrize(
    "code",
    [
        "import micropython",
        "import micropython as mp",
        "from micropython import const, native",
        "from micropython import *",
        "class A:\n    @mp.native\n    def draw(self): pass",
        "@viper\ndef f(): pass",
        "@asm_thumb()\ndef f(): pass",
    ],
)
def test_machine_code_is_noticed(code: str) -> None:
    assert native(Source("firmware/apps/x/app.py", code))


def test_a_constant_is_none() -> None:
    assert not native(Source("firmware/apps/x/app.py", "from micropython import const\n@property\ndef f(): pass"))
