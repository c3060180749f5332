"""Makes tests/vectors/apps/bundles.json: bundles, licences and a list of revocations of an independent maker.

CBOR is by cbor2, signatures are by cryptography; of the packer only `mpy-cross` is called. The file is made
anew by `python -m tests.tools.bundle_vectors`; the same bytes each time.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from tapwatch.apps.compile import compile_module

FILE = Path(__file__).resolve().parents[1] / "vectors/apps/bundles.json"
NOW_S = 1_795_400_000
LATER_S = 4_000_000_000
DEVICE_ID = b"device-1"
WORDS = {"en": {"more": "One more"}, "zh": {"more": "加一"}}
SOURCE = """from watch.apps.api import App, spend
class n0(App):
    def open(self, watch):
        spend()
"""
FILES = {"app.mpy": compile_module(SOURCE, "app.py"), "words.cbor": cbor2.dumps(WORDS, canonical=True)}


class Party:
    """A key pair derived from a text."""

    def __init__(self, text: str) -> None:
        scalar = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big") >> 1
        self._key = ec.derive_private_key(scalar, ec.SECP256R1())
        numbers = self._key.public_key().public_numbers()
        self.public = numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
        self.key_id = hashlib.sha256(self.public).digest()[:8]

    def sign(self, kind: str, payload: Any, **header: Any) -> bytes:
        """A COSE_Sign1 of the kind of docs/formats.md; `header` changes labels of the protected map."""
        labels = {1: -7, 3: kind, 4: self.key_id, -65537: 1} | {int(key[1:]): value for key, value in header.items()}
        protected, body = dumps(labels), dumps(payload)
        der = self._key.sign(
            dumps(["Signature1", protected, b"", body]), ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
        )
        r, s = decode_dss_signature(der)
        return dumps([protected, {}, body, r.to_bytes(32, "big") + s.to_bytes(32, "big")])


def dumps(value: Any) -> bytes:
    """Deterministic CBOR."""
    return cbor2.dumps(value, canonical=True)


def manifest(**changes: Any) -> dict[int, Any]:
    """The fields of docs/bundles.md; `changes` by `f` and the key."""
    fields: dict[int, Any] = {
        1: "counter",
        2: [1, 0, 0],
        3: "app",
        4: 1,
        5: "app.n0",
        6: {"en": "Counter", "zh": "计数器"},
        7: "tiles",
        8: 0x4A9EFF,
        9: ["haptics", "web"],
        10: ["api.example.com"],
        11: [[name, len(data), hashlib.sha256(data).digest()] for name, data in sorted(FILES.items())],
        12: False,
        13: hashlib.sha256(b"source").digest(),
        14: "cbor2 and cryptography",
    }
    return fields | {int(key[1:]): value for key, value in changes.items()}


def bundle(envelope: bytes, *rest: bytes | None) -> bytes:
    """The file."""
    head = dumps([envelope, *(rest or (None, None, None))])
    return b"TWB1" + len(head).to_bytes(2, "big") + head + b"".join(data for _, data in sorted(FILES.items()))


def make() -> dict[str, Any]:
    """All vectors."""
    root, store, ada, bo = (Party(name) for name in ("root", "store", "ada", "bo"))

    def certify(role: str, party: Party, serial: int, name: str, **attributes: str) -> bytes:
        fields = {1: role, 2: party.public, 3: 0, 4: LATER_S, 5: serial, 6: name, 7: attributes}
        return root.sign("tapwatch/certificate", fields)

    stores, by_ada = certify("store", store, 1, "Store"), certify("developer", ada, 2, "Ada Lin", id="ada")

    def reviewed(fields: dict[int, Any], signer: Party = ada, review: bytes | None = None) -> bytes:
        hashed = hashlib.sha256(dumps(fields)).digest()
        payee = {1: "store-1", 2: "Tea House", 3: "CN", 4: 156}
        review = review or store.sign("tapwatch/app-review", {1: hashed, 2: NOW_S, 3: payee})
        return bundle(signer.sign("tapwatch/app", fields), by_ada, review, stores)

    of_another = store.sign("tapwatch/app-review", {1: hashlib.sha256(b"").digest(), 2: NOW_S, 3: None})
    plain = bundle(bo.sign("tapwatch/app", manifest(f1="lamp", f6={"en": "Lamp", "zh": "灯"})))
    bundles = [
        ("reviewed", reviewed(manifest()), "reviewed", "ada", b""),
        ("reviewed, another key", reviewed(manifest(), bo), None, "", b""),
        ("review of another", reviewed(manifest(), review=of_another), None, "", b""),
        ("unknown label", bundle(bo.sign("tapwatch/app", manifest(), f99=1)), None, "", b""),
        ("critical label", bundle(bo.sign("tapwatch/app", manifest(), f2=[99])), None, "", b""),
        ("not enrolled", plain, None, "", b""),
        ("enrolled", plain, "developer", bo.key_id.hex(), bo.public),
        ("unknown permission", bundle(bo.sign("tapwatch/app", manifest(f9=["root"], f10=[]))), None, "", b""),
        ("next API", bundle(bo.sign("tapwatch/app", manifest(f4=2))), None, "", b""),
        ("a field more", bundle(bo.sign("tapwatch/app", manifest(f15=0))), None, "", b""),
        (
            "a name of the watch",
            bundle(bo.sign("tapwatch/app", manifest(f6={"en": "Wallet", "zh": "灯"}))),
            None,
            "",
            b"",
        ),
    ]
    licences = [
        ("of another device", store, {1: b"device-2", 2: "counter", 3: "ada", 4: 1, 5: 0, 6: None}, False),
        ("of no store", ada, {1: DEVICE_ID, 2: "counter", 3: "ada", 4: 1, 5: 0, 6: None}, False),
        ("bought", store, {1: DEVICE_ID, 2: "counter", 3: "ada", 4: 2, 5: 0, 6: None}, True),
        ("replayed", store, {1: DEVICE_ID, 2: "counter", 3: "ada", 4: 1, 5: 0, 6: None}, False),
        ("given back", store, {1: DEVICE_ID, 2: "counter", 3: "ada", 4: 3, 5: 0, 6: 1}, True),
    ]
    return {
        "root": root.public.hex(),
        "device_id": DEVICE_ID.hex(),
        "now_s": NOW_S,
        "bundles": [
            {
                "name": name,
                "bundle": data.hex(),
                "level": level,
                "maker": maker,
                "developer": key.hex(),
                "digest": hashlib.sha256(data).hexdigest(),
                "words_zh": WORDS["zh"],
            }
            for name, data, level, maker, key in bundles
        ],
        "licences": [
            {
                "name": name,
                "licence": signer.sign("tapwatch/licence", fields).hex(),
                "certificate": stores.hex(),
                "good": good,
            }
            for name, signer, fields, good in licences
        ],
        "revocations": root.sign("tapwatch/revocations", {1: 1, 2: NOW_S, 3: [2], 4: [bytes(16)]}).hex(),
    }


def text() -> str:
    """What the file holds."""
    return json.dumps(make(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(text())
