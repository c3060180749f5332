"""The phone finder: what it shows, what the phone hears, and how it comes and goes when the watch is looked for."""

import asyncio

from support import scrubbing
from support.world import World

from tests.screens.app_scenes import app
from tests.screens.inside import inside
from tests.screens.panel import Panel
from tests.screens.tool_desk import ToolDesk
from tests.screens.tool_scenes import touch
from watch.access import states
from watch.apps.capabilities import FAILURE, SUCCESS, TICK
from watch.services import outbox
from watch.system.main import build
from watch.ui.context import Ui

scrubbing.leave_out()
PASSCODE = b"246810"


def _open(connected=True, desk=None):
    desk = desk or ToolDesk()
    desk.known.phone.connected = connected
    return app(Ui(Panel(240, 240, 0, 1), "firmware/assets"), "phone", desk=desk), desk


def test_it_rings_counts_down_and_stops():
    screen, desk = _open()
    known = desk.known
    assert screen.texts()[0] == "Ring my phone"
    touch(screen, "ring")
    assert known.outbox.take() == {"t": "findPhone", "n": True} and screen.texts()[0] == "Ringing"
    known.clock.ms = 30_000
    screen.tick(0)
    assert inside(screen)._arc._lit == 360, "half of the ring"
    touch(screen, "ringing")
    assert known.outbox.take() == {"t": "findPhone", "n": False} and screen.texts()[0] == "Ring my phone"
    assert desk.played == [TICK, TICK]


def test_it_is_quiet_again_by_itself():
    screen, desk = _open()
    touch(screen, "ring")
    desk.known.clock.ms = 60_000
    desk.known.find_phone.tick()
    screen.tick(0)
    assert screen.texts()[0] == "Ring my phone"


def test_without_a_phone_it_says_what_to_do():
    screen, desk = _open(connected=False)
    assert screen.targets() == [] and "Turn on its Bluetooth and come closer" in screen.texts()
    assert len(desk.known.outbox) == 0
    desk.known.phone.connected = True
    screen.tick(0)
    assert [one[0] for one in screen.targets()] == ["ring"]


def test_a_phone_that_takes_nothing_is_no_lie():
    screen, desk = _open()
    for _ in range(outbox.PLACES):
        desk.known.outbox.send({"t": "x"})
    touch(screen, "ring")
    assert screen.texts()[0] == "No answer" and desk.played == [FAILURE]


def test_an_app_that_was_open_shows_that_the_watch_is_wanted():
    screen, desk = _open()
    desk.known.find_phone.take(True)
    screen.tick(0)
    assert screen.texts()[0] == "Here I am"
    touch(screen, "wanted")
    assert not desk.known.find_phone.wanted and desk.played == [SUCCESS]
    assert screen.texts()[0] == "Ring my phone" and desk.leaving == 0


def _watch():
    world = World().provision().set_passcode().add_card()
    return world, build(world.board)


def test_the_finder_comes_and_goes_by_itself_even_on_a_locked_watch():
    _, watch = _watch()
    watch.phone.receive({"t": "find", "n": True})
    watch.navigator.tick()
    assert watch.stack.top.name == "app-phone"
    touch(watch.stack.top, "wanted")
    watch.navigator.tick()
    assert watch.stack.top.name == "face" and not watch.services.find_phone.wanted
    watch.phone.receive({"t": "find", "n": True})
    watch.navigator.tick()
    assert watch.stack.top.name == "app-phone"
    watch.phone.receive({"t": "find", "n": False})
    watch.navigator.tick()
    assert watch.stack.top.name == "face"


def test_a_wearer_who_leaves_it_is_not_asked_twice_and_a_payment_is_not_disturbed():
    _, watch = _watch()
    watch.phone.receive({"t": "find", "n": True})
    watch.navigator.tick()
    watch.navigator.button("single")
    for _ in range(3):
        watch.navigator.tick()
    assert watch.stack.top.name == "face" and watch.services.find_phone.wanted
    watch.phone.receive({"t": "find", "n": False})
    watch.navigator.tick()
    asyncio.run(watch.services.guard.unlock(bytearray(PASSCODE)))
    watch.navigator.button("double")
    assert watch.services.guard.state == states.ARMED
    watch.phone.receive({"t": "find", "n": True})
    watch.navigator.tick()
    assert watch.stack.top.name == "armed"
    watch.services.wallet.disarm()
    watch.stack.home()
    watch.navigator.tick()
    assert watch.stack.top.name == "app-phone"
