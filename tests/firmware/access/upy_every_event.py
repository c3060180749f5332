"""Everything that can happen to a watch, in every state: what it leads to, and what is in RAM afterwards."""

import asyncio

from support import scrubbing
from support.express_desk import with_express
from support.world import PASSCODE, World, refused

from watch.access import states
from watch.access.session import LONGEST_MS, STILL_MS
from watch.kernel.errors import WatchError

scrubbing.leave_out()

STATES = ("locked", "worn", "armed", "tapping", "foreign", "express", "express worn", "lost", "wiping")
"""Express comes with and without a worn session."""


def _foreign(world):
    world.services.guard._move(states.APP_OPEN)


def _express_locked(world):
    world.services.guard.lock()
    world.services.express.enter()


REACH = {
    "locked": lambda world: world.services.guard.lock(),
    "worn": lambda world: None,
    "armed": lambda world: world.services.wallet.arm(),
    "tapping": lambda world: (world.services.wallet.arm(), world.services.guard.select()),
    "foreign": _foreign,
    "express": _express_locked,
    "express worn": lambda world: world.services.express.enter(),
    "lost": lambda world: _say(world, "lost"),
    "wiping": lambda world: world.services.guard.wipe(),
}


def _say(world, state):
    world.services.notices.receive(world.issuer.device_state(world.services.identity.device_id, state))


def _unlock_wrong(world):
    world.unlock(b"000000")


def _change(world):
    asyncio.run(world.services.guard.change_passcode(bytearray(PASSCODE), bytearray(b"13579")))


def _pass(world, passing_ms):
    world.board.clock.now_us += passing_ms * 1000
    world.services.guard.check_session()


def _half_a_day(world):
    """Moving all the time."""
    for _ in range(LONGEST_MS // (STILL_MS // 2)):
        world.services.guard.moved()
        _pass(world, STILL_MS // 2)


# What happens: what it does, then what it leads to in the order of STATES; "=" is the same state, "-" an error, with
# what follows it as the state, or the same one.
EVENTS = (
    ("right passcode", lambda w: w.unlock(), "worn worn - - - worn worn - -"),
    ("wrong passcode", _unlock_wrong, "- - - - - - - - -"),
    ("change passcode", _change, "= = - - - = = - -"),
    ("lock", lambda w: w.services.guard.lock(), "= locked locked locked locked locked locked = ="),
    ("charger", lambda w: w.services.guard.charger(True), "= locked locked locked locked locked locked = ="),
    ("charger goes", lambda w: w.services.guard.charger(False), "= = = = = = = = ="),
    ("stillness", lambda w: _pass(w, STILL_MS), "= locked locked locked locked = locked = ="),
    ("half a day", _half_a_day, "= locked locked locked locked = locked = ="),
    ("moved", lambda w: w.services.guard.moved(), "= = = = = = = = ="),
    ("arm", lambda w: w.services.wallet.arm(), "- armed - - - -locked armed - -"),
    ("disarm", lambda w: w.services.wallet.disarm(), "= = worn worn = = = = ="),
    ("reader comes", lambda w: w.services.guard.select(), "= = tapping = = = = = ="),
    ("reader goes", lambda w: w.services.guard.deselect(), "= = = armed = = = = ="),
    ("idle", lambda w: w.services.express.enter(), "express express = = = = = = ="),
    ("express off", lambda w: w.services.express.leave(), "= = = = = locked worn = ="),
    ("app", _foreign, "foreign foreign - - - foreign foreign - -"),
    ("lost", lambda w: _say(w, "lost"), "lost lost lost lost lost lost lost = -"),
    ("found", lambda w: _say(w, "found"), "= = = = = = = locked -"),
    ("wiped from afar", lambda w: _say(w, "wipe"), "wiping wiping wiping wiping wiping wiping wiping wiping -"),
    ("power cut", lambda w: w.restart(), "= locked locked locked locked locked locked = locked"),
)


def _cells():
    for name, act, row in EVENTS:
        expected = row.split()
        assert len(expected) == len(STATES), name
        for state, following in zip(STATES, expected):
            yield name, act, state, following


def _expect_ram(world, where):
    """Keys and session as the table of states says."""
    services = world.services
    row = states.TABLE[services.guard.state]
    loaded = sum([len(card.keys) for card in services.wallet.armed])
    assert 0 < loaded <= 3 if row.keys == states.KEYS_OPEN else loaded == 0, f"{where}: {loaded} keys"
    assert (services.express.card is not None) == (row.keys == states.KEYS_EXPRESS), where
    if row.keys == states.KEYS_NONE:
        assert not services.guard.unlocked(), where
    if row.keys in (states.KEYS_WRAPPED, states.KEYS_OPEN) and services.guard.state != states.FOREIGN:
        assert services.guard.unlocked(), where
    assert services.guard.cdcvm(900) == (row.cdcvm and services.guard.passcode_age_s() <= 900), where


def _error_of(act, world):
    try:
        act(world)
    except WatchError as error:
        return error
    return None


def test_everything_in_every_state():
    cells = refusals = 0
    made = with_express()
    for name, act, state, following in _cells():
        world = World(made).unlock()
        world.issuer.notice_number = 0
        REACH[state](world)
        before = world.services.guard.state
        assert before == state.split()[0]
        where = f"{name} while {state}"
        error = _error_of(act, world)
        after = world.services.guard.state
        assert after == (following.lstrip("-=") or before), f"{where}: {after}, expected {following}"
        assert (error is not None) == following.startswith("-"), f"{where}: {error!r}"
        _expect_ram(world, where)
        cells += 1
        refusals += error is not None
    print(f"NOTE access: {cells} cells of events by states, {refusals} refused, keys in RAM as the table says in each")


def test_the_session_that_lives_on_under_express_ends_as_any_other():
    world = with_express()
    world.services.express.enter()
    assert world.services.guard.unlocked()
    world.services.guard.lock()
    world.services.express.enter()
    assert world.services.guard.state == states.EXPRESS and not world.services.guard.unlocked()


def test_the_charger_locks_when_it_comes_and_not_again():
    world = with_express()
    guard = world.services.guard
    guard.charger(True)
    assert guard.state == states.LOCKED
    world.unlock()
    guard.charger(True)
    assert guard.state == states.WORN, "who enters the passcode on the charger may"
    guard.charger(False)
    guard.charger(True)
    assert guard.state == states.LOCKED


def test_every_listener_hears_of_a_change_even_if_one_fails():
    world = with_express()
    heard = []

    def fail(old, new):
        raise ValueError

    world.services.guard.listen(fail)
    world.services.guard.listen(lambda old, new: heard.append(new))
    refused(ValueError, world.services.guard.lock)
    assert heard == [states.LOCKED] and world.services.wallet.armed == []
