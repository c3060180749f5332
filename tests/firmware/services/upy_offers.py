"""Questions of others: what is one, how long it waits, and that it is answered once."""

from tests.firmware.services.kit import Known, refused
from watch.kernel.errors import InputError, StateError
from watch.services.offers import ACCEPTED, DEADLINE_MS, PLACES, REFUSED, TIMEOUT, Enrolment, Pairing, Removal

UPDATE = {"t": "update", "id": 3, "version": "0.5.0", "size": 1000, "notes": "Faster."}


def _with(message, **changed):
    other = dict(message)
    other.update(changed)
    return other


def test_what_is_no_question_changes_nothing():
    known = Known()
    wrong = [_with(UPDATE, id=-1), _with(UPDATE, id="1"), _with(UPDATE, version=7), {"t": "pair", "id": 1}]
    wrong += [_with(UPDATE, size=0), _with(UPDATE, version="\x00"), _with(UPDATE, size=1 << 40)]
    wrong += [{"t": "install", "id": 2, "name": "Tides", "permissions": []}]
    for message in wrong:
        refused(InputError, known.phone.receive, message)
    assert len(known.offers) == 0 and len(known.outbox) == 0


def test_a_pairing_has_six_digits_and_a_role():
    for digits in ("", "12345", "1234567", "12345a", "１２３４５６"):
        refused(InputError, Pairing, 1, print, "", digits, "phone")
    refused(InputError, Pairing, 1, print, "", "472913", "root")
    assert Pairing(1, print, "", "472913", "phone").digits == "472913"


def test_questions_wait_in_order_each_for_a_minute():
    known = Known()
    for number in range(PLACES):
        known.phone.receive(_with(UPDATE, id=number))
        known.clock.ms += 1000
    refused(StateError, known.phone.receive, _with(UPDATE, id=9))  # no room
    known.phone.receive({"t": "ask-", "id": 1})
    refused(StateError, known.phone.receive, _with(UPDATE, id=2))  # a number that waits
    known.offers.answer(known.offers.front(), ACCEPTED)
    known.clock.ms += DEADLINE_MS - 2000
    known.offers.tick()
    assert [offer.number for offer in known.offers._waiting] == [3]
    answers = [known.outbox.take() for _ in range(len(known.outbox))]
    assert [(one["id"], one["answer"]) for one in answers] == [(0, ACCEPTED), (2, TIMEOUT)], answers
    assert known.offers.last == TIMEOUT


def test_an_answer_is_given_once():
    known, told = Known(), []
    known.offers.updating(UPDATE, told.append)
    offer = known.offers.front()
    known.offers.answer(offer, REFUSED)
    known.offers.answer(offer, ACCEPTED)
    known.offers.clear()
    assert told == [REFUSED] and len(known.outbox) == 0


def test_only_an_update_that_was_agreed_to_goes_on():
    known = Known()
    on = {"t": "update-", "id": 3, "percent": 40}
    refused(StateError, known.phone.receive, on)
    known.phone.receive(UPDATE)
    refused(StateError, known.phone.receive, on)  # asked is not agreed
    known.offers.answer(known.offers.front(), ACCEPTED)
    known.phone.receive(on)
    assert known.offers.percent == 40
    refused(StateError, known.phone.receive, _with(on, id=4))
    refused(InputError, known.phone.receive, _with(on, result="maybe"))
    refused(StateError, known.phone.receive, _with(UPDATE, id=5))  # one at a time
    known.phone.receive(_with(on, result="failed"))
    assert known.offers.result == "failed"
    refused(StateError, known.phone.receive, on)
    known.offers.read()
    assert known.offers.update is None


def test_a_question_of_the_watch_has_a_number_that_no_phone_can_name():
    known, told = Known(), []
    for _ in range(2):
        known.offers.put(Removal(known.offers.next_number(), told.append, "Tides"))
    numbers = [offer.number for offer in known.offers._waiting]
    assert len(set(numbers)) == 2
    for number in numbers:
        refused(InputError, known.phone.receive, {"t": "ask-", "id": number})
    assert len(known.offers) == 2


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
