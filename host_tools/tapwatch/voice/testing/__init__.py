"""Judging the recogniser: recordings go through the watch's own code, under MicroPython, and are counted."""
