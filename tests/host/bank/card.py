"""A card and a terminal for the bank's tests, on `cryptography` alone: nothing here comes from the bank or `pyemv`.

The single-use keys come out of the token package, as they do in a watch.
"""

from __future__ import annotations

import hmac
import warnings
from dataclasses import dataclass

import cbor2
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CDCVM = {"visa": 0x04, "mastercard": 0x05}
"""Bits of the first CVR byte that say that the wearer was verified."""


def tdes(key: bytes, block: bytes) -> bytes:
    """Encrypt one 8-byte block."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        encryptor = Cipher(TripleDES(key + key[:8]), modes.ECB()).encryptor()
    return encryptor.update(block)


def untdes(key: bytes, block: bytes) -> bytes:
    """Decrypt one 8-byte block."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        decryptor = Cipher(TripleDES(key + key[:8]), modes.ECB()).decryptor()
    return decryptor.update(block)


def retail_mac(key: bytes, data: bytes) -> bytes:
    """ISO/IEC 9797-1 algorithm 3 with padding method 2 and DES."""
    left, right = key[:8], key[8:]
    padded = data + b"\x80"
    padded += bytes(-len(padded) % 8)
    state = bytes(8)
    for at in range(0, len(padded), 8):
        mixed = bytes(a ^ b for a, b in zip(state, padded[at : at + 8], strict=True))
        state = tdes(left * 2, mixed)  # both halves alike: single DES
    return tdes(left * 2, untdes(right * 2, state))


@dataclass
class Card:
    """What a token package holds, used as a watch would."""

    content: dict

    @property
    def pan(self) -> str:
        """Token number."""
        return self.content[4]

    @property
    def atcs(self) -> list[int]:
        """ATCs of the batch."""
        return [atc for atc, _ in self.content[16]]

    def tap(self, atc: int, amount: int, currency: int = 978, cdcvm: bool = True) -> dict[str, bytes]:
        """Return the tags of field 55 for one tap."""
        cvr = 0xA0 | (CDCVM[self.content[3]] if cdcvm else 0)
        visa = self.content[3] == "visa"
        iad = bytes((6, 1, 0x12, 3, cvr, 0, 0)) if visa else bytes((1, 0x14, cvr, *([0] * 15)))
        tags = {
            "9F02": bytes.fromhex(f"{amount:012d}"),
            "9F03": bytes(6),
            "9F1A": bytes.fromhex("0528"),
            "95": bytes(5),
            "5F2A": bytes.fromhex(f"{currency:04d}"),
            "9A": bytes.fromhex("261122"),
            "9C": b"\x00",
            "9F37": bytes.fromhex("A1B2C3D4"),
            "82": bytes.fromhex("2000"),
            "9F36": atc.to_bytes(2, "big"),
        }
        tags["9F26"] = retail_mac(dict(self.content[16])[atc], b"".join(tags.values()) + (iad if visa else iad[2:8]))
        return {**tags, "9F27": b"\x80", "9F10": iad}


def open_package(envelope: bytes, receipt_key: ec.EllipticCurvePrivateKey, device_id: bytes, issuer_id: bytes) -> dict:
    """Decrypt a package with HPKE written out over `cryptography` (RFC 9180 section 5); `receipt_key` is a key object.

    The signature is checked elsewhere. Raises InvalidTag or ValueError.
    """
    protected, _, payload, _ = cbor2.loads(envelope)
    enc, ciphertext = cbor2.loads(payload)
    info = cbor2.dumps(["tapwatch token package", 1, device_id, issuer_id])
    return cbor2.loads(hpke_open(receipt_key, enc, ciphertext, info, protected))


def hpke_open(receipt_key: ec.EllipticCurvePrivateKey, enc: bytes, ciphertext: bytes, info: bytes, aad: bytes) -> bytes:
    """HPKE base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, first message."""
    peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), enc)
    own = receipt_key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    kem = b"KEM" + (0x10).to_bytes(2, "big")
    prk = _extract(kem, b"", b"eae_prk", receipt_key.exchange(ec.ECDH(), peer))
    shared = _expand(kem, prk, b"shared_secret", enc + own, 32)
    suite = b"HPKE" + bytes.fromhex("001000010001")
    context = b"\x00" + _extract(suite, b"", b"psk_id_hash", b"") + _extract(suite, b"", b"info_hash", info)
    secret = _extract(suite, shared, b"secret", b"")
    key, nonce = _expand(suite, secret, b"key", context, 16), _expand(suite, secret, b"base_nonce", context, 12)
    return AESGCM(key).decrypt(nonce, ciphertext, aad)


def _extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + material, "sha256")


def _expand(suite: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    data = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(prk, data + b"\x01", "sha256")[:length]  # one block: length is at most 32
