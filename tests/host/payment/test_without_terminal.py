"""What a watch makes without a terminal, checked with others' libraries: BER-TLV, cryptogram, CBOR, signature."""

import base64
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from pyemv import mac, tlv

from tapwatch.compiled import search_path

pytestmark = pytest.mark.share("vectors")

ROOT = Path(__file__).resolve().parents[3]
TERMINAL = ("9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37")
TAIL = {0x12: ((0, 7),), 0x22: ((0, 32),), 0x43: ((3, 7),), 0x14: ((2, 8),), 0x15: ((2, 8), (10, 18))}
"""The parts of 9F10 under the cryptogram: docs/formats.md "Cryptograms"."""


@pytest.fixture(scope="module")
def made() -> list[dict[str, Any]]:
    """What a watch made with each card."""
    done = subprocess.run(
        [
            Path(sys.executable).with_name("micropython"),
            "-X",
            "heapsize=8M",
            "tests/host/payment/pay_without_terminal.py",
        ],
        cwd=ROOT,
        env=dict(os.environ, MICROPYPATH=search_path("tests/firmware")),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def cryptogram(cvn: int, atc: int, terminal: bytes, tags: dict[str, bytes]) -> bytes:
    """ISO 9797-1 algorithm 3 by pyemv."""
    tail = b"".join(tags["9F10"][start:end] for start, end in TAIL[cvn])
    message = terminal + tags["82"] + tags["9F36"] + tail
    key = bytes((atc,)) * 8
    return mac.mac_iso9797_3(key, key, message, 2, 8)


def test_presented_codes(made: list[dict[str, Any]]) -> None:
    for one in made:
        decoded = tlv.decode(base64.b64decode(one["presented"], validate=True))
        assert decoded["85"] == b"CPV01"
        common = decoded["62"]
        assert isinstance(common, dict)
        chip = common["64"]
        assert isinstance(chip, dict)
        assert set(chip) == {"9F26", "9F27", "9F10", "9F36", "9F37", "82"}
        assert set(common) == {"57", "5F34", "9F19", "9F24", "9F25", "64"}
        assert chip["9F26"] == cryptogram(one["cvn"], 1, bytes(25) + chip["9F37"], chip), one["profile"]
    print(f"NOTE cryptograms of presented codes equal to pyemv's: {len(made)}")


def test_merchant_payments(made: list[dict[str, Any]]) -> None:
    for one in made:
        protected, unprotected, payload, signature = cbor2.loads(bytes.fromhex(one["envelope"]))
        verify(one["identity"], protected, payload, signature)
        assert unprotected == {}
        assert cbor2.loads(protected)[3] == "tapwatch/merchant-payment"
        fields = cbor2.loads(payload)
        digest = hashlib.sha256(one["text"].encode()).digest()
        assert (fields[3], fields[4], fields[5]) == (digest, 1234, 156)
        tags = tlv.decode(fields[7])
        assert list(tags) == [*TERMINAL, "82", "9F36", "9F10", "9F26", "9F27", "57", "5F34"]
        assert tags["9F37"] == digest[:4]
        terminal = b"".join(tags[tag] for tag in TERMINAL)
        assert tags["9F26"] == cryptogram(one["cvn"], 2, terminal, tags), one["profile"]
    print(f"NOTE merchant payments verified with pyca/cryptography, cbor2 and pyemv: {len(made)}")


def verify(public: str, protected: bytes, payload: bytes, signature: bytes) -> None:
    """RFC 9052 section 4.4. Raises InvalidSignature."""
    raw = bytes.fromhex(public)
    numbers = ec.EllipticCurvePublicNumbers(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]), ec.SECP256R1())
    der = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    signed = cbor2.dumps(["Signature1", protected, b"", payload])
    numbers.public_key().verify(der, signed, ec.ECDSA(SHA256()))
