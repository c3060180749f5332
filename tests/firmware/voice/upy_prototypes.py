"""Recorded words: kept, found again, forgotten; bytes that are not what was written; a place that fails."""

import math
import random
import struct

from tests.firmware.voice.voice_kit import SIZE, Keep
from watch.kernel.errors import InputError, StorageError
from watch.voice.prototypes import Prototypes, dot, norm

MARK = 0xFEDCBA98
CENTRE = bytes((255, 200, 90, 160, 230, 40, 0, 120))
A, B, C = bytes(range(8)), bytes(range(8, 0, -1)), b"\xff" * 8


def made(keep, centre=CENTRE, mark=MARK, language="en"):
    return Prototypes(keep, language, centre, mark)


def refused(kind, call):
    try:
        call()
    except kind:
        return True
    return False


def cosine(one, other):
    """Of the angle between two vectors, in plain numbers."""
    product, *squares = [sum([x * y for x, y in zip(*pair)]) for pair in ((one, other), (one, one), (other, other))]
    return product / math.sqrt(squares[0] * squares[1])


def beside(vector, centre=CENTRE):
    """A vector without its part along the centre."""
    share = sum([x * y for x, y in zip(vector, centre)]) / sum([x * x for x in centre])
    return [x - share * y for x, y in zip(vector, centre)]


def likeness(one, other, centre=CENTRE):
    return cosine(beside(one, centre), beside(other, centre))


def mean(shots):
    """Sum of unit vectors."""
    return [sum([shot[at] / norm(shot) for shot in shots]) for at in range(len(shots[0]))]


def test_what_is_added_is_there_after_a_restart():
    keep = Keep()
    first = made(keep)
    first.add("payment", [A, B, C])
    first.add("timer", [bytearray(A)])
    for prototypes in (first, made(keep)):
        assert [prototypes.enrolled(word) for word in ("payment", "timer", "next")] == [3, 1, 0]
        assert sorted(prototypes.words()) == ["payment", "timer"] and not prototypes.refused
        assert abs(prototypes.score("payment", B) - likeness(B, mean([A, B, C]))) < 6e-3
        assert abs(prototypes.score("timer", B) - likeness(A, B)) < 3e-3
        assert prototypes.score("next", A) == 0 and prototypes.score("payment", bytes(8)) == 0
    sizes = [len(keep.records[("en", word)]) for word in ("payment", "timer")]
    assert sizes == [8 + SIZE, 8 + SIZE]
    print("NOTE prototypes: a word takes 8 bytes and one for each value of the embedding")


def test_adding_again_takes_the_place():
    keep = Keep()
    prototypes = made(keep)
    prototypes.add("payment", [A, A, A])
    prototypes.add("payment", [B])
    assert prototypes.enrolled("payment") == made(keep).enrolled("payment") == 1
    assert abs(prototypes.score("payment", B) - 1) < 1e-3


def test_languages_are_apart():
    keep = Keep()
    made(keep).add("payment", [A])
    assert made(keep, language="zh").enrolled("payment") == 0


def test_what_is_forgotten_is_gone():
    keep = Keep()
    prototypes = made(keep)
    for word in ("payment", "timer", "next"):
        prototypes.add(word, [A, B])
    made(keep, language="zh").add("payment", [A])
    prototypes.forget("payment")
    prototypes.forget("payment")
    assert prototypes.enrolled("payment") == made(keep).enrolled("payment") == 0
    assert prototypes.score("payment", A) == 0
    keep.records[("en", "home")] = b"rubbish"
    prototypes.forget_all()
    assert not prototypes.words() and list(keep.records) == [("zh", "payment")]


def test_what_is_no_shot_is_refused():
    keep = Keep()
    prototypes = made(keep)
    prototypes.add("payment", [A])
    before = dict(keep.records)
    zeros = bytes(8)
    wrong = ([], [A] * 4, [A] * 256, [A] * 257, [A[1:]], [A + A], [A, A[:4], A[:4]], [b""], [zeros], [A, zeros])
    for shots in wrong:
        assert refused(InputError, lambda: prototypes.add("payment", shots)), shots
    assert keep.records == before and prototypes.enrolled("payment") == 1
    for centre in (b"", bytes(8), b"\xff" * 513):
        assert refused(InputError, lambda: made(keep, centre)), centre


def test_another_network_does_not_know_the_word():
    keep = Keep()
    made(keep).add("payment", [A])
    for centre, mark in ((CENTRE, MARK ^ 1), (CENTRE + b"\x01", MARK), (CENTRE[:4], MARK)):
        other = made(keep, centre, mark)
        assert (other.enrolled("payment"), other.refused) == (0, 1)
    other = made(keep, CENTRE, 7)
    other.add("payment", [B])
    assert made(keep, CENTRE, 7).enrolled("payment") == 1 and made(keep).enrolled("payment") == 0


