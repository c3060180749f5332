"""The screen of the simulated watch: the drivers of a real board over models of its panel and touch controller."""

from micropython import const

from board.simulator.chips import co5300, cst9217, ft6336u, st7789
from board.simulator.chips.i2c import I2c
from board.simulator.chips.spi import InterruptPin, Spi, SpiBus
from board.simulator.inputs import Finger
from board.simulator.outputs import Glass
from board.simulator.strict import Strict
from drivers.co5300 import Co5300
from drivers.cst9217 import Cst9217
from drivers.ft6336u import Ft6336u
from drivers.st7789 import St7789

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.ports import Display, Touch
    from board.simulator.link import Link

_BAUD = const(40_000_000)
_BRIGHTEST = const(255)
_POWER_UP_MS = const(300)
"""What happens before a board comes to its screen; the chips have their supply by then."""


class Screen:
    """`display` and `touch` of a board, started and bright."""

    display: "Display"
    touch: "Touch"

    def __init__(self, link: "Link", screen: "dict[str, int]") -> None:
        """`screen` has the width and height of a panel we know. Raises ValueError for another."""
        build = _BUILDERS.get((screen["width"], screen["height"]))
        if build is None:
            raise ValueError("no panel of {width} x {height}".format(**screen))
        self.display, self.touch = build(link, Glass(link), Strict())


def _amoled(link: "Link", glass: Glass, misuse: "list[str]") -> "tuple[Display, Touch]":
    """LilyGO T-Watch Ultra: CO5300 and CST9217."""
    panel = co5300.Chip(misuse, glass.show, glass.light)
    panel.on_dark = glass.dark
    bus = SpiBus(misuse)
    spi, time = Spi(bus, _BAUD, 0, 0), panel.time
    display = Co5300(spi, bus.attach(panel), panel.reset, time.advance, lambda: time.now)
    display.start()
    display.brightness(_BRIGHTEST)

    line, i2c = InterruptPin(1), I2c()
    chip = cst9217.Chip(line, display.width, display.height, misuse)
    i2c.attach(cst9217.ADDRESS, chip)
    touch = Cst9217(i2c, line, chip.reset, chip.time.advance, display.width, display.height)
    touch.start()
    Finger(link, chip)
    return display, touch


def _ips(link: "Link", glass: Glass, misuse: "list[str]") -> "tuple[Display, Touch]":
    """LilyGO T-Watch S3: ST7789V3 and FT6336U, neither of them with a reset line."""
    panel = st7789.Chip(misuse, glass.show)
    panel.on_dark = glass.dark
    bus = SpiBus(misuse)
    spi, time = Spi(bus, _BAUD, 0, 0), panel.time
    time.advance(_POWER_UP_MS)
    light = st7789.Backlight(glass.light)
    display = St7789(spi, bus.attach(panel), panel.data_line, light, None, time.advance, lambda: time.now)
    display.start()
    display.brightness(_BRIGHTEST)

    line, i2c = InterruptPin(1), I2c()
    chip = ft6336u.Chip(line, misuse)
    chip.time.advance(_POWER_UP_MS)
    i2c.attach(ft6336u.ADDRESS, chip)
    touch = Ft6336u(i2c, line, None, chip.time.advance, display.width, display.height)
    touch.start()
    Finger(link, chip)
    return display, touch


_BUILDERS = {(410, 502): _amoled, (240, 240): _ips}
