"""Runs the front end inside MicroPython for test_front_end.py: `micropython upy_run_front_end.py SOUNDS ANSWERS`.

SOUNDS holds sounds of 16-bit samples, the number of samples before each in four bytes. ANSWERS gets 33 bytes for each
whole frame of each: the bands and the level. The heap is locked meanwhile.
"""

import sys
from array import array

import micropython

from watch.voice.features import HOP_SAMPLES, FrontEnd
from watch.voice.spectrum import FRAME_SAMPLES


def answer(front, sound):
    """The rows of one sound."""
    frames = max(0, (len(sound) - FRAME_SAMPLES) // HOP_SAMPLES + 1)
    rows = bytearray(33 * frames)
    micropython.heap_lock()
    try:
        for frame in range(frames):
            rows[33 * frame + 32] = front.frame(sound, HOP_SAMPLES * frame, rows, 33 * frame)
    finally:
        micropython.heap_unlock()
    return rows


def main(source, target):
    front = FrontEnd()
    with open(source, "rb") as sounds, open(target, "wb") as answers:
        while True:
            head = sounds.read(4)
            if not head:
                return
            answers.write(answer(front, array("h", sounds.read(2 * int.from_bytes(head, "little")))))


main(*sys.argv[1:])
