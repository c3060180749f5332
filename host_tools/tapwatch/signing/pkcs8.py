"""A private key under a password: PKCS #8 with PBES2, scrypt (RFC 7914 section 7) and AES-256-CBC, as PEM.

`cryptography` reads this form but does not write it: what it writes stretches a password by 2,048 rounds of PBKDF2,
half a millisecond for each guess. OpenSSL reads it as well.
"""

from __future__ import annotations

import base64
import os
import textwrap

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.padding import PKCS7

SCRYPT_N, SCRYPT_R, SCRYPT_P = 16_384, 8, 5
"""16 MiB and about a quarter of a second for each guess. More memory is beyond what OpenSSL reads by default."""
_SALT_BYTES = 16
_KEY_BYTES = 32  # AES-256
_BLOCK_BYTES = 16
_LINE = 64  # characters, RFC 7468 section 2

_INTEGER, _OCTETS, _OBJECT, _SEQUENCE = 0x02, 0x04, 0x06, 0x30  # ITU-T X.690
_PBES2 = bytes.fromhex("2a864886f70d01050d")  # 1.2.840.113549.1.5.13
_SCRYPT = bytes.fromhex("2b06010401da47040b")  # 1.3.6.1.4.1.11591.4.11
_AES_256_CBC = bytes.fromhex("60864801650304012a")  # 2.16.840.1.101.3.4.1.42


def encrypted(private_key_info: bytes, password: bytes) -> bytes:
    """The PEM text of a PrivateKeyInfo (DER) under a password."""
    salt, start = os.urandom(_SALT_BYTES), os.urandom(_BLOCK_BYTES)
    key = Scrypt(salt, _KEY_BYTES, SCRYPT_N, SCRYPT_R, SCRYPT_P).derive(password)
    padder, cipher = PKCS7(_BLOCK_BYTES * 8).padder(), Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    body = cipher.update(padder.update(private_key_info) + padder.finalize()) + cipher.finalize()
    costs = [_integer(number) for number in (SCRYPT_N, SCRYPT_R, SCRYPT_P, _KEY_BYTES)]
    stretch = _sequence(_der(_OBJECT, _SCRYPT), _sequence(_der(_OCTETS, salt), *costs))
    hide = _sequence(_der(_OBJECT, _AES_256_CBC), _der(_OCTETS, start))
    scheme = _sequence(_der(_OBJECT, _PBES2), _sequence(stretch, hide))
    return _pem(_sequence(scheme, _der(_OCTETS, body)))


def _pem(der: bytes) -> bytes:
    lines = textwrap.wrap(base64.b64encode(der).decode(), _LINE)
    frame = "-----%s ENCRYPTED PRIVATE KEY-----"
    return "\n".join([frame % "BEGIN", *lines, frame % "END", ""]).encode()


def _sequence(*parts: bytes) -> bytes:
    return _der(_SEQUENCE, b"".join(parts))


def _integer(number: int) -> bytes:
    return _der(_INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content
