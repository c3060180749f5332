"""Panels and their drivers on a desk: the model of a chip, its driver, and what the glass was shown."""

from board.simulator.chips import co5300, st7789
from board.simulator.chips.spi import Spi, SpiBus
from drivers.co5300 import Co5300
from drivers.st7789 import St7789

BAUD = 40_000_000
_POWER_UP_MS = 200


class _Desk:
    """What both panels need. `spi` may be another bus, such as one that fails."""

    def __init__(self, chip_of, spi, baud, mode):
        self.misuse, self.shown, self.lights, self.darks = [], [], [], []
        self.chip = chip_of(self)
        self.chip.on_dark = self.darks.append
        self.bus = SpiBus(self.misuse)
        self.select = self.bus.attach(self.chip)
        self.spi = Spi(self.bus, baud, mode[0], mode[1])
        self.time = self.chip.time
        self.time.advance(_POWER_UP_MS)

    def ticks_ms(self):
        """The panel's own time."""
        return self.time.now

    def show(self, x, y, w, h, pixels):
        """Keep what the glass is shown."""
        assert len(pixels) == w * h * 2
        self.shown.append((x, y, w, h, bytes(pixels)))

    def window(self, x, y, w, h):
        """Set a window past the driver, in pixels of the glass."""
        column, row = x + self.chip.column_gap, y + self.chip.row_gap
        self.send(0x2A, bytes((column >> 8, column & 255, (column + w - 1) >> 8, (column + w - 1) & 255)))
        self.send(0x2B, bytes((row >> 8, row & 255, (row + h - 1) >> 8, (row + h - 1) & 255)))


class Amoled(_Desk):
    """CO5300."""

    def __init__(self, spi=None, reset=True, baud=BAUD, mode=(0, 0)):
        super().__init__(lambda desk: co5300.Chip(desk.misuse, desk.show, desk.lights.append), spi, baud, mode)
        line = self.chip.reset if reset else None
        self.panel = Co5300(spi or self.spi, self.select, line, self.time.advance, self.ticks_ms)

    def send(self, code, *pieces):
        """One transfer past the driver: a command, its data in pieces."""
        self.select(0)
        self.spi.write(bytes((2, 0, code, 0)))
        for piece in pieces:
            self.spi.write(piece)
        self.select(1)


class Ips(_Desk):
    """ST7789."""

    def __init__(self, spi=None, reset=True, baud=BAUD, mode=(0, 0), mirrored=False):
        super().__init__(lambda desk: st7789.Chip(desk.misuse, desk.show), spi, baud, mode)
        line = self.chip.reset if reset else None
        light, data = st7789.Backlight(self.lights.append), self.chip.data_line
        self.panel = St7789(spi or self.spi, self.select, data, light, line, self.time.advance, self.ticks_ms, mirrored)

    def send(self, code, *pieces):
        """One transfer past the driver: a command, its data in pieces."""
        self.chip.data_line(0)
        self.select(0)
        self.spi.write(bytes((code,)))
        self.chip.data_line(1)
        for piece in pieces:
            self.spi.write(piece)
        self.select(1)


KINDS = (Amoled, Ips)


def started(kind, **how):
    """A panel that is up and bright, and has shown nothing yet."""
    desk = kind(**how)
    desk.panel.start()
    desk.panel.brightness(255)
    assert desk.misuse == [], desk.misuse
    desk.lights.clear()
    desk.darks.clear()
    return desk


def raised(kind, access, *arguments):
    """The error of this kind that `access` raises, or None."""
    try:
        access(*arguments)
    except kind as error:
        return error
    return None
