"""The bundles that come with the firmware: what is opened, what is checked, and when."""

from support.bundles import Desk, signed, write
from support.issuer import Party
from support.world import refused

from watch.apps.firmware_bundles import FirmwareBundles
from watch.kernel.errors import BundleError, CorruptError, SignerError

FOLDER = "build/tests/shelf"
FILES = {"app.mpy": b"M\x06\x00\x1f\x01\x00"}


def test_a_bundle_of_the_firmware_is_checked_once():
    desk = Desk()
    maker, other = Party(desk.random), Party(desk.random)
    shelf = FirmwareBundles(FOLDER, ("counter",), desk.sealed, maker.public)
    refused(CorruptError, FirmwareBundles(FOLDER + "-none", ("counter",), desk.sealed).open, "counter")
    path = write(FOLDER + "/counter.twb", signed(other, FILES))
    refused(SignerError, shelf.open, "counter")
    write(path, signed(maker, FILES))
    bundle = shelf.open("counter")
    assert bundle.manifest.version_text == "1.0.0" and bundle.read("app.mpy") == FILES["app.mpy"]
    assert bundle.manifest.modules == ("app",) and bundle.words("en") == {}
    checked = []
    again = FirmwareBundles(FOLDER, ("counter",), desk.sealed, maker.public)
    again._check = checked.append
    again.open("counter")
    assert not checked, "checked although its hash is known"
    write(path, signed(maker, FILES, version=[1, 0, 1]))
    again.open("counter")
    assert len(checked) == 1, "another file was not checked"
    write(path, signed(maker, FILES, id="other"))
    refused(BundleError, shelf.open, "counter")
