"""Radios, panels and touch controllers at other speeds than told: drivers cope, or the board says which part failed.

Each time of each model is made 0, half, double, ten times as long, as long as it may be, and endless; from the start
on, and once all is up. Then each wait of each driver is taken away or halved, over chips that take as long as they may.
"""

import errno

import tests.firmware.drivers.panel_kit as panel_kit
import tests.firmware.drivers.pn532_kit as pn532_kit
import tests.firmware.drivers.radio_kit as radio_kit
import tests.firmware.drivers.touch_kit as touch_kit
import tests.firmware.drivers.upy_bus_neighbours as neighbours
from board.simulator.chips import sx126x
from board.simulator.chips.st25r3916_air import REQA
from board.simulator.chips.st25r3916_names import US
from tests.firmware.drivers.panel_kit import raised
from tests.firmware.drivers.timing_kit import Stage, Tally, WaitMutants

ATS = b"\x05\x78\x80\x70\x00"
SELECT, ANSWER = b"\x02\x00\xa4\x04\x00", b"\x02\x6a\x82"
PIXELS = b"12345678"
TRIES = 3


class Touch(Stage):
    """A finger; asleep; awake; a finger."""

    blind = ("commands_ms",)
    """A CST9217 that took the request to sleep too early says nothing; at the start the same is told."""

    most = 10_000

    def __init__(self, desk):
        super().__init__((desk.chip,), desk.misuse)
        self.desk, self.part = desk, type(desk.touch).__name__
        self.start = desk.touch.start

    def use(self):
        return self._finger(30, 40) and self._asleep() and self._finger(50, 60)

    def _finger(self, x, y):
        desk = self.desk
        for down in (1, 0):
            desk.chip.touch(down, x, y)
            found = desk.read()
            assert found in (None, (down, x, y)), found
            if not found:
                return False
        return True

    def _asleep(self):
        touch = self.desk.touch
        touch.sleep(True)
        assert self.desk.chip.resting
        touch.sleep(False)
        return True


class Panel(Stage):
    """A picture; asleep, and a picture at once; awake, and one more. Nothing can be read from a panel."""

    most = 10_000
    blind = ("reset_pulse_ms", "reset_ms", "sleep_in_ms", "between_sleeps_ms", "waking_ms")

    def __init__(self, desk):
        super().__init__((desk.chip,), desk.misuse)
        self.desk, self.part = desk, type(desk.panel).__name__
        self.start = desk.panel.start

    def use(self):
        panel, shown = self.desk.panel, self.desk.shown
        panel.brightness(200)
        panel.write(0, 0, 2, 2, memoryview(PIXELS))
        panel.sleep(True)
        panel.write(2, 2, 2, 2, memoryview(PIXELS))
        panel.sleep(False)
        panel.write(4, 4, 2, 2, memoryview(PIXELS))
        wanted = [(at, at, 2, 2, PIXELS) for at in (0, 2, 4)]
        return shown == wanted and not self.desk.chip.dark and 200 in self.desk.lights


class Lora(Stage):
    """Asleep; the bus is used by others; then the board starts anew."""

    part = "LoRa"

    def __init__(self):
        self.desk = neighbours.Desk()
        super().__init__((self.desk.lora,), self.desk.misuse)
        self.start = self.desk.radio.sleep

    def use(self):
        for _ in range(2):
            if self.desk.lora.state != sx126x.ASLEEP:
                return False
            self.desk.sd.hush()
            assert self.desk.talk() == b"\x5a" * 4
            self.desk.radio.sleep()
        return True


class LoraSelected(Lora):
    """Somebody selects it by mistake: that wakes it, and does not hang it."""

    def use(self):
        self.desk.lora_select(0)
        self.desk.lora_select(1)
        woken = ["LoRa: woken by its select line"]
        seen, self.misuse[:] = list(self.misuse), []
        return seen == woken


class Card(Stage):
    """Hushed; the bus is used by others."""

    part = "SD card"

    def __init__(self):
        self.desk = neighbours.Desk()
        super().__init__((self.desk.card,), self.desk.misuse)
        self.start = self.desk.sd.hush

    def use(self):
        self.desk.radio.sleep()
        return self.desk.talk(1000) == b"\x5a" * 4


