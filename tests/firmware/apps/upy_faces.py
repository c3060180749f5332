"""Every face at every moment that tries it: whole, readable, cheap, and dark when nobody looks."""

import gc

import micropython

from tests.screens.app_scenes import Desk, bundle, face, manifest
from tests.screens.face_scenes import HOURS, LEAP_MONTH, MOMENTS, NEW_YEAR, WIDE_DAY, at, busy, minutes_of, picker
from tests.screens.panel import Panel
from watch.apps import loader
from watch.apps.api import Face
from watch.apps.picker import FacePicker
from watch.apps.shelf.firmware_apps import FACES
from watch.apps.words import Words
from watch.ui.context import Ui
from watch.ui.layout import line
from watch.ui.renderer import Renderer
from watch.ui.stack import Stack
from watch.ui.text import Catalogue, civil

SIZES = ((410, 502, 115, 2), (240, 240, 0, 1))
LIT_MOST = 100
"""Thousandths of the pixels that a face may light in the dark."""
MINUTE_MOST = {410: 16_384, 240: 6_144}


@micropython.viper
def _lit(pixels: ptr16, count: int) -> int:
    """Pixels that are not black."""
    lit = 0
    for i in range(count):
        if pixels[i]:
            lit += 1
    return lit


def _draw(size, language, build, name):
    """Build and draw a face; returns the screen, the panel, the shared context and what text was drawn where."""
    panel = Panel(*size)
    ui = Ui(panel, "firmware/assets", language)
    screen = build(ui, name)
    renderer = Renderer(ui, panel)
    renderer.canvas.log = []
    screen.shown = True
    screen.open()
    ui.damage.everything()
    renderer.render(screen)
    assert not screen._owner.errors, (name, screen._owner.errors)
    return screen, panel, ui, renderer.canvas.log


def _on_glass(x, y, size):
    dx = max(size[2] - x, x - (size[0] - size[2]), 0)
    dy = max(size[2] - y, y - (size[1] - size[2]), 0)
    return 0 <= x <= size[0] and 0 <= y <= size[1] and dx * dx + dy * dy <= size[2] * size[2]


