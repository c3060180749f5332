"""Drivers against chips that are faster or slower than told, and drivers whose waits were taken away.

A model lists its times in `timings`: attribute, what it is usually, the longest that a driver has to bear. A `Stage` is
one driver over one model; a visit starts the driver and uses the chip.
"""

import sys

import drivers
from board.parts.findings import Findings

FACTORS = (0, 0.5, 2, 10)
NEVER = 1 << 40
COPED, REPORTED, LATER, BLIND, SILENT = ENDS = "coped", "reported", "at the next start", "blind", "silent"
DRIVERS = "firmware/drivers/"
NOTHING, HALF = "(0)", "((%s) * 1000 // 2000 or (%s) / 2)"
"""In whole units where that is not nothing."""


class Hang(Exception):
    """The driver waits longer than any deadline of it. No driver catches this."""


class Stage:
    """One driver over its model, by whoever makes one: `start` raises OSError, `use` is False if the chip did nothing.

    `use` raises AssertionError for wrong data. `part` is the name under which a board writes down what is wrong.
    """

    part = ""
    blind = ()
    """Times whose excess nobody can notice: the chip has no way to answer, or nothing tells it from a quiet world."""
    later = ()
    """Times whose excess, once all is up, is told no sooner than at the next start or arming."""
    most = 3_000_000
    """The longest visit, in the model's unit of time."""

    def __init__(self, timed, misuse):
        self.timed, self.misuse = timed, misuse
        self.time = timed[0].time if hasattr(timed[0], "time") else timed[0].chip.time
        self.since = self.time.now

    def guard(self):
        """Call wherever a driver lets time pass."""
        if self.time.now - self.since > self.most:
            raise Hang

    def timings(self):
        """Owner, attribute, usual and longest value of each time."""
        return [(place, row) for place, owner in enumerate(self.timed) for row in owner.timings]


def _served(stage, found, started):
    """Visit. True if all worked; False if nothing did, quietly; None if an error was told."""
    if not started and not found.attempt(stage.part, stage.start):
        return None
    try:
        return stage.use() and not stage.misuse
    except OSError:
        return None


def visit(make, place, attribute, value, late):
    """One visit with one time changed, before the start or after. Returns how it went; Hang is not caught."""
    stage, found = make(), Findings()
    if late:
        assert found.attempt(stage.part, stage.start), found.all
    setattr(stage.timed[place], attribute, value)
    try:
        served = _served(stage, found, late)
    except AssertionError:
        if attribute not in stage.blind:
            raise
        return BLIND
    stage.guard()
    if served:
        return COPED
    if served is None:
        assert all(part == stage.part and "error" not in text for part, text in found.all), found.all
        return REPORTED
    if attribute in stage.blind:
        return BLIND
    stage.since = stage.time.now
    told = not found.attempt(stage.part, stage.start)
    return LATER if told and late and attribute in stage.later else SILENT


class Tally:
    """Counts what campaigns saw."""

    def __init__(self):
        self.timings = self.runs = self.hangs = 0
        self.ends = dict.fromkeys(ENDS, 0)
        self.bad = []

    def campaign(self, make):
        """Every time of a stage, at every factor, from the start on and from after it."""
        stage = make()
        for place, (attribute, usual, longest) in stage.timings():
            self.timings += 1
            for value in [int(usual * factor) for factor in FACTORS] + [longest, NEVER]:
                for late in (False, True):
                    self._run(make, place, attribute, value, value <= longest, late)

    def _run(self, make, place, attribute, value, allowed, late):
        self.runs += 1
        try:
            end = visit(make, place, attribute, value, late)
        except Hang:
            self.hangs += 1
            end = "hangs"
        except AssertionError as error:
            end = "wrong data: %s" % error
        if end in self.ends:
            self.ends[end] += 1
        if end not in (COPED, REPORTED, LATER, BLIND) or (allowed and end != COPED):
            self.bad.append((make().part, attribute, value, "late" if late else "from the start", end))

    def note(self, name):
        """What was seen, in a line."""
        told = ", ".join("%s %d" % (end, self.ends[end]) for end in ENDS)
        print(
            "NOTE %s: timings %d mutated, visits %d: %s, hangs %d" % (name, self.timings, self.runs, told, self.hangs)
        )


class _Module:
    """Stands in for a module."""


def _text(name):
    with open(DRIVERS + name + ".py") as file:
        return file.read()


def _waits(text):
    """Where the driver sleeps: start and end of the brackets around how long."""
    found = []
    for call in ("delay_ms(", "delay_us("):
        at = text.find(call)
        while at >= 0:
            start = end = at + len(call) - 1
            depth = 0
            while True:
                depth += {"(": 1, ")": -1}.get(text[end], 0)
                end += 1
                if not depth:
                    break
            found.append((start, end))
            at = text.find(call, end)
    return found


def _load(names, mutated, text):
    """Load these drivers anew, one of them with another text; returns all their names."""
    known = {}
    for name in names:
        namespace = {"__name__": "drivers." + name}
        exec(text if name == mutated else _text(name), namespace)  # noqa: S102 # our own drivers, one wait changed
        module = _Module()
        for key, value in namespace.items():
            setattr(module, key, value)
        sys.modules["drivers." + name] = module
        setattr(drivers, name, module)
        known.update(namespace)
    return known


def _killed(makes):
    """What noticed it, with every time of the chip as long as it may be; "" if nothing did."""
    for make in makes:
        stage, found = make(), Findings()
        for place, (attribute, _, longest) in stage.timings():
            setattr(stage.timed[place], attribute, longest)
        try:
            served = _served(stage, found, False)
        except (AssertionError, Hang) as error:
            return "wrong: %s" % error
        if not served:
            return "%s %s %s" % (served, found.all, stage.misuse)
    return ""


class WaitMutants:
    """Takes the waits of drivers away, one at a time, and halves them."""

    def __init__(self):
        self.waits = self.killed = self.halved = 0
        self.lived = []

    def attack(self, names, kit, classes, makes):
        """`names`: drivers, each after those it needs. `kit` makes stages with `classes`, which are put into it."""
        kept = {name: sys.modules.get("drivers." + name) for name in names}
        assert not _killed(makes), (names, _killed(makes))
        before = {name: getattr(kit, name) for name in classes}
        try:
            for name in names:
                text = _text(name)
                for start, end in _waits(text):
                    self._attack(names, kit, classes, makes, name, text, start, end)
        finally:
            for name, module in kept.items():
                sys.modules["drivers." + name] = module
                setattr(drivers, name, module)
            for name, value in before.items():
                setattr(kit, name, value)

    def _attack(self, names, kit, classes, makes, name, text, start, end):
        self.waits += 1
        length = text[start + 1 : end - 1]
        for instead in (NOTHING, HALF % (length, length)):
            known = _load(names, name, text[:start] + instead + text[end:])
            for key in classes:
                setattr(kit, key, known[key])
            noticed = _killed(makes)
            if instead == NOTHING:
                self.killed += bool(noticed)
            else:
                self.halved += bool(noticed)
            if not noticed:
                self.lived.append((name, length, "gone" if instead == NOTHING else "halved"))
