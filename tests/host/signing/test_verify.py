"""`tapwatch verify` and `tapwatch sign`: every link, every byte of a bundle, every kind of envelope."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from tapwatch.apps import bundle
from tapwatch.apps.system_key import system_key
from tapwatch.signing import cbor, envelope, revocations
from tapwatch.signing.bundle_check import DEVELOPER, NONE, REVIEWED, SYSTEM, check_bundle
from tapwatch.signing.chain import Context
from tapwatch.signing.forms import FORMS, form_problems
from tapwatch.signing.keys import PrivateKey
from tapwatch.signing.manifest_form import FIELDS, file_problems, manifest_problems
from tapwatch.signing.roles import signer_of
from tests.host.signing.desk import MODULE, START, YEAR_S, Cast, Desk, manifest

pytestmark = pytest.mark.share("store and keys")
FILES = {"app.mpy": MODULE}
MASKS = (0x01, 0x80)
LEVELS = (SYSTEM, REVIEWED, DEVELOPER, NONE)


@pytest.fixture(scope="module")
def cast() -> Cast:
    return Cast.make()


def nobody(_: bytes) -> None:
    return None


def judged(data: bytes, cast: Cast, at: int = START + 1, listed: revocations.Revocations | None = None) -> str:
    """What is wrong with a bundle, in words; its level if nothing is."""
    links, facts = check_bundle(data, Context(cast.root.public, at, listed), nobody)
    wrong = [f"{link.what}: {link.result}" for link in links if not link.good]
    assert bool(wrong) == (facts.get("level", NONE) == NONE)
    return "; ".join(wrong) or str(facts["level"])


def test_levels(cast: Cast) -> None:
    assert judged(cast.bundle(), cast) == REVIEWED
    assert judged(cast.bundle(review=None, store_certificate=None), cast) == DEVELOPER
    assert judged(own_bundle(system_key()), cast) == SYSTEM
    assert "cannot be said" in judged(own_bundle(cast.developer), cast)
    links, facts = check_bundle(
        own_bundle(cast.developer), Context(cast.root.public, START), lambda _: cast.developer.public
    )
    assert all(link.good for link in links) and facts["level"] == DEVELOPER


def own_bundle(key: PrivateKey, **changes: object) -> bytes:
    return bundle.write(key.sign(bundle.KIND, manifest(FILES, **changes)), FILES)


def test_every_byte_of_a_bundle(cast: Cast) -> None:
    """Flipped, cut off and added: none is taken, and nothing but words comes of it."""
    data, tried = cast.bundle(), 0
    for position in range(len(data)):
        for mask in MASKS:
            wrong = data[:position] + bytes([data[position] ^ mask]) + data[position + 1 :]
            assert judged(wrong, cast) not in LEVELS, position
            tried += 1
    for end in range(len(data)):
        assert judged(data[:end], cast) not in LEVELS
    assert judged(data + b"\x00", cast) not in LEVELS
    print(f"NOTE signing: {tried} flipped and {len(data) + 1} cut or longer bundles of {len(data)} bytes, 0 accepted")


ROLES = ("device", "token-service", "store", "update", "developer")


@pytest.mark.parametrize("role", ROLES)
def test_certificates_of_another_role(cast: Cast, role: str) -> None:
    """Each role in each position; only the right one passes."""
    for key, part, right in ((cast.developer, "certificate", "developer"), (cast.store, "store_certificate", "store")):
        attributes = {"id": "alice_apps", "secret": "software"}
        said = judged(cast.bundle(**{part: cast.certificate(key, role, 5, attributes=attributes)}), cast)
        assert said == REVIEWED if role == right else f"it is for {role}, not for {right}" in said


def test_certificates_that_do_not_hold(cast: Cast) -> None:
    other = PrivateKey.generate()
    for changes, words in (
        ({"root": other}, "not by this root"),
        ({"not_before": START + 2}, "not good yet"),
        ({"not_after": START}, "it has ended"),
        ({"public": other.public}, "signed by somebody else"),
    ):
        for key, part, role in (
            (cast.developer, "certificate", "developer"),
            (cast.store, "store_certificate", "store"),
        ):
            said = judged(cast.bundle(**{part: cast.certificate(key, role, 5, **changes)}), cast)
            assert words in said, (part, changes)
    for attributes in ({}, {"id": "tapwatch"}, {"id": "X"}):
        wrong = cast.certificate(cast.developer, "developer", 5, attributes=attributes)
        assert "names no maker" in judged(cast.bundle(certificate=wrong), cast)
    assert "developer: it has ended" in judged(cast.bundle(), cast, START + YEAR_S + 1)
    assert judged(cast.bundle(), cast, START + YEAR_S) == judged(cast.bundle(), cast, START) == REVIEWED


def test_certificates_in_each_others_place(cast: Cast) -> None:
    data = bundle.read(cast.bundle())
    swapped = cast.bundle(certificate=data.store_certificate, store_certificate=data.certificate)
    assert "not for developer" in judged(swapped, cast) and "not for store" in judged(swapped, cast)
    for name in ("certificate", "store_certificate"):
        for wrong in (data.envelope, data.review, b"", b"\xa0"):
            assert judged(cast.bundle(**{name: wrong}), cast) != REVIEWED


def test_revoked(cast: Cast) -> None:
    digest = bundle.read(cast.bundle()).digest
    assert "developer: revoked" in judged(cast.bundle(), cast, listed=cast.revocations((1,)))
    assert "store: revoked" in judged(cast.bundle(), cast, listed=cast.revocations((2,)))
    assert "manifest: revoked" in judged(cast.bundle(), cast, listed=cast.revocations((), (digest,)))
    assert judged(cast.bundle(), cast, listed=cast.revocations((3,), (bytes(16),))) == REVIEWED


def test_reviews(cast: Cast) -> None:
    digest, other = bundle.read(cast.bundle()).digest, PrivateKey.generate()
    kind = "tapwatch/app-review"
    payee = {1: "12", 2: "Shop", 3: "CN", 4: 156}
    good = cast.store.sign(kind, {1: digest, 2: START, 3: payee})
    assert judged(cast.bundle(review=good), cast) == REVIEWED
    for review, words in (
        (cast.store.sign(kind, {1: bytes(32), 2: START, 3: None}), "another manifest"),
        (cast.store.sign(kind, {1: digest, 2: START}), "map with the keys"),
        (cast.store.sign(kind, {1: digest, 2: START, 3: {**payee, 3: "China"}}), "field 3"),
        (cast.store.sign("tapwatch/licence", {1: digest, 2: START, 3: None}), "expected"),
        (other.sign(kind, {1: digest, 2: START, 3: None}), "somebody else"),
        (b"\x80", "array of four"),
    ):
        assert words in judged(cast.bundle(review=review), cast)


@pytest.mark.parametrize(
    "changes",
    [
        {"f1": "x"},
        {"f1": "Tally"},
        {"f1": "tally-2"},
        {"f2": [1, 0]},
        {"f2": [1, 0, 10_000]},
        {"f2": [1, 0, True]},
        {"f3": "screen"},
        {"f4": 0},
        {"f4": 2},
        {"f5": "app"},
        {"f5": "other.n1"},
        {"f6": {}},
        {"f6": {"zh": "计数"}},
        {"f6": {"en": "", "zh": "计数"}},
        {"f6": {"en": "x" * 25}},
        {"f6": {"en": "Tally\u202e"}},
        {"f6": {"en": "Tally", "fr": "Compte"}},
        {"f7": ""},
        {"f7": "../tiles"},
        {"f8": 1 << 24},
        {"f8": -1},
        {"f9": ["wallet"]},
        {"f9": ["haptics", "haptics"]},
        {"f9": ["light", "haptics"]},
        {"f9": "haptics"},
        {"f10": ["example.org"]},
        {"f9": ["web"], "f10": ["Example.org"]},
        {"f9": ["web"], "f10": ["http://example.org"]},
        {"f9": ["web"], "f10": ["a.example", "b.example", "c.example", "d.example", "e.example"]},
        {"f12": 1},
        {"f13": bytes(31)},
        {"f14": None},
    ],
)
def test_manifests(cast: Cast, changes: dict) -> None:
    assert not manifest_problems(manifest(FILES)) and judged(own_bundle(system_key()), cast) == SYSTEM
    assert manifest_problems(manifest(FILES, **changes))
    assert judged(own_bundle(system_key(), **changes), cast).startswith("manifest")


def test_manifests_with_other_keys() -> None:
    whole = manifest(FILES)
    assert sorted(FIELDS) == list(range(1, 15))
    for wrong in (None, [], {}, {**whole, 15: 0}, {key: value for key, value in whole.items() if key != 14}):
        assert manifest_problems(wrong)
    for files in ([], {}, [["a.mpy", 1]], [["a.py", 1, bytes(32)]], [["b.mpy", 1, bytes(32)], ["a.mpy", 1, bytes(32)]]):
        assert manifest_problems(manifest(FILES, f11=files))


PICTURE = b"\x00\x02\x00\x02\x01\xff\xff\x00\x00\x00\x02\x01\x01"
ICON = b"TWI1" + len(PICTURE).to_bytes(4, "big") * 2 + PICTURE * 2


def test_files() -> None:
    good = {
        "app.mpy": MODULE,
        "icon.img": ICON,
        "words.cbor": cbor.encode({"en": {"hi": "Hello"}, "zh": {"hi": "你好"}}),
    }
    for name, data in good.items():
        assert not file_problems(name, data)
        for end in range(len(data) if not name.endswith(".mpy") else 3):
            assert file_problems(name, data[:end]), (name, end)
    for name, data in (
        ("app.mpy", b"M\x05\x00\x1f"),
        ("app.mpy", b"M\x06\x2b\x1f"),
        ("app.mpy", MODULE + bytes(24_576)),
        ("icon.img", ICON.replace(b"\x01\x01", b"\x01\x02")),
        ("icon.img", ICON.replace(b"\x01\x01", b"\x11\x01")),
        ("icon.img", ICON + b"\x00"),
        ("words.cbor", cbor.encode({"fr": {"hi": "Salut"}})),
        ("words.cbor", cbor.encode({"en": {"hi": 1}})),
        ("words.cbor", cbor.encode({"en": ["hi"]})),
        ("words.cbor", b"\xff"),
        ("other", b""),
    ):
        assert file_problems(name, data), (name, data[:8])


def test_what_the_packer_makes_passes(cast: Cast) -> None:
    """Every built-in app: the packer and this room read docs/bundles.md by themselves and agree."""
    from tapwatch.apps import builtin

    builtin.refresh()
    built = sorted(Path(builtin.__file__).resolve().parents[3].glob("build/apps/*.twb"))
    assert built
    assert {judged(path.read_bytes(), cast) for path in built} == {SYSTEM}
    print(f"NOTE signing: {len(built)} bundles of the firmware hold")


def test_the_command_on_bundles(desk: Desk, tmp_path: Path) -> None:
    """From a developer's own bundle to a reviewed one, and to a revoked one."""
    desk.with_root()
    path = tmp_path / "tally.twb"
    path.write_bytes(own_bundle(PrivateKey.generate()))
    assert not desk.run("verify", str(path), code=1)["good"]
    desk.run("sign", str(path), "--key", "alice")
    assert desk.run("verify", str(path))["level"] == DEVELOPER
    payee = "12,Shop,CN,156"
    said = desk.run("sign", str(path), "--store", "shop", "--payee", payee, "--out", str(tmp_path / "good.twb"))
    assert said["role"] == "store"
    said = desk.run("verify", str(tmp_path / "good.twb"))
    assert (said["good"], said["level"], said["id"], said["permissions"]) == (True, REVIEWED, "tally", ["haptics"])
    roles = [(link["role"], link["serial"]) for link in said["links"] if link["serial"]]
    assert roles == [("developer", 2), ("store", 1)]
    assert not desk.run("verify", str(tmp_path / "good.twb"), "--at", "2040-01-01", code=1)["good"]
    desk.run("keys", "revoke", "shop")
    said = desk.run("verify", str(tmp_path / "good.twb"), code=1)
    assert "revoked by list 1" in [link["result"] for link in said["links"]]
    desk.run("sign", str(tmp_path / "good.twb"), "--key", "alice")
    assert desk.run("verify", str(tmp_path / "good.twb"))["level"] == DEVELOPER, "a new signature ends the review"


