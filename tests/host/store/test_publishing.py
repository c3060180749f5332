"""Publications and reviews: who may, what rises, and that only what the store packs itself is countersigned."""

from __future__ import annotations

import gzip
import hashlib
import io
import secrets
import struct
import tarfile
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from tapwatch.apps import archive, bundle, pack
from tapwatch.bank.problems import AccessProblem, BankProblem, BusyProblem, RequestProblem, StateProblem, UnknownProblem
from tapwatch.signing import envelope, revocations
from tapwatch.signing.keys import PrivateKey
from tapwatch.store import packing, publication, source_diff
from tapwatch.store.catalogue import Wish
from tapwatch.store.submissions import PER_DAY
from tests.host.bank.world import DAY_S, EUR
from tests.host.store.mall import Maker, listing, project

if TYPE_CHECKING:
    from tests.host.store.mall import Mall

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc33"
    "0000000049454e44ae426082"
)


def png(width: int, height: int) -> bytes:
    """The head of a picture of that size, whatever is in it."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return PICTURE[:8] + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head)) + PICTURE[33:]


def test_from_source_to_a_watch(mall: Mall) -> None:
    """What is downloaded is signed by developer and store, and names the payee."""
    (found,) = mall.store.apps(Wish(search="app tea"))[0]
    data = mall.store.bundle(bytes.fromhex(found["digest"]))
    file = bundle.read(data)
    assert file.certificate == mall.bob.certificate
    assert file.store_certificate == mall.store.certificate
    envelope.verify(file.envelope, mall.bob.key.public, "tapwatch/app")
    review = envelope.verify(file.review or b"", mall.store_key.public, "tapwatch/app-review").payload
    payee = {1: str(mall.payee()), 2: "Bob's Tea", 3: "DE", 4: EUR}
    assert review == {1: file.digest, 2: mall.world.clock.now, 3: payee}
    assert len(data) == found["bytes"]


def test_a_request_counts_once(mall: Mall) -> None:
    data = mall.request(mall.ann, project("clock"), listing())
    first = mall.store.publish(data)
    assert [mall.store.publish(data) for _ in range(2)] == [first, first]
    assert (first.app, first.version, first.state) == ("clock", "1.0.0", "waiting")
    (waiting,) = mall.store.reviews()
    mall.store.accept(waiting["review"])
    assert mall.store.accept(waiting["review"]) == mall.store.accept(waiting["review"])
    assert mall.store.publication(first.publication).state == "accepted"
    assert mall.store.publish(data).state == "accepted"
    with pytest.raises(StateProblem, match="was accepted"):
        mall.store.reject(waiting["review"], "late")


def test_versions_only_rise(mall: Mall) -> None:
    for version in ("1.0.0", "0.9.9"):
        with pytest.raises(StateProblem, match="raise"):
            try:
                mall.publish(mall.ann, project("tally", version), listing())
            except StateProblem as problem:
                raise StateProblem(problem.hint) from problem
    mall.publish(mall.ann, project("tally", "1.2.0"), listing())
    with pytest.raises(StateProblem):
        mall.publish(mall.ann, project("tally", "1.1.9"), listing())
    (waiting,) = mall.store.reviews()
    mall.store.reject(waiting["review"], "It does not count.")
    again = mall.publish(mall.ann, project("tally", "1.2.0", word="two"), listing())
    assert again.state == "waiting"
    old = mall.store.app("tally")
    mall.store.accept(mall.store.reviews()[0]["review"])
    new = mall.store.app("tally")
    assert (old["version"], new["version"], len(new["versions"])) == ("1.0.0", "1.2.0", 2)


def test_ids_and_names_belong_to_one_maker(mall: Mall) -> None:
    with pytest.raises(StateProblem, match="another maker's"):
        mall.publish(mall.bob, project("tally", "2.0.0"), listing())
    for name in ("App tally", "APP TALLY", "Ａｐｐ·Tally", "App-Tälly!"):
        with pytest.raises(StateProblem, match="of that name"):
            mall.publish(mall.bob, project("other", **{"name.en": f'"{name}"'}), listing())
    assert mall.publish(mall.ann, project("other", **{"name.en": '"App Tally"'}), listing()).state == "waiting"


def test_what_a_reviewer_sees(mall: Mall) -> None:
    files = project("tally", "1.1.0", permissions='["web"]', hosts='["example.org"]', word="two")
    mall.publish(mall.ann, files, listing(category="games"))
    found = mall.store.review(mall.store.reviews()[0]["review"])
    assert (found["before"], found["version"], found["faults"]) == ("1.0.0", "1.1.0", [])
    assert found["changes"]["permissions"] == [[], ["web"]]
    assert found["changes"]["hosts"] == [[], ["example.org"]]
    assert found["changes"]["listing"][1]["category"] == "games"
    assert set(found["changes"]["files"][1]) == {"app.mpy"}
    assert '-version = "1.0.0"' in found["source"]
    hidden = source_diff.diff({"a.py": b"one"}, {"a.py": "\u202e\x1b[2J".encode(), "a.png": b"\xff"})
    assert "+\\x202e\\x1b[2J" in hidden
    assert any(line.startswith("a.png: nothing -> ") for line in hidden)


def test_only_the_same_bytes_are_countersigned(mall: Mall) -> None:
    """A bundle that says it was made of this source, and was not."""
    files = project("clock")
    honest = bundle.read(pack.pack_files(files, mall.ann.key, mall.ann.certificate).bundle)
    evil = pack.pack_files(project("clock", word="evil"), mall.ann.key, mall.ann.certificate).files
    manifest = {**honest.manifest, 11: bundle.files_field(evil)}
    forged = bundle.write(mall.ann.key.sign("tapwatch/app", manifest), evil, mall.ann.certificate)
    parts = [("bundle", forged), ("archive", archive.write(files))]
    mall.store.publish(mall.signed(mall.ann, "publish", listing(), parts))
    number = mall.store.reviews()[0]["review"]
    with pytest.raises(StateProblem, match=r"another bundle: app\.mpy"):
        mall.store.accept(number)
    with pytest.raises(UnknownProblem):
        mall.store.app("clock")
    tools = {**honest.manifest, 14: "other tools"}
    data = bundle.write(mall.ann.key.sign("tapwatch/app", tools), honest.files, mall.ann.certificate)
    with pytest.raises(StateProblem, match="packed with"):
        packing.check_same(data, archive.write(files))


def test_source_that_breaks_the_rules_is_seen(mall: Mall) -> None:
    files = project("clock")
    files["app.py"] += b"\n\ndef peek(thing):\n    return thing.__class__\n"
    good = bundle.read(pack.pack_files(project("clock"), mall.ann.key, mall.ann.certificate).bundle)
    source = archive.write(files)
    manifest = {**good.manifest, 13: hashlib.sha256(source).digest()}
    data = bundle.write(mall.ann.key.sign("tapwatch/app", manifest), good.files, mall.ann.certificate)
    mall.store.publish(mall.signed(mall.ann, "publish", listing(), [("bundle", data), ("archive", source)]))
    number = mall.store.reviews()[0]["review"]
    assert any("app.py" in fault for fault in mall.store.review(number)["faults"])
    with pytest.raises(StateProblem, match="does not pack"):
        mall.store.accept(number)


def test_nobody_waits_while_a_review_is_packed(mall: Mall, monkeypatch: pytest.MonkeyPatch) -> None:
    number = mall.store.review(_handed_in(mall, "clock"))["review"]
    same = packing.check_same

    def writes_meanwhile(data: bytes, source: bytes) -> None:
        mall.store.add_party("Meanwhile", "other", "")
        same(data, source)

    monkeypatch.setattr(packing, "check_same", writes_meanwhile)
    assert mall.store.accept(number)
    assert "Meanwhile" in [party.name for party in mall.store.parties()]


def _handed_in(mall: Mall, app: str) -> int:
    """Number of its review."""
    mall.publish(mall.ann, project(app), listing())
    return mall.store.reviews()[-1]["review"]


def test_signatures_that_do_not_hold(mall: Mall) -> None:
    data = mall.request(mall.ann, project("clock"), listing())
    length = int.from_bytes(data[:2], "big")
    for at in (length, length - 40, 60):
        bad = bytearray(data)
        bad[at] ^= 1
        with pytest.raises((AccessProblem, RequestProblem)):
            mall.store.publish(bytes(bad))
    with pytest.raises(RequestProblem):
        mall.store.publish(data[:-1])
    with pytest.raises(RequestProblem):
        mall.store.publish(data + b"x")
    mall.world.clock.now += 901
    with pytest.raises(AccessProblem, match="too old"):
        mall.store.publish(data)
    stranger = Maker("ann", PrivateKey.generate(), mall.ann.certificate)
    with pytest.raises(AccessProblem, match="knows no developer"):
        mall.publish(stranger, project("clock"), listing())
    with pytest.raises(AccessProblem, match="somebody else"):
        mall.publish(Maker("ann", mall.ann.key, mall.bob.certificate), project("clock"), listing())
    assert mall.store.reviews() == []


def test_a_nonce_is_used_once(mall: Mall) -> None:
    nonce, now = secrets.token_bytes(16), mall.world.clock.now
    for app, problem in (("tally", None), ("chess", AccessProblem)):
        data = publication.compose(mall.ann.key, "withdraw", nonce, now, {"app": app}, [])
        if problem is None:
            mall.store.publish(data)
        else:
            with pytest.raises(problem):
                mall.store.publish(data)


def test_a_flood_of_publications(mall: Mall) -> None:
    for _ in range(PER_DAY - 2):  # two were published when the mall was stocked
        mall.store.publish(mall.signed(mall.ann, "withdraw", {"app": "tally"}, []))
    with pytest.raises(BusyProblem):
        mall.store.publish(mall.signed(mall.ann, "withdraw", {"app": "tally"}, []))
    assert mall.store.publish(mall.signed(mall.bob, "withdraw", {"app": "tea"}, [])).state == "done"
    mall.world.clock.now += DAY_S
    mall.store.publish(mall.signed(mall.ann, "withdraw", {"app": "tally"}, []))


def test_withdrawn_apps_vanish(mall: Mall) -> None:
    digest = bytes.fromhex(mall.store.app("tally")["digest"])
    with pytest.raises(UnknownProblem):
        mall.store.publish(mall.signed(mall.bob, "withdraw", {"app": "tally"}, []))
    mall.store.publish(mall.signed(mall.ann, "withdraw", {"app": "tally"}, []))
    assert [app["id"] for app in mall.store.apps(Wish())[0]] == ["chess", "tea"]
    with pytest.raises(UnknownProblem):
        mall.store.bundle(digest)
    with pytest.raises(StateProblem, match="withdrawn"):
        mall.publish(mall.ann, project("tally", "3.0.0"), listing())


def test_revocation_lists_rise(mall: Mall) -> None:
    assert mall.store.revocations() is None
    lists = [revocations.issue(mall.world.root, number, 1, [5]) for number in (3, 2)]
    assert mall.store.set_revocations(lists[0]) == 3
    with pytest.raises(RequestProblem, match="not newer"):
        mall.store.set_revocations(lists[1])
    with pytest.raises(RequestProblem, match="no revocation list"):
        mall.store.set_revocations(revocations.issue(mall.ann.key, 9, 1))
    assert mall.store.revocations() == lists[0]


def tar(*members: tuple[str, bytes, bytes]) -> bytes:
    """An archive of (name, content, type), in a form of its own."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as file:
        for name, content, kind in members:
            entry = tarfile.TarInfo(name)
            entry.size, entry.type, entry.linkname = len(content), kind, "/etc/passwd"
            file.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def bombs() -> dict[str, bytes]:
    """Archives that want more than to be read."""
    huge = bytearray(tar(("app.py", b"x", tarfile.REGTYPE)))
    huge[124:136] = b"77777777777\0"  # it says that it holds 8 GB
    return {
        "path": tar(("../../etc/cron.d/x", b"x", tarfile.REGTYPE)),
        "absolute": tar(("/etc/passwd", b"x", tarfile.REGTYPE)),
        "folder": tar(("a/app.toml", b"x", tarfile.REGTYPE)),
        "link": tar(("app.toml", b"", tarfile.SYMTYPE)),
        "hard link": tar(("app.toml", b"", tarfile.LNKTYPE)),
        "device": tar(("app.toml", b"", tarfile.CHRTYPE)),
        "twice": tar(("app.py", b"x", tarfile.REGTYPE), ("app.py", b"y", tarfile.REGTYPE)),
        "many": tar(*((f"m{number}.py", b"", tarfile.REGTYPE) for number in range(200))),
        "huge": bytes(huge),
        "zip bomb": zlib.compress(bytes(1 << 24)),
        "gzip": gzip.compress(archive.write(project("clock"))),
        "noise": secrets.token_bytes(4096),
        "long": bytes(packing.MAX_ARCHIVE_BYTES + 1),
    }