class St(Stage):
    """Two taps with the ST25R3916."""

    part = "ST25R3916"
    blind = ("detector_fc",)
    """A detector that is blind sees what it sees where there is no field."""
    later = ("oscillator_fc", "line_fc")
    """A clock that stops is told by the next arming, a line that dies by the next start."""
    most = int(3_000_000 * US)

    def __init__(self, low_power=False):
        self.bench = radio_kit.Bench(arm=False, low_power=low_power)
        super().__init__((self.bench.chip,), self.bench.misuse)

    def start(self):
        self.bench.radio.start()
        self.arm()

    def arm(self):
        """As the session does."""
        self.bench.radio.arm(radio_kit.UID, radio_kit.ATQA, radio_kit.SAK)

    def use(self):
        return self._tap() and self._tap()

    def _tap(self):
        """False if the reader hears nothing."""
        bench, air = self.bench, self.bench.air
        air.field(True)
        self._serve(radio_kit.POLL_US)
        if air.short(REQA) is None:
            air.field(False)
            return False
        assert air.anticoll(1) == radio_kit.UID_CHECKED
        assert air.select(1, radio_kit.UID_CHECKED) == bytes((radio_kit.SAK,))
        served = self._exchange(radio_kit.RATS, ATS) and self._exchange(SELECT, ANSWER)
        air.field(False)
        return bench.receive(10_000) == -1 and served

    def _serve(self, span_us):
        """The driver looks after the chip for so long."""
        bench, end = self.bench, self.time.now + int(span_us * US)
        while self.time.now < end:
            assert bench.receive(int((end - self.time.now) / US)) in (0, -1)
            bench.delay_us(100)
            self.guard()

    def _exchange(self, request, answer):
        self.bench.send(request)
        got = self.bench.receive()
        self.guard()
        if got in (0, -1):
            return False
        assert got == request, got
        sent = self.bench.answer(answer)
        return bool(sent and sent.data == answer and sent.aligned)


class StWake(St):
    """A field wakes the processor, which starts all anew."""

    def use(self):
        bench = self.bench
        assert bench.radio.prepare_deep_sleep()
        bench.air.field(True)
        bench.delay_us(1_000)
        if not bench.pin.level:
            bench.air.field(False)
            return False
        self.start()
        return self._tap()


class StExamine(St):
    """What `examine` says is right, or it raises."""

    def start(self):
        self.bench.radio.start()

    def use(self):
        bench = self.bench
        for field_mv, antenna_mv in ((0, 1796), (290, None)):
            bench.air.field(bool(field_mv))
            bench.delay_us(5_000)
            found = bench.radio.examine()
            seen = found.supply_mv, found.field_mv, found.antenna_mv
            assert seen == (3299, field_mv, antenna_mv), seen
        return True


class Pn(Stage):
    """Two taps with the PN532."""

    part = "PN532"
    later = ("work_us", "gap_us")
    """A chip that says nothing any more is one to which no reader comes."""

    def __init__(self, wire):
        bench = self.bench = pn532_kit.Bench(wire, arm=False)
        super().__init__((bench.chip, bench.bus if wire == "hsu" else bench.on_bus), bench.chip.misuse)

    def start(self):
        self.bench.radio.start()
        self.bench.radio.arm(pn532_kit.UID, pn532_kit.ATQA, pn532_kit.SAK)

    def use(self):
        return self._tap() and self._tap()

    def _tap(self):
        bench, chip = self.bench, self.bench.chip
        chip.field(True)
        if chip.select() is None:
            return False
        bench.send(pn532_kit.RATS, 500)
        bench.time.advance(20_000)
        served = self._answer(pn532_kit.RATS, ATS) and self._exchange(SELECT, ANSWER)
        chip.field(False)
        gone = bench.receive()
        return gone == -1 and served

    def _exchange(self, request, answer):
        """A reader that gets no answer repeats what it said."""
        for _ in range(TRIES):
            self.bench.send(request)
            if self._answer(request, answer):
                return True
        return False

    def _answer(self, request, answer):
        got = self.bench.receive()
        self.guard()
        if got in (0, -1):
            return False
        assert got == request, got
        self.bench.answer(answer)
        self.bench.receive(0)
        return self.bench.chip.answers[-1][1] == answer


TOUCH = (touch_kit.Cst, touch_kit.Cst816, touch_kit.Ft, touch_kit.Ft3168)


def touches():
    return [lambda kind=kind: Touch(kind()) for kind in TOUCH]


