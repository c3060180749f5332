"""Writes tests/vectors/payment/cryptograms.json with pyemv. test_cryptogram_vectors.py keeps the file true."""

import json
import random
from pathlib import Path
from typing import Any

from pyemv import cvn, kd

TARGET = Path(__file__).resolve().parents[2] / "vectors/payment/cryptograms.json"
ISSUER_KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
COUNT = 20
SEED = 20261122
LENGTHS = {"9F02": 6, "9F03": 6, "9F1A": 2, "95": 5, "5F2A": 2, "9A": 3, "9C": 1, "9F37": 4, "82": 2}


def published() -> dict[str, bytes]:
    """The terminal data of the worked examples that are also checked in tests/host/payment."""
    return {
        "9F02": bytes.fromhex("000000001234"),
        "9F03": bytes(6),
        "9F1A": bytes.fromhex("0528"),
        "95": bytes(5),
        "5F2A": bytes.fromhex("0978"),
        "9A": bytes.fromhex("261122"),
        "9C": b"\x00",
        "9F37": bytes.fromhex("A1B2C3D4"),
        "82": bytes.fromhex("2000"),
    }


def visa(values: dict[str, bytes], pan: str, psn: str, atc: int, dki: int, cvr: int) -> dict[str, Any]:
    """One vector of CVN 18."""
    counter = atc.to_bytes(2, "big")
    tail = bytes((6, dki, 0x12, 3, cvr, 0, 0))
    named = {f"tag_{tag.lower()}": value for tag, value in values.items()}
    made = cvn.VisaCVN18(ISSUER_KEY, ISSUER_KEY, ISSUER_KEY, pan, psn).generate_ac(
        tag_9f36=counter, tag_9f10=tail, **named
    )
    key = kd.derive_common_sk(kd.derive_icc_mk_b(ISSUER_KEY, pan, psn), counter + bytes(6))
    return vector("visa", values, atc, tail, key, made)


def mastercard(values: dict[str, bytes], pan: str, psn: str, atc: int, cvr: bytes) -> dict[str, Any]:
    """One vector of CVN 20."""
    counter = atc.to_bytes(2, "big")
    named = {f"tag_{tag.lower()}": value for tag, value in values.items()}
    made = cvn.MasterCardCVN20(ISSUER_KEY, ISSUER_KEY, ISSUER_KEY, pan, psn).generate_ac(
        tag_9f36=counter, cvr=cvr, **named
    )
    key = kd.derive_common_sk(kd.derive_icc_mk_a(ISSUER_KEY, pan, psn), counter + bytes(6))
    return vector("mastercard", values, atc, cvr, key, made)


def vector(profile: str, values: dict[str, bytes], atc: int, tail: bytes, key: bytes, made: bytes) -> dict[str, Any]:
    """The form in the file; `terminal` is 9F02 .. 9F37 in a row."""
    terminal = b"".join(value for tag, value in values.items() if tag != "82")
    return {
        "profile": profile,
        "terminal": terminal.hex(),
        "aip": values["82"].hex(),
        "atc": atc,
        "tail": tail.hex(),
        "key": key.hex(),
        "cryptogram": made.hex(),
    }


def vectors() -> list[dict[str, Any]]:
    """The two worked examples, then random ones from a fixed seed."""
    pan, psn = "4761739001010010", "01"
    made = [
        visa(published(), pan, psn, 7, 1, 0xA0),
        mastercard(published(), pan, psn, 7, bytes.fromhex("A08003220000")),
    ]
    source = random.Random(SEED)
    for _ in range(COUNT):
        values = {tag: source.randbytes(size) for tag, size in LENGTHS.items()}
        pan = "".join(source.choices("0123456789", k=16))
        psn = f"{source.randrange(100):02d}"
        atc = source.randrange(1, 0x10000)
        made.append(visa(values, pan, psn, atc, source.randrange(256), source.choice((0xA0, 0xA4))))
        made.append(mastercard(values, pan, psn, atc, source.randbytes(6)))
    return made


if __name__ == "__main__":
    TARGET.write_text(json.dumps(vectors(), indent=1) + "\n")
