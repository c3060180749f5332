"""`python -m tapwatch.bank.art.build`: draw every card product's art and write the files beside this one.

The files are committed, so only someone who changes a picture or adds a product runs it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tapwatch.bank.art import designs, form
from tapwatch.bank.art.files import FOLDER, SUFFIX
from tapwatch.bank.products import PRODUCTS


def build() -> dict[str, bytes]:
    """Return every file by product."""
    return {name: form.encode(designs.pictures(name)) for name in PRODUCTS}


def main(folder: Path = FOLDER) -> int:
    """Write the files; returns the exit code."""
    for name, data in build().items():
        (folder / (name + SUFFIX)).write_bytes(data)
        print(f"{name}: {len(data)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
