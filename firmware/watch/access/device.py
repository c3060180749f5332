"""Keys that only this device can derive."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.ports import Secret

_LABEL = b"tapwatch/1/"


class DeviceKeys:
    """Labelled 32-byte keys from the device-bound oracle.

    They protect what must be readable while the watch is locked (names of cards, the identity key). On a board whose
    secret is a file they protect nothing against someone who copies the flash: SECURITY.md says so.
    """

    def __init__(self, secret: "Secret") -> None:
        self._secret = secret
        self.kind = secret.kind

    def key(self, label: bytes) -> bytes:
        """The key for one purpose. The same label gives the same key for the life of the device secret."""
        return self._secret.hmac(_LABEL + label)
