"""Apps that work without a screen: at their time, late ones once, never while the wearer pays.

What would end the worn session waits until there is none.
"""

import asyncio

from support.world import World

from watch.access import guard as guard_room
from watch.access import states
from watch.apps.api import App
from watch.apps.shelf.shelved import Shelved
from watch.system.apps.background import Background
from watch.system.main import build

SHARE = "apps"
PASSCODE = b"246810"
guard_room.scrub = lambda: None  # most of the time, and nothing seen here
PERMISSIONS = ("background", "notify", "haptics", "sound")


class Worker(App):
    """Writes down that it worked, and what it had."""

    log = []
    raises = None
    again = 0

    def background(self):
        """The time has come."""
        Worker.log.append((Worker.guard.state, sorted(name for name in PERMISSIONS if hasattr(self.watch, name))))
        self.watch.settings.set("runs", self.watch.settings.get("runs", 0) + 1)
        if Worker.again:
            self.watch.background.after(Worker.again)
        if Worker.raises is not None:
            raise Worker.raises


class Manifest:
    """Of an app that works in the background."""

    id, kind, icon, hosts = "worker", "app", 14, ()

    def __init__(self, permissions):
        self.permissions = permissions

    def name(self, language):
        """What the wearer calls it."""
        return "Worker"


class Bundle:
    """As much of one as is asked for."""

    def __init__(self, permissions):
        self.manifest = Manifest(permissions)

    def words(self, language):
        """None."""
        return {}


class Shelf:
    """One app of a level."""

    system = ()

    def __init__(self, level, permissions):
        self.level, self.permissions, self.struck = level, permissions, 0
        self.entry = Shelved("worker", "app", level, "somebody")
        if level == "system":
            self.system = ("worker",)

    def find(self, app):
        """The app."""
        return self.entry if app == "worker" else None

    def expect(self, app):
        """It may run."""

    def manifest(self, app):
        """What it says of itself."""
        return Manifest(self.permissions)

    def open(self, app):
        """Its bundle."""
        return Bundle(self.permissions)

    def verdict(self, app):
        """Nobody may be paid."""
        return

    def strike(self, app):
        """Count."""
        self.struck += 1
        return self.struck


class Bench:
    """A watch with one app, and a deadline in a minute."""

    def __init__(self, level="reviewed", permissions=PERMISSIONS, unlocked=True):
        world = World().provision().set_passcode().add_card()
        self.board, self.watch = world.board, build(world.board)
        self.services, navigator = self.watch.services, self.watch.navigator
        if unlocked:
            asyncio.run(self.services.guard.unlock(bytearray(PASSCODE)))
        else:
            self.services.guard.lock()
        Worker.guard, Worker.log, Worker.raises, Worker.again = self.services.guard, [], None, 0
        self.runner = navigator.apps.runner
        self.shelf, self.before = Shelf(level, permissions), self.services.shelf
        self.services.shelf = self.shelf
        self.runner.load = self._load
        self.background = Background(navigator._view, self.services, self.runner, self.watch.log)
        self.marks = self.services.app_marks
        self.marks.set_deadline("worker", self.marks.now() + 1)

    def _load(self, screen):
        self.runner._bundles["worker"] = self.shelf.open("worker")
        return Worker

    def wait(self, seconds=61):
        """Time goes by."""
        self.board.clock.now_us += seconds * 1_000_000
        self.background.tick()


def test_it_works_at_its_time_once():
    for level in ("system", "reviewed"):
        bench = Bench(level)
        bench.wait(1)
        assert Worker.log == [] and 0 < bench.services.rest_ms() <= 60_000
        bench.wait()
        state = states.WORN if level == "system" else states.FOREIGN
        assert Worker.log == [(state, ["background", "notify"])], Worker.log
        assert bench.services.guard.state == states.WORN and bench.services.guard.unlocked()
        bench.wait()
        assert len(Worker.log) == 1 and bench.marks.late == {}
        assert bench.runner.settings("worker").get("runs", 0) == 1, "its settings are kept"
        assert bench.runner.settings("worker").deadline == -1


def test_a_face_that_is_shown_keeps_its_settings_to_itself():
    bench = Bench()
    bench.runner._settings["worker"] = bench.runner.settings("worker")
    bench.wait()
    assert Worker.log == [] and "worker" in bench.marks.late
    del bench.runner._settings["worker"]
    bench.wait(1)
    assert len(Worker.log) == 1


def test_it_may_set_the_next_time():
    bench = Bench()
    Worker.again = 2
    bench.wait()
    bench.wait()
    assert len(Worker.log) == 1
    bench.wait()
    assert len(Worker.log) == 2


def test_a_developer_s_app_does_not_end_the_session():
    bench = Bench("developer")
    bench.wait()
    bench.wait()
    assert Worker.log == [] and bench.services.guard.unlocked() and "worker" in bench.marks.late
    assert bench.services.app_log.since(0)[1] == ["worker: background waits until the watch is locked"], "told once"
    bench.services.guard.lock()
    bench.wait()
    assert [state for state, _ in Worker.log] == [states.FOREIGN] and bench.services.guard.state == states.LOCKED


def test_not_while_one_pays_and_late_ones_once():
    bench = Bench()
    bench.watch.navigator.button("double")
    assert bench.services.guard.state == states.ARMED
    bench.wait(30)
    bench.wait(29)
    bench.board.clock.now_us += 5_000_000
    bench.background.tick()
    assert Worker.log == [] and bench.services.guard.state == states.ARMED
    bench.services.wallet.disarm()
    bench.watch.navigator._view.home()
    bench.wait(3600)
    bench.wait(3600)
    assert len(Worker.log) == 1


def test_what_is_private_waits_for_the_wearer():
    bench = Bench("system", ("background", "calendar"), unlocked=False)
    bench.wait()
    assert Worker.log == []
    asyncio.run(bench.services.guard.unlock(bytearray(PASSCODE)))
    bench.wait()
    assert len(Worker.log) == 1


def test_one_that_fails_is_struck_and_the_state_is_left():
    for error in (ValueError("x"), MemoryError(), RuntimeError()):
        bench = Bench()
        Worker.raises = error
        bench.wait()
        assert bench.shelf.struck == 1 and bench.services.guard.state == states.WORN
        bench.wait()
        assert len(Worker.log) == 1, "its deadline is over"


def test_one_that_is_off_or_gone_loses_its_deadline():
    for change in ("off", "gone", "not asked for"):
        bench = Bench(permissions=("notify",) if change == "not asked for" else PERMISSIONS)
        bench.shelf.entry.strikes = 3 if change == "off" else 0
        if change == "gone":
            bench.shelf.find = lambda app: None
        bench.wait()
        assert Worker.log == [] and bench.marks.late == {}, change


def test_it_cannot_run_all_day():
    bench = Bench()
    Worker.again = 1
    for _ in range(300):
        bench.wait()
    print("NOTE background: an app that always wants to run runs %d times a day" % len(Worker.log))
    assert len(Worker.log) == 96
