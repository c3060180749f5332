"""Apps on a whole watch: launched, locked away, paid over, kept out after three failures, and what they keep."""

import asyncio

from support import scrubbing
from support.world import World

from watch.access import states
from watch.apps.capabilities import FREE, OVER, PAUSED, RUNNING
from watch.apps.settings import MAX_BYTES, AppSettings
from watch.kernel.errors import FullError, InputError
from watch.screens.launcher import LauncherScreen
from watch.services import timers
from watch.storage import records
from watch.system.main import build

scrubbing.leave_out()
PASSCODE = b"246810"


def _watch():
    world = World().provision().set_passcode().add_card()
    watch = build(world.board)
    asyncio.run(watch.services.guard.unlock(bytearray(PASSCODE)))
    return world, watch


def _touch(watch, name):
    """Touch a target; in the launcher, on whatever page it is."""
    while watch.stack.top.name == "launcher" and watch.stack.top.page:
        watch.stack.top.swipe("right")
    for _ in range(3):
        for label, x, y, _w, _h in watch.stack.top.targets():
            if label == name:
                watch.stack.top.tap(x + 2, y + 2)
                return
        watch.stack.top.swipe("left")
    raise AssertionError("no target " + name)


def _open(watch, name):
    watch.stack.home()
    watch.stack.top.swipe("up")
    assert watch.stack.top.name == "launcher"
    _touch(watch, name)
    assert watch.stack.top.name == "app-" + name
    watch.navigator.tick()


def test_the_launcher_opens_an_app_and_the_button_goes_back_step_by_step():
    _, watch = _watch()
    _open(watch, "torch")
    watch.navigator.button("single")
    assert watch.stack.top.name == "launcher"
    watch.navigator.button("single")
    assert watch.stack.top.name == "face"


def test_the_launcher_begins_with_the_page_of_the_app_used_last():
    _, watch = _watch()
    watch.stack.top.swipe("up")
    assert watch.stack.top.page == 0 and "alarms" in [one[0] for one in watch.stack.top.targets()]
    _open(watch, "calculator")
    watch.stack.home()
    watch.stack.top.swipe("up")
    shown = watch.stack.top
    assert shown.page > 0 and "calculator" in [one[0] for one in shown.targets()]
    assert LauncherScreen(shown.ui, shown._entries, _open, _open, "gone").page == 0


def test_a_finger_on_an_app_shows_at_once_and_its_end_too():
    _, watch = _watch()
    watch.stack.top.swipe("up")
    shown = watch.stack.top
    before = [disc._ink for disc in shown._discs]
    name, x, y, w, h = shown.targets()[1]
    for end in (shown.release, lambda: shown.swipe("left")):
        watch.stack.render()
        shown.press(x + w // 2, y + h // 2)
        changed = [place for place, ink in enumerate(before) if shown._discs[place]._ink != ink]
        assert changed == [1] and shown.ui.damage.count == 1, (name, changed)
        shown.release()
        assert [disc._ink for disc in shown._discs] == before
        end()
    shown.press(0, 0)
    shown.release()


def test_a_double_press_pays_from_an_app_and_a_lock_closes_it():
    _, watch = _watch()
    _open(watch, "torch")
    assert watch.stack.top.keeps_light == "app-torch"
    watch.navigator.button("double")
    assert watch.stack.top.name == "armed" and watch.services.wallet.armed
    _open(watch, "stopwatch")
    watch.services.wallet.disarm()
    watch.navigator.button("long")
    assert watch.services.guard.state == states.LOCKED and watch.stack.top.name == "face"


def test_the_third_failure_keeps_an_app_out_until_the_next_start():
    world, watch = _watch()
    for _ in range(3):
        _open(watch, "torch")
        app = watch.stack.top
        app._app.tick = None
        watch.navigator.tick()
        assert not app.running and app.texts()[2].split(": ")[-1] in (
            "TypeError",
            watch.navigator._ui.text.get("crash.off"),
        )
        _touch(watch, "ok")
    _touch(watch, "torch")
    assert watch.stack.top.name == "error"
    assert len([line for line in watch.log.lines() if "app torch: TypeError" in line]) == 3
    again = build(world.board)
    asyncio.run(again.services.guard.unlock(bytearray(PASSCODE)))
    _open(again, "torch")


def test_a_chosen_face_stays_and_one_that_fails_gives_way():
    world, watch = _watch()
    watch.stack.top.hold(10, 10)
    assert watch.stack.top.name == "faces"
    watch.stack.top.swipe("left")
    _touch(watch, "face")
    assert watch.stack.top.name == "face" and watch.stack.top.manifest.id == "analogue"
    again = build(world.board)
    assert again.stack.top.manifest.id == "analogue"
    again.stack.top._app.tick = None
    again.navigator.tick()
    assert again.stack.top.name == "face" and not again.stack.top.running
    _touch(again, "ok")
    assert again.stack.top.manifest.id == "digital" and again.stack.top.running


def test_what_an_app_keeps_is_its_own_and_at_most_two_kilobytes():
    world, watch = _watch()
    _open(watch, "torch")
    _touch(watch, "lamp")
    watch.stack.home()
    journal = world.restart().services.journal
    assert AppSettings(journal, "torch").get("colour", 0) == 1
    assert AppSettings(journal, "timer").get("colour", 0) == 0
    mine = AppSettings(journal, "torch")
    assert mine.get("colour", "") == "", "another type is the default"
    for refused in ("x" * MAX_BYTES, b"bytes", 0.5, {"a": 1}, [1, [2]], object()):
        try:
            mine.set("much", refused)
        except InputError:
            assert mine.get("much", "none") == "none"
        else:
            raise AssertionError("%s was taken" % type(refused).__name__)
    mine.set("row", [1, "two", True])
    assert mine.get("row", []) == [1, "two", True]
    row = [1]
    mine.set("row", row)
    row.append(object())
    mine.get("row", []).append("x" * MAX_BYTES)
    assert mine.get("row", []) == [1], "what was not checked is not kept"


def test_a_damaged_record_belongs_to_nobody_and_no_place_is_said():
    journal = World().services.journal
    for place, damaged in enumerate((b"{", b"[]", b'{"app":"torch"}', b'{"app":"torch","values":3}')):
        journal.commit({records.APP_SETTINGS + place: damaged})
    one = AppSettings(journal, "torch")
    one.set("colour", 2)
    one.end()
    assert journal.get(records.APP_SETTINGS) == b"{" and AppSettings(journal, "torch").get("colour", 0) == 2
    for place in range(records.APP_PLACES):
        journal.commit({records.APP_SETTINGS + place: b'{"app":"other%d","values":{}}' % place})
    late = AppSettings(journal, "late")
    late.set("colour", 1)
    try:
        late.end()
    except FullError:
        return
    raise AssertionError("written over another app")


def test_timer_states_are_those_of_the_service():
    mine = (FREE, RUNNING, PAUSED, OVER)
    assert mine == (timers.FREE, timers.RUNNING, timers.PAUSED, timers.OVER)
