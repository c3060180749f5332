"""Who may import whom: the table of rooms, as data."""

import ast
from fnmatch import fnmatch

import pytest

from tests.tools.trees import Source, runtime_nodes, sources

WATCH = "watch.*"

TABLE: "tuple[tuple[str, tuple[str, ...]], ...]" = (
    # module pattern, most special first; what of ours it may import besides its own room
    ("firmware/boot.py", ()),
    ("firmware/main.py", ("board.*", "watch.system*", "watch.kernel*")),
    ("firmware/drivers/*", ()),
    ("firmware/apps/*", ("watch.apps.api",)),
    ("firmware/watch/__init__.py", ()),
    ("firmware/watch/kernel/*", ()),
    ("firmware/watch/crypto/*", ("watch.kernel",)),
    ("firmware/watch/storage/*", ("watch.kernel", "watch.crypto")),
    ("firmware/watch/access/*", ("watch.kernel", "watch.crypto", "watch.storage")),
    ("firmware/watch/update/*", ("watch.kernel", "watch.crypto", "watch.storage")),
    ("firmware/watch/payment/*", ("watch.kernel", "watch.crypto", "watch.storage", "watch.access")),
    ("firmware/watch/services/*", ("watch.kernel", "watch.storage")),
    ("firmware/watch/exchange/*", ("watch.kernel", "watch.crypto")),
    ("firmware/watch/nfc/*", ("watch.kernel",)),
    ("firmware/watch/voice/*", ("watch.kernel",)),
    ("firmware/watch/ui/*", ("watch.kernel",)),
    ("firmware/watch/ble/*", ("watch.kernel", "watch.crypto", "watch.storage")),
    ("firmware/watch/apps/*", ("watch.kernel", "watch.crypto", "watch.storage", "watch.ui")),
    ("firmware/watch/screens/*", ("watch.kernel", "watch.ui")),
    ("firmware/watch/system/*", (WATCH,)),
    ("board/ports.py", ("board.ble_port",)),
    ("board/simulator/chips/*", ()),
    # The simulator is also the program around the board: it starts the watch, gives it time and plays its wearer.
    ("board/simulator/main.py", ("board.*", WATCH)),
    ("board/simulator/demo_wallet.py", ("board.*", WATCH)),
    ("board/simulator/developer_watch.py", ("board.*", WATCH)),
    ("board/simulator/app_profile.py", ("board.*", WATCH)),
    ("board/simulator/voice_trial.py", ("board.*", WATCH)),
    ("board/simulator/*", ("board.*", "drivers.*", "watch.kernel")),
    ("board/*", ("board.*", "drivers.*")),
    ("host_tools/*", ("tapwatch",)),
)
OURS = ("watch", "drivers", "board", "apps", "tapwatch", "tests", "boot", "main")


def imported(source: Source) -> list[tuple[int, str]]:
    """(line, dotted name) of every import of ours that runs; `from a import b` counts as `a.b`."""
    found: list[tuple[int, str]] = []
    for node in runtime_nodes(source.tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, name.name) for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = _base(source, node.level) + (node.module or "")
            found += [(node.lineno, f"{module}.{name.name}") for name in node.names]
    return [(line, name) for line, name in found if name.split(".")[0] in (*OURS, "")]


def _base(source: Source, level: int) -> str:
    """What the dots of an import stand for: one dot in an app, which is a room by itself, for its own modules."""
    room = room_of(source.path)
    return room + "." if level == 1 and room.startswith("apps.") else "." * level


def room_of(path: str) -> str:
    """The dotted name of the room a file belongs to: `watch.crypto`, `board.simulator`, `apps.torch`, `drivers`."""
    parts = path.removesuffix(".py").split("/")
    if parts[0] in ("firmware", "host_tools"):
        parts = parts[1:]
    return ".".join(parts[:2]) if parts[0] in ("watch", "board", "apps") else parts[0]


