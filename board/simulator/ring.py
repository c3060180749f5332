"""A fixed queue for input events."""

import array


class Ring:
    """First in, first out, for events of a few small integers; allocates nothing after it is made."""

    def __init__(self, fields: int, capacity: int) -> None:
        """Hold at most `capacity` events of `fields` integers each."""
        self._fields = fields
        self._capacity = capacity
        self._values = array.array("i", [0] * (fields * capacity))
        self._start = 0
        self._count = 0

    def put(self, *event: int) -> None:
        """Add an event. When full it replaces the newest one, so that the last word (finger up) is never lost."""
        if self._count < self._capacity:
            self._count += 1
        slot = (self._start + self._count - 1) % self._capacity
        for field in range(self._fields):
            self._values[slot * self._fields + field] = event[field]

    def take(self, into: "list[int]") -> bool:
        """Move the oldest event into `into`; False when there is none."""
        if not self._count:
            return False
        for field in range(self._fields):
            into[field] = self._values[self._start * self._fields + field]
        self._start = (self._start + 1) % self._capacity
        self._count -= 1
        return True
