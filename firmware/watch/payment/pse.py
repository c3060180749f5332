"""The directory of contact applications, 1PAY.SYS.DDF01 (EMV Book 1 section 12.2)."""

from micropython import const

from watch.payment import commands, status, tlv
from watch.payment.profiles.profile import PSE

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Dict, Sequence

    from watch.payment.entrance import Entrance
    from watch.payment.tlv import Buffer

_FILE = const(1)
"""SFI of the directory file."""
_COMMAND = const(0x0C)  # P2 of READ RECORD for that file


class Pse:
    """One router application: a file with one record for each payment application that is there."""

    name = PSE
    aid = PSE.encode()

    def __init__(self) -> None:
        self._records: "Dict[int, bytes]" = {}
        self._control_information = tlv.encode(
            0x6F, tlv.encode(0x84, self.aid), tlv.encode(0xA5, tlv.encode(0x88, bytes((_FILE,))))
        )

    def publish(self, entrances: "Sequence[Entrance]") -> None:
        """List these, most wanted first. With none the directory itself is not found."""
        self._records = {
            number << 8 | _COMMAND: tlv.encode(0x70, _entry(entrance, number))
            for number, entrance in enumerate(entrances, 1)
        }

    def select(self, reply: "Buffer") -> int:
        """Answer SELECT with the number of the directory file."""
        return commands.put(self._control_information, reply) if self._records else status.NOT_FOUND

    def apdu(self, request: "Buffer", length: int, reply: "Buffer") -> int:
        """Answer READ RECORD; there are no other commands."""
        if request[0] << 8 | request[1] != commands.READ_RECORD:
            return status.UNKNOWN_INSTRUCTION
        return commands.check_read_record(request, length) or commands.read_record(self._records, request, reply)

    def deselect(self) -> None:
        """Nothing to forget."""


def _entry(entrance: "Entrance", priority: int) -> bytes:
    """One directory entry: AID, label, priority."""
    return tlv.encode(
        0x61,
        tlv.encode(0x4F, entrance.name.aid),
        tlv.encode(0x50, entrance.name.label),
        tlv.encode(0x87, bytes((priority,))),
    )
