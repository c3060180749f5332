"""The bonded devices as screens and scripts know them: which they are, which is the main phone, and to forget one."""

from micropython import const

from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from watch.ble.bonds import Bonds
    from watch.ble.radio import Radio


class Known:
    """A bonded device, for screens and state.json.

    Args:
        number: of its bond.
        role: one of `roles.ROLES`.
        name: its own invention, maybe empty.
        primary: the phone that may bring cards.
        connected: it is here.
    """

    def __init__(self, number: int, role: str, name: str, primary: bool, connected: bool) -> None:
        self.number, self.role, self.name, self.primary, self.connected = number, role, name, primary, connected


class Devices:
    """The directory of bonded devices."""

    def __init__(self, bonds: "Bonds", changed: "Callable[[], None]") -> None:
        """`changed` is called after each change. Nobody is connected before there is a radio."""
        self._bonds, self._changed = bonds, changed
        self.radio: "Optional[Radio]" = None
        """Where they connect; None on a board without one."""

    def known(self) -> "list[Known]":
        """All of them, by the number of their bond."""
        links = self.radio.links if self.radio is not None else []
        here = [link.bond for link in links]
        return [Known(one.number, one.role, one.name, one.primary, one.number in here) for one in self._bonds.list()]

    def find(self, number: int) -> "Optional[Known]":
        """One of them, None if there is none of this number."""
        for one in self.known():
            if one.number == number:
                return one
        return None

    def name_of(self, number: int) -> str:
        """The name of one, maybe empty."""
        device = self.find(number)
        return "" if device is None else device.name

    def have(self, role: str) -> bool:
        """True if there is one of this role."""
        return any(bond.role == role for bond in self._bonds.list())

    def primary_here(self) -> bool:
        """True while the phone is connected that may carry token requests."""
        return self.radio is not None and any(link.primary for link in self.radio.links)

    def choose_primary(self, number: int) -> None:
        """Let this phone bring cards, and no other. Raises InputError, StorageError."""
        self._bonds.set_primary(number)
        self._changed()

    def forget(self, number: int) -> None:
        """Remove a bond and send its device away. Raises InputError, StorageError."""
        if self.radio is None:
            raise InputError("this watch has no radio")
        self.radio.forget(number)
        self._changed()

    def describe(self) -> "list[dict[str, Any]]":
        """For scripts: no secret and no address."""
        return [
            {
                "bond": one.number,
                "role": one.role,
                "name": one.name,
                "main": one.primary,
                "connected": one.connected,
            }
            for one in self.known()
        ]
