"""The issuer's side of the interoperability tests: keys and cryptograms by pyemv."""

from pyemv import cvn, kd

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


def cryptogram(profile: str, tags: dict[str, bytes]) -> bytes:
    """What 9F26 must be, from the tags of the terminal and the card."""
    values = {f"tag_{tag.lower()}": tags[tag] for tag in _DATA_TAGS}
    if profile == "visa":
        issuer = cvn.VisaCVN18(ISSUER_KEY, ISSUER_KEY, ISSUER_KEY, PANS[profile], PSN)
        return issuer.generate_ac(tag_9f10=tags["9F10"], **values)
    issuer = cvn.MasterCardCVN20(ISSUER_KEY, ISSUER_KEY, ISSUER_KEY, PANS[profile], PSN)
    return issuer.generate_ac(cvr=tags["9F10"][2:8], **values)
