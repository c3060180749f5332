"""Notifications: the ring, the queue in front of it, hostile texts, and what goes back to the phone."""

import random

from tests.firmware.services.kit import FakeClock, refused
from watch.kernel.errors import InputError
from watch.services import inputs
from watch.services.notifications import PER_SECOND, PLACES, QUEUE, Notifications
from watch.services.outbox import Outbox


def made():
    clock, outbox = FakeClock(), Outbox()
    return clock, outbox, Notifications(clock, outbox)


def post(clock, kept, number, **fields):
    """Post one and let it be kept."""
    assert kept.post(dict(fields, t="notify", id=number))
    clock.ms += 1000
    kept.tick()


def test_one_notification():
    clock, _, kept = made()
    heard = []
    kept.listen(lambda: heard.append(1))
    post(clock, kept, 7, src="Mail", title="Anna", body="see you\nat noon", tel="+86", reply=True)
    one = kept.at(0)
    assert (len(kept), kept.unread, one.id, one.app, one.title) == (1, 1, 7, "Mail", "Anna")
    assert (one.body, one.tel, one.replies, one.minutes) == ("see you at noon", "+86", True, clock.display_s() // 60)
    assert heard
    kept.read(7)
    kept.read(7)
    assert kept.unread == 0 and not one.unread


def test_the_same_id_again_is_news():
    clock, _, kept = made()
    post(clock, kept, 1, title="one")
    post(clock, kept, 2, title="two")
    kept.read(1)
    post(clock, kept, 1, title="one, changed")
    assert [kept.at(place).title for place in range(2)] == ["one, changed", "two"] and kept.unread == 2


def test_what_has_no_title_gets_one():
    clock, _, kept = made()
    for fields, title in (
        ({"sender": "Bo", "subject": "s", "src": "a"}, "Bo"),
        ({"subject": "s", "src": "a"}, "s"),
        ({"src": "a"}, "a"),
        ({}, ""),
    ):
        post(clock, kept, 1, **fields)
        assert kept.at(0).title == title


def test_answers_go_to_the_phone():
    clock, outbox, kept = made()
    post(clock, kept, 1, title="a", reply=True, tel="1")
    post(clock, kept, 2, title="b")
    assert kept.reply(1, "yes\x00!") and kept.open(2)
    refused(InputError, kept.reply, 2, "no")
    refused(InputError, kept.reply, 1, "\x00")
    refused(InputError, kept.reply, 9, "who")
    kept.dismiss(1)
    kept.dismiss(9)
    kept.dismiss_all()
    sent = [outbox.take() for _ in range(len(outbox))]
    assert sent[0] == {"t": "notify", "n": "REPLY", "id": 1, "msg": "yes!", "tel": "1"}
    assert [message["n"] for message in sent] == ["REPLY", "OPEN", "DISMISS", "DISMISS_ALL"]
    assert outbox.take() is None and len(kept) == 0 and kept.unread == 0


def test_the_outbox_is_bounded():
    _, outbox, kept = made()
    sent = [kept.open(number) for number in range(20)]
    assert (len(outbox), outbox.dropped, sent.count(False)) == (16, 4, 4)


def test_a_flood_costs_a_fixed_part_of_each_second():
    clock, _, kept = made()
    woken = []
    kept.listen(lambda: woken.append(1))
    most = 0
    for number in range(3000):  # a thousand a second, and a tick for each
        kept.post({"id": number, "title": "flood"})
        before = kept.changes
        kept.tick()
        most = max(most, kept.changes - before)
        clock.ms += 1
    assert kept.changes == 3 * PER_SECOND + 0 and most <= PER_SECOND
    assert kept.dropped == 3000 - 3 * PER_SECOND - QUEUE
    print("NOTE notifications: of 3000 in 3 s", kept.changes, "kept,", kept.dropped, "dropped, at most", most, "a tick")


def test_a_full_queue_looks_at_nothing():
    _, _, kept = made()
    for number in range(QUEUE):
        assert kept.post({"id": number})
    assert kept.post({"id": "not even looked at"}) is False


def test_taken_back_before_it_was_kept():
    clock, _, kept = made()
    kept.post({"id": 5})
    kept.gone(5)
    clock.ms += 1000
    kept.tick()
    assert len(kept) == 0


def test_random_lives_against_a_model():
    clock, outbox, kept = made()
    random.seed(41)
    model = []  # [id, unread], oldest first
    dropped = 0
    for _ in range(1200):
        number = random.randrange(90)
        known = [row for row in model if row[0] == number]
        deed = random.randrange(10)
        if deed < 6:
            post(clock, kept, number, title=str(number))
            model = [row for row in model if row[0] != number]
            if len(model) == PLACES:
                read = [row for row in model if not row[1]]
                dropped += not read
                model.remove(read[0] if read else model[0])
            model.append([number, True])
        elif deed < 8:
            kept.read(number)
            for row in known:
                row[1] = False
        else:
            kept.gone(number) if deed == 8 else kept.dismiss(number)
            model = [row for row in model if row[0] != number]
        if outbox.take() and deed != 9:
            raise AssertionError("only the wearer's deeds go to the phone")
    assert [[kept.at(place).id, kept.at(place).unread] for place in range(len(kept))] == model[::-1]
    assert kept.unread == sum([row[1] for row in model]) and kept.dropped == dropped > 0


def test_bad_fields_are_refused():
    _, _, kept = made()
    for fields in (
        {},
        {"id": None},
        {"id": "1"},
        {"id": True},
        {"id": 1 << 31},
        {"id": float("nan")},
        {"id": float("inf")},
        {"id": 1, "title": 5},
        {"id": 1, "body": ["x"]},
        {"id": 1, "src": {}},
        {"id": 1, "reply": "yes"},
    ):
        refused(InputError, kept.post, fields)
    assert kept.changes == 0 and kept.dropped == 0


def test_hostile_texts():
    assert inputs.clean("a\x00b\x1b[31mc\x7f\u0085\u202edc\u2066\ufeff\u200b", 99) == "ab[31mcdc"
    assert inputs.clean("\t two\r\nlines\u2028here ", 99) == "two  lines here"
    for letter, size in (("z", 1), ("\u00e9", 2), ("\u4e2d", 3), ("\U0001f600", 4)):
        for most in range(13):
            cut = inputs.clean(letter * 20, most)
            whole = letter * (most // size) if most < 3 else letter * ((most - 3) // size) + "\u2026"
            assert cut == whole and len(cut.encode()) <= most, (cut, most)
            assert inputs.clean(letter * (most // size), most) == letter * (most // size)
    assert inputs.clean("\ud800x", 9) == "x"


def test_wiped():
    clock, _, kept = made()
    post(clock, kept, 1, body="private")
    kept.post({"id": 2})
    kept.clear()
    kept.tick()
    assert len(kept) == 0 and kept.unread == 0 and kept.find(1) is None
    refused(IndexError, kept.at, 0)