def test_who_is_believed(desk: Desk, tmp_path: Path) -> None:
    """The root by name, file or digits; a developer's key from the folder, a file or digits."""
    desk.with_root()
    path, key = tmp_path / "tally.twb", PrivateKey.generate()
    path.write_bytes(own_bundle(key))
    public = desk.run("keys", "show", "acme")["public"]
    for root in ("acme", str(desk.folder / "acme.pub"), public):
        assert desk.run("verify", str(path), "--root", root, "--signer", key.public.hex())["level"] == DEVELOPER
    assert "not for root" in desk.refused(2, "verify", str(path), "--root", str(desk.folder / "shop.pub"))
    assert "no public key" in desk.refused(2, "verify", str(path), "--root", "00" * 64)
    assert not desk.run("verify", str(path), "--signer", public, code=1)["good"]
    other = tmp_path / "list"
    other.write_bytes(revocations.issue(key, 1, START))
    said = desk.run("verify", str(path), "--signer", key.public.hex(), "--revocations", str(other), code=1)
    assert "signed by somebody else" in [link["result"] for link in said["links"]]


def example(kind: str) -> object:
    """A payload of that type."""
    samples = {
        "tapwatch/token-package": [bytes(65), b"x"],
        "tapwatch/app": manifest(FILES),
        "tapwatch/revocations": {1: 1, 2: START, 3: [], 4: []},
    }
    return samples.get(kind) or {key: _value(check) for key, (_, check) in FORMS[kind].items()}


