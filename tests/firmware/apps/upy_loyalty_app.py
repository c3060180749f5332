"""The loyalty cards: the list, a card at full light, and that a locked watch tells nobody who the wearer is."""

import asyncio

from support import scrubbing
from support.world import World

from tests.screens.app_scenes import app
from tests.screens.panel import Panel
from tests.screens.tool_desk import ToolDesk
from tests.screens.tool_scenes import touch
from watch.access import states
from watch.system.apps.grants import Loyalty
from watch.system.main import build
from watch.ui.code_pictures import BarPicture, QrPicture
from watch.ui.context import Ui

scrubbing.leave_out()
PASSCODE = b"246810"
_PHONE = {
    "t": "cards",
    "d": [
        {"name": "Tea", "type": "CODE_128", "value": "12345678"},
        {"name": "Books", "type": "QR_CODE", "value": "M-1"},
    ],
}


def _open(*cards):
    desk = ToolDesk()
    for name, kind, text in cards:
        desk.known.loyalty.put(name, kind, text)
    return app(Ui(Panel(240, 240, 0, 1), "firmware/assets"), "loyalty", desk=desk), desk


def _shown(screen, kind):
    return [widget for widget in screen.widgets if isinstance(widget, kind)]


def test_a_card_is_shown_at_full_light_until_one_goes_back():
    screen, desk = _open(("Tea", "code128", "123456"), ("books", "qr", "M-1"))
    assert screen.texts()[1:3] == ["books", "Tea"] and not desk.bright
    touch(screen, "1")
    assert _shown(screen, BarPicture) and screen.texts() == ["Tea", "1234 56"] and desk.bright
    assert screen.keeps_light == "app-loyalty"
    screen.swipe("down")
    assert _shown(screen, QrPicture) and screen.texts() == ["books"] and desk.bright
    screen.swipe("right")
    assert "Tea" in screen.texts() and not desk.bright and desk.leaving == 0 and not screen.keeps_light
    screen.swipe("right")
    assert desk.leaving == 1


def test_the_list_follows_the_phone_and_a_card_in_use_stays():
    screen, desk = _open()
    assert "No cards yet. Send them with the phone app" in screen.texts()
    desk.known.phone.receive(_PHONE)
    screen.tick(0)
    assert screen.texts()[1:] == ["Books", "Tea"]
    touch(screen, "1")
    desk.known.loyalty.put("Another", "qr", "x")
    screen.tick(0)
    assert screen.texts()[0] == "Tea"
    touch(screen, "card")
    screen.tick(0)
    assert "Another" in screen.texts()


def test_bars_that_are_too_thin_become_a_qr_code_and_say_so():
    screen, _ = _open(("Long", "code128", "Ab" * 24))
    touch(screen, "0")
    assert _shown(screen, QrPicture) and "Too long for bars" in screen.texts()


def test_a_card_is_thrown_away_after_a_question():
    screen, desk = _open(("Tea", "qr", "1"), ("Books", "qr", "2"))
    touch(screen, "1")
    screen.hold(100, 100)
    assert screen.texts()[:2] == ["Remove card?", "Tea"] and not desk.bright
    screen.swipe("up")
    touch(screen, "keep")
    assert screen.texts() == ["Tea"] and desk.bright and len(desk.known.loyalty) == 2
    screen.hold(100, 100)
    screen.swipe("right")
    assert screen.texts() == ["Tea"]
    screen.hold(100, 100)
    touch(screen, "remove")
    assert screen.texts()[1:] == ["Books"] and len(desk.known.loyalty) == 1
    screen.hold(100, 100)
    assert screen.texts()[1:] == ["Books"], "the list knows no question"


def _watch():
    world = World().provision().set_passcode().add_card()
    watch = build(world.board)
    watch.phone.receive(_PHONE)
    return watch


def _launch(watch):
    watch.stack.home()
    watch.stack.top.swipe("up")
    launcher = watch.stack.top
    while "loyalty" not in [one[0] for one in launcher.targets()]:
        launcher.swipe("left")
    touch(launcher, "loyalty")


async def _enter(watch):
    """The passcode, touched on the screen."""
    for digit in PASSCODE:
        touch(watch.stack.top, chr(digit))
    touch(watch.stack.top, "done")
    for _ in range(200):
        await asyncio.sleep_ms(5)
        if watch.stack.top.name != "passcode":
            return


def test_a_locked_watch_asks_for_the_passcode_first():
    watch = _watch()
    _launch(watch)
    assert watch.stack.top.name == "passcode"
    asyncio.run(_enter(watch))
    assert watch.stack.top.name == "app-loyalty" and "Tea" in watch.stack.top.texts()
    watch.navigator.button("single")
    assert watch.stack.top.name == "face"


def test_a_lock_takes_a_card_off_the_screen():
    watch = _watch()
    asyncio.run(watch.services.guard.unlock(bytearray(PASSCODE)))
    _launch(watch)
    touch(watch.stack.top, "0")
    watch.navigator.button("long")
    assert watch.services.guard.state == states.LOCKED and watch.stack.top.name == "face"
    grant = Loyalty(watch.services)
    assert grant.cards() == [] and not grant.remove(0), "not even by the grant"
    assert len(watch.services.loyalty) == 2
