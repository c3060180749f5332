"""What the shelf opens, installs, replaces and removes, and what stays of it."""

from support.bundles import CODE, PAYEE, WORDS, Cast, Home, content, signed, write
from support.issuer import Party
from support.world import refused

from watch.apps.settings import AppSettings
from watch.apps.shelf import file_tree
from watch.apps.shelf.firmware_bundles import FirmwareBundles
from watch.crypto import cbor
from watch.kernel.errors import (
    AppError,
    BundleError,
    CorruptError,
    InputError,
    LicenceError,
    QuotaError,
    ReplayError,
    SignatureError,
    SignerError,
    TakenError,
    VersionError,
)

SHARE = "flash and update"
FOLDER = "build/tests/shelf"
FILES = {"app.mpy": CODE, "words.cbor": cbor.encode(WORDS)}
_CAST = []


def home(**options):
    """An empty watch of a manufacturer, and the people around it; keys are made once."""
    file_tree.removed(FOLDER)
    watch = Home(FOLDER, **options)
    if not _CAST:
        _CAST.append(Cast(watch.random))
    watch.root = _CAST[0].root.public
    return watch, _CAST[0]


def test_a_bundle_of_the_firmware_is_checked_once():
    watch, cast = home()
    maker, place = Party(watch.random), FOLDER + "/firmware"

    def shelf(folder=place):
        return FirmwareBundles(folder, ("counter",), (), watch.facts, maker.public)

    refused(CorruptError, shelf(place + "-none").open, "counter")
    path = write(place + "/counter.twb", signed(cast.other, FILES))
    refused(SignerError, shelf().open, "counter")
    write(path, signed(maker, FILES))
    bundle = shelf().open("counter")
    assert bundle.manifest.version_text == "1.0.0" and bundle.read("app.mpy") == CODE
    assert bundle.manifest.modules == ("app",) and bundle.words("tlh") == {"more": "One more"}
    checked, again = [], shelf()
    again._check = checked.append
    again.open("counter")
    assert not checked, "checked although its hash is known"
    write(path, signed(maker, FILES, version=[1, 0, 1]))
    again.open("counter")
    assert len(checked) == 1, "another file was not checked"
    write(path, signed(maker, FILES, id="other"))
    refused(BundleError, shelf().open, "counter")


def test_an_app_comes_is_replaced_and_goes():
    watch, cast = home()
    watch.install(cast.reviewed(FILES, payee=PAYEE))
    shelf = watch.restart().shelf
    one = shelf.find("counter")
    assert (one.version, one.level, one.maker, one.kind, one.strikes) == ((1, 0, 0), "reviewed", "ada", "app", 0)
    assert shelf.verdict("counter").payee == PAYEE and shelf.verdict("counter").maker_name == "Ada Lin"
    assert shelf.open("counter").words("zh") == WORDS["zh"] and one.licensed
    settings = AppSettings(watch.journal, "counter")
    settings.set("count", 7)
    settings.end()
    write(watch.files + "/data/counter/book", b"pages")
    watch.install(cast.reviewed(FILES, version=[1, 1, 0]))
    assert shelf.open("counter").manifest.version_text == "1.1.0"
    assert len(content(watch.files + "/apps")) == 1 and AppSettings(watch.journal, "counter").get("count", 0) == 7
    assert content(watch.files)["data/counter/book"] == b"pages"
    refused(VersionError, watch.install, cast.reviewed(FILES))
    shelf.remove("counter")
    assert shelf.find("counter") is None and content(watch.files) == {"apps/draft": cast.reviewed(FILES)}
    assert AppSettings(watch.journal, "counter").get("count", 0) == 0
    refused(VersionError, watch.restart().install, cast.reviewed(FILES, version=[1, 0, 9]))
    watch.install(cast.reviewed(FILES, version=[1, 1, 0]))
    refused(AppError, watch.shelf.remove, "nothing")
    watch.shelf.tidy()
    watch.shelf.clear()
    assert content(watch.files) == {} and not watch.shelf.find("torch").off


