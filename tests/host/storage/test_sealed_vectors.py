"""The vectors of sealed records are what pyca/cryptography makes of their inputs, not what the watch makes."""

import json
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

VECTORS = Path(__file__).parents[2] / "vectors" / "storage" / "sealed.json"


def test_vectors_come_from_an_independent_implementation() -> None:
    for vector in json.loads(VECTORS.read_text()):
        nonce = bytes.fromhex(vector["blob"])[:16]
        headers = [vector["record"].to_bytes(2, "big"), nonce]
        sealed = AESSIV(bytes.fromhex(vector["key"])).encrypt(bytes.fromhex(vector["value"]), headers)
        assert (nonce + sealed).hex() == vector["blob"]
