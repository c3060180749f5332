"""Which names of a module may stand where (docs/bundles.md, "Vocabulary")."""

import builtins

from micropython import const

from watch.apps.verifier import mpy_names, opcodes, pool, vocabulary
from watch.kernel.errors import BytecodeError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Generator

    from watch.apps.verifier.opcodes import Instructions

API = b"watch.apps.api"
SPEND = vocabulary.SPEND.encode()
MODULE, CLASS, FUNCTION = const(0), const(1), const(2)
"""What a function is: the module itself, the body of a class, or any other."""

_POOL, _EXPORT, _BUILTIN, _MEMBER = const(1), const(2), const(4), const(8)
_WRITABLE, _OVERRIDE, _SPEND, _INIT = const(16), const(32), const(64), const(128)
_FREE = const(256)  # of the vocabulary, but neither the API's nor built in: a module may call something of its own so
_POOL_LETTER, _ZERO = pool.POOL.encode(), const(0x30)
_A_STEP = const(256)
"""Names compared between two looks at the screen."""
_CLASS_NAMES = (b"__module__", b"__qualname__")  # the compiler sets these itself
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
    (_BUILTIN | _FREE, vocabulary.BUILTINS),
    (_MEMBER | _FREE, vocabulary.MEMBERS),
    (_WRITABLE | _FREE, vocabulary.WRITABLE),
    (_OVERRIDE | _FREE, vocabulary.OVERRIDES),
    (_FREE, vocabulary.KEYWORDS),
    (_EXPORT, vocabulary.EXPORTS),
)


def is_pool(name: bytes) -> bool:
    """True for a name of the pool."""
    digits = name[len(_POOL_LETTER) :]
    if not name.startswith(_POOL_LETTER) or not 0 < len(digits) <= 3 or not digits.isdigit():
        return False
    return int(digits) < pool.POOL_NAMES and (len(digits) == 1 or digits[0] != _ZERO)


class Tables:
    """What the modules of a bundle are compared with. Made for each bundle anew: nobody needs them between two."""

    def __init__(self) -> None:
        self.numbered = mpy_names.table()
        """Names that have a number of their own in the format."""
        self.places: "dict[bytes, int]" = {}
        """In which places each name of the vocabulary may stand."""

    def filling(self) -> "Generator[None, None, None]":
        """Fill them, in small steps: it takes a quarter of a second on the board, estimated."""
        places = self.places
        for bits, group in _GROUPS:
            for line in group:
                for name in line.encode().split():
                    places[name] = places.get(name, 0) | bits
                yield
        for taken in vocabulary.EXPORTS + (" ".join(builtins.__dict__),):
            for name in taken.encode().split():
                if name in places:
                    places[name] &= ~_FREE
            yield
        places[SPEND], places[b"__init__"] = _SPEND, _INIT


class Policy:
    """What the names of one module may be used for."""

    def __init__(
        self, names: "list[bytes]", modules: "tuple[str, ...]", app_id: str, places: "dict[bytes, int]"
    ) -> None:
        """`names`: of the module; `modules`: of the app, which may import each other; `places`: see `Tables`."""
        self._names = names
        self._bits = [places[name] if name in places else _POOL if is_pool(name) else 0 for name in names]
        own = modules + tuple(["apps.%s.%s" % (app_id, module) for module in modules])
        self._own = [module.encode() for module in own]
        self.new = [name for bits, name in zip(self._bits, names) if not bits and name not in places]
        """Names that are neither of the vocabulary nor of the pool."""

    def checking(self, code: "Instructions", kind: int) -> "Generator[None, None, None]":
        """Each name of a function is allowed where it stands. Raises BytecodeError."""
        names, args = self._names, code.args
        for count, i in enumerate(code.named):
            if count % _A_STEP == 0:
                yield
            if args[i] >= len(names):
                raise BytecodeError("a name that the module does not have")
            if not self._allows(code, i, names[args[i]], kind):
                raise BytecodeError("the name %s" % names[args[i]].decode())

    def _allows(self, code: "Instructions", i: int, name: bytes, kind: int) -> bool:
        op, bit = code.ops[i], self._bits[code.args[i]]
        wanted = _PLACES.get(op)
        if wanted is not None:
            return bit & wanted != 0 or (bit == _INIT and op == opcodes.LOAD_METHOD and _of_export(code, i, self._bits))
        if op == opcodes.LOAD_CONST_STRING:
            return True
        if op == opcodes.IMPORT_NAME:
            return name == API or name in self._own
        if op == opcodes.LOAD_NAME:
            return kind != FUNCTION and (bit & _GLOBALS != 0 or (kind == CLASS and name == b"__name__"))
        return kind != FUNCTION and _stores(code, i, bit, name, kind)


def _stores(code: "Instructions", i: int, bit: int, name: bytes, kind: int) -> bool:
    """A name of the API holds what was imported under that name, and nothing else."""
    if bit & (_POOL | (_OVERRIDE | _INIT if kind == CLASS else _FREE)) or (kind == CLASS and name in _CLASS_NAMES):
        return True
    imported = i > 0 and code.ops[i - 1] == opcodes.IMPORT_FROM and code.args[i - 1] == code.args[i]
    return bit & (_EXPORT | _SPEND) != 0 and imported and not code.targets[i]


def _of_export(code: "Instructions", i: int, bits: "list[int]") -> bool:
    """`__init__` is read of what the API exports: of an object it would be a way to make another thing of it."""
    straight = i > 0 and not code.targets[i] and code.ops[i - 1] == opcodes.LOAD_GLOBAL
    return straight and bits[code.args[i - 1]] & _EXPORT != 0
