"""The weather as a wearer sees it: new, growing old, too old, and not there."""

import gc

from support.quiet import idle_second

from tests.screens.app_scenes import Desk, app
from tests.screens.panel import Panel
from watch.ui.context import Ui
from watch.ui.renderer import Renderer
from watch.ui.stack import Stack

_SIZES = ((410, 502, 115, 2), (240, 240, 0, 1))
WET = {"t": "weather", "temp": 287, "hi": 291, "lo": 283, "hum": 71, "rain": 80, "uv": 6, "code": 501}
WET.update(wind=23, wdir=315, loc="Hamburg", txt="light rain")


def _open(*messages, size=_SIZES[1]):
    desk, panel = Desk(), Panel(*size)
    for message in messages:
        desk.known.phone.receive(message)
    ui = Ui(panel, "firmware/assets")
    screen = app(ui, "weather", desk=desk)
    return desk, screen, Stack(ui, Renderer(ui, panel), screen), panel


def test_both_pages_say_what_the_phone_said():
    for size in _SIZES:
        _, screen, _, _ = _open(WET, size=size)
        assert screen.texts() == ["Hamburg", "14", "°", "Light rain", "↑ 18°   ↓ 10°", "Just now"], screen.texts()
        screen.swipe("up")
        wanted = ["Rain", "80%", "chance", "Wind NW", "23", "km/h", "Humidity", "71%", "Humid", "UV", "6", "High"]
        assert screen.texts() == wanted, screen.texts()
        screen.swipe("up")
        assert screen.texts() == wanted
        screen.swipe("down")
        assert "Hamburg" in screen.texts()


def test_what_was_not_said_is_not_made_up():
    _, screen, _, _ = _open({"t": "weather", "temp": 233})
    assert screen.texts() == ["-40", "°", "Just now"], screen.texts()
    screen.swipe("up")
    assert screen.texts().count("–") == 4 and "Wind" in screen.texts() and "Low" not in screen.texts()


def test_levels_and_directions_at_their_ends():
    for uv, words in ((0, "Low"), (3, "Moderate"), (5, "Moderate"), (6, "High"), (8, "Very high"), (11, "Extreme")):
        desk, screen, _, _ = _open(dict(WET, uv=uv))
        screen.swipe("up")
        assert words in screen.texts(), (uv, screen.texts())
    for degrees, name in ((0, "N"), (22, "N"), (23, "NE"), (180, "S"), (337, "NW"), (338, "N"), (360, "N")):
        desk, screen, _, _ = _open(dict(WET, wdir=degrees))
        screen.swipe("up")
        assert "Wind " + name in screen.texts(), (degrees, screen.texts())
        assert not desk.errors


def test_it_grows_old_minute_by_minute_and_then_is_no_weather():
    desk, screen, stack, panel = _open(WET)
    stack.tick(0)
    for minutes, said in ((1, "1 min ago"), (59, "59 min ago"), (60, "1 h ago"), (239, "3 h ago")):
        desk.time.minutes += minutes - desk.known.weather.age_min()
        panel.bytes = 0
        stack.tick(0)
        assert said in screen.texts() and 0 < panel.bytes < 12_000, (said, panel.bytes)
    desk.time.minutes += 1
    stack.tick(0)
    assert screen.texts()[0] == "The weather is old" and "4 h" in screen.texts()[1]
    desk.known.phone.receive(dict(WET, loc="Bremen"))
    stack.tick(0)
    assert screen.texts()[0] == "Bremen"


def test_without_weather_it_says_what_to_do_and_takes_it_when_it_comes():
    desk, screen, stack, _ = _open()
    assert screen.texts()[0] == "No weather yet" and "phone" in screen.texts()[1]
    screen.swipe("up")
    desk.known.phone.receive(WET)
    stack.tick(0)
    assert screen.texts()[0] == "Hamburg"
    desk.known.weather.clear()
    stack.tick(0)
    assert screen.texts()[0] == "No weather yet" and not desk.errors


def test_an_idle_second_sends_and_allocates_nothing():
    for size in _SIZES:
        desk, _, stack, panel = _open(WET, size=size)
        assert idle_second(stack, panel) and not desk.errors


def test_memory_comes_back():
    desk, ui = Desk(), Ui(Panel(*_SIZES[1]), "firmware/assets")
    desk.known.phone.receive(WET)
    start = 0
    for turn in range(20):
        screen = app(ui, "weather", desk=desk)
        screen.swipe("up")
        screen.close()
        if not turn:
            gc.collect()
            start = gc.mem_alloc()
    del screen
    gc.collect()
    print("NOTE weather: used 20 times, heap %+d bytes" % (gc.mem_alloc() - start))
    assert gc.mem_alloc() <= start
