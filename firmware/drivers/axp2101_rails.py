"""Supply rails of the AXP2101: their names, registers and voltages.

DC1 is not among them: it feeds the processor. DLDO1 is a plain switch in some chips, as the maker of the T-Watch Ultra
uses it; what its voltage register does there is not known, so that it is written but not read back. Of DLDO2 the
sources give different voltages (XPowersLib steps of 100 mV, Zephyr of 50 mV), so it can be switched but not set
(UNSURE-DLDO2).
"""

from micropython import const

from drivers.axp2101_registers import CONVERTERS, LDOS

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    Span = tuple[int, int, int, int]
    """First millivolts, last millivolts, step, register value of the first."""
    Row = tuple[int, int, Optional[int], int, tuple[Span, ...]]
    """Switch register, its bit, voltage register (None: none that is known), mask of the voltage, voltages."""

PLAIN_SWITCH = "DLDO1"
"""The rail whose voltage may not be there to read. See UNSURE-DLDO1."""

_LOW = ((500, 1200, 10, 0), (1220, 1540, 20, 71))
_LDO = ((500, 3500, 100, 0),)
_FIVE = const(0x1F)
_SEVEN = const(0x7F)
_LDOS_2 = const(0x91)

RAILS: "dict[str, Row]" = {
    "DC2": (CONVERTERS, 0x02, 0x83, _SEVEN, _LOW),
    "DC3": (CONVERTERS, 0x04, 0x84, _SEVEN, _LOW + ((1600, 3400, 100, 88),)),
    "DC4": (CONVERTERS, 0x08, 0x85, _SEVEN, ((500, 1200, 10, 0), (1220, 1840, 20, 71))),
    "DC5": (CONVERTERS, 0x10, 0x86, _FIVE, ((1200, 1200, 100, 0x19), (1400, 3700, 100, 0))),
    "ALDO1": (LDOS, 0x01, 0x92, _FIVE, _LDO),
    "ALDO2": (LDOS, 0x02, 0x93, _FIVE, _LDO),
    "ALDO3": (LDOS, 0x04, 0x94, _FIVE, _LDO),
    "ALDO4": (LDOS, 0x08, 0x95, _FIVE, _LDO),
    "BLDO1": (LDOS, 0x10, 0x96, _FIVE, _LDO),
    "BLDO2": (LDOS, 0x20, 0x97, _FIVE, _LDO),
    "CPUSLDO": (LDOS, 0x40, 0x98, _FIVE, ((500, 1400, 50, 0),)),
    "DLDO1": (LDOS, 0x80, 0x99, _FIVE, ((500, 3300, 100, 0),)),
    "DLDO2": (_LDOS_2, 0x01, None, 0, ()),
}


def row(name: str) -> "Row":
    """Registers of a rail. Raises ValueError for one that there is not, and for DC1."""
    found = RAILS.get(name)
    if found is None:
        raise ValueError("no rail " + name)
    return found


def code(name: str, millivolts: int) -> int:
    """Register value of a voltage. Raises ValueError for one that the rail cannot have."""
    for first, last, step, base in row(name)[4]:
        if first <= millivolts <= last and (millivolts - first) % step == 0:
            return base + (millivolts - first) // step
    raise ValueError("%s cannot be %d mV" % (name, millivolts))


def millivolts(name: str, value: int) -> int:
    """Voltage of a register value; 0 for a value that stands for none."""
    for first, last, step, base in row(name)[4]:
        found = first + (value - base) * step
        if first <= found <= last:
            return found
    return 0
