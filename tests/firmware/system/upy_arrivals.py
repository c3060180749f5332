"""A notification comes: what is felt, what is shown to whom, and what a burst of them does."""

import asyncio

from support import scrubbing
from support.worn import Worn

from watch.access import states
from watch.ble.phone_link.pictures import Bitmap
from watch.system.arrivals import CARD_MS
from watch.system.view import ATTENTION, TICK
from watch.ui.mixed import Mixed

scrubbing.leave_out()
SHARE = "system"


def test_one_is_felt_lights_up_and_goes_by_itself():
    one = Worn()
    one.post()
    assert one.felt == [ATTENTION] and one.watch.light.state == "full" and one.screen == "news"
    assert one.texts() == ["Chat", "Ada", "Soup at noon?"], one.texts()
    one.wait(CARD_MS // 1000)
    assert one.screen == "face" and one.felt == [ATTENTION] and one.kept.unread == 1
    one.wait(20)
    assert one.watch.light.dark, "one card kept the light on"


def test_pictures_of_the_phone_are_on_the_card_for_who_may_read_it():
    for wants, unlocked, drawn in (("content", True, 1), ("sender", True, 0), ("content", False, 0)):
        one = Worn(unlocked=unlocked, notifications=wants)
        bits = Bitmap(8, 8, 1, -1, bytearray(b"\xff" * 8))
        one.kept.post({"id": 3, "src": "Chat", "title": "Ada", "body": "", "pieces": (bits, "\n", bits)})
        one.wait(1)
        assert one.screen == "news"
        pictures = [widget for widget in one.watch.stack.top.widgets if isinstance(widget, Mixed)]
        assert len(pictures) == drawn and all(widget.h > 16 for widget in pictures), (wants, unlocked)


def test_a_touch_opens_it_and_a_stroke_puts_it_away():
    one = Worn()
    one.post(7)
    one.touch()
    assert one.screen == "note" and one.kept.unread == 0
    one.watch.stack.top.swipe("right")
    assert one.screen == "notes"
    for way in ("up", "right"):
        one = Worn()
        one.post()
        one.watch.stack.top.swipe(way)
        assert one.screen == "face" and one.kept.unread == 1
    one.post(2)
    one.watch.navigator.button("single")
    assert one.screen == "face"


def test_a_locked_watch_shows_the_app_and_a_touch_asks_for_the_passcode():
    one = Worn(unlocked=False)
    one.post()
    assert one.texts() == ["Chat", "Unlock to read"], one.texts()
    one.touch()
    assert one.screen == "passcode"
    asyncio.run(one.enter())
    assert one.screen == "note" and "Soup at noon?" in one.texts()
    one = Worn()
    one.post()
    one.watch.services.guard.lock()
    assert one.screen == "face", "what was shown to its wearer stays on no locked watch"


def test_the_wearers_choices_count():
    one = Worn(notifications="sender")
    one.post()
    assert one.texts() == ["Chat", "Ada"], one.texts()
    one = Worn(notifications="off")
    one.post()
    assert one.watch.light.dark and one.felt == []
    one = Worn(silent=True)
    one.post()
    assert one.screen == "news" and one.felt == []
    one = Worn(water_mode=True)
    one.post()
    assert one.watch.light.dark and one.felt == []
    one.watch.services.settings.set("water_mode", False)
    assert one.wait(2).watch.light.dark, "old by then"


def test_who_does_something_else_only_feels_it_and_who_pays_is_left_alone():
    one = Worn(dark=False)
    one.watch.stack.top.swipe("up")
    one.post()
    assert one.screen == "launcher" and one.felt == [TICK]
    one.watch.stack.home()
    one.watch.navigator.paying.pay()
    del one.felt[:]
    one.post(2)
    assert one.wait(6).screen == "armed" and one.felt == []
    one.watch.services.wallet.disarm()
    one.step()
    assert one.screen == "news" and one.felt == [ATTENTION], "after it the wearer hears of it"
    one.watch.navigator.paying.pay()
    assert one.screen == "armed" and one.watch.services.guard.state == states.ARMED


def test_a_burst_is_one_buzz_in_five_seconds_and_a_number():
    one = Worn()
    for number in range(8):
        one.post(number, title="Ada %d" % number)
    assert one.felt == [ATTENTION] and "Ada 0" in one.texts()
    one.wait(1)
    assert "Ada 7" in one.texts() and "and 7 more" in one.texts(), one.texts()
    for second in range(60):
        one.post(100 + second)
        one.wait(1)
    assert len(one.felt) <= 1 + 60 * 1000 // CARD_MS, len(one.felt)
    one.kept.dismiss_all()
    one.wait(1)
    assert one.screen == "face", "the phone has taken all of them back"
