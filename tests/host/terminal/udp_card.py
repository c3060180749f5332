"""A test card on nfcpy's `udp:` device protocol: ISO 14443-3 and -4 on the card's side, with faults on request."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable

ATS = bytes.fromhex("0578807000")


@dataclass
class Radio:
    """How the card behaves on the air."""

    uid: bytes = bytes.fromhex("08A1B2C3")
    ats: bytes = ATS
    sak: int = 0x20
    block: int = 253
    """Bytes of an answer in one block."""
    wtx: tuple[int, ...] = ()
    """Waiting time multipliers asked for before every answer."""
    deaf: Callable[[int], bool] = lambda _: False
    """True for frames (from 1, after SELECT) that the card does not hear."""
    mute: Callable[[int], bool] = lambda _: False
    """True for answers (from 1, after SELECT) that are lost."""


class UdpCard:
    """Binds a port and answers until closed. `handler` takes an APDU and returns the answer."""

    def __init__(self, handler: Callable[[bytes], bytes], radio: Radio | None = None) -> None:
        self._handler = handler
        self._radio = radio or Radio()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.1)
        self.port = self._socket.getsockname()[1]
        self.frames: list[bytes] = []
        self.fields_off = 0
        self.longest_in = 0
        self._running = True
        self._failure: Exception | None = None
        self._heard = self._said = 0
        self._in_field = False
        self._reset()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._running = False
        self._thread.join()
        self._socket.close()
        if self._failure is not None:
            raise self._failure

    def _reset(self) -> None:
        self._level, self._active, self._number = 0, False, 1
        self._incoming = b""
        self._outgoing: list[bytes] = []
        self._waits: list[int] = []
        self._last = b""

    def _serve(self) -> None:
        while self._running:
            try:
                datagram, peer = self._socket.recvfrom(10_000)
            except TimeoutError:
                continue
            if datagram == b"RFOFF":
                self.fields_off += self._in_field
                self._in_field = False
                self._reset()
                continue
            self._in_field = True
            frame = bytes.fromhex(datagram.split()[1].decode())
            self.frames.append(frame)
            try:
                answer = self._answer(frame)
            except Exception as failure:  # a mistake of the test card is shown by the test, not by a silent card
                self._failure = failure
                continue
            if answer is not None:
                self._socket.sendto(b"106A " + answer.hex().encode(), peer)

    def _answer(self, frame: bytes) -> bytes | None:
        if frame in (b"\x26", b"\x52"):
            self._reset()
            return b"\x04\x00"
        if frame[0] in (0x93, 0x95, 0x97) and not self._active:
            return self._anticollision(frame)
        self._heard += 1
        self.longest_in = max(self.longest_in, len(frame))
        if self._radio.deaf(self._heard):
            return None
        answer = self._isodep(frame)
        if answer is not None:
            self._said += 1
            if self._radio.mute(self._said):
                return None
        return answer

    def _anticollision(self, frame: bytes) -> bytes | None:
        uid = self._radio.uid
        parts = [uid] if len(uid) == 4 else [b"\x88" + uid[:3], uid[3:]]
        if self._level == len(parts):
            return None  # selected already: ISO/IEC 14443-3 has the card fall silent
        part = parts[self._level]
        part += bytes([reduce(xor, part)])
        if frame[1] == 0x20:
            return part
        assert frame[2:] == part, "the reader selected another UID"
        self._level += 1
        return bytes([self._radio.sak if self._level == len(parts) else 0x04])

    def _isodep(self, frame: bytes) -> bytes | None:
        if frame[0] == 0xE0 and not self._active:
            self._active = True
            return self._radio.ats
        kind = frame[0] & 0xE2
        if kind == 0x02:
            return self._information(frame)
        if kind == 0xA2:
            return self._receive_ready(frame[0])
        if frame[0] == 0xF2 and self._waits:
            assert frame[1] == self._waits[0], "the reader granted another time than asked for"
            self._waits.pop(0)
            return self._next()
        return None

    def _information(self, frame: bytes) -> bytes:
        self._number ^= 1
        self._incoming += frame[1:]
        if frame[0] & 0x10:
            return self._keep(bytes([0xA2 | self._number]))
        answer, self._incoming = self._handler(self._incoming), b""
        size = self._radio.block
        self._outgoing = [answer[at : at + size] for at in range(0, len(answer), size)]
        self._waits = list(self._radio.wtx)
        return self._next()

    def _next(self) -> bytes:
        if self._waits:
            return self._keep(bytes([0xF2, self._waits[0]]))
        piece = self._outgoing.pop(0)
        return self._keep(bytes([0x02 | (0x10 if self._outgoing else 0) | self._number]) + piece)

    def _receive_ready(self, control: int) -> bytes | None:
        if control & 1 == self._number:
            return self._last
        if control & 0x10:
            return bytes([0xA2 | self._number])
        if self._outgoing:
            self._number ^= 1
            return self._next()
        return None

    def _keep(self, frame: bytes) -> bytes:
        self._last = frame
        return frame
