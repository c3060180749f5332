"""Wiping buffers and free heap. tests/host/crypto/test_scrub.py looks at the process from outside."""

import gc
import time

import micropython
from crypto.vectors import raises

from watch.crypto.scrub import scrub, zero


def test_zero_wipes_all_of_a_buffer_and_nothing_else():
    whole = bytearray(b"\xaa" * 40)
    zero(memoryview(whole)[8:24])
    assert whole == b"\xaa" * 8 + bytes(16) + b"\xaa" * 16
    zero(whole)
    assert whole == bytes(40)
    zero(bytearray())


def test_zero_allocates_nothing():
    buf = bytearray(b"\xff" * 100)
    micropython.heap_lock()
    try:
        zero(buf)
    finally:
        micropython.heap_unlock()
    assert not any(buf)


def test_zero_refuses_what_cannot_be_written():
    for constant in (b"constant", "text"):
        assert raises(TypeError, zero, constant)
    assert raises(TypeError, zero, 1000)


def test_scrub_gives_the_memory_back():
    gc.collect()
    before = gc.mem_alloc()
    scrub()
    scrub()
    grown = gc.mem_alloc() - before
    assert grown < 66000, grown  # the collector may see one block of 64 KB through a stale pointer on the C stack
    assert gc.isenabled()


def test_scrub_keeps_collection_off_where_it_was_off():
    gc.disable()
    try:
        scrub()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_scrub_takes_single_free_blocks_too():
    """A heap full of single-block holes: every other small object dropped."""
    held = [(i, None) for i in range(4000)]
    for index in range(0, len(held), 2):
        held[index] = None
    start = time.ticks_ms()
    scrub()
    print(
        "NOTE scrub of a fragmented heap:",
        time.ticks_diff(time.ticks_ms(), start),
        "ms of",
        gc.mem_free() >> 10,
        "KB free",
    )
    assert held[1] == (1, None)
