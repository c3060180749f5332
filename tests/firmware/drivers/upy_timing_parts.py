"""Chips that are faster or slower than their data sheets say, or never ready: each time of each model is changed.

A driver works where the longest time of the data sheet holds. Beyond that it ends in time, with an error or a finding
that names the part. A driver from which a wait was taken is noticed by the models at their slowest, or the comment at
the wait says why half of it would do.
"""

import errno
import sys
from array import array

from board.parts.axp_events import AxpEvents
from board.parts.axp_power import AxpPower
from board.parts.findings import Findings
from board.parts.haptics import DrvHaptics
from board.parts.ticks import Ticks
from tests.firmware.drivers.motion_kit import Bhi, Bma, Drv, Qmi, fails
from tests.firmware.drivers.power_kit import Clock8563, Clock85063, Expander, Pmu
from tests.firmware.drivers.upy_pdm_microphone import microphone, sine
from tests.firmware.drivers.upy_speaker import pass_ms, speaker

NEVER = 10**9
FACTORS = (0, 0.5, 1, 2, 10, NEVER)
SUPPLY_MS = 10
"""What boards wait after a rail."""
LONGEST_MS = 60_000
"""Whatever a chip does, its driver has ended by then; a hub may take 5 s for each of two things, twice."""

COPED, REPORTED, UNKNOWABLE = "coped", "reported", "unknowable"


class Watched:
    """What became of one start."""

    def __init__(self, desk, part, once=False):
        """`once`: without the second chance that boards give."""
        self.desk, self.part, self.found, self.once = desk, part, Findings(), once

    def attempt(self, act):
        """As a board does it: true if it worked."""
        if not self.once:
            return self.found.attempt(self.part, act)
        try:
            act()
            return True
        except (OSError, ValueError) as error:
            self.report(str(error))
            return False

    def report(self, text="failed"):
        """A finding."""
        self.found.add_once(self.part, text)

    def verdict(self, works):
        """COPED or REPORTED; fails if it is neither."""
        if self.found.all:
            assert all(name == self.part and text for name, text in self.found.all), self.found.all
            return REPORTED
        assert works and not self.desk.misuse, (self.part, works, self.desk.misuse)
        return COPED


def _sensor(desk, watched):
    """Start, rest, go on, feel a movement and count steps."""
    sensor, chip = desk.sensor, desk.chip

    def go():
        sensor.start(*desk.program())
        sensor.rest(True)
        sensor.rest(False)

    if not watched.attempt(go):
        return False
    if getattr(sensor, "finding", ""):
        watched.report(sensor.finding)
    chip.time.advance(100)
    told = desk.acceleration()
    if isinstance(desk, Bhi):
        chip.measure()
        told = desk.acceleration()
    chip.walk(300)
    chip.move(700, 0, 700)
    moved = sensor.events()
    return told == (0, 0, 1000) and sensor.steps() == 300 and moved != 0


def _plain(desk, watched):
    """A BMA423 without its program: it measures as it was told, and no more. A setting that is lost is told at once."""
    watched.once = True
    if not watched.attempt(desk.sensor.start):
        return False
    desk.chip.time.advance(100)
    return desk.acceleration() == (0, 0, 1000) and desk.chip.registers[0x40] == 0x27


def _motor(desk, watched):
    """Its supply comes; it starts and plays a pattern to its end."""
    desk.chip.lose_power()
    desk.wait(SUPPLY_MS)
    if not watched.attempt(desk.sensor.start):
        return False
    due = []
    haptics = DrvHaptics(desk.sensor, lambda ms, then: due.append((ms, then)), watched.report)
    haptics.play(3)
    while due:
        ms, then = due.pop()
        desk.wait(ms)
        then()
    return len(desk.chip.played) == 1 and not haptics.busy and desk.chip.registers[1] == 0x40


def _expander(desk, watched):
    """Its supply comes; one line is an output."""
    desk.chip.power(False)
    desk.chip.power(True)
    desk.chip.time.advance(SUPPLY_MS)

    def go():
        desk.driver.start()
        desk.driver.line(3, 0)

    return watched.attempt(go) and desk.chip.level(3) == 0


