"""Runs inside MicroPython: answers questions about watch.crypto, one JSON array a line, with one JSON value a line.

A question is [operation, argument, ...] with bytes as {"hex": ...}; an error is {"error": class name}.
"""

import json
import sys
from binascii import hexlify, unhexlify

from watch.crypto import aes, cbor, cmac, cose, des, gcm, hashes, hpke, p256, siv
from watch.kernel.errors import WatchError


def _mac(key, message):
    out = bytearray(8)
    des.Alg3Mac(key).mac(message, len(message), out)
    return out


def _tdes(key, block):
    out = bytearray(8)
    des.TripleDes(key).encrypt_block(block, 0, out, 0)
    return out


def _verify_pinned(public, digest, signature):
    return p256.PinnedKey(public).verify(digest, signature)


def _cose_open(data, public):
    envelope = cose.parse(data)
    envelope.verify(public)
    return [envelope.kind, envelope.key_id, envelope.nonce, envelope.payload]


OPERATIONS = {
    "cbc": aes.cbc_encrypt,
    "cbc_decrypt": aes.cbc_decrypt,
    "ctr": aes.ctr,
    "cmac": cmac.cmac,
    "gcm_seal": gcm.gcm_seal,
    "gcm_open": gcm.gcm_open,
    "siv_seal": siv.siv_seal,
    "siv_open": siv.siv_open,
    "hmac": hashes.hmac_sha256,
    "hkdf": lambda salt, ikm, info, length: hashes.hkdf_expand(hashes.hkdf_extract(salt, ikm), info, length),
    "mac": _mac,
    "tdes": _tdes,
    "public_key": p256.public_key,
    "sign": p256.sign,
    "verify": p256.verify,
    "verify_pinned": _verify_pinned,
    "ecdh": p256.ecdh,
    "hpke_seal": hpke.seal_with,
    "hpke_open": hpke.open,
    "cbor_recode": lambda data: cbor.encode(cbor.decode(data, 8, 64)),
    "cose_sign": cose.sign1,
    "cose_open": _cose_open,
}


def _take(value):
    if isinstance(value, dict):
        return unhexlify(value["hex"])
    if isinstance(value, list):
        return [_take(item) for item in value]
    return value


def _give(value):
    if isinstance(value, (bytes, bytearray)):
        return {"hex": hexlify(value).decode()}
    if isinstance(value, (list, tuple)):
        return [_give(item) for item in value]
    return value


def _answer(question):
    try:
        return _give(OPERATIONS[question[0]](*[_take(argument) for argument in question[1:]]))
    except WatchError as error:
        return {"error": type(error).__name__}


for line in sys.stdin:
    print(json.dumps(_answer(json.loads(line))))
