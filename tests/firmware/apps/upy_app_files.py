"""Files of an app: names, room, and that a write is whole."""

from support.bundles import content, write
from support.world import refused

from tests.power.appflash import PLACE, Flashes, Supply
from watch.apps.shelf import file_tree
from watch.apps.shelf.app_files import MAX_BYTES, MAX_FILES, AppFiles
from watch.kernel.errors import InputError, QuotaError, StateError, WriteError

FOLDER = "build/tests/app_files"


def files():
    file_tree.removed(FOLDER)
    write(FOLDER + "/x", b"")
    return AppFiles(FOLDER, "counter")


def test_a_file_is_written_read_and_deleted():
    own = files()
    assert own.names() == []
    refused(InputError, own.read, "book")
    own.write("book", b"one")
    own.write("book", b"two")
    own.write("a.txt", bytearray(3))
    assert own.names() == ["a.txt", "book"] and own.read("book") == b"two"
    assert AppFiles(FOLDER, "other").names() == [] and content(FOLDER)["data/counter/book"] == b"two"
    own.remove("book")
    own.remove("book")
    assert own.names() == ["a.txt"]


def test_names_and_room():
    own = files()
    for name in ("", ".draft", "..", "a/b", "../x", "A", "x" * 33, "a\x00", 7, None):
        for deed in (own.read, own.remove, lambda name: own.write(name, b"")):
            refused(InputError, deed, name)
    own.write("large", bytes(MAX_BYTES))
    refused(QuotaError, own.write, "more", b"x")
    own.write("large", bytes(MAX_BYTES - 1))
    own.write("more", b"x")
    own.remove("large")
    for number in range(MAX_FILES - 1):
        own.write("f%d" % number, b"")
    refused(QuotaError, own.write, "one.more", b"")
    nowhere = AppFiles(None, "counter")
    assert nowhere.names() == []
    refused(StateError, nowhere.write, "book", b"")


def test_a_cut_leaves_the_old_bytes_or_the_new_ones():
    with Flashes() as flashes:
        AppFiles(PLACE, "counter").write("book", b"old" * 400)
        images = flashes.images()
    tried = 0
    for refuse in (False, True):
        done = False
        while not done:
            with Flashes(images) as flashes:
                flashes.supply = flashes.blocks.supply = Supply(tried % 1000, 1, refuse)
                try:
                    AppFiles(PLACE, "counter").write("book", b"new" * 500)
                    done = tried % 1000 >= flashes.supply.count
                    said = b"new" * 500
                except WriteError:
                    said = None
                after = flashes.images()
            with Flashes(after) as flashes:
                found = AppFiles(PLACE, "counter").read("book")
                assert found in (b"old" * 400, b"new" * 500), tried
                assert said is None or found == said or not refuse, tried
            tried += 1
        tried = 1000
    print("NOTE files of apps: every write of a file cut and refused: old or new as a whole")
