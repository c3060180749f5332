"""Runs inside MicroPython: what the calculator shows after each line of keys, for `test_calculator.py`.

Each line of input is keys apart by spaces; each line of output is the error, or the number, after the last of them.
"""

import sys

from apps.calculator.engine import Engine

for line in sys.stdin:
    engine = Engine()
    for key in line.split():
        engine.press(key)
    print(engine.error or engine.shown)