def _value(check) -> object:
    texts = ("approved", "active", "lost", "software", "publish", "development", "xtensawin", "hi")
    tries = (1, None, *texts, [], {}, [1, 0, 0])
    octets = [bytes(length) for length in (8, 16, 32, 64, 20)]
    return next(value for value in (*octets, *tries) if check(value))


KINDS = sorted(envelope.KINDS - {"tapwatch/certificate"})


@pytest.mark.parametrize("kind", KINDS)
def test_the_command_on_every_kind_of_envelope(kind: str, desk: Desk, tmp_path: Path) -> None:
    role, path = signer_of(kind), tmp_path / "envelope"
    desk.run("keys", "new", "root", "acme", "--no-password")
    if role != "root":
        desk.run("keys", "new", role, "signer", "--no-password")
        desk.run("keys", "certify", "signer", "--attribute", "id=ab", "--attribute", "secret=efuse")
    nonce = secrets.token_bytes(16) if kind == "tapwatch/token-package" else None
    path.write_bytes(PrivateKey.generate().sign(kind, example(kind), nonce))
    assert not desk.run("verify", str(path), code=1)["good"], "signed by a stranger"
    desk.run("sign", str(path), "--key", "acme" if role == "root" else "signer")
    assert desk.run("verify", str(path))["kind"] == kind
    path.write_bytes(
        PrivateKey.load(desk.folder / ("acme.key" if role == "root" else "signer.key")).sign(kind, 1, nonce)
    )
    assert desk.run("verify", str(path), code=1)["links"][-1]["problems"], "a payload of another form"
    path.write_bytes(path.read_bytes()[:-1])
    assert not desk.run("verify", str(path), code=1)["good"]


