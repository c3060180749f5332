"""Card art: files of any form, and parts in any order."""

import os
import random

from support.art import art_file

from tests.fuzz.campaign import Campaign
from tests.fuzz.mutate import mutated, noise, sizes
from watch.crypto.hashes import sha256
from watch.kernel.errors import InputError, StateError
from watch.system.art import CardArt
from watch.ui import picture

SHARE = "fuzz"
MOST = picture.MAX_BYTES
PART = 2048


def expect_sound(found):
    """Every row of an accepted picture is filled by its runs, in colours that there are."""
    at = 0
    for row in range(found.height):
        assert found.rows[row] == at
        x = 0
        while x < found.width:
            assert found.runs[at] >> 4 < len(found.palette)
            x += (found.runs[at] & 15) + 1
            at += 1
        assert x == found.width
    assert at == len(found.runs)


def test_files():
    random.seed(20261122)
    good = art_file()

    def take(data):
        expect_sound(picture.parse(data, bool(random.getrandbits(1))))

    def make():
        kind = random.randrange(3)
        if kind == 0:
            return mutated(good)
        at = random.randrange(16) if kind == 1 else random.randrange(len(good))  # colours stand in the first bytes
        return good[:at] + noise(1) + good[at + 1 :]

    share = Campaign("card art files", take, InputError, heap_bytes=3 * len(good)).run(make, 250, 5)
    assert 0.01 < share < 0.9, "the fuzzer must reach both ends"


def test_sizes():
    campaign = Campaign("card art at sizes", lambda data: picture.parse(data, True), InputError)
    good = art_file()
    for size in sizes(MOST):
        for data in (
            good,
            b"TWA1" + b"\xff" * 16,
            b"TWA1\x00\xa0\x00\x64\x10",
            b"TWA1\x00\xa0\x00\x64\x01\x00\x00\xff\xff",
        ):
            assert not campaign.one((data + bytes(max(0, size - len(data))))[:size])
    campaign.note()


class Token:
    """A card that asks for art."""

    def __init__(self, art):
        self.art = art


def folder():
    """An empty one."""
    path = "/tmp/upy_fuzz_art_%d" % id(object())
    try:
        os.mkdir(path)
    except OSError:
        for name in os.listdir(path):
            os.remove(path + "/" + name)
    return path


def test_parts():
    """Parts that lie about hash, place or length: never a picture that is not what its hash says."""
    random.seed(20261123)
    good, place = art_file(), folder()
    digest, broken = sha256(good), b"TWA1" + bytes(3000)
    cards = [Token(digest), Token(sha256(broken)), Token(None)]
    art = CardArt(place, True, lambda: cards)

    def take(part):
        held = art.take(*part)
        assert 0 < held <= MOST

    def make():
        data, name = random.choice(((good, digest), (good, digest), (broken, sha256(broken)), (noise(50), noise(32))))
        at = random.choice((0, 0, art._held, art._held, art._held, random.randrange(-1, len(data) + 2)))
        part = data[max(0, at) : max(0, at) + random.choice((PART, PART, PART, 1, 0, PART + 1))]
        total = random.choice((len(data), len(data), len(data), 0, at, MOST + 1, len(part)))
        return (name, at, total, part)

    Campaign("card art parts", take, (InputError, StateError), heap_bytes=3 * len(good)).run(make, 600)
    for name in os.listdir(place):
        if name != "draft":
            with open(place + "/" + name, "rb") as file:
                assert sha256(file.read()).hex() + ".twa" == name
    held = 0
    while held < len(good):
        held = art.take(digest, held, len(good), good[held : held + PART])
    assert art.picture(digest) is not None and art.picture(sha256(broken)) is None
    for name in os.listdir(place):
        os.remove(place + "/" + name)
    os.rmdir(place)
