"""What `BLE.config` asks for and sets."""

import errno

from micropython import const

from board.simulator.radio import wire

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.simulator.radio.radio import Radio

_MAX_NAME_BYTES = const(31)
"""CONFIG_BT_NIMBLE_SVC_GAP_DEVICE_NAME_MAX_LENGTH."""
_MIN_MTU, _MAX_MTU = const(23), const(527)
"""BLE_ATT_MTU_DFLT and BLE_ATT_MTU_MAX of NimBLE."""
_DEFAULTS = {
    "gap_name": b"MPY ESP32",
    "mtu": 256,
    "rxbuf": 256,
    "addr_mode": 0,
    "bond": False,
    "mitm": False,
    "le_secure": False,
    "io": 3,
}
_READABLE = ("gap_name", "mtu", "rxbuf", "addr_mode")
_SECURITY = ("bond", "mitm", "le_secure", "io")
_RANGES = {"mtu": (_MIN_MTU, _MAX_MTU), "addr_mode": (0, 2), "io": (0, 4), "rxbuf": (1, 0xFFFF)}
_RANDOM_ADDRESS = const(1)


class Settings:
    """Values by name, as the stack has them after it was switched on."""

    def __init__(self, radio: "Radio") -> None:
        self._radio = radio
        self._values = dict(_DEFAULTS)

    def change_all(self, values: dict) -> None:
        """Set some values and tell the host. Raises OSError, ValueError."""
        for name, value in values.items():
            self._change(name, value)
        if any(name in _SECURITY for name in values):
            self._radio.send(wire.SECURITY, ">BBBB", tuple(int(self._values[name]) for name in _SECURITY))

    def ask(self, name: str) -> object:
        """One value. Raises ValueError for a name there is not."""
        if name == "mac":
            return (_RANDOM_ADDRESS, self._radio.address)
        if name not in _READABLE:
            raise ValueError("unknown config param")
        return self._values[name]

    def _change(self, name: str, value: object) -> None:
        if name not in self._values:
            raise ValueError("unknown config param")
        if name == "gap_name":
            value = value.encode() if isinstance(value, str) else bytes(value)  # type: ignore[arg-type]
            if len(value) > _MAX_NAME_BYTES:
                raise OSError(errno.EINVAL)
            self._radio.send(wire.NAME, "", (), value)
        elif name in _RANGES:
            low, high = _RANGES[name]
            if not low <= value <= high:  # type: ignore[operator]
                raise OSError(errno.EINVAL)
        self._values[name] = value
        if name == "mtu":
            self._radio.send(wire.MTU, ">H", (value,))
        elif name == "addr_mode":
            self._radio.send(wire.ADDRESS, ">B", (value,))
