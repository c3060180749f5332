"""The signing room against files that anybody may have written: keys, registers, names of tokens, bundles, payloads."""

from __future__ import annotations

import json
import random

import pytest

from tapwatch.signing import envelope, key_file, register, revocations, token_uri
from tapwatch.signing.bundle_check import check_bundle
from tapwatch.signing.chain import Context
from tapwatch.signing.envelope import SignatureProblem
from tapwatch.signing.forms import FORMS, form_problems
from tapwatch.signing.key_file import KeyFile, KeyFileProblem
from tapwatch.signing.keys import PrivateKey
from tapwatch.signing.manifest_form import file_problems, manifest_problems
from tapwatch.signing.register import Contents, Issued, RegisterProblem
from tapwatch.signing.token_uri import UriProblem
from tests.fuzz.campaign import Campaign
from tests.fuzz.mutate import mutated, mutated_text, mutated_value, noise
from tests.host.signing.desk import MODULE, START, Cast, manifest
from tests.host.signing.test_verify import ICON, example

SLOW_MS = 200
"""Of a bundle: four signatures and their certificates."""


@pytest.fixture(scope="module")
def key() -> PrivateKey:
    return PrivateKey.generate()


def test_key_files(key: PrivateKey) -> None:
    good = KeyFile("acme", "root", key.public, "2026-11-23", token="pkcs11:token=a;object=b")
    forms = [key_file.secret_form(good), key_file.public_form(good)]
    campaign = Campaign("key files", key_file.parse, KeyFileProblem)
    campaign.run(lambda: mutated(random.choice(forms)), 1_000)


def test_registers() -> None:
    rows = tuple(Issued(n, "device", f"W {n}", "00" * 64, 1, 2, "ab") for n in range(1, 5))
    good = register.encode(Contents(rows, 3))
    lines = [json.loads(line) for line in good.splitlines()]

    def make() -> bytes:
        if random.getrandbits(1):
            return mutated(good)
        changed = mutated_value(lines)
        return (
            "\n".join(json.dumps(line, default=str) for line in changed).encode() if isinstance(changed, list) else b""
        )

    Campaign("registers", register.decode, RegisterProblem).run(make, 1_000)


def test_names_of_tokens() -> None:
    good = "pkcs11:token=a%20b;serial=01;object=%e6%b0%b4;id=%01?module-path=/l.so&pin-source=file:/pin"
    Campaign("names of tokens", token_uri.parse, UriProblem).run(lambda: mutated_text(good), 1_000)


def test_revocation_lists() -> None:
    good = {1: 3, 2: START, 3: [1, 5, 9], 4: [b"a" * 16, b"b" * 16]}
    Campaign("revocation lists", revocations.read, SignatureProblem).run(lambda: mutated_value(good), 1_000)


def test_payloads() -> None:
    """What is said of a payload is said in words, whatever it is."""
    kinds = sorted(FORMS)
    known = {kind: example(kind) for kind in kinds}
    campaign = Campaign("payloads", lambda pair: form_problems(*pair), KeyError)

    def make() -> tuple[str, object]:
        kind = random.choice(kinds)
        return kind, mutated_value(known[kind], 4)

    campaign.run(make, 1_000)


def test_manifests_and_files() -> None:
    good = manifest({"app.mpy": MODULE, "icon.img": ICON})
    Campaign("manifests", manifest_problems, KeyError).run(lambda: mutated_value(good, 4), 1_000)
    files = {"app.mpy": MODULE, "icon.img": ICON, "words.cbor": b"\xa1\x62en\xa1\x61a\x61b"}

    def one() -> tuple[str, bytes]:
        name = random.choice(list(files))
        return name, mutated(files[name])

    Campaign("files of bundles", lambda pair: file_problems(*pair), KeyError).run(one, 1_000)


def test_bundles() -> None:
    """Damage, and manifests of any content that are signed as they should be."""
    cast = Cast.make()
    good, context = cast.bundle(), Context(cast.root.public, START + 1)
    fields = manifest({"app.mpy": MODULE})

    def make() -> bytes:
        if random.getrandbits(2):
            return mutated(good)
        signed = cast.developer.sign("tapwatch/app", mutated_value(fields, 4))
        head = envelope.cbor.encode([signed, cast.certificate(cast.developer, "developer", 1), None, None])
        return b"TWB1" + len(head).to_bytes(2, "big") + head + MODULE

    def take(data: bytes) -> None:
        links, _ = check_bundle(data, context, lambda _: None)
        if not all(link.good for link in links):
            raise SignatureProblem(links[0].result)

    campaign = Campaign("bundles", take, SignatureProblem, most_ms=SLOW_MS)
    campaign.run(make, 300, fewer=10)
    campaign.run(lambda: noise(random.randrange(80)), 300, fewer=10)
