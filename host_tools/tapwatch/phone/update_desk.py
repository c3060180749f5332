"""The system of a watch over its messages: what runs, and a new one brought (docs/formats.md, messages 25 to 27)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.phone.answers import fields_of, read_list, strange

if TYPE_CHECKING:
    from tapwatch.phone.answers import Shape
    from tapwatch.phone.relay import Ask

UPDATE_STATE, UPDATE_PART, UPDATE_GO = 25, 26, 27
PART_BYTES = 2048
UNKNOWN, COMING, CHECKING, ASKED = "unknown", "coming", "checking", "asked"
WRITING, RESTARTING, DECLINED = "writing", "restarting", "declined"
ON_THE_WAY = (COMING, CHECKING, ASKED, WRITING)
PROVED = "proved"
DIGEST_BYTES = 8
"""What the watch tells of the SHA-256 of the image that runs."""
_NO_STATE = "did not say what runs on it"
_STATE: Shape = {
    1: (str,),
    2: (str,),
    3: (str,),
    4: (str,),
    5: (bytes,),
    6: (list, type(None)),
    7: (str,),
    8: (str,),
}
_INCOMING_TYPES = [bytes, int, int]


@dataclass(frozen=True)
class Incoming:
    """A file that the watch holds, or a part of it."""

    digest: bytes
    """SHA-256 of the whole file."""
    held: int
    total: int


@dataclass(frozen=True)
class WatchSystem:
    """What runs on a watch."""

    version: str
    posture: str
    slot: str
    """`a` or `b`."""
    state: str
    """`trial` or `proved`."""
    digest: bytes
    """First 8 bytes of the SHA-256 of the image; zeros if nobody knows it."""
    incoming: Incoming | None
    board: str
    floor: str

    @classmethod
    def read(cls, body: object) -> WatchSystem:
        """Take the answer to message 25 apart. Raises UserError."""
        fields = fields_of(body, _STATE, _NO_STATE)
        incoming = fields[6]
        if incoming is not None and [type(part) for part in incoming] != _INCOMING_TYPES:
            raise strange(_NO_STATE)
        coming = None if incoming is None else Incoming(*incoming)
        version, posture, slot, state, digest = (fields[key] for key in range(1, 6))
        return cls(version, posture, slot, state, digest, coming, fields[7], fields[8])

    def runs(self, digest: bytes) -> bool:
        """True if the image with this SHA-256 runs."""
        return self.digest == digest[:DIGEST_BYTES]


class UpdateDesk:
    """What a computer does with the system of one watch. Every method raises WatchRefused, UserError."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def system(self) -> WatchSystem:
        """What runs."""
        return WatchSystem.read(await self._ask(UPDATE_STATE, None))

    async def part(self, digest: bytes, offset: int, total: int, data: bytes) -> int:
        """Bring a part of a file; bytes that the watch holds then."""
        held = await self._ask(UPDATE_PART, [digest, offset, total, data])
        if not isinstance(held, int) or held <= offset:
            raise strange("lost count of the bytes")
        return held

    async def go(self, digest: bytes) -> tuple[str, int]:
        """Let the watch go on with a file; its state, and how far that is in percent."""
        found = read_list(await self._ask(UPDATE_GO, digest), "told no state")
        if [type(part) for part in found] != [str, int]:
            raise strange("told no state")
        return found[0], found[1]