@pytest.mark.parametrize("name", bombs())
def test_archives_that_are_traps(mall: Mall, name: str) -> None:
    data = pack.pack_files(project("clock"), mall.ann.key, mall.ann.certificate).bundle
    with pytest.raises(RequestProblem):
        mall.store.publish(mall.signed(mall.ann, "publish", listing(), [("bundle", data), ("archive", bombs()[name])]))
    assert mall.store.reviews() == []


LISTINGS: list[dict[str, Any]] = [
    {"category": "spam"},
    {"category": ["tools"]},
    {"summary": {}},
    {"summary": {"fr": "Bonjour"}},
    {"summary": {"en": "x" * 81}},
    {"summary": {"en": "two\nlines"}},
    {"summary": {"en": "\u202eevil"}},
    {"summary": {"en": "\x1b[2J"}},
    {"summary": {"en": 5}},
    {"description": {"en": "x" * 2001}},
    {"description": {"en": "\0"}},
    {"notes": None},
    {"notes": "x" * 501},
    {"prices": [["**", EUR, 100]]},
    {"payee": ["X", "DE", EUR]},
    {"payee": 5},
    {"more": 1},
]


@pytest.mark.parametrize("change", LISTINGS, ids=str)
def test_listings_that_are_refused(mall: Mall, change: dict[str, Any]) -> None:
    with pytest.raises(RequestProblem):
        mall.publish(mall.ann, project("clock"), listing(**change))


