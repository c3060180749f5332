"""The directory of contactless applications, 2PAY.SYS.DDF01 (EMV Contactless Book B section 3.3)."""

from micropython import const

from watch.payment import status, tlv

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Sequence

    from watch.payment.application import PaymentApplication
    from watch.payment.tlv import Buffer

_NAME = b"2PAY.SYS.DDF01"


class Ppse:
    """One router application: lists the payment applications that are there."""

    aid = _NAME

    def __init__(self) -> None:
        self._answer = b""

    def publish(self, applications: "Sequence[PaymentApplication]") -> None:
        """List these, most wanted first. With none the directory itself is not found."""
        entries = [_entry(application, priority) for priority, application in enumerate(applications, 1)]
        directory = tlv.encode(0xA5, tlv.encode(0xBF0C, *entries))
        self._answer = tlv.encode(0x6F, tlv.encode(0x84, _NAME), directory) if entries else b""

    def select(self, reply: "Buffer") -> int:
        """Answer SELECT with the directory."""
        answer = self._answer
        size = len(answer)
        if not size:
            return status.NOT_FOUND
        reply[:size] = answer
        return size

    def apdu(self, request: "Buffer", length: int, reply: "Buffer") -> int:
        """Everything is in the answer to SELECT; there are no commands."""
        return status.UNKNOWN_INSTRUCTION

    def deselect(self) -> None:
        """Nothing to forget."""


def _entry(application: "PaymentApplication", priority: int) -> bytes:
    """One directory entry: AID, label, priority, kernel."""
    profile = application.profile
    return tlv.encode(
        0x61,
        tlv.encode(0x4F, profile.aid),
        tlv.encode(0x50, profile.label),
        tlv.encode(0x87, bytes((priority,))),
        tlv.encode(0x9F2A, bytes((profile.kernel,))),
    )
