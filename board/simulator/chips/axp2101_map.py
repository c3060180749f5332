"""Map of the AXP2101: what each register is after power comes, which may be written, and what its rails can be.

Source: X-Powers, AXP2101 datasheet. Many values after power are set at the factory for each customer, and not all of
the plain part are published: no driver may rely on them, and tests start the model with others too.
"""

from micropython import const

ID = const(0x03)
COMMON = const(0x10)
MODULES = const(0x18)
WARNINGS = const(0x1A)
ON_SOURCE = const(0x20)
OFF_SOURCE = const(0x21)
OFF_BY = const(0x22)
SLEEP = const(0x26)
KEY = const(0x27)
ADC = const(0x30)
ENABLE = const(0x40)
STATUS = const(0x48)
TS_PIN = const(0x50)
CHARGE_CURRENT = const(0x62)
CHARGE_VOLTAGE = const(0x64)
CONVERTERS = const(0x80)
PROCESSOR_RAIL = const(0x82)
GAUGE = const(0xA4)

AFTER_POWER = {
    ID: 0x4A,
    COMMON: 0x30,
    0x14: 0x60,
    0x15: 0x06,
    0x16: 0x04,
    MODULES: 0x0A,
    WARNINGS: 0x50,
    OFF_BY: 0x06,
    KEY: 0x10,
    ADC: 0x03,
    0x40: 0xFF,
    0x41: 0xFC,
    0x42: 0x7F,
    0x61: 0x05,
    CHARGE_CURRENT: 0x0C,
    0x63: 0x15,
    CHARGE_VOLTAGE: 0x03,
    0x67: 0xE6,
    0x68: 0x01,
    0x69: 0x01,
    CONVERTERS: 0x01,
    PROCESSOR_RAIL: 0x12,
    0x83: 0x28,
    0x84: 0x28,
    0x85: 0x46,
    0x92: 0x0D,
    0x93: 0x1C,
    0x94: 0x1C,
    0x95: 0x0D,
}
"""Registers that are not 0. DC1 is at 3.3 V and on."""

FEEDS_PROCESSOR = (0x28, 0x81, PROCESSOR_RAIL)
"""Registers that change how DC1 starts, works or what it gives. Its switch is the lowest bit of CONVERTERS."""

KEPT = (0x04, 0x05, 0x06, 0x07)
"""What is kept while the chip has any power: the bytes for anybody."""

READ_ONLY = (0x00, 0x01, ID, ON_SOURCE, OFF_SOURCE) + tuple(range(0x34, 0x3E)) + (GAUGE,)
WRITABLE = tuple(
    b"\x04\x05\x06\x07\x10\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x22\x23\x24\x25\x26\x27\x28\x29\x2a\x2b\x30\x40\x41\x42"
    b"\x48\x49\x4a\x50\x52\x53\x54\x55\x56\x57\x58\x59\x5a\x5b\x61\x62\x63\x64\x65\x67\x68\x69\x6a\x80\x81\x82\x83\x84"
    b"\x85\x86\x90\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9a\xa1\xa2"
)

_BUCK = [500 + 10 * step for step in range(71)]
_BUCK_2 = _BUCK + [1220 + 20 * step for step in range(17)]
_BUCK_3 = _BUCK_2 + [1600 + 100 * step for step in range(19)]
_BUCK_4 = _BUCK + [1220 + 20 * step for step in range(32)]
_LDO = [500 + 100 * step for step in range(31)]

RAILS = {
    "DC1": (CONVERTERS, 0, PROCESSOR_RAIL, [1500 + 100 * step for step in range(20)]),
    "DC2": (CONVERTERS, 1, 0x83, _BUCK_2),
    "DC3": (CONVERTERS, 2, 0x84, _BUCK_3),
    "DC4": (CONVERTERS, 3, 0x85, _BUCK_4),
    "DC5": (CONVERTERS, 4, 0x86, [1400 + 100 * step for step in range(24)] + [0, 1200]),
    "ALDO1": (0x90, 0, 0x92, _LDO),
    "ALDO2": (0x90, 1, 0x93, _LDO),
    "ALDO3": (0x90, 2, 0x94, _LDO),
    "ALDO4": (0x90, 3, 0x95, _LDO),
    "BLDO1": (0x90, 4, 0x96, _LDO),
    "BLDO2": (0x90, 5, 0x97, _LDO),
    "CPUSLDO": (0x90, 6, 0x98, [500 + 50 * step for step in range(19)]),
    "DLDO1": (0x90, 7, 0x99, _LDO[:29]),
    "DLDO2": (0x91, 0, 0x9A, [500 + 50 * step for step in range(20)]),
}
"""Switch register, its bit, voltage register, millivolts of each value (0: no such voltage)."""

MOST_CHARGE_CURRENT = const(16)
CHARGE_VOLTAGES = (1, 2, 3, 4, 5)
