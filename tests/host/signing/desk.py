"""A folder of keys and the commands that work on it, for the tests of this folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tapwatch import cli
from tapwatch.apps import bundle
from tapwatch.signing import cbor, certificates, revocations
from tapwatch.signing.keys import PrivateKey

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

START = 1_795_338_000  # 2026-11-22 09:00:00 UTC
YEAR_S = 365 * 86_400
MODULE = b"M\x06\x00\x1f" + bytes(range(40))
"""Begins as a module does; nobody here looks further."""


class Desk:
    """Runs commands; each with the folder of keys and JSON."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder / "keys", capsys

    def run(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        """What a command that must end with `code` prints."""
        return self.say(*arguments, code=code)[0]

    def say(self, *arguments: str, code: int = 0) -> tuple[dict[str, Any], str]:
        """The same, and what it says to the person."""
        self._capsys.readouterr()
        got = cli.main([*arguments, "--keys", str(self.folder), "--json"])
        said = self._capsys.readouterr()
        assert got == code, said.err + said.out
        return (json.loads(said.out) if said.out else {}), said.err

    def refused(self, code: int, *arguments: str) -> str:
        """What a command that must fail says."""
        return self.say(*arguments, code=code)[1]

    def with_root(self) -> Desk:
        """Add a root, a certified store and a certified developer, all without passwords."""
        for role, name in (("root", "acme"), ("store", "shop"), ("developer", "alice")):
            self.run("keys", "new", role, name, "--no-password")
        self.run("keys", "certify", "shop")
        self.run("keys", "certify", "alice", "--id", "alice_apps")
        return self


@dataclass(frozen=True)
class Cast:
    """The people behind a bundle."""

    root: PrivateKey
    developer: PrivateKey
    store: PrivateKey

    @classmethod
    def make(cls) -> Cast:
        """New keys."""
        return cls(PrivateKey.generate(), PrivateKey.generate(), PrivateKey.generate())

    def certificate(self, key: PrivateKey, role: str, serial: int, **changes: Any) -> bytes:
        """A certificate, good for a year; `changes` go to `certificates.issue`."""
        said = {
            "role": role,
            "public": key.public,
            "name": role,
            "not_before": START,
            "not_after": START + YEAR_S,
            "serial": serial,
            "attributes": {"id": "alice_apps"} if role == "developer" else {},
        }
        return certificates.issue(changes.pop("root", self.root), **{**said, **changes})

    def bundle(self, **changes: Any) -> bytes:
        """A small bundle that a store has reviewed. `changes` are other parts of its head."""
        files = {"app.mpy": MODULE, "words.cbor": cbor.encode({"en": {"hi": "Hello"}})}
        signed = changes.get("signed") or self.developer.sign(bundle.KIND, manifest(files))
        read = bundle.read(bundle.write(signed, files))
        parts = {
            "certificate": self.certificate(self.developer, "developer", 1),
            "review": self.store.sign("tapwatch/app-review", {1: read.digest, 2: START, 3: None}),
            "store_certificate": self.certificate(self.store, "store", 2),
            **{name: value for name, value in changes.items() if name != "signed"},
        }
        return bundle.write(signed, files, **parts)

    def revocations(self, serials: tuple[int, ...] = (), apps: tuple[bytes, ...] = ()) -> revocations.Revocations:
        """A list of the root."""
        return revocations.check(revocations.issue(self.root, 1, START, serials, apps), self.root.public)


def manifest(files: dict[str, bytes], **changes: Any) -> dict[int, Any]:
    """A manifest; `changes` are `f1=...`."""
    said = {
        1: "tally",
        2: [1, 0, 0],
        3: "app",
        4: 1,
        5: "app.n1",
        6: {"en": "Tally", "zh": "计数"},
        7: "tiles",
        8: 0x4A9EFF,
        9: ["haptics"],
        10: [],
        11: bundle.files_field(files),
        12: False,
        13: bytes(32),
        14: "test",
    }
    return {**said, **{int(name[1:]): value for name, value in changes.items()}}
