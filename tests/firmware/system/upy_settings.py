"""Settings as the wearer meets them: they count at once and outlive a restart; history and receipts; quick settings."""

import asyncio

from support import scrubbing
from support.world import TOKEN, World

from watch.kernel.errors import StorageError
from watch.storage.settings import TABLE
from watch.system import settings_flow
from watch.system.main import build
from watch.system.view import SUCCESS
from watch.ui.theme import GREY, WHITE

scrubbing.leave_out()

PASSCODE = b"246810"


class _Watch:
    """A worn watch with a card."""

    def __init__(self):
        self.world = World().provision().set_passcode().add_card(TOKEN)
        self.world.services.save_clock()
        self.start()

    def start(self):
        asyncio.run(_breathe())  # what the old watch still had to do
        self.watch = build(self.world.board)
        self.services = self.watch.services
        asyncio.run(self.services.guard.unlock(bytearray(PASSCODE)))

    @property
    def screen(self):
        return self.watch.stack.top.name

    def texts(self):
        return " ".join(self.watch.stack.top.texts())

    def swipe(self, direction):
        self.watch.stack.top.swipe(direction)

    def touch(self, name):
        for way in ("down",) * 10 + ("up",) * 12 if self.screen == "choices" else ("up",) * 5:
            for target in self.watch.stack.top.targets():
                if target[0] == name:
                    self.watch.stack.top.tap(target[1] + 5, target[2] + 5)
                    return
            self.swipe(way)
        raise AssertionError("nothing called %s to touch on %s" % (name, self.screen))

    def settings(self, *keys):
        self.watch.navigator.button("single")
        self.watch.stack.home()
        self.swipe("down")
        self.touch("settings")
        assert self.screen == "settings"
        for key in keys:
            self.touch(key)


async def _breathe():
    await asyncio.sleep(0)


def _number(name, value):
    return str(settings_flow._CHOICES[name].index(value))


def test_every_setting_on_a_screen_is_changed_there_and_survives_a_restart():
    one = _Watch()
    changed = {}
    for section, names in settings_flow._SECTIONS.items():
        for name in names:
            one.settings(section, name)
            if name in settings_flow._CHOICES:
                value = settings_flow._CHOICES[name][0]
                one.touch(_number(name, value))
            else:
                value = one.services.settings.get(name)
                assert value != {known: default for known, default, _ in TABLE}[name], name
            assert one.services.settings.get(name) == value, name
            assert one.screen == "settings-" + section, one.screen
            changed[name] = value
    one.start()
    assert {name: one.services.settings.get(name) for name in changed} == changed
    print("NOTE settings changed on screens:", len(changed))


def test_every_choice_is_one_that_the_table_allows():
    one = _Watch()
    for name, values in settings_flow._CHOICES.items():
        for value in values:
            one.services.settings.set(name, value)


def test_another_language_counts_at_once_everywhere():
    one = _Watch()
    one.settings("language", _number("language", "zh"))
    assert one.screen == "settings" and "语言" in one.texts(), one.texts()
    one.watch.navigator.button("single")
    assert one.screen == "face"
    one.watch.navigator.button("long")
    one.watch.navigator.tick()
    assert "已锁定" in one.texts(), one.texts()
    one.start()
    one.settings()
    assert "显示" in one.texts()


def test_an_offset_that_only_the_phone_knows_is_shown_and_kept():
    one = _Watch()
    one.services.settings.set("utc_offset_min", 337)
    one.settings("time", "utc_offset_min")
    assert "UTC+5:37" in one.texts()


def test_a_setting_that_cannot_be_written_is_told_and_does_not_count():
    one = _Watch()
    one.settings("sound")

    def refuse(name, value):
        raise StorageError("full")

    one.services.settings.set = refuse
    one.touch("silent")
    assert one.screen == "error" and not one.services.settings.get("silent")


def test_about_says_which_watch_this_is():
    one = _Watch()
    one.settings("about")
    seen = one.texts()
    for _ in range(3):
        one.swipe("up")
        seen += one.texts()
    identity = one.services.identity.device_id.hex().upper()
    assert identity[:4] + " " + identity[4:8] in seen and one.world.board.info.version in seen
    assert "OFL 1.1" in seen
    one.swipe("right")
    assert one.screen == "settings"


def test_quick_settings_need_no_passcode_and_settings_do():
    one = _Watch()
    one.watch.navigator.button("long")
    one.swipe("down")
    assert one.screen == "quick"
    for name, value in (("silent", True), ("water_mode", True), ("brightness_percent", 80)):
        one.touch(name)
        assert one.services.settings.get(name) == value, name
    one.touch("brightness_percent")
    one.touch("brightness_percent")
    assert one.services.settings.get("brightness_percent") == 20
    one.swipe("left")
    one.touch("radio")
    assert one.services.settings.get("radio") == "connected"
    one.swipe("right")
    one.touch("settings")
    assert one.screen == "passcode"


def test_silent_and_soft_reach_the_motor():
    one = _Watch()
    played = []
    one.world.board.haptics.play = played.append
    for vibration, silent, felt in (
        ("normal", False, [1]),
        ("soft", False, [0]),
        ("off", False, []),
        ("soft", True, []),
    ):
        one.services.settings.set("vibration", vibration)
        one.services.settings.set("silent", silent)
        del played[:]
        one.watch.navigator._view.play(SUCCESS)
        assert played == felt, (vibration, silent, played)
    one.services.settings.set("vibration", "normal")
    one.watch.navigator._view.ring(SUCCESS)
    assert played == [SUCCESS], "an alarm is not felt on a silent watch"


def test_clock_contrast_and_size_reach_the_face_and_what_is_drawn():
    one = _Watch()
    one.services.settings.set("utc_offset_min", 0)
    one.settings("time", "clock_24h")
    ui = one.watch.navigator._ui
    assert not ui.clock_24h and one.screen == "settings-time"
    one.watch.stack.home()
    one.watch.navigator.tick()
    minutes = one.services.local_minutes() % 720
    assert "%02d:%02d" % (minutes // 60 or 12, minutes % 60) in one.texts(), one.texts()
    one.settings("display", "high_contrast")
    one.touch("large_text")
    assert ui.ink(GREY) == WHITE and ui.ladder((ui.caption_font,))[0] is ui.body_font
    one.start()
    ui = one.watch.navigator._ui
    assert ui.high_contrast and ui.large_text and not ui.clock_24h
