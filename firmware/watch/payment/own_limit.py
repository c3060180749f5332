"""The amount from which the wearer wants to be asked, if that is less than what the bank wants."""

from micropython import const

from watch.kernel.currency import exponent
from watch.kernel.errors import CorruptError, InputError
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.access.records import DeviceRecords
    from watch.payment.armed import ArmedCard

CHOICES = (0, 20, 50, 100, 200)
"""Units of the card's currency; 0 asks for every payment."""


class OwnLimit:
    """One number, sealed by the device secret: nobody can raise it by writing into the flash."""

    def __init__(self, sealed: "DeviceRecords") -> None:
        self._sealed = sealed
        self.units: "Optional[int]" = None
        """Above this many units the wearer is asked; None leaves it to the card."""

    def load(self) -> None:
        """Read the record at boot. Raises CorruptError."""
        units = self._sealed.read(records.LIMITS)
        if units is not None and units not in CHOICES:
            raise CorruptError("the wearer's own limit is not one of the choices")
        self.units = units

    def choose(self, units: "Optional[int]") -> None:
        """Keep another choice, or none. Raises InputError for what is no choice, StorageError."""
        if units is not None and units not in CHOICES:
            raise InputError("not one of the choices")
        self._sealed.write(records.LIMITS, units)
        self.units = units

    def apply(self, card: "ArmedCard") -> None:
        """Hold an armed card to it."""
        if self.units is not None:
            own = self.units * 10 ** exponent(card.token.currency)
            card.limits.confirm_above = min(card.limits.confirm_above, own)