PRICES = (
    [["**", EUR, 0]],
    [["**", EUR, -5]],
    [["**", EUR, 10**12]],
    [["**", 1, 100]],
    [["DEU", EUR, 100]],
    [["**", EUR, True]],
    [["**", EUR, 1.5]],
    [["**", EUR, 100], ["**", EUR, 200]],
    [["**", EUR]],
    [["**", EUR, 100]] * 65,
    [],
    None,
)


@pytest.mark.parametrize("prices", PRICES, ids=str)
def test_prices_that_are_refused(mall: Mall, prices: Any) -> None:
    with pytest.raises((RequestProblem, ValueError)):
        mall.publish(mall.ann, project("clock", paid=True), listing(prices=prices))


@pytest.mark.parametrize("picture", [b"GIF89a", PICTURE[:20], png(1025, 1), png(2**31 - 1, 2**31 - 1), b"\x89PNG"])
def test_pictures_that_are_refused(mall: Mall, picture: bytes) -> None:
    with pytest.raises(RequestProblem):
        mall.store.publish(mall.request(mall.ann, project("clock"), listing(), (picture,)))


def test_texts_of_every_script(mall: Mall) -> None:
    """Any script and emoji can be told; they are searched in their own form."""
    texts = {"en": "مرحبا 👩‍🚀 שלום <script>alert(1)</script> ' OR 1=1 --", "zh": "计数器"}
    mall.listed(mall.ann, project("clock"), listing(summary=texts, description=texts))
    assert mall.store.app("clock")["summary"] == texts
    assert [app["id"] for app in mall.store.apps(Wish(search="计数"))[0]] == ["clock"]
    assert [app["id"] for app in mall.store.apps(Wish(search="مرحبا"))[0]] == ["clock"]
    assert mall.store.apps(Wish(search="' OR 1=1 --"))[0][0]["id"] == "clock"
    assert mall.store.apps(Wish(search="100%_"))[0] == []


