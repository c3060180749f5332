"""What the phone says of weather, music, calendar and itself, and what goes back."""

import micropython

from tests.firmware.services.kit import FakeClock, Known, PlainRecords, refused
from watch.kernel.errors import InputError
from watch.services import calendar, find_phone, weather
from watch.services.loyalty import Loyalty
from watch.services.music import COMMANDS
from watch.storage import records

NOW = FakeClock.START_S // 60


def event(number, minutes, **fields):
    """A calendar message for an event that begins so many minutes from the start of the test."""
    return dict({"t": "calendar", "id": number, "timestamp": (NOW + minutes) * 60, "title": str(number)}, **fields)


def test_weather():
    known = Known()
    sky = known.weather
    assert sky.age_min() == -1 and not sky.fresh()
    said = {"t": "weather", "temp": 293, "hi": 298, "lo": 263, "hum": 40, "rain": 10, "uv": 3, "code": 501}
    known.phone.receive(dict(said, txt="rain", wind=12.4, wdir=270, loc="Oslo\x00"))
    assert (sky.temp_c, sky.high_c, sky.low_c, sky.sky, sky.place) == (20, 25, -10, "rain", "Oslo")
    assert (sky.humidity_percent, sky.rain_percent, sky.uv, sky.wind_kmh, sky.wind_deg) == (40, 10, 3, 12, 270)
    known.clock.ms += weather.FRESH_MIN * 60_000 - 1
    assert sky.fresh()
    known.clock.ms += 60_000
    assert not sky.fresh()
    for bad in ({}, {"temp": 20}, {"temp": 293, "hum": 101}, {"temp": "293"}, {"temp": 293, "hi": 1}):
        refused(InputError, known.phone.weather, bad)
    assert sky.temp_c == 20
    known.phone.weather({"temp": 280})
    assert (sky.temp_c, sky.high_c, sky.sky) == (7, None, "")
    sky.clear()
    assert sky.temp_c is None and sky.place == ""


def test_music():
    known = Known()
    music = known.music
    known.phone.receive({"t": "musicinfo", "artist": "A", "album": "B", "track": "C", "dur": 100, "c": 1, "n": 2})
    known.phone.receive({"t": "musicstate", "state": "play", "position": 95, "shuffle": 0, "repeat": 0})
    known.clock.ms += 3500
    assert (music.track, music.state, music.position_s()) == ("C", "play", 98)
    known.clock.ms += 60_000
    assert music.position_s() == 100
    known.phone.receive({"t": "musicstate", "state": "pause", "position": 50})
    known.clock.ms += 60_000
    micropython.heap_lock()
    try:
        position_s = music.position_s()
    finally:
        micropython.heap_unlock()
    assert position_s == 50
    for name in COMMANDS:
        assert music.command(name)
        assert known.outbox.take() == {"t": "music", "n": name}
    refused(InputError, music.command, "louder")
    for bad in ({"state": "dance"}, {"state": []}, {"state": "play", "position": -2}, {"state": None, "position": "1"}):
        refused(InputError, known.phone.music_state, bad)
    refused(InputError, known.phone.music_info, {"dur": 1 << 40})
    assert music.state == "pause"
    music.clear()
    assert music.track == "" and music.position_s() == 0


def test_calendar_is_in_order_and_bounded():
    known = Known()
    days = known.calendar
    for number in range(50):
        known.phone.receive(event(number, 60 * ((number * 37) % 50)))
    starts = [one.start for one in days.events]
    assert starts == sorted(starts) and len(starts) == calendar.PLACES and days.dropped == 10
    assert starts[-1] == NOW + 60 * 39
    known.phone.receive(event(0, 600, title="moved"))
    assert len(days.events) == calendar.PLACES and [one.title for one in days.events if one.id == 0] == ["moved"]
    known.phone.receive({"t": "calendar-", "id": [one.id for one in days.events[1:]]})
    assert len(days.events) == 1
    known.phone.receive({"t": "calendar-", "id": days.events[0].id})
    assert not days.events and days.upcoming(NOW) is None
    assert days.ask() and known.outbox.take() == {"t": "force_calendar_sync", "ids": []}