def test_a_place_that_fails_is_told():
    keep = Keep()
    prototypes = made(keep)
    prototypes.add("payment", [A])
    keep.broken = True
    for call in (
        lambda: prototypes.add("payment", [B]),
        lambda: prototypes.add("timer", [B]),
        lambda: prototypes.forget("payment"),
        prototypes.forget_all,
        lambda: made(keep),
    ):
        assert refused(StorageError, call)
    assert prototypes.words() == ["payment"] and prototypes.score("payment", A) > 0.99


def test_hostile_records():
    """A record is what was written, or the word counts as not recorded."""
    keep = Keep()
    made(keep).add("payment", [A, B, C])
    kept = made(keep)._words["payment"][0]
    good = keep.records[("en", "payment")]
    taken = tried = 0
    cases = [good[:length] for length in range(len(good))] + [good + bytes(n) for n in range(1, 40)]
    for at in range(len(good)):
        for bit in range(8):
            changed = bytearray(good)
            changed[at] ^= 1 << bit
            cases.append(bytes(changed))
    random.seed(8)
    cases += [bytes([random.randrange(256) for _ in range(random.randrange(64))]) for _ in range(300)]
    for count in (0, 4, 255):
        cases.append(struct.pack("<BBHI", 1, count, SIZE, MARK) + A)
    cases.append(struct.pack("<BBHI", 1, 1, SIZE, MARK) + bytes(SIZE))
    for data in cases:
        keep.records[("en", "payment")] = data
        prototypes = made(keep)
        tried += 1
        taken += prototypes.enrolled("payment") > 0
        assert prototypes.refused + (prototypes.enrolled("payment") > 0) == 1
        assert abs(prototypes.score("payment", C)) <= 1.0001
    print("NOTE prototypes: %d records, %d of them of a good form" % (tried, taken))
    counts = sum([1 for bit in range(8) if 0 < 3 ^ 1 << bit <= 3])
    assert taken == SIZE * 8 + counts and any(kept), "bits of a prototype change unseen; the journal has CRCs"


def test_what_all_shots_have_in_common_makes_none_of_them_alike():
    prototypes = made(Keep())
    one, other = ([9 * x + step * 30 for x, step in zip(CENTRE, steps)] for steps in ([1, 0] * 4, [0, 1] * 4))
    one, other = (bytes([value // 10 for value in shot]) for shot in (one, other))
    assert cosine(one, other) > 0.99 and prototypes.likeness(one, other) < 0
    prototypes.add("payment", [one])
    assert prototypes.score("payment", other) < 0 and prototypes.score("payment", one) > 0.95
    half = bytes([value // 5 for value in CENTRE])
    assert [x * 5 for x in half] == list(CENTRE), "so this shot is the centre, and nothing beside it"
    prototypes.add("timer", [half])
    for shot in (half, CENTRE, bytes(SIZE)):
        assert prototypes.likeness(shot, one) == prototypes.likeness(one, shot) == prototypes.score("timer", shot) == 0
        assert prototypes.score("payment", shot) == 0


def test_likeness_is_the_plain_one():
    random.seed(6)
    worst = 0
    for size in (2, 8, 192, 512):
        for _ in range(30):
            centre, one, other = (bytes([255] + [random.randrange(256) for _ in range(size - 1)]) for _ in range(3))
            prototypes = made(Keep(), centre)
            found = prototypes.likeness(one, other)
            assert abs(found) < 1.0001 and found == prototypes.likeness(other, one)
            worst = max(worst, abs(found - likeness(one, other, centre)))
    top = b"\xff" * 512
    for shot in (bytes([255] + [0] * 511), bytes([254] + [255] * 511)):
        assert abs(made(Keep(), top).likeness(shot, shot) - 1) < 1e-6, "the largest numbers that there are"
    print("NOTE prototypes: likeness of random shots, most off plain numbers: %.0e" % worst)
    assert worst < 1e-5


def test_the_sums_are_the_plain_ones():
    random.seed(5)
    for size in (1, 8, 192, 512):
        one = bytes([random.randrange(256) for _ in range(size)])
        other = b"\xff" * size
        assert dot(one, other, size) == sum([x * y for x, y in zip(one, other)])
        assert dot(other, other, size) == 65025 * size < 1 << 30
        assert abs(norm(one) - math.sqrt(sum([x * x for x in one]))) < 0.01
