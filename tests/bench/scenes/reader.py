"""What a terminal sends in one tap: names of its frames, and the frames."""

from tests.firmware.payment.card_kit import fill, generate_ac, gpo, select, terminal_values
from watch.payment.profiles import BY_NAME

KERNELS = (("kernel3", "visa"), ("kernel2", "mastercard"))
"""Kernels of a terminal, and the profile that each knows."""
EXPRESS = "express"
"""Stands for the kernel where a gate pays with a closed-loop card."""
PPSE = b"2PAY.SYS.DDF01"
RATS = b"\xe0\x80"
READ_RECORD = b"\x00\xb2\x01\x0c\x00"
AMOUNT = 1234
CHINA = 156
"""Currency and country of the cards of tests/firmware/support/issuer.py."""

ACTIVATE = "rats"
LEAVE = "leave"
"""The field has gone."""


def commands(profile):
    """(name, APDU) of a tap at a terminal that knows this profile."""
    table = BY_NAME[profile]
    values = terminal_values(AMOUNT, CHINA, CHINA, t9F66="36004000")
    options = gpo(fill(table.pdol, values) if table.pdol else b"")
    script = [
        ("select_ppse", select(PPSE)),
        ("select_aid", select(table.names[0].aid)),
        ("gpo", options),
        ("read_record", READ_RECORD),
    ]
    if table.cdol1:
        script.append(("generate_ac", generate_ac(0x80, fill(table.cdol1, values))))
    return script


def blocks(apdus):
    """I-blocks with the numbers that a reader would use."""
    return [bytes((2 | i & 1,)) + apdu for i, apdu in enumerate(apdus)]


def frames(profile):
    """(names, frames) of a tap, RATS first."""
    script = commands(profile)
    return [ACTIVATE] + [name for name, _ in script], [RATS] + blocks([apdu for _, apdu in script])