def test_what_comes_next():
    known = Known()
    days = known.calendar
    known.phone.calendar(event(1, 30, durationInSeconds=3600))
    known.phone.calendar(event(2, 0, allDay=True, durationInSeconds=86400))
    known.phone.calendar(event(3, 3000))
    assert days.upcoming(NOW).id == 1 and days.upcoming(NOW + 39).id == 1
    assert days.upcoming(NOW + 40) is None and days.upcoming(NOW + 1560).id == 3
    micropython.heap_lock()
    try:
        days.upcoming(NOW + 40)
        days.forget_past(NOW)
    finally:
        micropython.heap_unlock()
    days.forget_past(NOW + 91)
    assert [one.id for one in days.events] == [2, 3]
    days.forget_past(NOW + 2881)
    assert [one.id for one in days.events] == [3]
    odd = ({"id": 1, "timestamp": 5}, {"id": 1, "timestamp": 1 << 60}, {"id": 1.5, "timestamp": "x"})
    odd += (event(4, 1, durationInSeconds=-1), event(4, 1, allDay=1), event(4, 1, title=7))
    for bad in ({}, {"id": 1}) + odd:
        refused(InputError, known.phone.calendar, bad)
    for bad in ({}, {"id": "1"}, {"id": [1, "2"]}, {"id": [1] * 41}, {"id": True}):
        refused(InputError, known.phone.calendar_gone, bad)
    assert [one.id for one in days.events] == [3]


def test_looking_for_each_other():
    known = Known()
    find = known.find_phone
    assert find.start() and find.ringing
    find.tick()
    find.stop()
    find.stop()
    assert [known.outbox.take()["n"] for _ in range(2)] == [True, False] and len(known.outbox) == 0
    find.start()
    known.phone.receive({"t": "find", "n": True})
    assert find.wanted
    known.clock.ms += find_phone.LONGEST_MS
    find.tick()
    assert not find.wanted and not find.ringing and len(known.outbox) == 2
    refused(InputError, known.phone.receive, {"t": "find", "n": 1})


def test_loyalty_cards():
    known = Known()
    cards = known.loyalty
    number = cards.put("Shop\x1b", "qr", "https://example.org/茶")
    assert cards.places[number].name == "Shop" and cards.put("Shop", "code128", "12345") == number
    listed = {"t": "cards", "d": [{"name": "Shop", "value": "12345", "type": "CODE_128"},
                                  {"name": "Tea", "value": "x", "type": "QR_CODE"},
                                  {"name": "Old", "value": "4006381333931", "type": "EAN_13"}]}  # fmt: skip
    known.phone.receive(listed)
    assert len(cards) == 2 and cards.refused == 1
    writes = len(known.sealed.kept)
    known.sealed.write = None  # what is known already costs no write
    known.phone.receive(listed)
    del known.sealed.write
    assert len(known.sealed.kept) == writes == 2
    again = Loyalty(known.sealed, known.sealed)
    again.load()
    assert sorted([(card.name, card.kind, card.text) for card in again.places if card]) == [
        ("Shop", "code128", "12345"),
        ("Tea", "qr", "x"),
    ]
    again.remove(number)
    assert len(again) == 1 and len(known.sealed.kept) == 1
    for bad in (("", "qr", "x"), ("a", "ean13", "1"), ("a", "qr", ""), ("a", "qr", "茶" * 54), ("a", "code128", "é"),
                ("a", "code128", "1" * 49), ("a", "code128", "")):  # fmt: skip
        refused(InputError, again.put, *bad)
    half = [{"name": "new", "value": "1", "type": "QR_CODE"}, {"name": "b", "value": 1, "type": "QR_CODE"}]
    for bad in ({}, {"d": {}}, {"d": [1]}, {"d": [{"name": "a", "type": []}]}, {"d": [{}] * 21}, {"d": half}):
        refused(InputError, known.phone.cards, bad)
    assert len(known.loyalty) == 2


def test_records_that_are_no_cards():
    sealed = PlainRecords()
    for place, bad in enumerate((1, [], ["a", "qr"], ["a", "qr", 1], ["", "qr", "x"], ["a", "no", "x"], b"x", {})):
        sealed.write(records.LOYALTY + place, bad)
    cards = Loyalty(sealed, sealed)
    cards.load()
    assert len(cards) == 0 and cards.refused == 8


def test_the_link_itself():
    known = Known()
    phone = known.phone
    heard = []
    phone.listen(lambda: heard.append(phone.connected))
    phone.link(True)
    phone.link(True)
    phone.link(False)
    assert heard == [True, False]
    phone.time(1_800_000_000, 480)
    assert known.times == [(1_800_000_000, 480)]
    phone.receive({"t": "notify", "id": 1, "title": "a"})
    known.notifications.tick()
    known.settings["notifications"] = "off"
    phone.receive({"t": "notify", "id": 2, "title": "b"})
    known.notifications.tick()
    assert len(known.notifications) == 1
    phone.receive({"t": "notify-", "id": 1})
    assert len(known.notifications) == 0
    for bad in (None, 1, [], "notify", {}, {"t": 1}, {"t": []}, {"t": "eval"}, {"t": "notify-"}, {"t": "alarm"}):
        refused(InputError, phone.receive, bad)
