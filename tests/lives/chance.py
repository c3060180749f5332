"""Numbers that look random and are the same in every run of one seed."""

import hashlib
import struct


class Chance:
    """One sequence."""

    def __init__(self, seed):
        self._seed = seed
        self._drawn = 0

    def below(self, limit):
        """0 to `limit` - 1."""
        self._drawn += 1
        digest = hashlib.sha256(struct.pack("<II", self._seed, self._drawn)).digest()
        return int.from_bytes(digest[:4], "big") % limit

    def one_in(self, times):
        """True once in so many calls."""
        return not self.below(times)

    def pick(self, choices):
        """One of several."""
        return choices[self.below(len(choices))]

    def hex(self, count):
        """So many bytes as digits."""
        return "".join(["%02x" % self.below(256) for _ in range(count)])


def key_of(seed, name, atc):
    """The session key that the bank of this life has derived for an ATC."""
    return hashlib.sha256(struct.pack("<II", seed, atc) + name).digest()[:16]