def _clock(desk, watched):
    """The cell was empty; the watch is set as soon as the data sheet lets it, and looks at its clock each second."""
    chip = desk.chip
    chip.lose_power()
    chip.time.advance(2000)
    ticks = Ticks(lambda: chip.time.now, lambda: 0, desk.clock, lambda: watched.report("stands still"))

    def go():
        desk.clock.start()
        ticks.set_unix_s(1_795_305_600)

    if not watched.attempt(go):
        return ticks.unix_s() is not None
    told = []
    for _ in range(10):
        chip.time.advance(1000)
        told.append(ticks.unix_s())
    return told[-1] is not None and 9 <= told[-1] - 1_795_305_600 <= 11


def _key(desk, watched):
    """A press of the key is told, and the line is free after it."""
    if not watched.attempt(desk.pmu.start):
        return False
    parts = AxpEvents(desk.pmu.events, desk.line, lambda: desk.chip.time.now)
    power = AxpPower(desk.pmu, parts, None, lambda: desk.chip.time.now)
    told = []
    parts.add(1 << 11, told.append)
    watched.attempt(parts.start)
    desk.press(50)
    for _ in range(10):
        desk.wait(10)
        parts.take()
    problem = power.finding()
    if problem:
        watched.report(problem)
    return len(told) == 1 and desk.line()


def _gauge(millivolts):
    """The gauge says 2 %: the watch goes off if the cell is empty and stays on if it is not."""

    def run(desk, watched):
        chip = desk.chip
        if not watched.attempt(desk.pmu.start):
            return False
        chip.battery_mv = millivolts
        chip.charge(2)
        events = AxpEvents(desk.pmu.events, desk.line, lambda: chip.time.now)
        power = AxpPower(desk.pmu, events, None, lambda: chip.time.now)
        power.listen(lambda: watched.report("empty") if millivolts > 3450 else None)
        watched.attempt(power.start)
        watched.attempt(events.start)
        for _ in range(220):
            desk.wait(100)
            if chip.on:
                power.percent()
        if millivolts < 3450 and chip.on:
            watched.report("does not go off")
        return chip.on == (millivolts > 3450)

    return run


ROWS = (
    # part, desk, scenario, time of the model, usual, longest by the data sheet (0: it says none)
    ("BMA423", Bma, _sensor, "starting_ms", 1, 1),
    ("BMA423", Bma, _sensor, "saving_us", 450, 450),
    ("BMA423", Bma, _plain, "saving_us", 450, 450),
    ("BMA423", Bma, _sensor, "loading_ms", 140, 150),
    ("BMA423", Bma, _sensor, "measuring_ms", 3, 0),
    ("QMI8658", Qmi, _sensor, "resetting_ms", 15, 15),
    ("QMI8658", Qmi, _sensor, "deaf_ms", 5, 15),
    ("QMI8658", Qmi, _sensor, "command_ms", 1, 0),
    ("QMI8658", Qmi, _sensor, "starting_ms", 3, 3),
    ("BHI260AP", Bhi, _sensor, "resetting_ms", 5, 150),
    ("BHI260AP", Bhi, _sensor, "deaf_ms", 5, 150),
    ("BHI260AP", Bhi, _sensor, "verifying_ms", 40, 5000),
    ("BHI260AP", Bhi, _sensor, "running_ms", 30, 5000),
    ("BHI260AP", Bhi, _sensor, "answering_ms", 2, 0),
    ("DRV2605", Drv, _motor, "starting_ms", 1, 1),
    ("DRV2605", Drv, _motor, "resetting_ms", 1, 0),
    ("DRV2605", Drv, _motor, "pace_percent", 100, 0),
    ("XL9555", Expander, _expander, "starting_ms", 1, 0),
    ("PCF85063", Clock85063, _clock, "starting_ms", 1, 0),
    ("PCF85063", Clock85063, _clock, "oscillator_ms", 500, 2000),
    ("PCF85063", Clock85063, _clock, "first_ms", 508, 508),
    ("PCF8563", Clock8563, _clock, "starting_ms", 1, 0),
    ("PCF8563", Clock8563, _clock, "oscillator_ms", 500, 2000),
    ("PCF8563", Clock8563, _clock, "first_ms", 508, 508),
    ("AXP2101", Pmu, _key, "late_ms", 5, 0),
    ("AXP2101", Pmu, _key, "rise_ms", 1, 0),
    ("AXP2101", Pmu, _gauge(3900), "measuring_ms", 10, 0),
    ("AXP2101", Pmu, _gauge(3300), "measuring_ms", 10, 0),
    ("AXP2101", Pmu, _gauge(3300), "off_ms", 4, 0),
)
NOBODY_KNOWS = {("AXP2101", "late_ms", NEVER)}
"""Where nobody can tell: a chip that says nothing of its key is a key that is not pressed."""


