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

COVERED = ("9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37", "82", "9F36")
"""Tags under every cryptogram, before the part of 9F10."""


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


def issuer_data(version: int, cdcvm: bool, index: bytes = b"") -> bytes:
    """9F10 of an ARQC, docs/formats.md "Cryptograms". `index` is that of a limited-use key."""
    if version == 0x12:
        return bytes((6, 1, 0x12, 3, 0xA4 if cdcvm else 0xA0, 0, 0))
    if version in (0x22, 0x43):
        cvr = bytes((0x51, 0xA4) if cdcvm else (0, 0xA0)) + bytes(3)
        return bytes((0x1F, version, 1)) + cvr + bytes(1) + (bytes(4) + index).ljust(23, b"\x00")
    return bytes((1, version, 0xA5 if cdcvm else 0xA0)).ljust(18, b"\x00")


def tail(iad: bytes) -> bytes:
    """The part of 9F10 under the cryptogram."""
    if iad[1] == 0x43:
        return iad[3:7]
    if iad[1] == 0x14:
        return iad[2:8]
    if iad[1] == 0x15:
        return iad[2:8] + iad[10:18]
    return iad


def signed(key: bytes, tags: dict[str, bytes]) -> dict[str, bytes]:
    """Return the tags with the right cryptogram under `key`."""
    message = b"".join(tags[tag] for tag in COVERED) + tail(tags["9F10"])
    return {**tags, "9F26": retail_mac(key, message)}


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
        return [entry[0] for entry in self.content[16]]

    @property
    def express_atcs(self) -> list[int]:
        """ATCs of the express batch."""
        return [entry[0] for entry in (self.content[22] or {2: []})[2]]

    def key(self, atc: int) -> bytes:
        """The key of an ATC, express or not."""
        return self._entry(atc)[1]

    def tap(self, atc: int, amount: int, currency: int = 978, cdcvm: bool = True) -> dict[str, bytes]:
        """Return the tags of field 55 for one tap."""
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
            "9F27": b"\x80",
            "9F10": issuer_data(self.content[20], cdcvm, b"".join(self._entry(atc)[2:])),
        }
        return signed(self.key(atc), tags)

    def _entry(self, atc: int) -> list:
        express = (self.content.get(22) or {2: []})[2]
        return next(entry for entry in [*self.content[16], *express] if entry[0] == atc)


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
