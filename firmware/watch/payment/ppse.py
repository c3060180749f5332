"""The directory of contactless applications, 2PAY.SYS.DDF01 (EMV Contactless Book B section 3.3)."""

from micropython import const

from watch.payment import commands, status, tlv
from watch.payment.profiles.profile import PPSE

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Sequence

    from watch.payment.entrance import Entrance
    from watch.payment.tlv import Buffer


class Ppse:
    """One router application: lists the payment applications that are there."""

    name = PPSE
    aid = PPSE.encode()

    def __init__(self) -> None:
        self._answer = b""

    def publish(self, entrances: "Sequence[Entrance]") -> None:
        """List these, most wanted first. With none the directory itself is not found."""
        entries = [_entry(entrance, priority) for priority, entrance in enumerate(entrances, 1)]
        directory = tlv.encode(0xA5, tlv.encode(0xBF0C, *entries))
        self._answer = tlv.encode(0x6F, tlv.encode(0x84, self.aid), directory) if entries else b""

    def select(self, reply: "Buffer") -> int:
        """Answer SELECT with the directory."""
        return commands.put(self._answer, reply) or status.NOT_FOUND

    def apdu(self, request: "Buffer", length: int, reply: "Buffer") -> int:
        """Everything is in the answer to SELECT; there are no commands."""
        return status.UNKNOWN_INSTRUCTION

    def deselect(self) -> None:
        """Nothing to forget."""


def _entry(entrance: "Entrance", priority: int) -> bytes:
    """One directory entry: AID, label, priority, kernel."""
    return tlv.encode(
        0x61,
        tlv.encode(0x4F, entrance.name.aid),
        tlv.encode(0x50, entrance.name.label),
        tlv.encode(0x87, bytes((priority,))),
        tlv.encode(0x9F2A, bytes((entrance.name.kernel,))),
    )