def _times(usual, longest):
    times = [usual * factor if factor < NEVER else NEVER for factor in FACTORS]
    return [int(time) for time in times + ([longest] if longest else [])]


def _power(desk, before_ms):
    """The supply of a chip has come so long ago; but that of the power chip, which is on before the processor is."""
    if not isinstance(desk, Pmu):
        getattr(desk.chip, "lose_power", getattr(desk.chip, "clear", int))()
        desk.chip.time.advance(before_ms)


def _run(part, kind, scenario, what, time):
    """One start; what became of it."""
    desk = kind()
    setattr(desk.chip, what, time)
    _power(desk, 100)
    begun_ms = desk.chip.time.now
    watched = Watched(desk, part)
    works = scenario(desk, watched)
    assert desk.chip.time.now - begun_ms < LONGEST_MS, (part, what, time)
    if (part, what, time) in NOBODY_KNOWS:
        return UNKNOWABLE
    return watched.verdict(works)


def test_every_time_of_every_model():
    counts = {COPED: 0, REPORTED: 0, UNKNOWABLE: 0}
    for part, kind, scenario, what, usual, longest in ROWS:
        for time in _times(usual, longest):
            became = _run(part, kind, scenario, what, time)
            assert became == COPED or time > max(usual, longest), (part, what, time, "the data sheet allows it")
            counts[became] += 1
    starts = sum(counts.values())
    print("NOTE timing of parts: %d times of models mutated, %d starts" % (len(ROWS), starts), end=": ")
    print("%d coped, %d reported, %d unknowable, hangs 0" % tuple(counts[k] for k in (COPED, REPORTED, UNKNOWABLE)))


def test_a_setting_that_is_lost():
    """A chip that is busy takes no notice of one write: that is told, whichever it is."""
    for register in (0x40, 0x53, 0x55, 0x56, 0x7C, 0x7D):
        desk = Bma()
        wrote = desk.chip.wrote
        desk.chip.wrote = lambda at, value, wrote=wrote, lost=register: at == lost or wrote(at, value)
        assert fails(OSError, desk.sensor.start, *desk.program()).errno == errno.EIO, register
    print("NOTE bma423: each of 6 settings lost and told")


def test_sound():
    """An amplifier has no way to say that it is late: up to twice its time nothing of a tone is lost."""
    heard = lost = 0
    for factor in FACTORS:
        driver, ear, hardware, _ = speaker()
        ear.starting_us = int(7500 * factor)
        driver.tone(440, 60, 50)
        pass_ms(hardware, 300)
        assert not driver.playing() and not hardware.misuse
        assert (ear.missed == 0) == (factor <= 2), (factor, ear.missed)
        assert ear.missed or ear.steepest() < 3000, "a click"
        heard, lost = heard + (ear.missed == 0), lost + (ear.missed > 0)
    stuck = 0
    for factor in FACTORS:
        mic, model, hardware, _ = microphone(sine(1000, 0.3, 6000))
        model.starting_ms = int(20 * factor)
        mic.start()
        hardware.time.advance_us(100_000)
        into = array("h", bytes(2000))
        count = mic.read(memoryview(into))
        assert mic.stuck == (factor > 2) and count, factor
        stuck += mic.stuck
        mic.stop()
    print("NOTE timing of sound: 2 times mutated, 12 starts:", end=" ")
    print("%d coped, %d reported, %d unknowable, hangs 0" % (heard + 6 - stuck, stuck, lost))


