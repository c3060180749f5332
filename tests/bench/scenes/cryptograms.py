"""One cryptogram of each version, from the terminal's data to the eight bytes."""

import gc

from tests.bench.scenes.marks import NOT_OURS
from tests.firmware.payment.card_kit import KEY
from watch.payment import versions
from watch.payment.armed import SingleKey
from watch.payment.cryptogram import ARQC, CRYPTOGRAM_BYTES, Cryptogram

TERMINAL = bytearray(range(29))
AIP = b"\x00\x00"


REPEATED = 50


def repeat(repetitions):
    """The same cryptogram of version 18 again and again."""
    cryptogram, out = Cryptogram(versions.CVN_18, 1, AIP, False), bytearray(CRYPTOGRAM_BYTES)
    key = SingleKey(1, bytearray(KEY))
    for _ in range(repetitions):
        cryptogram.begin(ARQC)
        cryptogram.set_terminal(TERMINAL, 0)
        cryptogram.make(key, out)


def repeated(marks):
    """Two parts that differ by a number of cryptograms."""
    repeat(1)
    for name, repetitions in (("one", 1), ("many", 1 + REPEATED)):
        marks.cut(NOT_OURS)
        repeat(repetitions)
        marks.cut(name)
    return {"repeated": REPEATED}


def cryptograms(marks):
    """Key schedule and cryptogram by version. Notes: each cryptogram as it came out, so that a peer can be checked."""
    made = {}
    for cvn in versions.BY_CVN:
        for prefix in ("warm-up/", ""):
            cryptogram, out = Cryptogram(cvn, 1, AIP, False), bytearray(CRYPTOGRAM_BYTES)
            gc.collect()
            marks.cut(NOT_OURS)
            key = SingleKey(1, bytearray(KEY), b"\x06\x43\x10\x01")
            marks.cut(prefix + "schedule")
            cryptogram.begin(ARQC)
            cryptogram.set_terminal(TERMINAL, 0)
            cryptogram.make(key, out)
            marks.cut(prefix + f"{cvn:02x}")
            made[f"{cvn:02x}"] = [out.hex(), bytes(cryptogram.issuer_data).hex()]
    return {"made": made}
