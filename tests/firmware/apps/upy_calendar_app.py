"""The calendar as a wearer uses it: months against Python's own arithmetic, the list, and one event in pages."""

import gc

from support.quiet import idle_second

from tests.screens.app_scenes import Desk, app
from tests.screens.panel import Panel
from tests.screens.touches import touch
from watch.apps.api import days_in_month, days_since_2000
from watch.ui.context import Ui
from watch.ui.renderer import Renderer
from watch.ui.stack import Stack

_SIZES = ((410, 502, 115, 2), (240, 240, 0, 1))
_TODAY_S = 2_168_121_600  # 2038-09-15 00:00, eight hours east: the midnight of a desk, in the time of its place
_EAST_S = 8 * 3600


def event(number, hours, minutes=60, title="Event", **more):
    """What the phone says of an event that begins so many hours after midnight."""
    start = _TODAY_S + int(hours * 3600) - (0 if more.get("allDay") else _EAST_S)
    return dict(more, t="calendar", id=number, timestamp=start, durationInSeconds=minutes * 60, title=title)


def _open(*messages, size=_SIZES[1], language="en", linked=True):
    desk, panel = Desk(), Panel(*size)
    for message in messages:
        desk.known.phone.receive(message)
    desk.known.phone.link(linked)
    ui = Ui(panel, "firmware/assets", language)
    screen = app(ui, "calendar", desk=desk)
    return desk, screen, Stack(ui, Renderer(ui, panel), screen), panel


def _month(screen):
    """What the table of days holds."""
    return next(widget for widget in screen.widgets if hasattr(widget, "_marks"))


def test_lengths_and_first_days_of_months():
    for year, month, days, since in ((2000, 1, 31, 0), (2000, 2, 29, 31), (2038, 2, 28, 13911), (2096, 2, 29, 35095)):
        assert days_in_month(year, month) == days and days_since_2000(year, month, 1) == since, (year, month)
    assert days_since_2000(2038, 9, 15) == 14137 and days_in_month(2099, 12) == 31


def test_months_turn_within_what_the_clock_knows():
    desk, screen, _, _ = _open()
    assert screen.texts()[0] == "Sep 2038" and _month(screen)._today == 15
    assert _month(screen)._first == 2, "a Wednesday"
    for _ in range(4):
        screen.swipe("up")
    assert screen.texts()[0] == "Jan 2039" and _month(screen)._today == 0
    screen.back()
    assert screen.texts()[0] == "Sep 2038"
    screen.swipe("right")
    assert desk.leaving == 1
    for first, direction, last in ((35 * 1440, "down", "Jan 2000"), (36_500 * 1440, "up", "Dec 2099")):
        desk.time.minutes = first
        screen.tick(0)
        for _ in range(4):
            screen.swipe(direction)
        assert screen.texts()[0] == last and not desk.errors, screen.texts()[0]


def test_days_with_events_have_dots():
    whole = event(3, 72, 2880, allDay=True)
    _, screen, _, _ = _open(event(1, 9), event(2, 23.5, 60), whole, event(4, 24 * 16))
    assert [day + 1 for day, mark in enumerate(_month(screen)._marks) if mark] == [15, 16, 18, 19]
    screen.swipe("up")
    assert [day + 1 for day, mark in enumerate(_month(screen)._marks) if mark] == [1]
    touch(screen, "coming")
    assert [name for name, *_ in screen.targets()] == ["2", "3"], "the page of the month that was shown"


def test_the_list_says_when_in_words():
    for language, wanted in (
        ("en", ("Now until 10:30", "Today 14:30", "Tomorrow 09:00", "Sat 18 Sep · All day", "Untitled")),
        ("zh", ("进行中，至10:30", "今天 14:30", "明天 09:00", "9月18日 周六 · 全天", "未命名")),
    ):
        days = (event(1, 9.5), event(2, 14.5), event(3, 33), event(4, 72, 1440, allDay=True), event(5, 200, title=""))
        desk, screen, _, _ = _open(*days, language=language)
        touch(screen, "coming")
        seen = screen.texts()
        for _ in range(4):
            screen.swipe("up")
            seen += screen.texts()
        for words in wanted:
            assert words in seen, (words, seen)
        assert not desk.errors


