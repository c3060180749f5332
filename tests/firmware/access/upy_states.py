"""The state table, cell by cell, against the table of the design written out once more by hand."""

from watch.access import states
from watch.kernel.errors import StateError

# Event columns in the order of states.EVENTS; "-" is refused.
EXPECTED = {
    #          unlock  lock      arm      disarm  select     deselect app-open   app-close express-on express-off resume  wipe
    "locked":  ("worn", "locked", "-",     "-",    "-",       "-",     "foreign", "-",      "express", "-",      "-",    "wiping"),
    "worn":    ("worn", "locked", "armed", "-",    "-",       "-",     "foreign", "-",      "express", "-",      "-",    "wiping"),
    "armed":   ("-",    "locked", "-",     "worn", "tapping", "-",     "-",       "-",      "-",       "-",      "-",    "wiping"),
    "tapping": ("-",    "locked", "-",     "worn", "-",       "armed", "-",       "-",      "-",       "-",      "-",    "wiping"),
    "foreign": ("-",    "locked", "-",     "-",    "-",       "-",     "-",       "locked", "-",       "-",      "worn", "wiping"),
    "express": ("-",    "locked", "-",     "-",    "-",       "-",     "-",       "-",      "-",       "locked", "worn", "wiping"),
    "wiping":  ("-",    "-",      "-",     "-",    "-",       "-",     "-",       "-",      "-",       "-",      "-",    "wiping"),
}  # fmt: skip

# keys in RAM, answer on NFC, may claim CDCVM
MEANING = {
    "locked": ("none", "see-device", False),
    "worn": ("wrapped", "see-device", False),
    "armed": ("open", "card", True),
    "tapping": ("open", "card", True),
    "foreign": ("wrapped", "silent", False),
    "express": ("express", "express", False),
    "wiping": ("none", "silent", False),
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
    for state, (keys, nfc, cdcvm) in MEANING.items():
        row = states.TABLE[state]
        assert (row.keys, row.nfc, row.cdcvm) == (keys, nfc, cdcvm), state


def test_every_state_can_be_locked_or_is_wiping():
    for state in states.TABLE:
        assert state == states.WIPING or states.after(state, states.LOCK) == states.LOCKED
