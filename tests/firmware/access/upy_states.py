"""The state table, cell by cell, against the table of the design written out once more by hand."""

from support import scrubbing
from support.world import ready, refused

from watch.access import session, states
from watch.kernel.errors import LockedError, StateError

scrubbing.leave_out()

# Event columns in the order of states.EVENTS; "-" is refused.
EXPECTED = {
    #          unlock lock     arm     disarm select    deselect app-open  app-close express-on express-off resume lose found wipe
    "locked":  ("worn", "locked", "-",  "-",   "-",      "-",   "foreign", "-",      "express", "-",     "-",    "lost", "-", "wiping"),
    "worn":    ("worn", "locked", "armed", "-", "-",     "-",   "foreign", "-",      "express", "-",     "-",    "lost", "-", "wiping"),
    "armed":   ("-",  "locked", "-",  "worn", "tapping", "-",     "-",     "-",      "-",       "-",     "-",    "lost", "-", "wiping"),
    "tapping": ("-",  "locked", "-",  "worn",  "-",    "armed",   "-",     "-",      "-",       "-",     "-",    "lost", "-", "wiping"),
    "foreign": ("-",  "locked", "-",  "-",   "-",      "-",       "-",     "locked", "-",       "-",     "worn", "lost", "-", "wiping"),
    "express": ("worn", "locked", "-", "-",  "-",      "-",     "foreign", "-",      "-",       "locked", "worn", "lost", "-", "wiping"),
    "lost":    ("-",  "lost",   "-",  "-",   "-",      "-",       "-",     "-",      "-",       "-",     "-",    "lost", "locked", "wiping"),
    "wiping":  ("-",  "-",      "-",  "-",   "-",      "-",       "-",     "-",      "-",       "-",     "-",    "-",    "-", "wiping"),
}  # fmt: skip

# keys in RAM, answer on NFC, served over Bluetooth, may claim CDCVM
MEANING = {
    "locked": ("none", "see-device", "bonded", False),
    "worn": ("wrapped", "see-device", "all", False),
    "armed": ("open", "card", "bonded", True),
    "tapping": ("open", "card", "bonded", True),
    "foreign": ("wrapped", "silent", "bonded", False),
    "express": ("express", "express", "all", False),
    "lost": ("none", "see-device", "exchange", False),
    "wiping": ("none", "silent", "silent", False),
}


def test_every_cell():
    assert sorted(states.TABLE) == sorted(EXPECTED)
    cells = 0
    for state, row in EXPECTED.items():
        assert len(row) == len(states.EVENTS)
        for event, expected in zip(states.EVENTS, row):
            try:
                found = states.after(state, event)
            except StateError:
                found = "-"
            assert found == expected, f"{event} while {state}: {found}, expected {expected}"
            cells += 1
    print(f"NOTE access: {cells} cells of the state table checked")


def test_what_each_state_means():
    for state, meaning in MEANING.items():
        row = states.TABLE[state]
        assert (row.keys, row.nfc, row.ble, row.cdcvm) == meaning, state


def test_locking_shuts_every_state():
    for state in states.TABLE:
        if state != states.WIPING:
            shut = states.after(state, states.LOCK)
            assert shut in (states.LOCKED, states.LOST) and states.TABLE[shut].keys == states.KEYS_NONE, state


def test_no_wearer_leads_out_of_a_lost_watch():
    mine = [event for event in states.EVENTS if event not in (states.FOUND, states.WIPE)]
    reached = {states.TABLE[states.LOST].moves.get(event, states.LOST) for event in mine}
    assert reached == {states.LOST}


# The state foreign, on a real guard.


def test_reviewed_code_leaves_the_session_and_finds_no_key():
    guard = ready().services.guard
    guard.enter_foreign(True)
    assert guard.state == states.FOREIGN and guard.unlocked()
    refused(LockedError, guard.vault_key)
    guard.enter_foreign(True)
    guard.leave_foreign()
    assert guard.state == states.WORN
    with guard.vault_key() as key:
        assert any(key)


def test_developers_code_ends_the_session():
    guard = ready().services.guard
    guard.enter_foreign(False)
    assert guard.state == states.FOREIGN and not guard.unlocked()
    guard.leave_foreign()
    assert guard.state == states.LOCKED
    guard = ready().services.guard
    guard.enter_foreign(True)
    guard.enter_foreign(False)
    assert guard.state == states.FOREIGN and not guard.unlocked(), "one after the other"


def test_foreign_code_only_where_the_table_allows_it():
    """Every state, with and without its session kept: entered, or refused with nothing changed."""
    entered, cells = (states.LOCKED, states.WORN, states.EXPRESS, states.FOREIGN), 0
    for state in states.TABLE:
        for keep in (True, False):
            guard = ready().services.guard
            guard.state, alive = state, guard.unlocked()
            try:
                guard.enter_foreign(keep)
                assert state in entered and guard.state == states.FOREIGN and guard.unlocked() == keep, (state, keep)
            except StateError:
                assert state not in entered and guard.state == state and guard.unlocked() == alive, (state, keep)
            guard.leave_foreign()
            assert guard.state != states.FOREIGN
            cells += 1
    print("NOTE access: foreign code asked for in %d states" % cells)


def test_no_foreign_code_while_a_passcode_is_checked_or_others_are_told():
    guard = ready().services.guard
    guard._checking = True
    refused(StateError, guard.enter_foreign, True)
    guard._checking = False
    seen = []

    def listener(_old, new):
        if new == states.LOCKED:
            refused(StateError, guard.enter_foreign, True)
            seen.append(new)

    guard.listen(listener)
    guard.lock()
    assert seen == [states.LOCKED] and guard.state == states.LOCKED


def test_a_session_that_runs_out_behind_foreign_code_is_locked():
    world = ready()
    guard = world.services.guard
    guard.enter_foreign(True)
    world.board.clock.now_us += (session.STILL_MS + 1) * 1000
    assert guard.check_session() == "stillness" and guard.state == states.LOCKED
