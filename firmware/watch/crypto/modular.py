"""Inversion modulo a prime."""


def inverse(value: int, modulus: int) -> int:
    """The inverse of `value` modulo a prime; 0 for 0. Extended Euclid: the time depends on the value."""
    before, now = 0, 1
    high, low = modulus, value % modulus
    while low:
        quotient = high // low
        before, now = now, before - quotient * now
        high, low = low, high - quotient * low
    return before % modulus
