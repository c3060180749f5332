"""Notifications as the wearer reads them, and what the watch says of its battery."""

import asyncio

from support import scrubbing
from support.world import TOKEN, World

from tests.screens.panel import Panel
from watch.system.main import build
from watch.ui.context import Ui
from watch.ui.pages import text_pages

scrubbing.leave_out()

PASSCODE = b"246810"


class _Watch:
    """A worn watch."""

    def __init__(self):
        self.world = World().provision().set_passcode().add_card(TOKEN)
        self.watch = build(self.world.board)
        self.services = self.watch.services
        asyncio.run(self.services.guard.unlock(bytearray(PASSCODE)))

    @property
    def screen(self):
        return self.watch.stack.top.name

    def touch(self, name):
        for _ in range(6):
            for target in self.watch.stack.top.targets():
                if target[0] == name:
                    self.watch.stack.top.tap(target[1] + 5, target[2] + 5)
                    return
            self.watch.stack.top.swipe("up")
        raise AssertionError("nothing called %s to touch on %s" % (name, self.screen))

    def wait(self, seconds=1):
        for _ in range(seconds):
            self.world.board.clock.now_us += 1_000_000
            self.watch.navigator.tick()

    def messages(self):
        self.watch.stack.home()
        self.watch.stack.top.swipe("down")
        self.touch("notes")


def test_messages_are_read_answered_and_thrown_away():
    one = _Watch()
    kept = one.services.notifications
    one.messages()
    assert one.screen == "notes" and one.watch.stack.top.targets() == []
    for number in (1, 2, 3):
        kept.post({"id": number, "src": "Chat", "title": "Ada", "body": "Soup?", "reply": number == 2})
    one.wait()
    one.messages()
    assert kept.unread == 3
    one.touch("2")
    assert one.screen == "note" and kept.unread == 2 and "Soup?" in one.watch.stack.top.texts()
    one.touch("act")
    one.touch("reply")
    one.touch("soon")
    assert one.screen == "notes", one.screen
    one.touch("3")
    one.touch("act")
    assert "reply" not in [target[0] for target in one.watch.stack.top.targets()]
    one.touch("dismiss")
    assert one.screen == "notes" and len(kept) == 2
    one.touch("1")
    one.touch("act")
    kept.gone(1)
    one.touch("phone")
    one.touch("all")
    assert len(kept) == 0 and one.screen == "notes"
    one.watch.navigator.button("long")
    one.messages()
    assert one.screen == "passcode"


def test_back_from_a_message_leads_to_its_page():
    one = _Watch()
    for number in range(9):
        one.services.notifications.post({"id": number, "src": "Chat", "title": "Ada", "body": "Soup?"})
    one.wait()
    one.messages()
    one.touch("2")
    one.watch.navigator.button("single")
    assert "2" in [target[0] for target in one.watch.stack.top.targets()]


def test_a_message_that_the_phone_took_back_is_gone_from_the_list():
    one = _Watch()
    one.services.notifications.post({"id": 7, "src": "Chat", "title": "Ada", "body": "Soup?"})
    one.wait()
    one.messages()
    one.services.notifications.gone(7)
    one.touch("7")
    assert one.screen == "notes" and one.watch.stack.top.targets() == []


def test_the_battery_speaks_once_for_each_level_and_the_ring_goes_by_itself():
    one = _Watch()
    power = one.world.board.power
    state = [16, False]
    power.percent, power.charging = lambda: state[0], lambda: state[1]
    seen = []
    for percent in (16, 14, 15, 13, 5, 4, 3):
        state[0] = percent
        one.wait()
        if one.screen == "battery-low":
            seen.append(percent)
            one.watch.navigator.button("single")
    assert seen == [14, 4], seen
    state[1] = True
    one.wait()
    assert one.screen == "charging" and "3" in one.watch.stack.top.texts()
    one.wait(5)
    assert one.screen == "face"
    state[1] = False
    one.wait()
    assert one.screen == "battery-low", "the charger was gone too soon"


def test_a_long_text_is_cut_into_pages_and_nothing_is_lost():
    ui = Ui(Panel(240, 240, 0, 1), "firmware/assets")
    for text in ("word " * 160, "x" * 800, "明天下午三点在老地方见" * 24, "a" * 39 + " " + "b" * 39, "", " \n "):
        parts = text_pages(ui.body_font, text, 208, 5)
        wanted = "".join(text.split())
        seen = "".join("".join(parts).split())
        assert wanted.startswith(seen), text[:20]
        assert len(seen) == len(wanted) or len(parts) == 16, (len(seen), len(wanted))
