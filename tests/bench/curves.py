"""P-256, HPKE and token packages."""

from __future__ import annotations

import ecdsa

from tests.bench import measure
from tests.bench.measure import fastest_us
from tests.bench.rows import Row

NAMES = ("sign", "verify", "verify_pinned", "ecdh")


def counted() -> list[Row]:
    """Instructions of P-256."""
    return [Row(f"p256.{name}.instructions", measure.scenario(f"p256.{name}", 2, 6), "instructions") for name in NAMES]


def rows() -> list[Row]:
    """P-256 beside python-ecdsa on CPython, on this machine in this run."""
    peers = _python_ecdsa()
    found = []
    for name in NAMES:
        microseconds = measure.timed(f"p256.{name}")["us"]
        peer = peers.get("verify" if name == "verify_pinned" else name)
        row = Row(f"p256.{name}.us", microseconds, "us")
        found.append(row.beside("python-ecdsa on CPython", peer) if peer else row)
    found.append(Row("hpke.open.us", measure.timed("hpke.open")["us"], "us"))
    found.append(Row("token.open.us", measure.timed("token.open", 5)["us"], "us"))
    return found


def _python_ecdsa() -> dict[str, float]:
    """Microseconds of the same operations in another pure-Python library."""
    digest = bytes(32)
    key = ecdsa.SigningKey.generate(curve=ecdsa.NIST256p)
    signature = key.sign_digest_deterministic(digest)
    public = key.get_verifying_key()
    other = ecdsa.ECDH(curve=ecdsa.NIST256p, private_key=key, public_key=public)
    return {
        "sign": fastest_us(lambda: key.sign_digest_deterministic(digest)),
        "verify": fastest_us(lambda: public.verify_digest(signature, digest)),
        "ecdh": fastest_us(other.generate_sharedsecret_bytes),
    }
