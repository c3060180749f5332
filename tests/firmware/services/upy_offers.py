"""Questions of others: what is one, how long it waits, and that it is answered once."""

from tests.firmware.services.kit import Known, refused
from watch.kernel.errors import InputError, StateError
from watch.services.offers import ACCEPTED, DEADLINE_MS, PLACES, REFUSED, TIMEOUT, Enrolment, Pairing, Removal, Update
from watch.services.update_news import FAILED, UpdateNews


def _update(number, told, version="0.5.0"):
    return Update(number, told, version, "0.4.0", 1000, True)


def test_a_pairing_has_six_digits_and_a_role():
    for digits in ("", "12345", "1234567", "12345a", "１２３４５６"):
        refused(InputError, Pairing, 1, print, "", digits, "phone")
    refused(InputError, Pairing, 1, print, "", "472913", "root")
    assert Pairing(1, print, "", "472913", "phone").digits == "472913"


def test_questions_wait_in_order_each_for_a_minute():
    known, answers = Known(), []

    def told(number):
        return lambda answer: answers.append((number, answer))

    for number in range(PLACES):
        known.offers.put(_update(number, told(number)))
        known.clock.ms += 1000
    refused(StateError, known.offers.put, _update(9, print))  # no room
    known.offers.take_back(1)
    refused(StateError, known.offers.put, _update(2, print))  # a number that waits
    known.offers.answer(known.offers.front(), ACCEPTED)
    known.clock.ms += DEADLINE_MS - 2000
    known.offers.tick()
    assert [offer.number for offer in known.offers._waiting] == [3]
    assert answers == [(0, ACCEPTED), (2, TIMEOUT)], answers
    assert known.offers.last == TIMEOUT


def test_an_answer_is_given_once():
    known, told = Known(), []
    known.offers.put(_update(3, told.append))
    offer = known.offers.front()
    known.offers.answer(offer, REFUSED)
    known.offers.answer(offer, ACCEPTED)
    known.offers.clear()
    assert told == [REFUSED]


def test_a_phone_asks_nothing():
    known = Known()
    for kind in ("update", "update-", "ask-", "pair", "install"):
        refused(InputError, known.phone.receive, {"t": kind, "id": 3, "version": "0.5.0", "size": 1000})
    assert len(known.offers) == 0 and len(known.outbox) == 0


def test_questions_of_the_watch_have_numbers_of_their_own():
    known = Known()
    for _ in range(2):
        known.offers.put(Removal(known.offers.next_number(), print, "Tides"))
    assert len({offer.number for offer in known.offers._waiting}) == 2


def test_an_update_is_followed_until_its_end_was_read():
    news, read = UpdateNews(), []
    news.begin("0.5.0")
    news.progress(40)
    news.progress(30)
    assert (news.version, news.percent, news.result) == ("0.5.0", 40, ""), "it never goes back"
    news.read()
    assert news.version, "nothing has ended yet"
    news.end(FAILED, "0.5.0", lambda: read.append(news.result))
    news.progress(50)
    assert (news.percent, news.result) == (40, FAILED)
    news.read()
    news.read()
    assert read == [""] and news.version == ""


def test_who_is_at_it_has_a_minute_again():
    known, told = Known(), []
    offer = Enrolment(known.offers.next_number(), told.append, "Ada", bytes(8))
    known.offers.put(offer)
    known.clock.ms += DEADLINE_MS - 1
    known.offers.longer(offer)
    known.clock.ms += DEADLINE_MS - 1
    known.offers.tick()
    assert not told
    known.clock.ms += 1
    known.offers.tick()
    assert told == [TIMEOUT]
