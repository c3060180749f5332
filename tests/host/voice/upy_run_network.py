"""Runs networks inside MicroPython for test_network.py: `micropython upy_run_network.py NETWORK WINDOWS ...`.

Prints the logits and the embedding of each window of 1536 bytes as a line of JSON. `upy_run_network.py judge FILE SIZE`
prints for each file of SIZE bytes in a larger one whether the watch would take it.
"""

import json
import sys
from array import array

import micropython

from watch.kernel.errors import CorruptError
from watch.voice.network import Network


def answer(network, window):
    logits, embedding = array("i", range(len(network.words) + 1)), array("H", range(network.embedding_size))
    micropython.heap_lock()
    try:
        network.run(window, logits, embedding)
    finally:
        micropython.heap_unlock()
    return list(logits) + list(embedding)


def main(paths):
    for at in range(0, len(paths), 2):
        with open(paths[at], "rb") as file:
            network = Network(file.read())
        with open(paths[at + 1], "rb") as file:
            window = bytearray(1536)
            while file.readinto(window):
                print(json.dumps(answer(network, window)))


def judge(path, size):
    with open(path, "rb") as file:
        while data := file.read(size):
            try:
                Network(data)
                print("true")
            except CorruptError:
                print("false")


if sys.argv[1] == "judge":
    judge(sys.argv[2], int(sys.argv[3]))
else:
    main(sys.argv[1:])
