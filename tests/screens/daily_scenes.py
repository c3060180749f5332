"""Alarms, weather, music and calendar, on an ordinary day and with what nobody should send."""

from tests.screens.app_scenes import Desk, app
from tests.screens.touches import touch
from watch.kernel.errors import StorageError

LABEL = "Medicine"
MANY = ((420, 0x7F, ""), (425, 0x77, LABEL), (430, 0, ""), (435, 0, ""), (440, 0x0B, ""))


def alarms(ui, *touches, rows=((420, 0x1F, ""), (540, 0x60, LABEL), (1290, 0, "")), off=(), turns=0, broken=False):
    """The alarms, after some touches; on a flash that takes nothing if it is `broken`."""
    desk = Desk()
    known = desk.known
    for minute, days, label in rows:
        known.alarms.add(minute // 60, minute % 60, days, known.local_minutes(), label)
    for number in off:
        known.alarms.enable(number, False, known.local_minutes())
    known.shelf.broken = StorageError("worn out") if broken else None
    screen = app(ui, "alarms", desk=desk)
    for name in touches:
        touch(screen, name)
    for _ in range(turns):
        screen.swipe("up")
    return screen


WET = {"temp": 287, "hi": 291, "lo": 283, "hum": 71, "rain": 80, "uv": 2, "code": 501, "wind": 23, "wdir": 315}


def weather(ui, fields=None, place="Hamburg", text="", hours=0, page=0, at=609, old=7):
    """The weather, some time after the phone has said it; without fields it has not."""
    desk = Desk()
    desk.time.minutes += at - desk.time.minute_of_day()
    if fields is not None:
        desk.known.phone.receive(dict(fields, t="weather", loc=place, txt=text))
    desk.time.minutes += hours * 60 + old
    screen = app(ui, "weather", desk=desk)
    for _ in range(page):
        screen.swipe("up")
    return screen


SONG = ("Clair de lune", "Claude Debussy", 300)
LONG_SONG = ("Symphony No. 9 in D minor, Op. 125: IV. Presto, Allegro assai, Choral", "W" * 120, 359_999)


def music(ui, song=SONG, state="play", position=83, linked=True):
    """What the phone plays."""
    desk = Desk()
    phone = desk.known.phone
    if song:
        phone.receive({"t": "musicinfo", "track": song[0], "artist": song[1], "dur": song[2]})
        phone.receive({"t": "musicstate", "state": state, "position": position})
    phone.link(linked)
    return app(ui, "music", desk=desk)


_S_2038 = 2_168_121_600
"""2038-09-15 00:00 where the wearer is, eight hours east: the day of a desk."""
TALK = "Bring the drawings of the harbour and the second estimate. " * 6
WEEK = (
    # hours from that midnight, minutes long, title, place, text, all day
    (9.5, 60, "Team meeting", "Room 5", ""),
    (14.5, 45, "Dentist", "12 Mill Lane", ""),
    (33, 120, "Architects", "Old Harbour, second floor, the room at the end of the corridor", TALK),
    (48, 2880, "Trade fair", "Hall 7", "", True),
    (127, 0, "Call home", "", ""),
    (420, 90, "", "", ""),
)
ODD_EVENTS = ((1, 1, "W" * 120, "M" * 80, "W" * 400), (2, 90000, "م" * 60, "", ""), (3, 1, "x\u202ey\x07z", "", ""))


def calendar(ui, *touches, events=WEEK, turns=0, months=0):
    """The calendar, after some touches; turned to a page or a month."""
    desk = Desk()
    for number, (at, long, title, place, text, *whole) in enumerate(events):
        start = _S_2038 + int(at * 3600) + (0 if whole else -8 * 3600)
        event = {"t": "calendar", "id": number, "timestamp": start, "durationInSeconds": long * 60, "title": title}
        event.update(location=place, description=text, allDay=bool(whole))
        desk.known.phone.receive(event)
    screen = app(ui, "calendar", desk=desk)
    for _ in range(abs(months)):
        screen.swipe("up" if months > 0 else "down")
    for name in touches:
        touch(screen, name)
    for _ in range(turns):
        screen.swipe("up")
    return screen


def twelve(ui, *touches):
    """The alarms on a clock of 12 hours."""
    ui.clock_24h = False
    return alarms(ui, *touches)


SCENES = (
    ("alarms", lambda ui: alarms(ui, off=(1,))),
    ("alarms-none", lambda ui: alarms(ui, rows=())),
    ("alarms-add", lambda ui: alarms(ui, "add", rows=())),
    ("alarms-12h", lambda ui: twelve(ui, "2", "time")),
    ("alarms-many", lambda ui: alarms(ui, rows=MANY, off=(3,))),
    ("alarms-many-2", lambda ui: alarms(ui, rows=MANY, off=(3,), turns=1)),
    ("alarms-full", lambda ui: alarms(ui, rows=[(60 * hour, 0x15, LABEL) for hour in range(16)], turns=8)),
    ("alarm-unkept", lambda ui: alarms(ui, "0", "time", "done", broken=True)),
    ("alarm-page", lambda ui: alarms(ui, "0")),
    ("alarm-days", lambda ui: alarms(ui, "0", "days")),
    ("alarm-word", lambda ui: alarms(ui, "0", "word")),
    ("weather", lambda ui: weather(ui, WET, text=("light rain", "小雨")[ui.text.language == "zh"])),
    ("weather-details", lambda ui: weather(ui, WET, page=1)),
    ("weather-clear", lambda ui: weather(ui, {"temp": 301, "hi": 304, "lo": 293, "code": 800}, "上海")),
    ("weather-night", lambda ui: weather(ui, {"temp": 254, "code": 800}, "Kraków", at=1300)),
    ("weather-clouds", lambda ui: weather(ui, {"temp": 290, "hi": 293, "code": 803}, "京都", old=0)),
    ("weather-drizzle", lambda ui: weather(ui, {"temp": 285, "lo": 280, "code": 301}, "Αθήνα", hours=2)),
    ("weather-snow", lambda ui: weather(ui, {"temp": 270, "hi": 272, "lo": 266, "code": 601}, "Москва")),
    ("weather-fog", lambda ui: weather(ui, {"temp": 279, "hi": 281, "lo": 277, "code": 741}, "London")),
    ("weather-storm", lambda ui: weather(ui, {"temp": 296, "hi": 299, "lo": 290, "code": 211}, "深圳")),
    ("weather-details-2", lambda ui: weather(ui, {"temp": 296, "hum": 12, "uv": 9, "wind": 0, "rain": 0}, page=1)),
    ("weather-details-3", lambda ui: weather(ui, {"temp": 296, "hum": 55, "uv": 4}, page=1)),
    ("weather-odd", lambda ui: weather(ui, {"temp": 150, "hi": 350, "lo": 150}, "W" * 48, "M" * 48)),
    ("weather-odd-2", lambda ui: weather(ui, {"temp": 150, "wind": 500, "wdir": 360, "uv": 30, "rain": 100}, page=1)),
    ("weather-old", lambda ui: weather(ui, WET, hours=31)),
    ("weather-none", weather),
    ("music", music),
    ("music-paused", lambda ui: music(ui, ("夜曲", "周杰伦", 226), "pause", 200)),
    ("music-long", lambda ui: music(ui, LONG_SONG, "play", 359_000)),
    ("music-empty", lambda ui: music(ui, ("", "", 0), "play", 0)),
    ("music-gone", lambda ui: music(ui, linked=False)),
    ("music-nothing", lambda ui: music(ui, None)),
    ("calendar", calendar),
    ("calendar-six", lambda ui: calendar(ui, months=-4)),
    ("calendar-list", lambda ui: calendar(ui, "coming")),
    ("calendar-list-2", lambda ui: calendar(ui, "coming", turns=1)),
    ("calendar-none", lambda ui: calendar(ui, "coming", events=())),
    ("calendar-event", lambda ui: calendar(ui, "coming", "1")),
    ("calendar-long", lambda ui: calendar(ui, "coming", "2")),
    ("calendar-text", lambda ui: calendar(ui, "coming", "2", turns=1)),
    ("calendar-days", lambda ui: calendar(ui, "coming", "3")),
    ("calendar-odd", lambda ui: calendar(ui, "coming", events=ODD_EVENTS)),
    ("calendar-odd-2", lambda ui: calendar(ui, "coming", "0", events=ODD_EVENTS)),
    ("calendar-odd-3", lambda ui: calendar(ui, "coming", "0", events=ODD_EVENTS, turns=1)),
    ("music-no-phone", lambda ui: music(ui, None, linked=False)),
)
"""Name and builder of every picture."""
ODD = ("calendar-odd", "calendar-odd-2", "calendar-odd-3")
"""Those with characters that no font has."""