def violations(source: Source) -> list[str]:
    """Imports the table does not allow, as `path:line: imports name`. Raises KeyError for a file no row matches."""
    rows = [allowed for pattern, allowed in TABLE if fnmatch(source.path, pattern)]
    if not rows:
        raise KeyError(f"{source.path}: no row of the import table is about this file")
    patterns = (room_of(source.path), *rows[0])
    return [
        f"{source.path}:{line}: imports {name}"
        for line, name in imported(source)
        if not any(fnmatch(name, pattern) or fnmatch(name, pattern + ".*") for pattern in patterns)
    ]


def test_every_import_is_allowed() -> None:
    """The whole tree follows the table."""
    files = sources()
    found = [line for source in files for line in violations(source)]
    print(f"NOTE rules.upward_imports {len(found)} in {len(files)} files")
    assert not found, "\n".join(found)


FORBIDDEN = (
    ("firmware/watch/crypto/x.py", "from watch.storage.journal import Journal"),
    ("firmware/watch/crypto/x.py", "def f():\n    import watch.payment.vault"),
    ("firmware/watch/kernel/x.py", "from watch.crypto import aes"),
    ("firmware/watch/nfc/x.py", "from watch.payment.card import Card"),
    ("firmware/watch/screens/x.py", "from watch import access"),
    ("firmware/watch/ui/x.py", "try:\n    import board.simulator.board\nexcept ImportError:\n    pass"),
    ("firmware/watch/system/x.py", "from drivers.st25r import St25r"),
    ("firmware/watch/system/x.py", "from board.simulator.board import build"),
    ("firmware/drivers/x.py", "from watch.kernel.errors import InputError"),
    ("firmware/boot.py", "import watch"),
    ("firmware/apps/torch/app.py", "from watch.apps.app_screen import AppScreen"),
    ("firmware/apps/torch/app.py", "from watch.apps import capabilities"),
    ("firmware/apps/torch/app.py", "from watch.ui.widget import Label"),
    ("firmware/apps/torch/app.py", "from apps.stopwatch.app import Stopwatch"),
    ("firmware/apps/torch/app.py", "from ..stopwatch.app import Stopwatch"),
    ("firmware/watch/nfc/x.py", "from ..payment import card"),
    ("firmware/watch/nfc/x.py", "if not TYPE_CHECKING:\n    import watch.payment"),
    ("firmware/watch/nfc/x.py", "if TYPE_CHECKING:\n    pass\nelse:\n    import watch.payment"),
    ("board/lilygo_twatch_s3/board.py", "import watch.kernel.loop"),
    ("host_tools/tapwatch/bank/x.py", "from watch.crypto.cbor import decode"),
    ("host_tools/tapwatch/bank/x.py", "from tests.tools import trees"),
)


@pytest.mark.parametrize(("path", "text"), FORBIDDEN)
def test_forbidden_imports_are_noticed(path: str, text: str) -> None:
    """Each example breaks the table and is reported."""
    assert violations(Source(path, text))


ALLOWED = (
    ("firmware/watch/crypto/x.py", "from watch.kernel.errors import CryptoError\nfrom watch.crypto import aes"),
    ("firmware/watch/nfc/x.py", "if TYPE_CHECKING:\n    from watch.payment.card import Card"),
    ("firmware/watch/nfc/x.py", "import asyncio, struct\nfrom micropython import const"),
    ("firmware/main.py", "from board.lilygo_twatch_s3.board import build"),
    ("firmware/apps/torch/app.py", "from watch.apps.api import App"),
    ("firmware/apps/torch/app.py", "from .board import Board"),
)


@pytest.mark.parametrize(("path", "text"), ALLOWED)
def test_allowed_imports_pass(path: str, text: str) -> None:
    """Each example follows the table."""
    assert not violations(Source(path, text))


def test_a_new_room_needs_a_row() -> None:
    """A room the table does not know is an error, not a free pass."""
    with pytest.raises(KeyError):
        violations(Source("firmware/watch/telemetry/x.py", "import asyncio"))
