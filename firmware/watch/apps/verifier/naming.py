"""Which names of a module may stand where (docs/bundles.md, "Vocabulary")."""

import builtins

from micropython import const

from watch.apps.verifier import opcodes, vocabulary
from watch.kernel.errors import BytecodeError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.verifier.opcodes import Instructions

API = "watch.apps.api"
MODULE, CLASS, FUNCTION = const(0), const(1), const(2)
"""What a function is: the module itself, the body of a class, or any other."""

_POOL, _EXPORT, _BUILTIN, _MEMBER = const(1), const(2), const(4), const(8)
_WRITABLE, _OVERRIDE, _SPEND, _INIT = const(16), const(32), const(64), const(128)
_FREE = const(256)  # of the vocabulary, but neither the API's nor built in: a module may call something of its own so
_CLASS_NAMES = ("__module__", "__qualname__")  # the compiler sets these itself
_GLOBALS = _POOL | _FREE | _EXPORT | _BUILTIN | _SPEND
_ATTRIBUTES = _POOL | _MEMBER | _OVERRIDE
_PLACES = {
    opcodes.LOAD_GLOBAL: _GLOBALS,
    opcodes.LOAD_ATTR: _ATTRIBUTES,
    opcodes.LOAD_METHOD: _ATTRIBUTES,
    opcodes.STORE_GLOBAL: _POOL | _FREE,
    opcodes.STORE_ATTR: _POOL | _WRITABLE,
    opcodes.IMPORT_FROM: _POOL | _FREE | _EXPORT | _SPEND,
}
"""What each instruction may name."""
_GROUPS = (
    (_EXPORT, vocabulary.EXPORTS),
    (_BUILTIN, vocabulary.BUILTINS),
    (_MEMBER, vocabulary.MEMBERS),
    (_WRITABLE, vocabulary.WRITABLE),
    (_OVERRIDE, vocabulary.OVERRIDES),
    (0, vocabulary.KEYWORDS),
)
_FIRST, _LAST = opcodes.LOAD_CONST_STRING, opcodes.IMPORT_FROM


def is_pool(name: str) -> bool:
    """True for a name of the pool."""
    digits = name[len(vocabulary.POOL) :]
    if not name.startswith(vocabulary.POOL) or not 0 < len(digits) <= 3 or not digits.isdigit():
        return False
    return int(digits) < vocabulary.POOL_NAMES and str(int(digits)) == digits


def _vocabulary() -> "dict[str, int]":
    """In which places each name may stand."""
    places = {vocabulary.SPEND: _SPEND}
    for bit, group in _GROUPS:
        for name in vocabulary.names(group):
            places[name] = places.get(name, 0) | bit
    taken = set(dir(builtins))
    for name in places:
        if not places[name] & (_EXPORT | _SPEND) and name not in taken:
            places[name] |= _FREE
    places["__init__"] = _INIT
    return places


class Policy:
    """What the names of one module may be used for."""

    def __init__(self, names: "list[str]", modules: "tuple[str, ...]", app_id: str) -> None:
        """`names`: of the module; `modules`: of the app, which may import each other."""
        places = _vocabulary()
        self._names = names
        self._bits = [_POOL if is_pool(name) else places.get(name, 0) for name in names]
        self._own = modules + tuple(["apps.%s.%s" % (app_id, module) for module in modules])
        self.new = [name for name in names if name not in places and not is_pool(name)]
        """Names that are neither of the vocabulary nor of the pool."""

    def check(self, code: "Instructions", kind: int) -> None:
        """Each name of a function is allowed where it stands. Raises BytecodeError."""
        names, ops, args = self._names, code.ops, code.args
        for i in range(len(code)):
            if _FIRST <= ops[i] <= _LAST:
                if args[i] >= len(names):
                    raise BytecodeError("a name that the module does not have")
                if not self._allows(code, i, names[args[i]], kind):
                    raise BytecodeError("the name %s" % names[args[i]])

    def _allows(self, code: "Instructions", i: int, name: str, kind: int) -> bool:
        op, bit = code.ops[i], self._bits[code.args[i]]
        wanted = _PLACES.get(op)
        if wanted is not None:
            return bit & wanted != 0 or (bit == _INIT and op == opcodes.LOAD_METHOD and _of_export(code, i, self._bits))
        if op == opcodes.LOAD_CONST_STRING:
            return True
        if op == opcodes.IMPORT_NAME:
            return name == API or name in self._own
        if op == opcodes.LOAD_NAME:
            return kind != FUNCTION and (bit & _GLOBALS != 0 or (kind == CLASS and name == "__name__"))
        return kind != FUNCTION and _stores(code, i, bit, name, kind)


def _stores(code: "Instructions", i: int, bit: int, name: str, kind: int) -> bool:
    """A name of the API holds what was imported under that name, and nothing else."""
    if bit & (_POOL | (_OVERRIDE | _INIT if kind == CLASS else _FREE)) or (kind == CLASS and name in _CLASS_NAMES):
        return True
    imported = i > 0 and code.ops[i - 1] == opcodes.IMPORT_FROM and code.args[i - 1] == code.args[i]
    return bit & (_EXPORT | _SPEND) != 0 and imported and not code.targets[i]


def _of_export(code: "Instructions", i: int, bits: "list[int]") -> bool:
    """`__init__` is read of what the API exports: of an object it would be a way to make another thing of it."""
    straight = i > 0 and not code.targets[i] and code.ops[i - 1] == opcodes.LOAD_GLOBAL
    return straight and bits[code.args[i - 1]] & _EXPORT != 0