def test_the_command_on_certificates(desk: Desk) -> None:
    desk.with_root()
    for name, role in (("shop", "store"), ("alice", "developer")):
        said = desk.run("verify", str(desk.folder / f"{name}.cert"))
        assert said["links"][-1]["role"] == role
    desk.run("keys", "new", "root", "other", "--no-password")
    said = desk.run("verify", str(desk.folder / "shop.cert"), "--root", "other", code=1)
    assert "not by this root" in said["links"][-1]["result"]


def test_what_cannot_be_signed(desk: Desk, tmp_path: Path) -> None:
    desk.with_root()
    path = tmp_path / "tally.twb"
    path.write_bytes(own_bundle(PrivateKey.generate()))
    before = path.read_bytes()
    for arguments, code, words in (
        ((), 2, "one of --key and --store"),
        (("--key", "alice", "--store", "shop"), 2, "one of --key and --store"),
        (("--key", "shop"), 2, "not for developer"),
        (("--store", "alice"), 2, "not for store"),
        (("--store", "shop"), 1, "cannot be countersigned"),
        (("--store", "shop", "--payee", "12,Shop,CN"), 2, "names no payee"),
        (("--store", "shop", "--payee", "12,Shop,China,156"), 2, "no review can say"),
        (("--key", "alice", "--certificate", str(desk.folder / "shop.cert")), 2, "not the certificate of alice"),
    ):
        assert words in desk.refused(code, "sign", str(path), *arguments), arguments
    assert path.read_bytes() == before
    path.write_bytes(b"hello")
    assert "neither" in desk.refused(2, "sign", str(path), "--key", "alice")
    assert not desk.run("verify", str(path), code=1)["good"]
    assert "cannot be read" in desk.refused(3, "verify", str(tmp_path / "none"))


def test_tables_for_people(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tapwatch import cli

    desk.with_root()
    path = tmp_path / "tally.twb"
    path.write_bytes(own_bundle(PrivateKey.generate()))
    assert cli.main(["verify", str(path), "--keys", str(desk.folder)]) == 1
    out = capsys.readouterr().out
    assert "NOT GOOD" in out and "whose key this is cannot be said" in out and "Tally" in out


def test_every_kind_has_a_form() -> None:
    assert set(FORMS) | {
        "tapwatch/token-package",
        "tapwatch/app",
        "tapwatch/revocations",
        "tapwatch/certificate",
    } == set(envelope.KINDS)
    for kind in FORMS:
        assert not form_problems(kind, example(kind)), kind
        for wrong in (None, [], {}, {**example(kind), 99: 0}):  # type: ignore[dict-item]
            assert form_problems(kind, wrong)
