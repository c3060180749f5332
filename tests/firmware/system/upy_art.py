"""Card art: taken in parts, checked by its hash, never half there."""

import os

from support import scrubbing
from support.art import art_file

from board.counting.board import build
from watch.crypto.hashes import sha256
from watch.kernel.errors import InputError, StateError, WriteError
from watch.system.art import CardArt
from watch.system.services import Services

scrubbing.leave_out()

_FILE = art_file()
_DIGEST = sha256(_FILE)
_PART = 2048


class _Token:
    def __init__(self, art):
        self.art = art


def _folder():
    path = "/tmp/upy_art_%d" % id(object())
    try:
        os.mkdir(path)
    except OSError:
        pass
    for name in os.listdir(path):
        os.remove(path + "/" + name)
    return path


def _send(art, data=_FILE, digest=_DIGEST):
    held = 0
    for at in range(0, len(data), _PART):
        held = art.take(digest, at, len(data), data[at : at + _PART])
    return held


def _refused(kind, *arguments):
    try:
        arguments[0].take(*arguments[1:])
    except kind:
        return True
    return False


def test_a_picture_in_parts_appears_with_the_last_one():
    folder, card = _folder(), _Token(_DIGEST)
    art = CardArt(folder, True, lambda: [card])
    assert art.lacks(_DIGEST) and art.picture(_DIGEST) is None
    assert _send(art) == len(_FILE)
    assert not art.lacks(_DIGEST) and art.picture(_DIGEST).width == 320
    again = CardArt(folder, False, lambda: [card])
    assert again.picture(_DIGEST).width == 160, "it is there after a restart"
    assert os.listdir(folder) == [_DIGEST.hex() + ".twa"]


def test_what_does_not_fit_is_refused_and_starting_anew_works():
    folder, card = _folder(), _Token(_DIGEST)
    art = CardArt(folder, True, lambda: [card])
    assert _refused(InputError, art, _DIGEST, _PART, len(_FILE), _FILE[:_PART]), "a part without the first"
    art.take(_DIGEST, 0, len(_FILE), _FILE[:_PART])
    assert _refused(InputError, art, _DIGEST, 2 * _PART, len(_FILE), _FILE[:_PART]), "a gap"
    assert _refused(InputError, art, _DIGEST, 0, 24_577, _FILE[:_PART]), "too long"
    assert _refused(InputError, art, _DIGEST, 0, 10, b"x" * 11) and _refused(InputError, art, b"", 0, 10, b"x")
    assert _refused(StateError, art, bytes(32), 0, 10, b"x"), "nobody asks for it"
    assert _send(art) == len(_FILE) and art.picture(_DIGEST) is not None


def test_a_wrong_picture_leaves_nothing():
    folder, card = _folder(), _Token(_DIGEST)
    art = CardArt(folder, True, lambda: [card])
    changed = _FILE[:-1] + bytes((_FILE[-1] ^ 1,))
    try:
        _send(art, changed)
        raise AssertionError("a picture with another hash was taken")
    except InputError:
        assert os.listdir(folder) == [] and art.picture(_DIGEST) is None


def test_an_interrupted_or_damaged_file_is_as_if_it_had_never_come():
    folder, card = _folder(), _Token(_DIGEST)
    CardArt(folder, True, lambda: [card]).take(_DIGEST, 0, len(_FILE), _FILE[:_PART])
    art = CardArt(folder, True, lambda: [card])  # the power was gone in between
    assert art.lacks(_DIGEST) and _send(art) == len(_FILE)
    with open(folder + "/" + _DIGEST.hex() + ".twa", "wb") as file:
        file.write(_FILE[:100])
    assert CardArt(folder, True, lambda: [card]).lacks(_DIGEST)


def test_tidying_keeps_what_a_card_names():
    folder, cards = _folder(), [_Token(_DIGEST)]
    art = CardArt(folder, True, lambda: cards)
    _send(art)
    with open(folder + "/" + "00" * 32 + ".twa", "wb") as file:
        file.write(b"old")
    art.tidy()
    assert os.listdir(folder) == [_DIGEST.hex() + ".twa"]
    cards.clear()
    art.tidy()
    assert os.listdir(folder) == []


def test_pictures_of_cards_that_are_gone_do_not_pile_up():
    folder, cards = _folder(), [_Token(_DIGEST)]
    art = CardArt(folder, True, lambda: cards)
    _send(art)
    other = art_file(b"\xf8\x00\x07\xe1")
    cards[0] = _Token(sha256(other))
    _send(art, other, cards[0].art)
    assert os.listdir(folder) == [cards[0].art.hex() + ".twa"]


def test_a_start_after_a_wipe_that_was_cut_leaves_no_picture():
    board = build()
    board.info.files = folder = _folder()
    CardArt(folder, True, lambda: [_Token(_DIGEST)]).take(_DIGEST, 0, len(_FILE), _FILE[:_PART])
    _send(CardArt(folder, True, lambda: [_Token(_DIGEST)]))
    Services(board)
    assert os.listdir(folder) == []


def test_a_board_without_room_or_a_full_disk():
    card = _Token(_DIGEST)
    nowhere = CardArt(None, True, lambda: [card])
    assert not nowhere.lacks(_DIGEST) and nowhere.picture(_DIGEST) is None
    gone = CardArt("/tmp/there-is-no-such-folder", True, lambda: [card])
    assert _refused(WriteError, gone, _DIGEST, 0, len(_FILE), _FILE[:_PART])