def test_an_event_is_read_in_pages_and_back_leads_to_its_row():
    text = " ".join("word%d" % number for number in range(50))
    for size in _SIZES:
        desk, screen, _, _ = _open(
            event(1, 9), event(2, 11), event(3, 13, 90, description=text, location="Hall"), size=size
        )
        touch(screen, "coming")
        touch(screen, "2")
        assert screen.texts() == ["Event", "Today", "13:00 – 14:30", "Hall"], screen.texts()
        read = []
        for _ in range(12):
            screen.swipe("up")
            if screen.texts()[0] not in read:
                read.append(screen.texts()[0])
        assert " ".join(read) == text
        screen.back()
        assert "Today 13:00" in screen.texts()
        screen.back()
        assert screen.texts()[0] == "Sep 2038"
        assert not desk.errors


def test_times_of_one_event_in_two_lines():
    for message, first, second in (
        (event(1, 12, 0), "Today", "12:00"),
        (event(1, 23, 120), "Today 23:00", "until Thu 01:00"),
        (event(1, 23, 14_400), "Today 23:00", "until Sat 25 Sep"),
        (event(1, 23, 60), "Today", "23:00 – 00:00"),
        (event(1, 24, 1440, allDay=True), "Tomorrow", "All day"),
        (event(1, 24, 4320, allDay=True), "Tomorrow", "until Sat 18 Sep"),
    ):
        _, screen, _, _ = _open(message)
        touch(screen, "coming")
        touch(screen, "0")
        assert screen.texts()[1:3] == [first, second], screen.texts()


def test_without_events_the_phone_is_asked_once():
    desk, screen, stack, _ = _open()
    touch(screen, "coming")
    assert "asked" in screen.texts()[1] and desk.known.outbox.take()["t"] == "force_calendar_sync"
    desk.known.phone.receive(event(1, 14, title="Dentist"))
    stack.tick(0)
    assert "Dentist" in screen.texts() and len(desk.known.outbox) == 0
    desk, screen, _, _ = _open(linked=False)
    touch(screen, "coming")
    assert "asked" not in screen.texts()[1] and len(desk.known.outbox) == 0
    assert not desk.errors


def test_what_the_phone_takes_back_goes_and_midnight_is_noticed():
    desk, screen, stack, _ = _open(event(1, 12), event(2, 14))
    touch(screen, "coming")
    touch(screen, "1")
    desk.known.phone.receive({"t": "calendar-", "id": [1, 2]})
    stack.tick(0)
    assert screen.texts()[0] == "Event", "what is read stays"
    screen.back()
    stack.tick(0)
    assert len(screen.targets()) == 0
    screen.back()
    desk.time.minutes += 14 * 60
    stack.tick(0)
    assert _month(screen)._today == 16 and not desk.errors


def test_hostile_events_are_shown_as_data():
    odd = [
        event(number, number, 1, "م\u202e\x07" * 60, location="W" * 500, description="€" * 900) for number in range(60)
    ]
    desk, screen, _, _ = _open(*odd)
    touch(screen, "coming")
    touch(screen, "0")
    for _ in range(20):
        screen.swipe("up")
    assert screen.running and not desk.errors


def test_an_idle_second_sends_and_allocates_nothing():
    for size in _SIZES:
        for where in ((), ("coming",), ("coming", "0")):
            desk, screen, stack, panel = _open(event(1, 14), size=size)
            for name in where:
                touch(screen, name)
            assert idle_second(stack, panel) and not desk.errors


def test_memory_comes_back():
    desk, ui = Desk(), Ui(Panel(*_SIZES[1]), "firmware/assets")
    desk.known.phone.receive(event(1, 14))
    start = 0
    for turn in range(20):
        screen = app(ui, "calendar", desk=desk)
        touch(screen, "coming")
        touch(screen, "0")
        screen.close()
        if not turn:
            gc.collect()
            start = gc.mem_alloc()
    del screen
    gc.collect()
    print("NOTE calendar: used 20 times, heap %+d bytes" % (gc.mem_alloc() - start))
    assert gc.mem_alloc() <= start
