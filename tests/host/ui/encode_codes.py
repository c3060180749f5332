"""Runs inside MicroPython: one line of JSON in, one out, for `test_qr.py` and `test_code128.py`.

In: ["qr", text or {"hex": ...}, level, least version] or ["bars", text]. Out: [version, mask, size, rows as text], or
the modules as text.
"""

import json
import sys

from watch.ui.code128 import BarCode
from watch.ui.qr import QrCode

qr = QrCode()
bars = BarCode()


def qr_answer(text, level, least):
    """One symbol."""
    qr.encode(bytes.fromhex(text["hex"]) if isinstance(text, dict) else text, level, least)
    size = qr.size
    rows = "".join(["1" if qr.dark(x, y) else "0" for y in range(size) for x in range(size)])
    return [qr.version, qr.mask, size, rows]


def bars_answer(text):
    """One bar code."""
    bars.encode(text)
    return "".join(["1" if bars.dark(x) else "0" for x in range(bars.size)])


ANSWERS = {"qr": qr_answer, "bars": bars_answer}

for line in sys.stdin:
    question = json.loads(line)
    print(json.dumps(ANSWERS[question[0]](*question[1:])))
