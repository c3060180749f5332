"""Makes tests/vectors/update/images.json with cbor2 and cryptography: system images that a watch takes or refuses.

Neither the watch's code nor that of `tapwatch build` has a part in it. Run it after a change of docs/updates.md.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from tests.tools.bundle_vectors import LATER_S, NOW_S, Party, dumps

FILE = Path(__file__).resolve().parents[1] / "vectors/update/images.json"
BOARD, MACHINE = "lilygo_twatch_ultra", "xtensawin"
FILES = {
    "main.py": b"run()\n",
    "facts.py": b'BOARD = "lilygo_twatch_ultra"\n',
    f"board/{BOARD}/board.mpy": b"M\x06\x00\x1f",
    "watch/__init__.mpy": b"",
    "assets/body.twf": bytes(range(40)),
}
RUNNING = {"version": [1, 2, 0], "floor": [1, 0, 0], "posture": "release"}


def body(files: "dict[str, bytes]") -> bytes:
    """Index and files, as docs/updates.md has it."""
    names, index = sorted(files), ""
    for _ in range(9):  # until the numbers have settled
        at, lines = 9 + len(index), []
        for name in names:
            lines.append(f"{name} {at} {len(files[name])}\n")
            at += len(files[name])
        index = "".join(lines)
    return f"{9 + len(index):08}\n{index}".encode() + b"".join(files[name] for name in names)


def statement(data: bytes, **changes: Any) -> "dict[int, Any]":
    """The payload; `changes` by `f` and the key."""
    fields: dict[int, Any] = {
        1: BOARD,
        2: [1, 3, 0],
        3: [1, 2, 0],
        4: NOW_S,
        5: "release",
        6: len(data),
        7: hashlib.sha256(data).digest(),
        8: hashlib.sha256(b"source").digest(),
        9: MACHINE,
    }
    return fields | {int(key[1:]): value for key, value in changes.items()}


def make() -> "dict[str, Any]":
    """All vectors."""
    root, first, second, third, store = (Party(name) for name in ("root", "first", "second", "third", "store"))

    def certify(party: Party, serial: int, role: str = "update", until_s: int = LATER_S, by: Party = root) -> bytes:
        fields = {1: role, 2: party.public, 3: 0, 4: until_s, 5: serial, 6: "Updates", 7: {}}
        return by.sign("tapwatch/certificate", fields)

    papers = {party: certify(party, serial) for serial, party in enumerate((first, second, third), 1)}

    def signer(party: Party, fields: Any, paper: "bytes | None" = None, **header: Any) -> "list[bytes]":
        return [paper or papers[party], party.sign("tapwatch/system", fields, **header)]

    def packed(entries: Any, data: bytes) -> bytes:
        head = dumps(entries)
        return b"TWI1" + len(head).to_bytes(2, "big") + head + data

    data = body(FILES)
    said = statement(data)
    trial = statement(data, f5="development")
    two = [signer(first, said), signer(second, said)]
    older = statement(data, f2=[1, 1, 9], f3=[1, 0, 0])
    above = statement(data, f2=[1, 3, 0], f3=[1, 3, 1])
    cases = [
        ("two of three", packed(two, data), True),
        ("all three", packed([*two, signer(third, said)], data), True),
        (
            "the same version again",
            packed([signer(party, statement(data, f2=[1, 2, 0])) for party in papers], data),
            True,
        ),
        ("one of three", packed(two[:1], data), False),
        ("one key twice", packed([two[0], two[0]], data), False),
        ("one key, two certificates", packed([two[0], signer(first, said, certify(first, 8))], data), False),
        ("a store's certificate", packed([two[0], signer(store, said, certify(store, 9, "store"))], data), False),
        ("expired", packed([two[0], signer(second, said, certify(second, 9, until_s=NOW_S - 1))], data), False),
        ("another root", packed([two[0], signer(second, said, certify(second, 9, by=store))], data), False),
        ("different statements", packed([two[0], signer(second, statement(data, f4=1))], data), False),
        ("a label more", packed([two[0], signer(second, said, f99=1)], data), False),
        ("older", packed([signer(party, older) for party in papers], data), False),
        ("floor above its version", packed([signer(party, above) for party in papers], data), False),
        ("for development", packed([signer(party, trial) for party in papers], data), False),
        ("a key more", packed([signer(party, said | {10: 0}) for party in papers], data), False),
        (
            "a key less",
            packed([signer(party, {k: v for k, v in said.items() if k < 9}) for party in papers], data),
            False,
        ),
        ("a byte more", packed(two, data) + b"\n", False),
        ("a byte less", packed(two, data)[:-1], False),
        ("another byte", packed(two, data[:-1] + b"\x00"), False),
        ("another magic", b"TWI2" + packed(two, data)[4:], False),
    ]
    for name, files in (
        ("no board", {key: value for key, value in FILES.items() if "board" not in key}),
        ("a path upwards", FILES | {"../main.py": b""}),
    ):
        other = body(files)
        cases.append((name, packed([signer(party, statement(other)) for party in papers], other), False))
    images = [(name, image, RUNNING, good) for name, image, good in cases]
    developed = RUNNING | {"posture": "development"}
    images.append(("development on development", packed([signer(third, trial)], data), developed, True))
    images.append(("release on development", packed(two, data), developed, True))
    images.append(("below the floor", packed(two, data), RUNNING | {"floor": [1, 3, 1]}, False))
    return {
        "root": root.public.hex(),
        "now_s": NOW_S,
        "board": BOARD,
        "machine": MACHINE,
        "images": [
            {
                "name": name,
                "running": running,
                "good": good,
                "sha256": hashlib.sha256(image).hexdigest(),
                "image": image.hex(),
            }
            for name, image, running, good in images
        ],
    }


def text() -> str:
    """What the file holds."""
    return json.dumps(make(), indent=1) + "\n"


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(text())