def test_who_signed_it():
    watch, cast = home()
    other_root, stranger = Party(watch.random), Party(watch.random)
    by_other = cast.certify("developer", cast.maker, 9, "Ada Lin", signer=other_root, id="ada")
    for why, data in (
        ("nobody enrolled it", signed(cast.maker, FILES)),
        ("another root", cast.reviewed(FILES, certificate=by_other)),
        ("role", cast.reviewed(FILES, certificate=cast.certify("update", cast.maker, 9, "x", id="ada"))),
        ("store's role", cast.reviewed(FILES, store_certificate=cast.maker_certificate)),
        ("expired", cast.reviewed(FILES, certificate=cast.certify("developer", cast.maker, 9, "x", 1000, id="ada"))),
        ("no maker", cast.reviewed(FILES, certificate=cast.certify("developer", cast.maker, 9, "x"))),
        ("maker", cast.reviewed(FILES, certificate=cast.certify("developer", cast.maker, 9, "x", id="tapwatch"))),
        ("another key", cast.reviewed(FILES, maker=stranger)),
        ("another's certificate", cast.reviewed(FILES, certificate=cast.other_certificate)),
        ("review", cast.reviewed(FILES, review=cast.store.sign("tapwatch/app-review", {1: bytes(32), 2: 1, 3: None}))),
        ("review's kind", cast.reviewed(FILES, review=cast.store.sign("tapwatch/app", {1: bytes(32), 2: 1, 3: None}))),
        ("payee", cast.reviewed(FILES, payee={1: "a", 2: "b", 3: "cn", 4: 156})),
    ):
        refused(SignerError, watch.check, data)
        assert watch.shelf.find("counter") is None, why
    watch.root = b""
    refused(SignerError, watch.check, cast.reviewed(FILES))


def test_what_is_void_is_not_installed_and_not_opened():
    watch, cast = home()
    watch.install(cast.reviewed(FILES))
    shelf = watch.shelf
    manifest = shelf.verdict("counter").manifest
    shelf.revoke(cast.revocations(1, serials=[99]))
    shelf.open("counter")
    refused(ReplayError, shelf.revoke, cast.revocations(1, serials=[2]))
    refused(SignatureError, shelf.revoke, cast.revocations(2, signer=cast.store))
    refused(InputError, shelf.revoke, cast.root.sign("tapwatch/revocations", {1: 2, 2: 0, 3: [], 4: [b"short"]}))
    shelf.revoke(cast.revocations(5, manifests=[manifest]))
    refused(SignerError, shelf.open, "counter")
    refused(SignerError, watch.check, cast.reviewed(FILES))
    shelf.revoke(cast.revocations(6, serials=[1]))
    refused(SignerError, watch.restart().shelf.open, "counter")
    refused(ReplayError, watch.shelf.revoke, cast.revocations(5))
    watch.shelf.revoke(cast.revocations(7))
    watch.shelf.open("counter")
    watch.now_s = 4_000_000_001
    refused(SignerError, watch.shelf.open, "counter")


def test_a_developers_key_is_enrolled_and_goes_with_its_apps():
    watch, cast = home()
    shelf = watch.shelf
    refused(InputError, shelf.enrol, bytes(64), "Ada")
    refused(InputError, shelf.enrol, cast.maker.public, "")
    shelf.enrol(cast.maker.public, "Ada")
    shelf.enrol(cast.maker.public, "Ada Lin")
    watch.install(signed(cast.maker, FILES, paid=True))
    one = watch.restart().shelf.find("counter")
    assert (one.level, one.maker, one.licensed) == ("developer", cast.maker.key_id.hex(), True)
    refused(VersionError, watch.check, cast.reviewed(FILES, version=[2, 0, 0]))
    watch.shelf.open("counter")
    for _ in range(3):
        watch.shelf.enrol(Party(watch.random).public, "more")
    refused(QuotaError, watch.shelf.enrol, Party(watch.random).public, "one too many")
    refused(InputError, watch.shelf.dismiss, cast.other.public)
    watch.shelf.dismiss(cast.maker.public)
    assert watch.restart().shelf.find("counter") is None and len(watch.shelf.developers.all()) == 3
    refused(SignerError, watch.check, signed(cast.maker, FILES))


