"""Services as tables. A service subclasses `Service`, gives its rows, and is handed to the radio.

Everything but `Service.read` is called from the radio's task. `read` is called while the stack waits for a value, on
the ESP32 between any two instructions of another task: it looks, returns, and touches neither flash nor screen.
"""

from micropython import const

from watch.ble import roles

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional, Protocol, Union

    class Link(Protocol):
        """One connected device that has the level its role needs."""

        role: str
        """One of `roles.ROLES`."""
        bond: int
        """Number of its bond, the same after every reconnection."""
        alive: bool
        """False once the connection is gone."""

        @property
        def conn(self) -> int:
            """The stack's number of the connection, for `Client`."""
            ...

        @property
        def primary(self) -> bool:
            """True for the phone that may carry token requests."""
            ...

        def room(self) -> int:
            """Bytes that one notification takes: the MTU less three."""
            ...

        def try_notify(self, row: "Characteristic", data: "Union[bytes, bytearray, memoryview]") -> bool:
            """Notify now; False if the stack has no room or the link is gone. Nothing waits."""
            ...

        async def notify(self, row: "Characteristic", data: "Union[bytes, bytearray, memoryview]") -> None:
            """Notify, and wait for room if there is none. Raises LinkError when the link is gone, DeadlineError."""
            ...

        def close(self) -> None:
            """End the connection."""
            ...


READ = const(0x0002)
WRITE_NO_RESPONSE = const(0x0004)
WRITE = const(0x0008)
NOTIFY = const(0x0010)
"""Characteristic properties, Core 5.4 vol. 3 part G section 3.3.1.1."""
VALUE_BYTES = const(512)
"""Longest value of an attribute, Core 5.4 vol. 3 part F section 3.2.9."""
OWN_UUID = "7bfd%s-d44c-49ed-a19b-a26f1343b084"
"""Services and characteristics of our own, by four hexadecimal digits; docs/bluetooth.md."""


class Descriptor:
    """A descriptor whose value never changes. `uuid`: 16 bits, or the long form as text."""

    def __init__(self, uuid: "Union[int, str]", value: bytes) -> None:
        self.uuid, self.value = uuid, value


class Characteristic:
    """One row of a service's table.

    Args:
        uuid: 16 bits, or the long form as text.
        properties: of the constants above, or-ed.
        max_bytes: of one value; a longer write is dropped, and `Service.lost` is called.
        allowed: roles that may use it.
        level: of `roles`, what the link must have.
        value: what a read gives until `Radio.set` or `Service.read` says otherwise.

    `handle` is what the stack knows it by; 0 until the radio has started.
    """

    def __init__(
        self,
        uuid: "Union[int, str]",
        properties: int,
        max_bytes: int,
        allowed: "tuple[str, ...]" = roles.ROLES,
        level: int = roles.AUTHENTICATED,
        value: bytes = b"",
        descriptors: "tuple[Descriptor, ...]" = (),
    ) -> None:
        self.uuid, self.properties, self.max_bytes = uuid, properties, max_bytes
        self.allowed, self.level = allowed, level
        self.value, self.descriptors = value, descriptors
        self.handle = 0


class Service:
    """What the watch offers under one service UUID."""

    uuid: "Union[int, str]" = 0
    rows: "tuple[Characteristic, ...]" = ()

    def joined(self, link: "Link") -> None:
        """A device with a role that may use one of the rows is there and has the level for it."""

    def left(self, link: "Link") -> None:
        """It has gone, or is being sent away. `link.alive` is False by now."""

    def written(self, link: "Link", row: Characteristic, data: memoryview) -> None:
        """A device wrote `data`, lent for the call. Role and level have been looked at. Raises nothing."""

    def lost(self, link: "Link") -> None:
        """Writes of this device found no room and were dropped: what was half received is to be thrown away."""

    def forgotten(self, bond: int) -> None:
        """The wearer has removed the bond of this number; another device may get the number. `left` came before."""

    def read(self, link: "Link", row: Characteristic) -> "Optional[bytes]":
        """The value for this device, None for the one that was last set. See the text of the module."""
        return None
