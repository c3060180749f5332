"""A strip of pixels upside down, for a watch that is worn the other way up.

It is done here and not by the panel: the ST7789 has bits for it, the makers of the CO5300 tell of none that keep its
column gap, and this way every panel looks the same. It costs a twentieth of what drawing the strip costs.
"""

# Viper accepts no `-> None`.
# ruff: noqa: ANN201

import micropython


@micropython.viper
def turn(strip: ptr16, count: int):
    """Reverse the first `count` pixels; rows and columns change their order with them."""
    low = 0
    high = count - 1
    while low < high:
        pixel = strip[low]
        strip[low] = strip[high]
        strip[high] = pixel
        low += 1
        high -= 1
