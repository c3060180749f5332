"""Writes what editors know of `watch.apps.api`, from the firmware's own source: `python tools/app_stubs.py`.

The stubs show what an app may use and nothing else: names of the vocabulary, with their docstrings. Types that an app
cannot reach are `Any`.
"""

from __future__ import annotations

import ast
import builtins
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FIRMWARE = ROOT / "firmware"
STUBS = ROOT / "host_tools/tapwatch/apps/stubs"
API = "watch.apps.api"
_TYPING = ("Any", "Callable", "Generator", "Iterable", "Iterator", "Optional", "Protocol", "Sequence", "TypeVar")
_NOT_SHOWN = ("spend",)
_MADE_BY_APPS = ("watch.ui", API, "watch.apps.chooser")
"""Where classes come from that apps make; what the watch alone makes needs no constructor."""
_UNSEEN = ("Screen", "AppScreen", "Damage", "Target", "AppSettings", "Stamps", "Codewords", "PagedGlyphs")
_UNSEEN += ("Catalogue", "Part")
"""Classes that no app reaches, though arguments are of them."""
_SHOWN_AS = {"Analogue": "AnalogueDial"}
_ROOMS = ("watch.ui", "watch.apps", "watch.system", "watch.services")
PERMISSIONS = {
    "timers": ("watch.services.timers", "Timers"),
    "alarms": ("watch.system.apps.grants", "Alarms"),
    "calendar": ("watch.system.apps.grants", "Calendar"),
    "weather": ("watch.system.apps.grants", "Weather"),
    "music": ("watch.system.apps.grants", "Music"),
    "find_phone": ("watch.system.apps.grants", "FindPhone"),
    "activity": ("watch.system.apps.grants", "Activity"),
    "loyalty": ("watch.system.apps.grants", "Loyalty"),
    "dice": ("watch.system.apps.grants", "Dice"),
    "gamepad": ("watch.system.gamepad", "Gamepad"),
    "location": ("watch.system.apps.phone_grants", "Location"),
    "phone_files": ("watch.system.apps.phone_grants", "PhoneFiles"),
    "phone_intents": ("watch.system.apps.phone_grants", "PhoneIntents"),
    "storage": ("watch.system.apps.storage", "Storage"),
    "notify": ("watch.system.apps.notify", "Notify"),
    "background": ("watch.system.apps.marks", "Deadline"),
    "web": ("watch.system.apps.web", "AppWeb"),
    "motion": ("watch.system.apps.motion", "Motion"),
    "sound": ("watch.system.apps.sound", "Sound"),
    "payment": ("watch.system.apps.payments", "AppPayment"),
    "complication": ("watch.system.apps.marks", "Complication"),
}
"""The class of what an app gets for a permission; `Watch` itself says it of the others."""
_NOW = {"Weather": "WeatherNow", "Music": "MusicNow", "Location": "Position"}
"""What `now` of a capability gives: an object with the fields that its class lists in `_FIELDS`."""
_NOW_KINDS = {
    **dict.fromkeys(("sky", "text", "place", "track", "artist", "album", "state"), "str"),
    **dict.fromkeys(("latitude", "longitude"), "float"),
    **dict.fromkeys(("altitude_m", "speed_kmh", "course_deg"), "Optional[float]"),
    "length_s": "int",
}
_KNOWN = {
    **dict.fromkeys(("width", "height", "corner", "gap", "size", "level", "radius", "ink"), "int"),
    **dict.fromkeys(("line_height", "baseline", "digit_height"), "int"),
    **dict.fromkeys(("days", "months"), "Sequence[str]"),
    "language": "str",
    "counted": "bool",
}
"""Types of attributes, by name, where the source does not say them."""
_ANNOTATED = "annotated as"
"""Marks an annotation among values; no name of Python has a space."""
_LITERALS = {bool: "bool", int: "int", str: "str", bytes: "bytes", float: "float"}
_HEAD = '''"""What an app of Tapwatch may use. Made by tools/app_stubs.py from the source of the watch: do not edit."""

from typing import Any, Callable, Generator, Iterable, Iterator, Optional, Protocol, Sequence, TypeVar

AnyWidget = TypeVar("AnyWidget", bound="Widget")
'''
_CONST = '''"""What an app may use of this module. Made by tools/app_stubs.py: do not edit."""

from typing import TypeVar

_Value = TypeVar("_Value")

def const(value: _Value) -> _Value:
    """The value itself; the packer puts it in the place of the name."""
    ...
'''


