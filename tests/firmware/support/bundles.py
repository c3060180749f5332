"""Bundles and what surrounds them for tests of the shelf, made with the watch's own crypto.

Bundles of an independent maker are in tests/vectors/apps.
"""

import os
import struct

from board.counting.devices import Entropy, Flash
from board.software_secret import SECRET_BYTES, SoftwareSecret
from support.issuer import LATER_S, NOW_S, Party
from watch.access.device import DeviceKeys
from watch.access.records import DeviceRecords
from watch.apps.shelf import file_tree
from watch.apps.shelf.firmware_bundles import FirmwareBundles
from watch.apps.shelf.sealed_facts import SealedFacts
from watch.apps.shelf.shelf import Shelf
from watch.apps.shelf.shelf_parts import ShelfParts
from watch.crypto import cbor
from watch.crypto.hashes import sha256
from watch.crypto.random import Random
from watch.kernel.steps import finish
from watch.storage import records
from watch.storage.journal import Journal

FIELDS = ("id", "version", "kind", "api", "entry", "names", "icon", "colour", "permissions", "hosts", "files") + (
    "paid",
    "source",
    "tools",
)
CODE = (
    b"\x4d\x06\x00\x1f\x0c\x00\x0c\x61\x70\x70\x2e\x70\x79\x00\x0f\x06\x41\x70\x70\x00\x0a\x73\x70\x65"
    b"\x6e\x64\x00\x1c\x77\x61\x74\x63\x68\x2e\x61\x70\x70\x73\x2e\x61\x70\x69\x00\x04\x6e\x30\x00\x81"
    b"\x6d\x2f\x2d\x35\x82\x13\x0a\x77\x61\x74\x63\x68\x00\x82\x1c\x18\x04\x01\x32\x80\x10\x02\x10\x03"
    b"\x2a\x02\x1b\x04\x1c\x02\x16\x02\x1c\x03\x16\x03\x59\x54\x32\x00\x10\x05\x11\x02\x34\x03\x16\x05"
    b"\x51\x63\x01\x81\x14\x00\x04\x05\x48\x11\x07\x16\x08\x10\x05\x16\x09\x32\x00\x16\x06\x51\x63\x01"
    b"\x68\x12\x08\x06\x0a\x0b\x60\x12\x03\x34\x00\x59\x51\x63"
)
"""The smallest app, compiled: a class `n0` derived from `App` whose `open` counts its fuel."""
NAMES = {"en": "Counter", "zh": "\u8ba1\u6570\u5668"}
WORDS = {"en": {"more": "One more"}, "zh": {"more": "\u52a0\u4e00"}}
PAYEE = {1: "store-1", 2: "Tea House", 3: "CN", 4: 156}


class Home:
    """A journal, a folder and a shelf; `restart` is the next boot. Keys and clock are those of the test."""

    now_s = NOW_S
    root = b""
    device_id = b"device-1"

    def __init__(self, folder, flash=None, files=None, firmware=("torch",)):
        """`folder`: of the firmware, and of the files unless `files` says where they are."""
        self.flash = flash or Flash()
        self._secret = SoftwareSecret(bytearray(range(SECRET_BYTES)))
        self._folder, self._files, self._firmware = folder, files or folder + "/files", firmware
        self.random = Random(Entropy())
        self.random.seed()
        self.restart()

    @property
    def files(self):
        return self._files

    def restart(self):
        """Boot from the same flash and files."""
        self.journal = Journal(self.flash)
        self.journal.mount()
        self.sealed = DeviceRecords(self.journal, DeviceKeys(self._secret), self.random)
        self.facts = SealedFacts(self.journal, self.sealed)
        bundles = FirmwareBundles(self._folder + "/firmware", self._firmware, (), self.facts)
        self.parts = ShelfParts(self.facts, bundles, self._files, self, lambda: self.now_s)
        self.shelf = Shelf(self.parts)
        return self

    def install(self, data):
        """Bring a bundle, check it and install it."""
        self.shelf.install(self.check(data))

    def check(self, data):
        """Bring a bundle and check it."""
        return finish(self.shelf.check(write(self._files + "/apps/draft", data)))