def test_a_licence_is_for_one_watch_and_one_maker():
    watch, cast = home()
    watch.install(cast.reviewed(FILES, paid=True))
    shelf, mine = watch.shelf, watch.device_id
    assert not shelf.find("counter").licensed
    refused(LicenceError, shelf.open, "counter")
    certificate = cast.store_certificate
    refused(LicenceError, shelf.add_licence, cast.licence(b"device-2"), certificate)
    refused(SignatureError, shelf.add_licence, cast.licence(mine, signer=cast.maker), certificate)
    refused(SignatureError, shelf.add_licence, cast.licence(mine, signer=cast.maker), cast.maker_certificate)
    shelf.add_licence(cast.licence(mine, serial=3, maker="bo"), certificate)
    refused(LicenceError, shelf.open, "counter")
    assert shelf.add_licence(cast.licence(mine, serial=4, until_s=watch.now_s + 10), certificate) == "counter"
    watch.restart().shelf.open("counter")
    refused(ReplayError, watch.shelf.add_licence, cast.licence(mine, serial=3), certificate)
    watch.now_s += 11
    refused(LicenceError, watch.shelf.open, "counter")
    watch.shelf.add_licence(cast.licence(mine, serial=5), certificate)
    watch.shelf.open("counter")
    watch.shelf.add_licence(cast.licence(mine, serial=6, until_s=1), certificate)
    refused(ReplayError, watch.shelf.add_licence, cast.licence(mine, serial=5), certificate)
    refused(LicenceError, watch.restart().shelf.open, "counter")
    watch.shelf.remove("counter")
    watch.install(cast.reviewed(FILES, paid=True))
    refused(LicenceError, watch.shelf.open, "counter")
    watch.shelf.revoke(cast.revocations(1, serials=[1]))
    refused(SignerError, watch.shelf.add_licence, cast.licence(mine, serial=7), certificate)


def test_names_ids_and_room():
    watch, cast = home()
    write(
        FOLDER + "/firmware/torch.twb",
        signed(cast.maker, FILES, id="torch", names={"en": "Torch", "zh": "\u624b\u7535\u7b52"}),
    )
    refused(VersionError, watch.check, cast.reviewed(FILES, id="torch"))
    for english in (
        "TORCH",
        "T0rch",
        "\uff34orch",
        "T orch",
        "\u0422orch",
        "Wal1et",
        "pay",
        "My Tapwatch",
        "\u0420ay",
        "...",
    ):
        refused(TakenError, watch.check, cast.reviewed(FILES, names={"en": english, "zh": "\u706f"}))
    refused(TakenError, watch.check, cast.reviewed(FILES, names={"en": "Lamp", "zh": "\u624b \u7535\u7b52"}))
    watch.install(cast.reviewed(FILES))
    refused(
        TakenError, watch.check, cast.reviewed(FILES, id="counter2", names={"en": "Lamp", "zh": "\u8ba1\u6570\u5668"})
    )
    watch.check(cast.reviewed(FILES, version=[1, 0, 1]))
    by_bo = {"maker": cast.other, "certificate": cast.other_certificate}
    refused(VersionError, watch.check, cast.reviewed(FILES, version=[3, 0, 0], **by_bo))
    for number in range(23):
        watch.install(
            cast.reviewed(
                FILES, id="app%d" % number, names={"en": "Number %d" % (number + 2), "zh": "%d \u53f7" % (number + 2)}
            )
        )
    refused(QuotaError, watch.check, cast.reviewed(FILES, id="more", names={"en": "More", "zh": "\u66f4\u591a"}))
    watch.install(cast.reviewed(FILES, version=[1, 0, 2]))
    assert len(watch.shelf.installed()) == 24 and len(content(watch.files + "/apps")) == 24


def test_strikes_stay_with_the_app():
    watch, cast = home()
    watch.install(cast.reviewed(FILES))
    assert [watch.shelf.strike("counter") for _ in range(3)] == [1, 2, 3]
    assert [watch.shelf.strike("torch") for _ in range(2)] == [1, 2]
    assert watch.restart().shelf.find("counter").off and not watch.shelf.find("torch").strikes
    watch.shelf.pardon("counter")
    assert not watch.restart().shelf.find("counter").strikes


def test_what_was_checked_may_not_change_before_it_is_installed():
    watch, cast = home()
    checked = watch.check(cast.reviewed(FILES))
    write(watch.files + "/apps/draft", cast.reviewed(FILES, permissions=["haptics"]))
    refused(BundleError, watch.shelf.install, checked)
    checked = watch.check(cast.reviewed(FILES))
    watch.shelf.revoke(cast.revocations(1, serials=[2]))
    refused(SignerError, watch.shelf.install, checked)
    assert watch.shelf.find("counter") is None


def test_a_damaged_file_is_not_opened():
    watch, cast = home()
    watch.install(cast.reviewed(FILES))
    path = watch.files + "/apps/" + watch.shelf.find("counter").file
    whole = content(watch.files + "/apps").popitem()[1]
    write(path, whole[:-1] + b"\x00")
    refused(CorruptError, watch.shelf.open, "counter")
    file_tree.removed(path)
    refused(CorruptError, watch.shelf.open, "counter")
    watch.install(whole)
    watch.shelf.open("counter")