class Module:
    """One file of the firmware."""

    def __init__(self, name: str) -> None:
        path = FIRMWARE / (name.replace(".", "/") + ".py")
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.defined: dict[str, ast.stmt] = {}
        self.imported: dict[str, tuple[str, str]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                self.imported |= {one.asname or one.name: (node.module, one.name) for one in node.names}
        for node in _flat(self.tree.body):
            for name in _names(node):
                self.defined[name] = node


def _flat(body: list[ast.stmt]) -> list[ast.stmt]:
    """Statements, with those of `if TYPE_CHECKING`, `with` and `try`."""
    outer = (ast.If, ast.With, ast.Try)
    return [one for node in body for one in (_flat(node.body) if isinstance(node, outer) else [node])]


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)]


class Stubs:
    """Collects what the API gives, and the classes that its types name."""

    def __init__(self, allowed: set[str]) -> None:
        self._allowed = allowed
        self._modules: dict[str, Module] = {}
        self._wanted: list[tuple[str, str, str]] = []
        self._done: dict[str, str] = {}

    def text(self) -> str:
        """The file `api.pyi`."""
        api = self._module(API)
        for name in ast.literal_eval(_value(api.defined["__all__"])):
            if name not in _NOT_SHOWN:
                self._want(API, name, name)
        while self._wanted:
            module, name, shown = self._wanted.pop(0)
            self._done[shown] = self._entry(module, name, shown)
        kinds = ("", "def ", "class ")
        ordered: dict[str, list[str]] = {kind: [] for kind in kinds}
        for text in self._done.values():
            ordered[next(kind for kind in reversed(kinds) if text.startswith(kind))].append(text)
        return "\n".join([_HEAD, "".join(ordered[""]), *ordered["def "], *ordered["class "]])

    def _module(self, name: str) -> Module:
        if name not in self._modules:
            self._modules[name] = Module(name)
        return self._modules[name]

    def _want(self, module: str, name: str, shown: str) -> None:
        if shown not in self._done:
            self._done[shown] = ""
            self._wanted.append((module, name, shown))

    def _entry(self, module: str, name: str, shown: str) -> str:
        """The stub of one name, wherever it is defined."""
        there = self._module(module)
        while name not in there.defined and name in there.imported:
            module, name = there.imported[name]
            if module in ("watch.ui",):
                return self._namespace(f"{module}.{name}", shown)
            there = self._module(module)
        node = there.defined[name]
        if isinstance(node, ast.ClassDef):
            return self._class(node, module, shown)
        if isinstance(node, ast.FunctionDef):
            return self._function(node, module, "")
        kind = self._guess(_value(node, name), {}, module)
        return f"{shown}: {'float' if kind == 'Any' else kind}\n"

    def _namespace(self, module: str, shown: str) -> str:
        """A module of numbers, shown as a class."""
        names = [name for name in self._module(module).defined if name.isupper() and name in self._allowed]
        return f"class {shown}:\n" + "".join(f"    {name}: int\n" for name in names)

    def _class(self, node: ast.ClassDef, module: str, shown: str) -> str:
        bases = [self._type(base, module) for base in node.bases]
        bases = [base for base in bases if base != "Any"]
        lines = [f"class {shown}{'(' + ', '.join(bases) + ')' if bases else ''}:\n", _docstring(node, "    ")]
        for name, (kind, said) in self._fields(node, module).items():
            lines.append(f"    {name}: {kind}\n" + (f'    """{said}"""\n' if said else ""))
        for one in node.body:
            if isinstance(one, ast.FunctionDef) and self._is_shown(one.name, module):
                lines.append(self._method(node, one, module))
        return "".join(lines) + ("    ...\n" if len(lines) <= 1 + bool(lines[1]) and not lines[1] else "")

    def _method(self, owner: ast.ClassDef, node: ast.FunctionDef, module: str) -> str:
        """A method; `now` of a capability gives what its class lists."""
        text = self._function(node, module, "    ")
        if node.name != "now" or owner.name not in _NOW:
            return text
        record = _NOW[owner.name]
        assigned = [one for one in owner.body if isinstance(one, ast.Assign)]
        listed = next(one for one in assigned if _attribute(one.targets[0]) == ["_FIELDS"])
        names = [one.value for one in ast.walk(listed.value) if isinstance(one, ast.Constant)]
        kinds = "".join(f"    {name}: {_NOW_KINDS.get(str(name), 'Optional[int]')}\n" for name in names)
        self._done[record] = f'class {record}:\n    """See docs/apps.md."""\n{kinds}'
        return text.replace("-> Any", f"-> {record}").replace("Optional[Any]", f"Optional[{record}]")

    def _is_shown(self, name: str, module: str) -> bool:
        """What is made by the watch alone needs no constructor."""
        return module.startswith(_MADE_BY_APPS) if name == "__init__" else name in self._allowed

    def _fields(self, node: ast.ClassDef, module: str) -> dict[str, tuple[str, str]]:
        """Attributes that an app may read: type, and what is said behind them."""
        found: dict[str, tuple[str, str]] = {}
        body = _flat(node.body)
        places: list[tuple[list[ast.stmt], dict[str, ast.expr | None]]] = [(body, {})]
        for one in body:
            if isinstance(one, ast.FunctionDef) and one.name == "__init__":
                places.append((_flat(one.body), {arg.arg: arg.annotation for arg in one.args.args}))
        for statements, arguments in places:
            for one, after in zip(statements, [*statements[1:], None], strict=True):
                for name, kind in _assigned(one):
                    if name in self._allowed and name not in found:
                        guessed = self._guess(kind, arguments, module)
                        found[name] = (self._known(name) if guessed == "Any" else guessed, _remark(after))
        if node.name == "Watch":
            for name, place in PERMISSIONS.items():
                found[name] = (self._named_in(*place), "")
        return found

    def _known(self, name: str) -> str:
        """The type of an attribute whose value does not tell it."""
        if name == "metrics":
            return self._named_in("watch.ui.theme", "Metrics")
        return _KNOWN.get(name, "Any")

    def _named_in(self, module: str, name: str) -> str:
        self._want(module, name, name)
        return name

    def _guess(self, value: ast.expr, arguments: dict[str, ast.expr | None], module: str) -> str:
        """The type of a value, as far as one sees it. `arguments`: annotations of names in its reach."""
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
            if value.func.id == "const":
                return self._guess(value.args[0], arguments, module)
            return "int" if value.func.id in ("min", "max", "len", "rgb") else self._type(value.func, module)
        if isinstance(value, ast.Subscript) and isinstance(value.value, ast.Name) and value.value.id == _ANNOTATED:
            return self._type(value.slice, module)
        if isinstance(value, ast.Name):
            return self._type(arguments.get(value.id), module)
        if isinstance(value, ast.Constant):
            return _LITERALS.get(type(value.value), "Any")
        if isinstance(value, (ast.BinOp, ast.UnaryOp)):
            return "int"
        return "dict[str, Any]" if isinstance(value, ast.Dict) else "Any"

    def _function(self, node: ast.FunctionDef, module: str, indent: str) -> str:
        kept = [ast.unparse(one) for one in node.decorator_list if ast.unparse(one) in ("property", "staticmethod")]
        arguments = ast.parse(ast.unparse(node.args).join(("def f(", "): pass"))).body[0].args  # pyright: ignore
        for one in (*arguments.args, *arguments.kwonlyargs, *filter(None, (arguments.vararg, arguments.kwarg))):
            if one.annotation is not None:
                one.annotation = ast.Name(self._type(one.annotation, module))
        arguments.defaults = [_default(one) for one in arguments.defaults]
        self._place_only(arguments)
        returns = self._type(node.returns, module) if node.returns else "None"
        head = "".join(f"{indent}@{one}\n" for one in kept)
        body = _docstring(node, indent + "    ") or ""
        return f"{head}{indent}def {node.name}({ast.unparse(arguments)}) -> {returns}:\n{body}{indent}    ...\n"

    def _place_only(self, arguments: ast.arguments) -> None:
        """Arguments whose names the packer does not know are given by their place, as are those before them."""
        strange = [at for at, one in enumerate(arguments.args) if one.arg not in self._allowed and one.arg != "self"]
        if strange:
            arguments.posonlyargs = arguments.args[: strange[-1] + 1]
            arguments.args = arguments.args[strange[-1] + 1 :]

    def _type(self, annotation: ast.expr | None, module: str) -> str:
        """An annotation in which every class that an app may see is there, and all others are `Any`."""
        if annotation is None:
            return "Any"
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            annotation = ast.parse(annotation.value, mode="eval").body
        tree = ast.parse(ast.unparse(annotation), mode="eval")
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                node.id = self._named(node.id, module)
            elif isinstance(node, ast.Attribute):
                return "Any"
        return ast.unparse(tree)

    def _named(self, name: str, module: str) -> str:
        if name in _TYPING or hasattr(builtins, name) or name == "AnyWidget":
            return name
        there = self._module(module)
        while name not in there.defined and name in there.imported:
            module, name = there.imported[name]
            if not (FIRMWARE / (module.replace(".", "/") + ".py")).is_file():
                return "Any"
            there = self._module(module)
        is_class = isinstance(there.defined.get(name), ast.ClassDef) and module.startswith(_ROOMS)
        if not is_class or name in _UNSEEN or name.startswith("_"):
            return "Any"
        shown = _SHOWN_AS.get(name, name)
        self._want(module, name, shown)
        return shown