class Cast:
    """A manufacturer, a store and two developers, with certificates."""

    def __init__(self, random):
        self.root, self.store, self.maker, self.other = [Party(random) for _ in range(4)]
        self.store_certificate = self.certify("store", self.store, 1, "Store")
        self.maker_certificate = self.certify("developer", self.maker, 2, "Ada Lin", id="ada")
        self.other_certificate = self.certify("developer", self.other, 3, "Bo Wu", id="bo")

    def certify(self, role, party, serial, name, until_s=LATER_S, signer=None, **attributes):
        """A certificate for a party."""
        fields = {1: role, 2: party.public, 3: 0, 4: until_s, 5: serial, 6: name, 7: attributes}
        return (signer or self.root).sign("tapwatch/certificate", fields)

    def reviewed(self, files, maker=None, certificate=None, payee=None, review=None, store_certificate=None, **changes):
        """A bundle with all that belongs to one in a store."""
        envelope, payload = enveloped(maker or self.maker, manifest(files, **changes))
        review = review or self.store.sign("tapwatch/app-review", {1: sha256(payload), 2: NOW_S, 3: payee})
        rest = (certificate or self.maker_certificate, review, store_certificate or self.store_certificate)
        return packed(envelope, files, rest)

    def licence(self, device_id, serial=1, app="counter", maker="ada", from_s=0, until_s=None, signer=None):
        """A licence of the store."""
        fields = {1: device_id, 2: app, 3: maker, 4: serial, 5: from_s, 6: until_s}
        return (signer or self.store).sign("tapwatch/licence", fields)

    def revocations(self, number, serials=(), manifests=(), signer=None):
        """A list of what is void."""
        fields = {1: number, 2: NOW_S, 3: list(serials), 4: list(manifests)}
        return (signer or self.root).sign("tapwatch/revocations", fields)


def manifest(files, **changes):
    """The fields of a manifest over `files`, a map of name to bytes."""
    fields = {
        1: "counter",
        2: [1, 0, 0],
        3: "app",
        4: 1,
        5: "app.n0",
        6: NAMES,
        7: "tiles",
        8: 0x4A9EFF,
        9: [],
        10: [],
        11: [[name, len(files[name]), sha256(files[name])] for name in sorted(files)],
        12: False,
        13: bytes(32),
        14: "tests",
    }
    fields.update({FIELDS.index(name) + 1: value for name, value in changes.items()})
    return fields


def enveloped(party, fields):
    """A signed manifest and its payload."""
    return party.sign("tapwatch/app", fields), cbor.encode(fields)


def packed(envelope, files, rest=(None, None, None)):
    """The bytes of a bundle."""
    head = cbor.encode([envelope] + list(rest))
    return b"TWB1" + struct.pack(">H", len(head)) + head + b"".join([files[name] for name in sorted(files)])


def signed(party, files, **changes):
    """A bundle without a review."""
    return packed(enveloped(party, manifest(files, **changes))[0], files)


def keep_some(services, issuer):
    """Records of apps on a watch without files: a licence, a list, a key, an app that went and one that is there."""
    shelf, later = services.shelf, {1: 1, 2: NOW_S, 3: [77], 4: [bytes(16)]}
    shelf.enrol(issuer.service.public, "Ada")
    shelf.revoke(issuer.root.sign("tapwatch/revocations", later))
    licence = {1: services.identity.device_id, 2: "lamp", 3: "ada", 4: 1, 5: 0, 6: None}
    store = issuer.certificate("store", issuer.service.public)
    shelf.add_licence(issuer.service.sign("tapwatch/licence", licence), store)
    shelf.open("torch")
    facts, place = SealedFacts(services.journal, services.sealed), records.APP
    for app in ("lamp", "counter"):
        first = [app, [1, 0, 0], "app", True, 1000, bytes(32), 0, "reviewed", "ada", "Ada Lin", bytes(16), 1]
        facts.commit({place: first + [[1, 2], LATER_S, PAYEE]})
        place += 1
    shelf.clear()
    shelf.remove("counter")
    facts.commit({records.APP_PAYMENT: ["lamp", 100, 156, "oil", bytes(8), 1, bytes(32), "code", b"envelope"]})


def write(path, data):
    """Put bytes into a file, whose folders are made."""
    parts = path.split("/")
    for count in range(1, len(parts)):
        file_tree.made("/".join(parts[:count]) or "/")
    with open(path, "wb") as file:
        file.write(data)
    return path


def content(path):
    """All files below a folder, by their paths in it."""
    found = {}
    for name in file_tree.names(path):
        below = path + "/" + name
        if os.stat(below)[0] & 0x4000:
            found.update({name + "/" + one: data for one, data in content(below).items()})
        else:
            with open(below, "rb") as file:
                found[name] = file.read()
    return found
