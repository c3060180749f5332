"""Checks compiled modules of apps before anything of them is loaded (docs/bundles.md, "Bytecode").

The interpreter believes its bytecode: a wrong number in it is a way to any place in memory. So nothing of a module is
believed here: its form (`mpy_file`), each function's numbers (`prelude`, `opcodes`), names (`naming`), stack (`flow`)
and fuel (`spending`).
"""

from micropython import const

from watch.apps.verifier.function import Function
from watch.apps.verifier.mpy_file import Module
from watch.apps.verifier.naming import Policy, Tables
from watch.kernel.errors import BytecodeError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Generator, Optional

    from watch.apps.verifier.function import Make
    from watch.apps.verifier.mpy_file import Code

MAX_TEXT = const(2048)
"""Bytes of texts that a bundle may intern, besides the vocabulary and the pool."""
PLACE_BYTES = const(8)
"""Of each, besides its letters: place in the table of names, hash, length and end, on 32 bits (py/qstr.c)."""


def verify(
    code: bytes, modules: "tuple[str, ...]", app_id: str, tables: "Optional[Tables]" = None
) -> "Generator[None, None, int]":
    """Check one module; yields after a few dozens of instructions.

    Args:
        code: the `.mpy`.
        modules: names of all modules of the app, without ending; they may import each other.
        app_id: of the app.
        tables: what all modules of a bundle are compared with, filled; made here for a single module.

    Returns:
        Bytes of texts that it interns, for `expect_few`.

    Raises:
        BytecodeError: it does what no app may do.
    """
    if tables is None:
        tables = Tables()
        yield from tables.filling()
    module = Module(code, tables.numbered)
    yield
    policy = Policy(module.names, modules, app_id, tables.places)
    texts = sum([len(name) + PLACE_BYTES for name in policy.new])
    expect_few(texts)
    waiting: "list[tuple[Code, Optional[Make]]]" = [(module.root, None)]
    while waiting:
        code_at, made = waiting.pop()
        function = Function(module, code_at, made)
        yield
        yield from function.checking(policy)
        waiting.extend(function.children())
        yield
    return texts


def expect_few(texts: int) -> None:
    """Raises BytecodeError if so many bytes are more than a bundle may intern: they stay until the next start."""
    if texts > MAX_TEXT:
        raise BytecodeError("%d bytes of names and short texts" % texts)
