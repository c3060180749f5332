"""`ports.Info` of a board that runs a system image."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional

_BLUETOOTH = const(2)
"""The chip's address for Bluetooth is its first one and this. ESP-IDF, "Miscellaneous System APIs"."""
_SLOT = "/slot"
"""Where `boot.py` mounts the image."""


class Brand:
    """`ports.Brand`."""

    def __init__(self, facts: "Any") -> None:
        """`facts`: the module of an image that was built with a `branding.toml`."""
        self.maker = facts.MAKER
        self.product = facts.PRODUCT
        self.accent = facts.ACCENT
        self.language = facts.LANGUAGE


class Info:
    """`ports.Info`."""

    assets = _SLOT + "/assets"
    apps = _SLOT + "/apps"
    taps = True

    def __init__(self, facts: "Any", root: str, start: str, address: bytes) -> None:
        """`facts`: the module of the image. `root`: where `vfs` is mounted, without a slash at the end.

        `start`: one of the words of `ports.Info.start`. `address`: the first one in the eFuses, `machine.unique_id()`.
        """
        self.name = facts.BOARD
        self.version = facts.VERSION
        self.built_s = facts.BUILT_S
        self.development = facts.POSTURE != "release"
        self.brand = Brand(facts) if hasattr(facts, "PRODUCT") else None
        self.start = start
        self.files: "Optional[str]" = root + "/files"
        self.slots: "Optional[str]" = root
        own = bytearray(address)
        own[-1] = (own[-1] + _BLUETOOTH) & 0xFF
        self.radio_address: "Optional[bytes]" = bytes(own)
