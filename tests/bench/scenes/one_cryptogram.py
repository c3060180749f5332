"""Cryptograms without marks, for the slope: `micropython tests/bench/scenes/one_cryptogram.py REPETITIONS`."""

import sys

from tests.bench.scenes.cryptograms import repeat

repeat(int(sys.argv[1]))
