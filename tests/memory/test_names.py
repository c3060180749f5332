"""How many bytes of names stay when apps have been installed, have run and were removed: in the long form sixty."""

from __future__ import annotations

import itertools
import random
import re
from typing import TYPE_CHECKING

import pytest

from tapwatch.apps import pack, project
from tapwatch.signing.keys import PrivateKey
from tests.host.apps.projects import files
from tests.memory import watch

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.share("mutants")
APPS = 60 if watch.LONG else 20
MOST_BYTES = 2048
"""Of one bundle: docs/bundles.md, "Vocabulary"."""
_INFO = re.compile(r"n_pool=(\d+), n_qstr=(\d+), n_str_data_bytes=(\d+), n_total_bytes=(\d+)")
_KEYS = 30
"""Short texts of each app that no other has; the examples have 5 to 25."""


def projects() -> Iterator[dict[str, bytes]]:
    """The examples, and as many others as are missing, each with texts of its own."""
    for folder in watch.examples():
        yield project.read(folder)
    chance = random.Random(60)
    for number in range(APPS - len(watch.examples())):
        keys = ["".join(chance.choices("abcdefghijklmnop", k=6)) for _ in range(_KEYS)]
        made = files()
        made["app.toml"] = made["app.toml"].replace(b'id = "tally"', f'id = "app{number}"'.encode())
        made["app.toml"] = made["app.toml"].replace(b'name.en = "Tally"', f'name.en = "Made {number}"'.encode())
        made["app.toml"] = made["app.toml"].replace("计数".encode(), f"第{number}个".encode())
        made["app.py"] = made["app.py"].replace(b"_STEP = const(1)", f"_STEP = const(1)\nKEYS = {keys}".encode())
        yield made


def test_names_of_many_apps() -> None:
    """Each adds what it has of short texts, and no app more than it may. Tables of names grow in steps."""
    folder, key, told = watch.folder("names"), PrivateKey.generate(), {}
    (folder / "public").write_bytes(key.public)
    for made in projects():
        one = pack.pack_files(made, key)
        (folder / f"{one.fields.id}.twb").write_bytes(one.bundle)
        told[one.fields.id] = sum(one.interned.values())
    said, printed = watch.run("names_run.py", folder.relative_to(watch.ROOT))
    rows = [tuple(map(int, row)) for row in _INFO.findall(printed)]
    assert len(rows) == len(said) == APPS + 1
    texts = [after[2] - before[2] for before, after in itertools.pairwise(rows)]
    grown = said[-1]["used"] - said[0]["used"]
    print(
        f"NOTE memory: {APPS} apps left {rows[-1][1] - rows[0][1]:,} names, {sum(texts):,} bytes of text, "
        f"{grown:,} bytes of heap on 64 bits, {grown // APPS} an app; the most by one {max(texts)} bytes of text; "
        f"{rows[-1][1]:,} names in {rows[-1][0]} tables"
    )
    assert max(texts) <= MOST_BYTES