def panels():
    return [lambda k=kind, r=reset: Panel(k(reset=r)) for kind in panel_kit.KINDS for reset in (True, False)]


def readers():
    return [St, lambda: St(True), StWake, StExamine]


def serial():
    return [lambda wire=wire: Pn(wire) for wire in pn532_kit.WIRES]


def attacked(name, makes):
    tally = Tally()
    for make in makes:
        tally.campaign(make)
    tally.note(name)
    assert not tally.bad, tally.bad
    assert tally.ends["coped"] and tally.ends["silent"] == tally.hangs == 0
    return tally


def test_touch_controllers():
    attacked("timing touch", touches())


def test_panels():
    tally = attacked("timing panels", panels())
    assert tally.ends["blind"], "a panel that is too slow stays dark, and cannot say so"


def test_neighbours_of_the_radio():
    attacked("timing LoRa and SD card", [Lora, Card])


def test_st25r3916():
    attacked("timing st25r3916", readers())


def test_pn532():
    attacked("timing pn532", serial())


ATTACKED = (
    (("cst9217",), touch_kit, ("Cst9217",), touches()[:1]),
    (("cst816s",), touch_kit, ("Cst816s",), touches()[1:2]),
    (("ft6336u",), touch_kit, ("Ft6336u",), touches()[3:]),
    (("mipi_dcs", "co5300", "st7789"), panel_kit, ("Co5300", "St7789"), panels()),
    (("sx126x",), neighbours, ("Sx126x",), [Lora, LoraSelected]),
    (
        ("st25r3916_setup", "st25r3916_antenna", "st25r3916_listener", "st25r3916"),
        radio_kit,
        ("St25r3916",),
        readers(),
    ),
    (("pn532_link", "pn532_hsu", "pn532_i2c", "pn532"), pn532_kit, ("Hsu", "I2cLink", "Pn532"), serial()),
)
"""Drivers, each after those it needs; the kit that has them; the classes there; who notices."""
SPARE = (
    ("sx126x", "_RESET_MS", "halved"),
    ("sx126x", "_ASLEEP_MS", "halved"),
    ("sx126x", "1", "halved"),
    ("st25r3916_antenna", "_SETTLE_US", "halved"),
    ("st25r3916_antenna", "_SETTLE_US", "halved"),
    ("pn532_link", "_ABORT_US", "halved"),
    ("pn532_i2c", "_WAKE_US", "halved"),
)
"""Waits of which half would do; each says in its driver why it is so long."""


def test_waits_taken_away():
    mutants = WaitMutants()
    for names, kit, classes, makes in ATTACKED:
        mutants.attack(names, kit, classes, makes)
    told = mutants.waits, mutants.killed, mutants.halved, len(mutants.lived)
    print(
        "NOTE timing waits: %d in these drivers, %d missed when taken away, %d when halved, %d longer than need be"
        % told
    )
    assert mutants.killed == mutants.waits > 20 and tuple(mutants.lived) == SPARE, mutants.lived


def test_a_driver_that_keeps_silent_is_caught():
    rouse = touch_kit.Cst9217._rouse
    touch_kit.Cst9217._rouse = touch_kit.Cst9217._pulse
    tally = Tally()
    try:
        tally.campaign(touches()[0])
    finally:
        touch_kit.Cst9217._rouse = rouse
    assert tally.ends["silent"] and tally.bad


def test_a_driver_that_waits_for_ever_is_caught():
    desk = touch_kit.Cst()
    stage = Touch(desk)
    stage.start = lambda: desk.wait(20_000)
    tally = Tally()
    tally.campaign(lambda: stage)
    assert tally.hangs == tally.runs and tally.bad


def test_an_interrupt_line_that_does_not_move_is_told():
    for level in (0, 1):
        bench = radio_kit.Bench(arm=False)
        bench.radio._line = lambda level=level: level
        assert raised(OSError, bench.radio.start).errno == errno.ETIMEDOUT


def test_a_radio_that_does_not_fall_asleep_is_told():
    desk = neighbours.Desk()
    busy = desk.lora.busy
    desk.radio._busy = lambda: busy() and desk.lora.state != sx126x.ASLEEP
    assert raised(OSError, desk.radio.sleep).errno == errno.ETIMEDOUT
    assert not desk.lora.drives(), "held in reset"
