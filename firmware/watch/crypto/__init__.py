"""Cryptography: randomness, hashes, AES and DES, P-256, HPKE, deterministic CBOR and COSE.

Everything is plain MicroPython over `hashlib` and `cryptolib`. Nothing here is constant time except `hashes.equal`.
"""
