"""Hears everything that the watch sends: advertising, and each packet of each connection."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tapwatch.simulator.radio.air import Air

WATCH = "watch"
"""Name of the watch's controller."""


class Ears:
    """What was heard."""

    def __init__(self) -> None:
        self.advertised = 0
        """Bytes of advertisements and scan responses."""
        self.sent = 0
        """Bytes of packets."""
        self._streams: dict[str, bytearray] = {"": bytearray()}

    @property
    def heard(self) -> int:
        """All bytes."""
        return self.advertised + self.sent

    def leaks(self, secrets: dict[str, bytes]) -> list[str]:
        """Names of the secrets that were heard, in either order of bytes, in hexadecimal or as they are."""
        return [
            name
            for name, secret in secrets.items()
            if any(form in stream for stream in self._streams.values() for form in _forms(secret))
        ]

    def take(self, where: str, data: bytes) -> None:
        """Write down what was heard; `where` is the other side, empty for everybody."""
        self._streams.setdefault(where, bytearray()).extend(data)
        if where:
            self.sent += len(data)
        else:
            self.advertised += len(data)


def _forms(secret: bytes) -> list[bytes]:
    text = secret.hex()
    return [secret, secret[::-1], text.encode(), text.upper().encode()]


@contextlib.contextmanager
def listening(air: Air) -> Iterator[Ears]:
    """Listen for the length of a block."""
    ears = Ears()
    packets, advertisements = air.send_acl_data, air.send_advertising_pdu

    def packet(sender: Any, destination: Any, transport: Any, data: bytes) -> None:
        if sender.name == WATCH:
            ears.take(str(destination), data)
        packets(sender, destination, transport, data)

    def advertisement(sender: Any, pdu: Any) -> None:
        if sender.name == WATCH:
            ears.take("", bytes(pdu.data) + bytes(pdu.response or b""))
        advertisements(sender, pdu)

    air.send_acl_data, air.send_advertising_pdu = packet, advertisement  # type: ignore[method-assign]
    try:
        yield ears
    finally:
        air.send_acl_data, air.send_advertising_pdu = packets, advertisements  # type: ignore[method-assign]
