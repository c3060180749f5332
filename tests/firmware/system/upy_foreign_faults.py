"""Something fails on the way into the state *foreign* or out of it: at each call that is made then, one by one.

Never does code of a third party run in another state or beside a radio that answers, and the state is never left over:
two seconds later nobody is in it who has nothing to run, the radio answers on the face, and the app opens again.
"""

import os

from support import scrubbing
from support.guests import GuestWatch, in_order

from watch.access import guard as guard_room
from watch.access import states
from watch.access.guard import Guard
from watch.apps import app_screen as host_room
from watch.kernel.errors import StateError
from watch.system.apps import runner as runner_room
from watch.system.apps.foreign import Foreign

scrubbing.leave_out()
SHARE = "mutants"
LONG = bool(os.getenv("TAPWATCH_LONG"))
CASES = (("guest", "reviewed"), ("stranger", "developer"), ("guest", "developer"), ("stranger", "reviewed"))
ERRORS = (OSError(5), MemoryError(), StateError("planted"), RuntimeError("planted"))


class Faults:
    """Counts the calls of a transition, and lets one of them fail."""

    def __init__(self, at=-1, error=None):
        self.at, self.error = at, error
        self.names, self.active, self.hit = [], False, ""

    def wrap(self, name, call):
        """The same call, counted: it may fail before it does anything."""

        def counted(*arguments, **named):
            if self.active:
                self.names.append(name)
                if len(self.names) - 1 == self.at:
                    self.hit = name
                    raise self.error
            return call(*arguments, **named)

        return counted

    def around(self, one):
        """Everything that the watch calls in between."""
        guard, services, runner = one.guard, one.services, one.runner
        guard._listeners[:] = [self.wrap("listener", listener) for listener in guard._listeners]
        places = [(guard, name) for name in ("lock", "enter_foreign", "leave_foreign", "_move")]
        places += [(guard._session, "end"), (guard._lock, "abandon")]
        places += [(one.board.nfc, name) for name in ("arm", "disarm")] + [(services.random, "bytes")]
        places += [(runner, name) for name in ("load", "grant", "withdraw", "failed")]
        places += [(runner.foreign, name) for name in ("enter", "rest")]
        places += [(services.shelf, "find"), (services.journal, "commit"), (runner.limits, "take_ballast")]
        places += [(one.watch.navigator._view, name) for name in ("home", "only", "deeper")]
        places += [(one.watch.light, "wake"), (one.watch.stack, "_show"), (one.watch._ui.damage, "everything")]
        for holder, name in places:
            setattr(holder, name, self.wrap(name, getattr(holder, name)))
        return self


def _deed(one, deed):
    """As the screen task does it: what it raises restarts the task, on a watch that is locked then."""
    try:
        deed()
    except Exception as error:
        one.watch._critical_failed("screen", error)


def _expect_in_order(one, where):
    """Nothing was called in a wrong state, and the state is that of who is in front."""
    in_order(one, where)
    state = one.guard.state
    assert one.board.nfc.armed == (state != states.FOREIGN), "%s: radio while %s" % (where, state)


def _seconds(one, count):
    for _ in range(count):
        one.board.clock.now_us += 1_000_000
        _deed(one, one.watch._take_input)
        _deed(one, one.watch.navigator.tick)
        one.watch._follow_radio()


def _back(one):
    one.watch.navigator.button("single")
    if one.screen == "face":
        one.watch.navigator.apps.launcher()


WAYS = (("in", lambda one, app: one.apps.open(app)), ("out", lambda one, app: _back(one)))


def _try(way, deed, case, at=-1, error=None):
    """One transition with a fault; its calls, and which one failed."""
    app, level = case
    one, faults = GuestWatch(level), Faults(at, error)
    if way == "out":
        one.open(app)
        _expect_in_order(one, "before")
    plain = guard_room.scrub, host_room.loader.forget, runner_room.Sweep
    faults.around(one)
    guard_room.scrub, runner_room.Sweep = faults.wrap("scrub", plain[0]), faults.wrap("sweep", plain[2])
    host_room.loader.forget = faults.wrap("forget", plain[1])
    where = "%s %s %s, %r at call %d" % (way, level, app, error, at)
    try:
        faults.active = True
        _deed(one, lambda: deed(one, app))
        faults.active = False
        _seconds(one, 2)
        _expect_in_order(one, where + " (%s)" % faults.hit)
    finally:
        guard_room.scrub, host_room.loader.forget, runner_room.Sweep = plain
    _expect_works(one, where + " (%s)" % faults.hit)
    return faults.names, faults.hit


def _expect_works(one, where):
    """The watch can do both again."""
    one.watch.navigator._view.home()
    _seconds(one, 1)
    _expect_in_order(one, where + ", at home")
    one.strikes["guest"] = 0
    one.open("guest")
    _seconds(one, 1)
    assert one.screen == "app-guest" and one.guard.state == states.FOREIGN, "%s: %s" % (where, one.screen)
    _expect_in_order(one, where + ", again")
    one.watch.navigator.button("single")
    _seconds(one, 1)
    _expect_in_order(one, where + ", the end")


def test_whatever_fails_on_the_way_in_or_out():
    tried, places = 0, {}
    for number, (way, deed) in enumerate(WAYS):
        for turn, case in enumerate(CASES):
            count = len(_try(way, deed, case)[0])
            for at in range(count):
                for place, error in enumerate(ERRORS):
                    if LONG or ((at + number) % len(CASES) == turn and (at // len(CASES)) % len(ERRORS) == place):
                        hit = _try(way, deed, case, at, error)[1]
                        assert hit, (way, case, at)
                        places[hit] = places.get(hit, 0) + 1
                        tried += 1
    print(
        "NOTE foreign: %d faults at %d places on the way in and out, 0 left half: %s"
        % (tried, len(places), sorted(places))
    )


def test_the_guard_can_fail():
    """Whoever stays in the state although the radio could not be silenced is noticed; one of two nets is enough."""
    plain = Guard._go_back, Foreign.tick
    noticed, at = [], _try("in", WAYS[0][1], CASES[0])[0].index("disarm")
    for torn in (1, 0, 2):
        if torn != 1:
            Guard._go_back = lambda guard: None
        if torn != 0:
            Foreign.tick = lambda foreign: None
        try:
            _try("in", WAYS[0][1], CASES[0], at, RuntimeError())
        except AssertionError:
            noticed.append(torn)
        finally:
            Guard._go_back, Foreign.tick = plain
    assert noticed == [2], noticed
