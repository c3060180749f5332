"""What comes with an app: bundles, words, pictures, and what a store and the root sign, damaged and invented."""

import random

from support.bundles import CODE, WORDS, Cast, Home, manifest, write
from support.issuer import NOW_S

from tests.fuzz.campaign import Campaign
from tests.fuzz.mutate import mutated, mutated_value, noise
from watch.apps.shelf import file_tree, pictures, review, words_file
from watch.apps.shelf.app_files import AppFiles
from watch.apps.shelf.bundle import Bundle
from watch.crypto import cbor
from watch.crypto.hashes import sha256
from watch.kernel.errors import (
    BundleError,
    InputError,
    LicenceError,
    QuotaError,
    ReplayError,
    SignatureError,
    SignerError,
)
from watch.kernel.steps import finish
from watch.ui import image

FOLDER = "build/tests/fuzz_bundles"
_PART = b"\x00\x03\x00\x02\x02" + b"\x00\x00\xff\xff" + b"\x00\x00\x00\x03" + b"\x12\x00\x11"
PICTURE = b"TWI1" + bytes((0, 0, 0, len(_PART))) * 2 + _PART + _PART
FILES = {"app.mpy": CODE, "words.cbor": cbor.encode(WORDS)}


def home():
    file_tree.removed(FOLDER)
    watch = Home(FOLDER)
    cast = Cast(watch.random)
    watch.root = cast.root.public
    return watch, cast


def test_bundle_files():
    """A file is a bundle whose parts fill it, or is refused."""
    random.seed(20261201)
    cast = home()[1]
    whole, path = cast.reviewed(FILES), FOLDER + "/one"

    def take(data):
        bundle = Bundle(write(path, data))
        for name, length, _ in bundle.manifest.files:
            assert len(bundle.read(name)) == length

    share = Campaign("bundles", take, BundleError, heap_bytes=2_048).run(lambda: mutated(whole), 2_000)
    assert share < 0.5


def test_words():
    random.seed(20261202)
    share = Campaign("words of apps", words_file.parse, BundleError).run(lambda: mutated(FILES["words.cbor"]), 2_000)
    assert 0.01 < share < 0.9


def test_pictures():
    """What the check takes, the screen reads: both panels' pictures, with the runs of every row."""
    random.seed(20261203)

    def take(data):
        finish(pictures.checking("icon.img", data))
        for large in (False, True):
            picture = image.parse(data, large)
            assert len(picture.rows) == picture.height

    share = Campaign("pictures of apps", take, BundleError).run(lambda: mutated(PICTURE), 2_000)
    assert 0.001 < share < 0.9


def test_pictures_that_nobody_checked():
    """A file that came onto the flash in another way is a picture, or is refused."""
    random.seed(20261205)

    def take(data):
        picture = image.parse(data, bool(random.getrandbits(1)))
        assert picture.width > 0 and len(picture.rows) == picture.height

    share = Campaign("pictures on flash", take, InputError).run(lambda: mutated(PICTURE), 2_000)
    assert 0.001 < share < 0.9


def test_what_a_store_signs():
    """Properly signed, and anything in it: a licence or a review is taken with all it says, or refused."""
    random.seed(20261204)
    watch, cast = home()
    licence = {1: watch.device_id, 2: "counter", 3: "ada", 4: 7, 5: 0, 6: NOW_S}
    judged = {1: sha256(b"manifest"), 2: NOW_S, 3: {1: "store-1", 2: "Tea House", 3: "CN", 4: 156}}

    def give(fields):
        watch.shelf.add_licence(cast.store.sign("tapwatch/licence", fields), cast.store_certificate)

    def say(fields):
        payee = finish(review.checking(cast.store.sign("tapwatch/app-review", fields), cast.store.public, b"manifest"))
        assert payee is None or len(payee) == 4

    declared = (InputError, LicenceError, ReplayError, QuotaError)
    share = Campaign("licences", give, declared).run(lambda: mutated_value(licence), 300, 20)
    assert 0.01 < share < 0.9
    share = Campaign("reviews", say, (InputError, SignatureError)).run(lambda: mutated_value(judged), 300, 20)
    assert 0.01 < share < 0.9


def test_lists_of_revocations():
    random.seed(20261205)
    watch, cast = home()
    fields = {1: 1, 2: NOW_S, 3: [4, 5], 4: [bytes(16)]}

    def take(fields):
        watch.shelf.revoke(cast.root.sign("tapwatch/revocations", fields))
        assert watch.parts.revocations.number == fields[1]
        watch.facts.commit({0x0600: None})
        watch.parts.revocations.forget()

    share = Campaign("lists of revocations", take, (InputError, ReplayError)).run(
        lambda: mutated_value(fields), 300, 20
    )
    assert 0.01 < share < 0.9


def test_keys_and_names_of_developers():
    random.seed(20261206)
    watch, cast = home()

    def take(body):
        if isinstance(body, list) and len(body) == 2:  # that is asked by the message
            watch.shelf.enrol(body[0], body[1])
            watch.shelf.dismiss(body[0])

    def make():
        return mutated_value([cast.maker.public, "Ada"]) if random.getrandbits(1) else [cast.maker.public, "Ada"]

    Campaign("keys of developers", take, InputError).run(make, 200, 20)


def test_names_of_files():
    """Nothing is written beside the folder of an app."""
    random.seed(20261207)
    file_tree.removed(FOLDER)
    write(FOLDER + "/files/x", b"")
    own = AppFiles(FOLDER + "/files", "counter")

    def take(name):
        own.write(name, b"")
        own.remove(name)

    def make():
        return mutated(b"../other/book.1").decode("latin-1") if random.getrandbits(1) else noise(3).decode("latin-1")

    def decoded():
        try:
            return make()
        except UnicodeError:
            return "book"

    Campaign("names of files of apps", take, (InputError, QuotaError)).run(decoded, 1_000)
    assert file_tree.names(FOLDER) == ["files"] and sorted(file_tree.names(FOLDER + "/files")) == ["data", "x"]
    assert file_tree.names(FOLDER + "/files/data") == ["counter"]


def test_a_manifest_with_a_signature():
    """Anything that an enrolled key signs is judged, or refused with one of the declared errors."""
    random.seed(20261208)
    watch, cast = home()
    watch.shelf.enrol(cast.maker.public, "Ada")
    good, path = manifest(FILES), FOLDER + "/one"

    def take(fields):
        head = cbor.encode([cast.maker.sign("tapwatch/app", fields), None, None, None])
        data = b"TWB1" + len(head).to_bytes(2, "big") + head + b"".join([FILES[name] for name in sorted(FILES)])
        verdict = watch.parts.trust.judge(Bundle(write(path, data)))
        assert verdict.level == "developer"

    share = Campaign("signed manifests", take, (BundleError, SignerError)).run(lambda: mutated_value(good), 300, 20)
    assert 0.01 < share < 0.9
