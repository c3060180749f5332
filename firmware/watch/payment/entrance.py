"""One AID of a payment application: what the router selects."""

from micropython import const

from watch.payment import tlv

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.payment.application import PaymentApplication
    from watch.payment.profiles.profile import Name, Profile
    from watch.payment.tlv import Buffer


class Entrance:
    """A router application that leads to a payment application; main AID and aliases lead to the same one."""

    def __init__(self, application: "PaymentApplication", name: "Name", priority: int) -> None:
        """`priority` within the profile, 1 first."""
        self.aid = name.aid
        self.name = name
        self.application = application
        self.apdu = application.apdu
        self.control_information = _control_information(application.profile, name, priority)

    def select(self, reply: "Buffer") -> int:
        """Answer SELECT."""
        return self.application.enter(self, reply)

    def deselect(self) -> None:
        """The reader has selected something else, or is gone."""
        self.application.leave(self)


def _control_information(profile: "Profile", name: "Name", priority: int) -> bytes:
    """The answer to SELECT: AID, label, priority, and what the application wants to know (EMV Book 1 table 45)."""
    inside = [tlv.encode(0x50, name.label), tlv.encode(0x87, bytes((priority,)))]
    if profile.pdol:
        inside.append(tlv.encode(0x9F38, tlv.encode_dol(profile.pdol)))
    return tlv.encode(0x6F, tlv.encode(0x84, name.aid), tlv.encode(0xA5, *inside))
