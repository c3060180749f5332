"""The issuer's side of the interoperability tests: keys and cryptograms by pyemv."""

import json
from pathlib import Path

from pyemv import ac, cvn, kd

ISSUER_KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
PSN = "01"
PANS = {"visa": "4761739001010010", "mastercard": "5413330089600010"}
_DATA_TAGS = ("9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37", "82", "9F36")


def session_key(profile: str, atc: int) -> bytes:
    """The EMV common session key that the bank would send for one ATC."""
    derive = kd.derive_icc_mk_b if profile == "visa" else kd.derive_icc_mk_a
    return kd.derive_common_sk(derive(ISSUER_KEY, PANS[profile], PSN), atc.to_bytes(2, "big") + bytes(6))


def session_keys(profile: str, first_atc: int, count: int = 3) -> list[tuple[int, str]]:
    """A batch as the watch gets it: (ATC, key in hex)."""
    return [(atc, session_key(profile, atc).hex()) for atc in range(first_atc, first_atc + count)]


def _common_key(profile: str, tags: dict[str, bytes], key: bytes) -> bytes:
    """The session key of the cryptogram in `tags`."""
    derive = kd.derive_icc_mk_b if profile == "visa" else kd.derive_icc_mk_a
    return kd.derive_common_sk(derive(key, *_account(tags)), tags["9F36"] + bytes(6))


def _account(tags: dict[str, bytes]) -> tuple[str, str]:
    return tags["57"].hex().upper().partition("D")[0], tags["5F34"].hex()


def proof(profile: str, tags: dict[str, bytes], response: bytes, key: bytes) -> bytes:
    """Issuer authentication data (91) that answer the cryptogram in `tags` with a response code of two letters."""
    return ac.generate_arpc_1(_common_key(profile, tags, key), tags["9F26"], response) + response


def kit(*profiles: str) -> dict:
    """A watch card with one token of each profile and three keys for it, from ATC 7 on; see watch_card.py."""
    return {"profiles": profiles, "keys": {profile: session_keys(profile, 7) for profile in profiles}}


def bank_key(state: Path, profile: str) -> bytes:
    """The issuer master key of the bank that `tapwatch sim --state` keeps."""
    return bytes.fromhex(json.loads((state / "bank" / "keys" / "issuer-keys.json").read_text())[profile])


def cryptogram(profile: str, tags: dict[str, bytes], key: bytes = ISSUER_KEY) -> bytes:
    """What 9F26 must be, from the tags of the terminal and the card; `key` is the issuer's master key."""
    values = {f"tag_{tag.lower()}": tags[tag] for tag in _DATA_TAGS}
    pan, psn = _account(tags)
    if profile == "visa":
        return cvn.VisaCVN18(key, key, key, pan, psn).generate_ac(tag_9f10=tags["9F10"], **values)
    return cvn.MasterCardCVN20(key, key, key, pan, psn).generate_ac(cvr=tags["9F10"][2:8], **values)
