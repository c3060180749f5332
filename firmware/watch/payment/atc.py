"""What happened to each single-use key of a token: never two uses of one ATC, whatever fails."""

from micropython import const

from watch.kernel.errors import CorruptError, InputError, NoKeysError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

FREE = const(0)
RESERVED = const(1)  # its key is, or may be, in RAM
USED = const(2)
UNKNOWN = const(3)  # was reserved when the power went: treated as used


class AtcState:
    """The marks of one batch, and the highest ATC of all batches before it, whose unused keys are gone.

    Changing a mark here does nothing by itself: the caller commits `fields()` before a key is loaded.
    """

    def __init__(self, floor: int, marks: "list[list[int]]") -> None:
        self.floor = floor
        self.marks = marks

    @classmethod
    def from_fields(cls, fields: "Any") -> "AtcState":
        """Read the stored form. A key that was reserved when the power went becomes unknown."""
        if not isinstance(fields, list) or len(fields) != 2:
            raise CorruptError("the ATC record has the wrong shape")
        marks = [[atc, UNKNOWN if mark == RESERVED else mark] for atc, mark in fields[1]]
        return cls(fields[0], marks)

    def fields(self) -> "list[Any]":
        """The form that is stored."""
        return [self.floor, self.marks]

    def highest(self) -> int:
        """The highest ATC that was ever reserved; 0 if none."""
        touched = [atc for atc, mark in self.marks if mark != FREE]
        return max([self.floor] + touched)

    def held(self) -> int:
        """The highest ATC for which the watch has ever had a key, used or not; 0 if none."""
        return max([self.floor] + [atc for atc, _ in self.marks])

    def keys_left(self) -> int:
        """Keys that may still be used."""
        return sum(1 for _, mark in self.marks if mark == FREE)

    @classmethod
    def batch(cls, held: int, atcs: "list[int]") -> "AtcState":
        """The state of a new batch with these rising ATCs. Raises InputError unless all lie above `held`."""
        if atcs and atcs[0] <= held:
            raise InputError("the batch reuses ATCs")
        return cls(held, [[atc, FREE] for atc in atcs])

    def reserve(self, most: int) -> "list[int]":
        """Mark at most that many free keys, lowest first, and return their ATCs. Raises NoKeysError."""
        free = [entry for entry in self.marks if entry[1] == FREE][:most]
        if not free:
            raise NoKeysError("all keys of this card have been used")
        for entry in free:
            entry[1] = RESERVED
        return [entry[0] for entry in free]

    def settle(self, used: "list[int]") -> None:
        """After an orderly disarm: reserved keys were used or become free again. The keys in RAM are zeroed already."""
        for entry in self.marks:
            if entry[1] == RESERVED:
                entry[1] = USED if entry[0] in used else FREE
