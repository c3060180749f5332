"""Decides about one window again and again: `micropython tests/bench/recogniser_run.py WEIGHTS REPETITIONS`."""

import sys
from array import array

from watch.voice.network import Network


def main(path, repetitions):
    with open(path, "rb") as file:
        network = Network(file.read())
    logits, embedding = array("i", bytes(4 * len(network.words) + 4)), array("H", bytes(2 * network.embedding_size))
    window = bytearray(i * i // 7 % 256 for i in range(1536))
    for _ in range(repetitions):
        network.run(window, logits, embedding)


main(sys.argv[1], int(sys.argv[2]))