def test_every_face_at_every_moment_is_whole_and_on_the_glass():
    pictures = 0
    for size in SIZES:
        for language in ("en", "zh"):
            for name in FACES:
                for moment, build in MOMENTS:
                    _, _, ui, log = _draw(size, language, build, name)
                    here = (name, moment, size[0], language)
                    assert ui.missing == 0 and ui.clipped == 0, here
                    for text, x, y, width, height in [drawn for drawn in log if drawn[0]]:
                        assert "…" not in text or text.startswith("14:30"), (here, text)
                        for px in (x, x + width):
                            for py in (y + height // 4, y + height - height // 4):
                                assert _on_glass(px, py, size), (here, text)
                    pictures += 1
    print("NOTE faces: %d pictures of %d faces, no text cut but titles of events" % (pictures, len(FACES)))


def test_in_the_dark_a_face_lights_a_tenth_of_the_glass_at_most():
    for name in FACES:
        most = []
        for size in SIZES:
            worst = 0
            for moment, build in MOMENTS:
                if moment.startswith("dark"):
                    panel = _draw(size, "zh", build, name)[1]
                    worst = max(worst, _lit(panel.pixels, size[0] * size[1]) * 1000 // (size[0] * size[1]))
            assert worst <= LIT_MOST, (name, size[0], worst)
            most.append(worst)
        print("NOTE face %s in the dark: %.1f %% and %.1f %% of the pixels lit" % (name, most[0] / 10, most[1] / 10))


def _dark(name, size, minute=8):
    """A face in the dark at 10:`minute`, shown."""
    desk, panel = Desk(), Panel(*size)
    desk.time.minutes = minutes_of(WIDE_DAY, 10, minute)
    busy(desk)
    ui = Ui(panel, "firmware/assets")
    stack = Stack(ui, Renderer(ui, panel), face(ui, name, desk))
    stack.tick(0)
    stack.top.dim(True)
    stack.tick(0)
    return desk, panel, stack


def test_a_minute_in_the_dark_sends_what_changed_and_a_second_nothing():
    for name in FACES:
        for size in SIZES:
            desk, panel, stack = _dark(name, size)
            worst = 0
            for _ in range(30):
                desk.time.minutes += 1
                before = bytes(panel.pixels)
                panel.bytes = 0
                stack.tick(0)
                worst = max(worst, panel.bytes)
                assert panel.bytes and panel.pixels != before, name
                panel.bytes = 0
                desk.time.second, desk.glance.percent = 30, desk.glance.percent - 1
                micropython.heap_lock()
                try:
                    stack.tick(1)
                finally:
                    micropython.heap_unlock()
                assert panel.bytes == 0, name
            print("NOTE face %s %dx%d in the dark: a minute sends at most %d bytes" % (name, size[0], size[1], worst))
            assert worst <= 2 * MINUTE_MOST[size[0]], (name, worst)


def test_back_in_the_light_a_face_is_what_it_was():
    for name in FACES:
        for size in SIZES:
            desk, panel, stack = _dark(name, size)
            desk.time.minutes += 1
            stack.tick(0)
            stack.top.dim(False)
            stack.top.dim(False)
            stack.tick(0)
            assert [target[0] for target in stack.top.targets()] == ["face"]
            fresh = _draw(size, "en", lambda ui, name: at(ui, name, WIDE_DAY, 10, 9), name)[1]
            assert panel.pixels == fresh.pixels, (name, size[0])


def test_going_dark_and_back_costs_no_memory_for_good():
    for name in FACES:
        desk, _, stack = _dark(name, SIZES[1])
        start = 0
        for turn in range(30):
            desk.now_ms += 1000  # fuel comes back with time
            stack.top.dim(False)
            stack.tick(0)
            stack.top.dim(True)
            stack.tick(0)
            if turn == 0:
                gc.collect()
                start = gc.mem_alloc()
        gc.collect()
        assert gc.mem_alloc() <= start and not desk.errors, (name, gc.mem_alloc() - start)


def test_a_clock_of_twelve_hours_says_which_half_of_the_day():
    for size in SIZES:
        for name in FACES:
            if name == "analogue":
                continue
            for language, hour, half in (("en", 1, "AM"), ("en", 13, "PM"), ("zh", 1, "上午"), ("zh", 13, "下午")):
                ui = Ui(Panel(*size), "firmware/assets", language)
                texts = at(ui, name, LEAP_MONTH, hour, 5, clock_24h=False).texts()
                assert any(half in text for text in texts), (name, texts)
                assert "1:05" in texts or texts[:3] == ["1", "0", "5"], (name, texts)
                whole = at(ui, name, LEAP_MONTH, hour, 5).texts()
                assert not any(half in text for text in whole), (name, whole)


def test_the_leading_figure_comes_and_goes_without_a_trace():
    """From 12:59 to 1:00 and from 9:59 to 10:00 the figures move: what stood there before must be gone."""
    for name in ("digital", "big"):
        for hour, minute in ((12, 59), (9, 59)):
            desk, panel = Desk(), Panel(*SIZES[0])
            desk.time.minutes = minutes_of(WIDE_DAY, hour, minute)
            busy(desk)
            ui = Ui(panel, "firmware/assets")
            ui.clock_24h = False
            stack = Stack(ui, Renderer(ui, panel), face(ui, name, desk))
            stack.tick(0)
            desk.time.minutes += 1
            stack.tick(0)

            def fresh(ui, name, minutes=desk.time.minutes):
                return at(ui, name, WIDE_DAY, minutes // 60 % 24, 0, clock_24h=False)

            assert panel.pixels == _draw(SIZES[0], "en", fresh, name)[1].pixels, (name, hour)


def _more(hours, hour, steps):
    return hours[:hour] + (hours[hour] + steps,) + hours[hour + 1 :]


def test_steps_change_only_the_bars_and_the_ring_that_they_change():
    desk, panel = Desk(), Panel(*SIZES[0])
    busy(desk)
    ui = Ui(panel, "firmware/assets")
    stack = Stack(ui, Renderer(ui, panel), face(ui, "rings", desk))
    stack.tick(0)
    panel.bytes = 0
    desk.glance.hours = _more(desk.glance.hours, 10, 4)
    desk.glance.steps += 4
    stack.tick(0)
    print("NOTE face rings: four steps send %d bytes" % panel.bytes)
    assert 0 < panel.bytes < 10_000
    desk.glance.hours = _more(desk.glance.hours, 8, 2000)
    desk.glance.steps, desk.glance.goal_percent = sum(HOURS) + 2004, 72
    stack.tick(0)
    assert any("5,774" in text for text in stack.top.texts())


def _phrases(language, date):
    loader.forget("almanac")  # what a test before has left is the packed one
    from apps.almanac.phrases import Phrases

    words = Words(bundle("almanac").words(language), Catalogue(language))
    return Phrases(words, minutes_of(date, 0, 0) // 1440, date)


def test_the_almanac_says_the_same_in_both_languages():
    spring = _phrases("zh", NEW_YEAR)
    assert (spring.animal, spring.month + spring.day, spring.year) == ("马", "正月初一", "丙午年  属马")
    assert spring.feast == "春节" and spring.term == "明日雨水"
    spring = _phrases("en", NEW_YEAR)
    assert (spring.month, spring.day, spring.year) == ("1st month", "Day 1", "Bing-Wu, Horse year")
    assert spring.feast == "Spring Festival" and spring.term == "Rain Water in 1 d"
    leap = _phrases("zh", LEAP_MONTH)
    assert leap.month + leap.day == "闰冬月初四" and leap.feast == "" and leap.term == "11 天后小寒"
    assert _phrases("en", LEAP_MONTH).month == "Leap 11th month"
    assert _phrases("zh", (2026, 2, 16)).feast == "除夕" and _phrases("zh", (2026, 2, 16)).day == "廿九"
    assert _phrases("en", (2026, 11, 22)).term == "Minor Snow today"
    for _, number in enumerate((0, 36524)):
        assert _phrases("en", civil(number)).term
    loader.forget("almanac")


def test_every_line_of_the_almanac_fits_in_english():
    loader.forget("almanac")  # what a test before has left is the packed one
    from apps.almanac.phrases import Phrases

    words = Words(bundle("almanac").words("en"), Catalogue("en"))
    for size in SIZES:
        ui = Ui(Panel(*size), "firmware/assets")
        widest = 0
        for days in range(0, 12 * 365, 3):  # each animal, stem and term
            day = Phrases(words, days, civil(days))
            for text in (day.year, day.term, day.feast):
                widest = max(widest, line(ui.caption_font, text).width)
        room = ui.width - 4 * ui.metrics.gap
        print("NOTE almanac %d: the widest line takes %d of %d px" % (size[0], widest, room))
        assert widest <= room
    loader.forget("almanac")


class _Broken(Face):
    """Raises when it is built."""

    def build(self):
        raise ValueError


def _swipe(stack, direction):
    stack.top.swipe(direction)
    stack.tick(0)


def test_the_picker_shows_each_face_once_around_and_nothing_of_it_stays():
    for size in SIZES:
        panel = Panel(*size)
        ui = Ui(panel, "firmware/assets")
        desk = Desk()
        stack = Stack(ui, Renderer(ui, panel), face(ui, "minimal", desk))
        chosen, left = {}, []
        manifests = tuple(map(manifest, FACES))
        choose, cancel = lambda face, chosen=chosen: chosen.update(face=face), lambda left=left: left.append(1)
        start = 0
        for turn in range(8):
            stack.push(FacePicker(ui, manifests, 0, desk, choose, cancel, None))
            seen = []
            for _ in FACES:
                seen.append(stack.top.manifest.id)
                assert stack.top.running and stack.top.manifest.name("en") in stack.top.texts()
                _swipe(stack, "left")
            assert seen == list(FACES) and stack.top.manifest.id == FACES[0]
            _swipe(stack, "right")
            stack.top.tap(100, 100)
            stack.home()
            if turn == 1:
                gc.collect()
                start = gc.mem_alloc()
        gc.collect()
        grown = gc.mem_alloc() - start
        assert chosen == {"face": FACES[-1]} and not left and not desk.errors
        print("NOTE faces: the picker went around 6 times, heap %+d bytes" % grown)
        assert grown <= 0, grown


def test_the_name_in_the_picker_cuts_no_line_of_a_face():
    """What reaches into the strip beneath the name is large, and ends there; on the face itself lines are there."""
    for size in SIZES:
        left_out = 0
        for place, name in enumerate(FACES):
            screen, _, _, drawn = _draw(size, "zh", picker, place)
            strip_y = screen._strip_y
            assert not [one for one in drawn if one[0] and one[2] < strip_y < one[2] + one[4]], name
            whole = _draw(size, "zh", lambda ui, name: face(ui, name, Desk()), name)[3]
            left_out += any(one[0] and one[2] + one[4] > strip_y for one in whole)
        assert left_out, "nothing to leave out"


def test_the_picker_survives_a_face_that_fails():
    ui = Ui(Panel(*SIZES[1]), "firmware/assets")
    screen = picker(ui, 0)
    desk = screen._owner
    stack = Stack(ui, Renderer(ui, Panel(*SIZES[1])), screen)
    desk.instead[FACES[1]] = _Broken
    _swipe(stack, "left")
    assert len(desk.errors) == 1 and not screen.running and screen.texts()[2].endswith("ValueError")
    assert [target[0] for target in screen.targets()] == ["ok"], "one cannot choose it"
    _swipe(stack, "left")
    assert screen.running and screen.manifest.id == FACES[2] and len(desk.errors) == 1


def test_the_button_and_a_stroke_up_keep_the_face_there_was():
    ui = Ui(Panel(*SIZES[1]), "firmware/assets")
    for leave in (lambda one: one.button("single"), lambda one: one.swipe("up"), lambda one: one.back()):
        left, chosen = [], []
        manifests = tuple(map(manifest, FACES))
        screen = FacePicker(ui, manifests, 0, Desk(), chosen.append, lambda left=left: left.append(1), None)
        screen.shown = True
        screen.open()
        screen.hold(50, 50)
        leave(screen)
        assert left == [1] and not chosen
        screen.close()
        assert not screen.running


def test_a_face_that_cannot_dim_fails_like_any_other():
    from watch.apps.api import App

    class NoFace(App):
        """An app where a face should be."""

    desk = Desk(NoFace)
    screen = face(Ui(Panel(*SIZES[1]), "firmware/assets"), "digital", desk)
    screen.shown = True
    screen.open()
    screen.dim(True)
    assert type(desk.errors[0]) is AttributeError and not screen.running