# Waits that are taken out of the drivers.

SLOWEST = {
    Bma: {"starting_ms": 1, "saving_us": 450, "loading_ms": 150},
    Qmi: {"resetting_ms": 15, "deaf_ms": 15, "command_ms": 1, "starting_ms": 3},
    Bhi: {"resetting_ms": 150, "deaf_ms": 150, "verifying_ms": 5000, "running_ms": 5000, "answering_ms": 900},
    Drv: {"resetting_ms": 1, "starting_ms": 1},
    Pmu: {"rise_ms": 1},
}
"""What the data sheets allow; where they say nothing, what the driver was made for."""
DRIVERS = (
    ("bma423", Bma, _sensor, "BMA423"),
    ("qmi8658", Qmi, _sensor, "QMI8658"),
    ("bhi260ap_boot", Bhi, _sensor, "BHI260AP"),
    ("bhi260ap_bus", Bhi, _sensor, "BHI260AP"),
    ("drv2605", Drv, _motor, "DRV2605"),
    ("axp2101_events", Pmu, _key, "AXP2101"),
)
HALF_WOULD_DO = (
    # the comment at each says why
    ("bma423", "_RESET_MS"),
    ("bma423", "_FIRST_MS"),
    ("qmi8658", "_RESET_MS"),
    ("qmi8658", "_FIRST_MS"),
)


def _mutants(name):
    """Each wait removed, and halved: its argument, what was done, the source."""
    with open("firmware/drivers/%s.py" % name) as file:
        lines = file.read().split("\n")
    for place, line in enumerate(lines):
        head = line.split("delay_ms(")[0]
        if "delay_ms(" not in line or head.strip() not in ("self._", "bus.", "self."):
            continue
        wait = line.split("delay_ms(")[1].split(")")[0]
        for how, less in (("removed", "0"), ("halved", wait + " // 2")):
            yield wait, how, "\n".join(lines[:place] + [head + "delay_ms(" + less + ")"] + lines[place + 1 :])


def _exchanged(name, source):
    """Let every driver use what the source defines; how to undo it."""
    original = __import__("drivers." + name, None, None, ("*",))
    made = {"__name__": "drivers." + name}
    exec(source, made)  # noqa: S102 - our own driver, one line changed
    undo = []
    users = [module for key, module in sys.modules.items() if key.startswith(("drivers.", "tests.firmware.drivers."))]
    for thing in dir(original):
        old = getattr(original, thing)
        if thing.startswith("__") or not callable(old) or thing not in made or getattr(old, "__name__", "") != thing:
            continue
        for module in users:
            if module is not original and getattr(module, thing, None) is old:
                setattr(module, thing, made[thing])
                undo.append((module, thing, old))
        setattr(original, thing, made[thing])
        undo.append((original, thing, old))
    return undo


def _survives(kind, scenario, part):
    desk = kind()
    for what, time in SLOWEST[kind].items():
        setattr(desk.chip, what, time)
    _power(desk, SUPPLY_MS if kind is Bhi else 100)  # the others have theirs before the processor starts
    watched = Watched(desk, part, once=True)
    try:
        return watched.verdict(scenario(desk, watched)) == COPED
    except AssertionError:
        return False


def test_waits_that_are_left_out_are_noticed():
    killed, alive, sites = 0, [], 0
    for name, kind, scenario, part in DRIVERS:
        assert _survives(kind, scenario, part), (name, "as it is, at the slowest that the data sheet allows")
        for wait, how, source in _mutants(name):
            sites += how == "removed"
            undo = _exchanged(name, source)
            try:
                survives = _survives(kind, scenario, part)
            finally:
                for module, thing, old in undo:
                    setattr(module, thing, old)
            assert undo
            if survives:
                alive.append((name, wait, how))
            else:
                killed += 1
        assert _survives(kind, scenario, part), name
    assert alive == [(name, wait, "halved") for name, wait in HALF_WOULD_DO], alive
    print("NOTE waits of drivers: %d waits, %d mutants, %d noticed" % (sites, killed + len(alive), killed), end=", ")
    print("%d halved ones that would do" % len(alive))
