"""The state table, cell by cell, against the table of the design written out once more by hand."""

from watch.access import states
from watch.kernel.errors import StateError

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