def _value(node: ast.stmt, name: str = "") -> ast.expr:
    """What a statement assigns, or what it assigns to one of several names."""
    value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    if isinstance(value, ast.Tuple) and isinstance(target, ast.Tuple):
        names = [one.id for one in target.elts if isinstance(one, ast.Name)]
        return value.elts[names.index(name)]
    return value if value is not None else ast.Constant(None)


def _assigned(node: ast.stmt) -> list[tuple[str, ast.expr]]:
    """Names of attributes that a statement sets, each with its value, or with its annotation marked as one."""
    if isinstance(node, ast.AnnAssign):
        kind = ast.Subscript(ast.Name(_ANNOTATED), node.annotation)
        return [(name, kind) for name in _attribute(node.target)]
    if not isinstance(node, ast.Assign):
        return []
    pairs: list[tuple[ast.expr, ast.expr]] = []
    for target in node.targets:
        targets = target.elts if isinstance(target, ast.Tuple) else [target]
        values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value] * len(targets)
        if len(values) == len(targets):
            pairs += zip(targets, values, strict=True)
    return [(name, value) for target, value in pairs for name in _attribute(target)]


def _attribute(target: ast.expr) -> list[str]:
    if isinstance(target, ast.Name):
        return [target.id]
    own = isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self"
    return [target.attr] if own else []  # pyright: ignore[reportAttributeAccessIssue]


def _default(value: ast.expr) -> ast.expr:
    return value if isinstance(value, (ast.Constant, ast.UnaryOp)) else ast.Constant(...)


def _remark(node: ast.stmt | None) -> str:
    """The text that stands behind an attribute."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return node.value.value
    return ""


def _docstring(node: ast.ClassDef | ast.FunctionDef, indent: str) -> str:
    said = ast.get_docstring(node)
    if not said:
        return ""
    lines = said.splitlines()
    rest = "".join(f"{indent}{line}".rstrip() + "\n" for line in lines[1:])
    return f'{indent}"""{lines[0]}"""\n' if not rest else f'{indent}"""{lines[0]}\n{rest}{indent}"""\n'


def made() -> dict[str, str]:
    """The stub files by their path in the folder of the stubs."""
    sys.path.insert(0, str(ROOT / "host_tools"))
    from tapwatch.apps.vocabulary import vocabulary

    return {"watch/apps/api.pyi": Stubs(set(vocabulary().known)).text(), "micropython.pyi": _CONST}


if __name__ == "__main__":
    for place, content in made().items():
        (STUBS / place).parent.mkdir(parents=True, exist_ok=True)
        (STUBS / place).write_text(content, encoding="utf-8")
