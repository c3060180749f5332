"""Messages of a phone, damaged and invented: taken whole, or one of the declared errors; and records with any bytes."""

import random

from tests.firmware.services.kit import Known
from tests.fuzz.campaign import Campaign
from tests.fuzz.mutate import mutated, mutated_text, mutated_value, noise
from watch.kernel.errors import InputError, StateError
from watch.services import inputs
from watch.services.alarm import Alarm, unpack

SHARE = "fuzz"
MESSAGES = (
    {"t": "notify", "id": 7, "src": "Mail", "title": "Anna", "subject": "s", "body": "b", "sender": "x", "reply": True},
    {"t": "notify-", "id": 7},
    {"t": "weather", "temp": 293, "hi": 297, "lo": 288, "hum": 40, "rain": 5, "code": 500, "txt": "rain", "loc": "x"},
    {"t": "musicinfo", "artist": "a", "album": "b", "track": "c", "dur": 200, "c": 1, "n": 9},
    {"t": "musicstate", "state": "play", "position": 3, "shuffle": 0, "repeat": 0},
    {"t": "calendar", "id": 5, "timestamp": 1795000000, "durationInSeconds": 60, "title": "Lunch", "allDay": False},
    {"t": "calendar-", "id": [5, 6]},
    {"t": "alarm", "d": [{"h": 7, "m": 30, "rep": 31, "on": True}]},
    {"t": "cards", "d": [{"id": 1, "name": "Shop", "value": "12345", "type": "CODE_128"}]},
    {"t": "find", "n": True},
    {"t": "ask-", "id": 1},
)


def test_messages():
    random.seed(20261122)
    known = Known()

    def take(message):
        try:
            known.phone.receive(message)
            known.notifications.tick()
            assert len(known.calendar.events) <= 1 and known.notifications.unread <= 1
        finally:
            known.clear()
            known.clock.ms += 1000

    def make():
        message = random.choice(MESSAGES)
        return mutated_value(message) if random.randrange(8) else message

    share = Campaign("words of the phone", take, (InputError, StateError)).run(make, 2_000)
    assert 0.1 < share < 0.9


def test_texts():
    """Whatever the text: short enough, no control character, and the same when it is cleaned again."""
    random.seed(20261123)

    def take(text):
        most = random.randrange(40)
        cleaned = inputs.clean(text, most)
        assert len(cleaned.encode()) <= most and inputs.clean(cleaned, most) == cleaned
        assert not [letter for letter in cleaned if letter < " " or "\x7f" <= letter <= "\x9f"]

    Campaign("texts of the phone", take, ()).run(lambda: mutated_text("Anna\x00 \u5b89\u5a1c\U0001f600\u202e!"), 1_000)


def test_alarm_records():
    random.seed(20261124)
    good = Alarm(7, 30, 31, "tea").pack()

    def take(data):
        alarm = unpack(data)
        if alarm is None:
            raise InputError
        alarm.next_due(29_900_000)
        assert len(alarm.pack()) <= 44

    share = Campaign("alarm records", take, InputError).run(
        lambda: mutated(good) if random.randrange(4) else noise(random.randrange(60)), 1_000
    )
    assert 0.05 < share < 0.95
