"""The alarms as a wearer sets them: by touches, on the service that rings."""

import gc

from support.quiet import idle_second

from tests.screens.app_scenes import Desk, app
from tests.screens.panel import Panel
from tests.screens.touches import touch
from watch.kernel.errors import StorageError
from watch.ui.context import Ui
from watch.ui.renderer import Renderer
from watch.ui.stack import Stack

_SIZES = ((410, 502, 115, 2), (240, 240, 0, 1))


def _open(*alarms, size=_SIZES[1], language="en"):
    desk = Desk()
    for hour, minute, days in alarms:
        desk.known.alarms.add(hour, minute, days, desk.known.local_minutes())
    return desk, app(Ui(Panel(*size), "firmware/assets", language), "alarms", desk=desk)


def _do(screen, *names):
    for name in names:
        touch(screen, name)


def _kept(desk):
    """What the watch would find after a restart."""
    desk.known.alarms.load()
    return [(one.hour, one.minute, one.days, one.label, one.enabled) for one in desk.known.alarms.places if one]


def test_an_alarm_is_added_given_days_and_a_word_and_deleted():
    for size in _SIZES:
        for language, word in (("en", "Medicine"), ("zh", "吃药")):
            desk, screen = _open(size=size, language=language)
            _do(screen, "add", "more", "minute", "less", "less", "done")
            assert _kept(desk) == [(8, 58, 0, "", True)]
            _do(screen, "days", "day-0", "day-6", "day-2", "day-2", "done", "word", word)
            assert _kept(desk) == [(8, 58, 0x41, word, True)]
            screen.swipe("right")
            assert "08:58" in screen.texts() and screen.running
            _do(screen, "0", "delete")
            assert _kept(desk) == [] and "08:58" not in screen.texts() and not desk.errors


def test_a_time_goes_round_and_is_changed_in_place():
    desk, screen = _open((0, 0, 0x7F))
    _do(screen, "0", "time", "less", "minute", "less", "done")
    assert _kept(desk) == [(23, 59, 0x7F, "", True)]
    _do(screen, "time", "more", "minute", "more", "done")
    assert _kept(desk) == [(0, 0, 0x7F, "", True)]


def test_on_a_clock_of_twelve_hours_midnight_is_twelve():
    desk, screen = _open((23, 59, 0))
    screen.close()
    screen.ui.clock_24h = False
    screen.open()
    assert "11:59 PM" in screen.texts()
    _do(screen, "0", "time", "more")
    assert screen.texts()[:2] == ["12", "59"] and screen.texts()[-1] == "AM", screen.texts()
    _do(screen, "less", "minute", "more")
    assert screen.texts()[:2] == ["11", "00"] and screen.texts()[-1] == "PM", screen.texts()
    _do(screen, "done")
    assert _kept(desk) == [(23, 0, 0, "", True)]


def test_the_switch_in_the_list_is_its_own_target():
    desk, screen = _open((7, 0, 0x1F), (9, 30, 0))
    _do(screen, "0-switch")
    assert not desk.known.alarms.places[0].enabled and desk.known.alarms.places[1].enabled
    _do(screen, "0-switch", "1-switch")
    assert desk.known.alarms.places[0].enabled and not desk.known.alarms.places[1].enabled
    assert "Once" in screen.texts() and screen.running


def test_back_leads_from_page_to_page_and_then_out():
    desk, screen = _open((7, 0, 0))
    _do(screen, "0", "time", "more")
    screen.swipe("right")
    assert "Repeat" in screen.texts() and _kept(desk) == [(7, 0, 0, "", True)], "not kept without the key"
    screen.back()
    assert "Next Thu 07:00" in screen.texts(), screen.texts()
    screen.swipe("right")
    assert desk.leaving == 1


def test_a_new_alarm_that_is_not_finished_is_none():
    desk, screen = _open()
    _do(screen, "add", "more")
    screen.back()
    assert _kept(desk) == [] and "Alarms" in screen.texts()


def test_the_headline_says_what_rings_next_and_follows_the_phone():
    desk, screen = _open((7, 0, 0x1F), (10, 30, 0))
    assert screen.texts()[0] == "Next 10:30"
    assert "Today" in screen.texts()
    desk.known.phone.receive({"t": "alarm", "d": [{"h": 10, "m": 20, "rep": 0, "on": True}]})
    screen.tick(0)
    assert screen.texts()[0] == "Next 10:20"
    desk.time.minutes += 11
    assert desk.known.alarms.take_due(desk.known.local_minutes()) >= 0
    screen.tick(0)
    assert screen.texts()[0] == "Next 10:30"


def test_sixteen_are_all():
    desk, screen = _open(*[(hour, 0, 0x7F) for hour in range(16)])
    _do(screen, "add")
    assert len(_kept(desk)) == 16 and "All places are taken" in screen.texts() and desk.played


def test_what_the_flash_does_not_take_is_said():
    desk, screen = _open((7, 0, 0))
    desk.known.shelf.broken = StorageError("worn out")
    _do(screen, "0", "days", "day-3")
    assert "Could not be kept. Please try again." in screen.texts()
    _do(screen, "ok", "add", "done")
    assert "Could not be kept. Please try again." in screen.texts()
    _do(screen, "ok", "0", "delete", "ok")
    assert _kept(desk) == [(7, 0, 0, "", True)] and not desk.errors
    _do(screen, "0-switch")
    assert desk.known.alarms.places[0].enabled


def test_an_alarm_that_goes_while_it_is_open_is_no_failure():
    desk, screen = _open((7, 0, 0))
    _do(screen, "0")
    desk.known.alarms.remove(0)
    _do(screen, "delete")
    assert screen.running and not desk.errors
    _do(screen, "add")
    desk.known.alarms.clear()
    screen.tick(0)
    assert screen.running


def test_days_in_words():
    _, screen = _open((7, 0, 0x1F), (7, 1, 0x60), (7, 2, 0x7F), (7, 3, 0x05), (7, 4, 0x77), (7, 5, 0))
    seen = screen.texts()
    for _ in range(3):
        screen.swipe("up")
        seen += screen.texts()
    for words in ("Weekdays", "Weekend", "Every day", "Mon Wed", "Not Thu", "Tomorrow"):
        assert words in seen, words


def test_an_idle_second_sends_and_allocates_nothing():
    for size in _SIZES:
        desk, panel = Desk(), Panel(*size)
        desk.known.alarms.add(7, 0, 0x1F, desk.known.local_minutes())
        ui = Ui(panel, "firmware/assets")
        stack = Stack(ui, Renderer(ui, panel), app(ui, "alarms", desk=desk))
        assert idle_second(stack, panel) and not desk.errors


def test_memory_comes_back():
    def turn(desk, ui):
        screen = app(ui, "alarms", desk=desk)
        _do(screen, "0", "time", "done", "days", "done")
        screen.close()

    desk, ui = Desk(), Ui(Panel(*_SIZES[1]), "firmware/assets")
    desk.known.alarms.add(7, 0, 0x1F, desk.known.local_minutes())
    turn(desk, ui)
    gc.collect()
    start = gc.mem_alloc()
    for _ in range(20):
        turn(desk, ui)
        desk.played.clear()
    gc.collect()
    grown = gc.mem_alloc() - start
    print("NOTE alarms: used 20 times, heap %+d bytes" % grown)
    assert grown <= 0
