"""Stock pyscard on the whole simulated watch: payments with both kernels, data, wrong commands, time taken."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.interop.nfc import issuer
from tests.interop.nfc.pcsc_box import open_box

STATUS = {
    "unknown application": "6A82",
    "name too short": "6A82",
    "unknown instruction": "6D00",
    "secure messaging": "6E00",
    "unknown data": "6A88",
    "cut short": "6700",
    "cryptogram before options": "6985",
    "extended length": "6700",
}
PROFILES = ("visa", "mastercard", "contact-test")
AAC, TC, ARQC = b"\x00", b"\x40", b"\x80"
DELAYED_US = 20_000
"""Half of what a delayed acknowledgement costs (40 ms): a link without TCP_QUICKACK is slower than this."""


@dataclass(frozen=True)
class Session:
    """What the session in the box reported."""

    steps: list[dict]
    keys: dict[str, bytes]
    """Issuer master keys of the bank beside the watch."""

    def of(self, step: str) -> list[dict]:
        """All reports of one step."""
        return [entry for entry in self.steps if entry["step"] == step]

    def tags(self, profile: str) -> dict[str, bytes]:
        """Every data object of a payment."""
        (entry,) = self.of(profile)
        return as_bytes(entry["tags"])


def as_bytes(tags: dict[str, str]) -> dict[str, bytes]:
    """Out of JSON."""
    return {tag: bytes.fromhex(value) for tag, value in tags.items()}


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    """One session with the demo wallet."""
    with open_box() as box:
        keys = {profile: issuer.bank_key(box.folder / "state", profile) for profile in PROFILES}
        yield Session(box.session("tests.interop.nfc.pyscard_session", keys["contact-test"].hex()), keys)


@pytest.mark.parametrize("profile", ["visa", "mastercard"])
def test_a_payment_has_the_cryptogram_the_issuer_expects(session: Session, profile: str) -> None:
    tags = session.tags(profile)
    assert tags["9F27"] == b"\x80"
    assert tags["9F26"] == issuer.cryptogram(profile, tags, session.keys[profile])
    (entry,) = session.of(profile)
    print(f"NOTE pyscard {profile}: ARQC {tags['9F26'].hex()} as pyemv, {entry['ms']:.0f} ms for the whole tap")


@pytest.mark.parametrize("profile", ["visa", "mastercard"])
def test_records_name_the_token(session: Session, profile: str) -> None:
    tags = session.tags(profile)
    pan, _, rest = tags["57"].hex().upper().partition("D")
    assert tags["5F24"].hex()[:4] == rest[:4]
    assert len(tags["9F19"]) == 6 and len(tags["9F24"]) == 29 and len(tags["9F25"]) == 2
    assert tags["9F24"].isalnum() and tags["5F34"] == b"\x01"
    if profile == "mastercard":
        assert tags["5A"].hex() == pan


@pytest.mark.parametrize("profile", ["visa", "mastercard"])
def test_the_counter_is_that_of_the_cryptogram(session: Session, profile: str) -> None:
    (entry,) = session.of(f"{profile} counter")
    assert entry["answer"] == "9F3602" + session.tags(profile)["9F36"].hex().upper() + "9000"


def test_a_contact_transaction_ends_in_an_approval_that_the_issuer_can_check(session: Session) -> None:
    """PIN, first cryptogram, the bank's proof, second cryptogram; all four recomputed by pyemv."""
    (entry,) = session.of("contact")
    first, second = as_bytes(entry["first"]), as_bytes(entry["second"])
    key = session.keys["contact-test"]
    assert entry["pins"] == ["63c2", "9F17010" + "29000", "9000"]
    assert first["9F27"] == ARQC and first["9F26"] == issuer.cryptogram("contact-test", first, key)
    assert second["9F27"] == TC and second["9F36"] == first["9F36"]
    assert second["9F26"] == issuer.cryptogram("contact-test", second, key) != first["9F26"]
    (data,) = session.of("contact data")
    counter = first["9F36"].hex().upper()
    assert data["answers"] == [f"9F3602{counter}9000", f"9F1302{counter}9000", "9F170103" + "9000"]
    print(f"NOTE pyscard contact-test: ARQC {first['9F26'].hex()}, then TC {second['9F26'].hex()} as pyemv")


def test_without_the_proof_of_the_bank_there_is_no_approval(session: Session) -> None:
    (entry,) = session.of("contact without proof")
    second = as_bytes(entry["second"])
    assert second["9F27"] == AAC
    assert second["9F26"] == issuer.cryptogram("contact-test", second, session.keys["contact-test"])


def test_the_card_shows_itself_as_contactless(session: Session) -> None:
    (connected,) = session.of("connected")
    assert connected["atr"] == "3b80800101"
    assert len(connected["uid"]) == 12 and connected["uid"].startswith("08") and connected["uid"].endswith("9000")


def test_nonsense_gets_the_status_word_of_the_books(session: Session) -> None:
    assert {entry["what"]: entry["answer"] for entry in session.of("wrong")} == STATUS


def test_no_command_waits_for_a_delayed_acknowledgement(session: Session) -> None:
    for entry in session.of("latency"):
        print(f"NOTE pyscard {entry['what']} command: median {entry['median_us']:.0f} us, p99 {entry['p99_us']:.0f} us")
        assert entry["median_us"] < DELAYED_US
