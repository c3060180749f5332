"""Inversion modulo an odd prime below 2^256.

Division steps of Bernstein and Yang ("Fast constant-time gcd computation and modular inversion", 2019), 13 at a time:
the steps look only at the lowest bits of f and g, and what they do is applied to whole numbers once per round. The last
limb of each number is signed. Stops as soon as g is zero, so the time depends on the value.
"""

import micropython
from micropython import const

from watch.crypto.limbs import NUMBER_BYTES, load, store
from watch.crypto.scrub import zero

_LIMB_MASK = const(0x1FFF)
_SIGNED_BITS = const(19 * 13 + 16)  # bits of a number whose last limb fills its word
_F = const(0)  # places in the work area
_G = const(1)
_D = const(2)
_E = const(3)
_MODULUS = const(4)


@micropython.viper
def _invert(work: ptr16, correction: int) -> object:
    """Run rounds on f, g, d and e until g is zero. `correction` is -1 / modulus modulo 2^13."""
    modulus = ptr16(int(work) + 160)
    x = work
    y = work
    delta = 1
    t = 1
    while t:
        u = 1
        v = 0
        q = 0
        r = 1
        a = int(work[0])
        b = int(work[20])
        i = 13
        while i:
            i -= 1
            if b & 1:
                if delta > 0:
                    delta = 0 - delta
                    t = a
                    a = b
                    b = 0 - t
                    t = u
                    u = q
                    q = 0 - t
                    t = v
                    v = r
                    r = 0 - t
                b += a
                q += u
                r += v
            delta += 1
            b >>= 1
            u += u
            v += v
        x = work
        passes = 2  # f and g, then d and e, which are divided modulo the modulus
        while passes:
            passes -= 1
            y = ptr16(int(x) + 40)
            a = u * x[0] + v * y[0]
            b = q * x[0] + r * y[0]
            m = 0
            n = 0
            if passes == 0:
                m = a * correction & 0x1FFF
                n = b * correction & 0x1FFF
            a = (m * modulus[0] + a) >> 13
            b = (n * modulus[0] + b) >> 13
            i = 0
            while i < 18:
                i += 1
                a = u * x[i] + v * y[i] + m * modulus[i] + a
                b = q * x[i] + r * y[i] + n * modulus[i] + b
                x[i - 1] = a & 0x1FFF
                y[i - 1] = b & 0x1FFF
                a >>= 13
                b >>= 13
            s = (int(x[19]) ^ 0x8000) - 0x8000
            t = (int(y[19]) ^ 0x8000) - 0x8000
            a = u * s + v * t + m * modulus[19] + a
            b = q * s + r * t + n * modulus[19] + b
            x[18] = a & 0x1FFF
            y[18] = b & 0x1FFF
            x[19] = a >> 13
            y[19] = b >> 13
            x = ptr16(int(work) + 80)
        y = ptr16(int(work) + 40)
        t = 0
        i = 20
        while i:
            i -= 1
            t |= int(y[i])


def _negative_inverse(modulus: int) -> int:
    """-1 / modulus modulo 2^13, by Newton's iteration."""
    inverted = 1
    for _ in range(4):  # correct bits double: 1, 2, 4, 8, 16
        inverted = inverted * (2 - modulus * inverted) & _LIMB_MASK
    return -inverted & _LIMB_MASK


def inverse(value: int, modulus: int) -> int:
    """The inverse of `value` modulo an odd prime; 0 for 0."""
    work = bytearray(5 * NUMBER_BYTES)
    try:
        for place, number in ((_F, modulus), (_G, value % modulus), (_E, 1), (_MODULUS, modulus)):
            store(work, place, number)
        _invert(work, _negative_inverse(modulus & _LIMB_MASK))
        result = load(work, _D)
        if work[(_D + 1) * NUMBER_BYTES - 1] & 0x80:
            result -= 1 << _SIGNED_BITS
        return (result if work[_F * NUMBER_BYTES] == 1 else -result) % modulus  # f is 1 or -1 now
    finally:
        zero(work)
