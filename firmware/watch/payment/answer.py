"""An answer with a cryptogram, prepared before the tap: a tap only fills in what it changes."""

from micropython import const

from watch.payment import tlv
from watch.payment.cryptogram import CRYPTOGRAM_BYTES

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Sequence, Tuple

    from watch.payment.tlv import Buffer


class CryptogramAnswer:
    """Response format 2 (template 77, EMV Book 3 section 6.5.5.4)."""

    def __init__(self, issuer_data: bytearray, others: "Sequence[Tuple[int, bytes]]", kind: int = 0) -> None:
        """`issuer_data` is 9F10 as it will be at each tap; `others` are (tag, value); `kind` is 9F27.

        The first four come in the order of response format 1, by which some tools for contact cards find them. Raises
        InputError.
        """
        self._issuer_data = issuer_data
        own = [(0x9F27, bytes((kind,))), (0x9F36, bytes(2)), (0x9F26, bytes(CRYPTOGRAM_BYTES))]
        own.append((0x9F10, bytes(issuer_data)))
        self._data, self.places = tlv.template(0x77, own + list(others))
        """Where the value of each tag starts."""
        self._atc_at = self.places[0x9F36]
        self._cryptogram_at = self.places[0x9F26]
        self._issuer_data_at = self.places[0x9F10]

    def put(self, atc: int, cryptogram: "Buffer", reply: "Buffer") -> int:
        """Write the answer; returns its length."""
        data = self._data
        size = len(data)
        reply[:size] = data
        at = self._atc_at
        reply[at] = atc >> 8
        reply[at + 1] = atc & 0xFF
        at = self._cryptogram_at
        reply[at : at + CRYPTOGRAM_BYTES] = cryptogram
        at = self._issuer_data_at
        reply[at : at + len(self._issuer_data)] = self._issuer_data
        return size
