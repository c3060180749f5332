"""Alarms, weather, music and calendar, on an ordinary day and with what nobody should send."""

from tests.screens.app_scenes import Desk, app
from tests.screens.touches import touch

LABEL = "Medicine"


def alarms(ui, *touches, rows=((420, 0x1F, ""), (540, 0x60, LABEL), (1290, 0, "")), off=(), turns=0):
    """The alarms, after some touches."""
    desk = Desk()
    known = desk.known
    for minute, days, label in rows:
        known.alarms.add(minute // 60, minute % 60, days, known.local_minutes(), label)
    for number in off:
        known.alarms.enable(number, False, known.local_minutes())
    screen = app(ui, "alarms", desk=desk)
    for name in touches:
        touch(screen, name)
    for _ in range(turns):
        screen.swipe("up")
    return screen


WET = {"temp": 287, "hi": 291, "lo": 283, "hum": 71, "rain": 80, "uv": 2, "code": 501, "wind": 23, "wdir": 315}


def weather(ui, fields=None, place="Hamburg", text="", hours=0, page=0, at=609):
    """The weather, some time after the phone has said it; without fields it has not."""
    desk = Desk()
    desk.time.minutes += at - desk.time.minute_of_day()
    if fields is not None:
        desk.known.phone.receive(dict(fields, t="weather", loc=place, txt=text))
    desk.time.minutes += hours * 60 + 7
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


def twelve(ui, *touches):
    """The alarms on a clock of 12 hours."""
    ui.clock_24h = False
    return alarms(ui, *touches)


SCENES = (
    ("alarms", lambda ui: alarms(ui, off=(1,))),
    ("alarms-none", lambda ui: alarms(ui, rows=())),
    ("alarms-add", lambda ui: alarms(ui, "add", rows=())),
    ("alarms-12h", lambda ui: twelve(ui, "0", "time")),
    ("alarm-page", lambda ui: alarms(ui, "0")),
    ("alarm-days", lambda ui: alarms(ui, "0", "days")),
    ("alarm-word", lambda ui: alarms(ui, "0", "word")),
    ("weather", lambda ui: weather(ui, WET, text=("light rain", "小雨")[ui.text.language == "zh"])),
    ("weather-details", lambda ui: weather(ui, WET, page=1)),
    ("weather-clear", lambda ui: weather(ui, {"temp": 301, "hi": 304, "lo": 293, "code": 800}, "上海")),
    ("weather-night", lambda ui: weather(ui, {"temp": 254, "code": 800}, "Kraków", at=1300)),
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
    ("music-no-phone", lambda ui: music(ui, None, linked=False)),
)
"""Name and builder of every picture."""