def test_an_app_keeps_its_payee(mall: Mall) -> None:
    files = project("tea", "1.1.0", permissions='["payment"]')
    mall.publish(mall.bob, files, listing(payee=["Somebody Else", "DE", EUR]))
    with pytest.raises(StateProblem, match="keeps its payee"):
        mall.store.accept(mall.store.reviews()[0]["review"])


def test_filters(mall: Mall) -> None:
    def ids(**wish: Any) -> list[str]:
        return [app["id"] for app in mall.store.apps(Wish(**wish))[0]]

    assert ids() == ["chess", "tally", "tea"]
    assert ids(region="DE", currency=EUR) == ["chess", "tally", "tea"]
    assert ids(region="DE", currency=156) == ["tally", "tea"]
    assert ids(without=frozenset({"payment"})) == ["chess", "tally"]
    assert ids(category="games") == ["chess"]
    assert ids(kind="face") == []
    assert ids(api=1, after="chess") == ["tally", "tea"]
    prices = {region: mall.store.app("chess", region, EUR)["price"]["amount_minor"] for region in ("CN", "DE")}
    assert prices == {"CN": 300, "DE": 499}
    for wrong in ({"region": "x"}, {"search": "x" * 61}):
        with pytest.raises(BankProblem):
            ids(**wrong)
