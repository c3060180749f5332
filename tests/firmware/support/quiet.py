"""A second in which nothing happens costs nothing."""

import micropython


def idle_second(stack, panel):
    """Let one pass, with a locked heap: raises MemoryError for an allocation. True if nothing was sent."""
    stack.tick(0)
    panel.bytes = 0
    micropython.heap_lock()
    try:
        stack.tick(1)
    finally:
        micropython.heap_unlock()
    return panel.bytes == 0
