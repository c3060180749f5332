"""Frames of the front end of voice: `micropython one_frame.py REPETITIONS`. Prints nothing."""

import sys
from array import array

from watch.voice.features import FrontEnd

front, into = FrontEnd(), bytearray(32)
samples = array("h", [(n * n * 31 + n * 7) % 20000 - 10000 for n in range(512)])
for _ in range(int(sys.argv[1])):
    front.frame(samples, 0, into, 0)
