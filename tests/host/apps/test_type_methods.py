"""What the packer believes of Python's types is what they have in MicroPython."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tapwatch.apps.type_rules import METHODS
from tapwatch.apps.vocabulary import vocabulary

MICROPYTHON = Path(sys.executable).parent / "micropython"
ASK = """
import json
kinds = {"str": "", "bytes": b"", "bytearray": bytearray(), "list": [], "tuple": (), "dict": {}, "set": set(),
    "frozenset": frozenset(), "int": 1, "float": 1.5}
print(json.dumps({kind: [name for name in names if hasattr(one, name)] for kind, one in kinds.items()}))
"""


def test_types_have_the_methods_that_the_packer_lets_pass() -> None:
    script = f"names = {sorted(vocabulary().attributes)!r}\n{ASK}"
    done = subprocess.run([str(MICROPYTHON), "-c", script], capture_output=True, text=True, check=True, timeout=30)
    found = {kind: frozenset(names) for kind, names in json.loads(done.stdout).items()}
    print(f"NOTE apps.types: {sum(map(len, found.values()))} methods of {len(found)} types, as in the interpreter")
    assert found == METHODS
