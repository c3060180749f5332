"""The watch's payment service over one link: commands and answers in parts, and what the watch says of its card.

docs/bluetooth.md "Payment service".
"""

from __future__ import annotations

import asyncio
import enum
from typing import TYPE_CHECKING

from tapwatch.phone.transfer import LinkLost
from tapwatch.terminal.readers.port import CardLost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tapwatch.phone.ble.gatt import GattClient

_TAIL = "-d44c-49ed-a19b-a26f1343b084"
SERVICE = "7bfd2000" + _TAIL
COMMAND, RESPONSE, NAME, STATUS = ("7bfd200%d" % number + _TAIL for number in range(1, 5))
NAME_BYTES = 40
_FIRST, _LAST, _COUNTER = 0x80, 0x40, 0x3F
_LEAST_ANSWER = 2  # SW1 SW2
_MOST_ROOM = 244
"""The watch takes no longer part."""
_ANSWER_S = 40.0
"""The wearer has 30 s to press; the rest is for the radio."""


class Status(enum.IntEnum):
    """What the watch says of its card."""

    NOT_ARMED = 0
    ARMED = 1
    ASKING = 2
    SENT = 3
    REFUSED = 4
    OVER = 5
    UNANSWERED = 6


_REFUSALS = {
    Status.REFUSED: "the payment was refused on the watch",
    Status.UNANSWERED: "nobody pressed on the watch in time",
}


class BleCard:
    """A card behind a link. Make one with `open`; every method raises CardLost when the link goes."""

    def __init__(self, client: GattClient, told: Callable[[Status], None]) -> None:
        self._client = client
        self._told = told
        self._parts: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._changed = asyncio.Event()
        self._gone = False
        self._asked = False
        """The wearer has been asked over this link: what the status says of a payment is about this one."""
        self.status = Status.NOT_ARMED
        client.on_lost(self._lost)

    @classmethod
    async def open(cls, client: GattClient, name: str, told: Callable[[Status], None]) -> BleCard:
        """Say who collects, and listen. `told` hears every change of the status."""
        card = cls(client, told)
        try:
            await client.subscribe(RESPONSE, card._parts.put_nowait)
            await client.subscribe(STATUS, card._hear)
            await client.write(NAME, _cut(name, min(client.room, NAME_BYTES)))
            card._hear(await client.read(STATUS))
        except LinkLost as lost:
            await client.close()
            raise CardLost(f"{lost}; is this terminal paired with the watch as a pay terminal?") from lost
        return card

    async def armed(self, timeout_s: float) -> bool:
        """Wait until the wearer has armed a card; False if that takes too long."""
        try:
            async with asyncio.timeout(timeout_s):
                while self.status is not Status.ARMED:
                    if self._gone:
                        raise CardLost("the watch has gone")
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True

    async def transmit(self, apdu: bytes) -> bytes:
        """Send a command and wait for its answer, which may need a press on the watch."""
        try:
            for part in parts(apdu, min(self._client.room, _MOST_ROOM)):
                await self._client.write(COMMAND, part)
            async with asyncio.timeout(_ANSWER_S):
                return await self._answer()
        except LinkLost as lost:
            raise CardLost(str(lost)) from lost
        except TimeoutError as late:
            raise CardLost("the watch does not answer") from late

    def refusal(self) -> str:
        """Why the wearer does not pay, in words; empty as long as nobody has said so."""
        return _REFUSALS.get(self.status, "") if self._asked else ""

    async def close(self) -> None:
        """End the link."""
        await self._client.close()

    async def _answer(self) -> bytes:
        answer = b""
        counter = 0
        while True:
            part = await self._parts.get()
            if part is None:
                raise CardLost("the watch has gone")
            head = part[0] if part else 0
            if head & _COUNTER != counter or bool(head & _FIRST) != (counter == 0):
                raise CardLost("the parts of an answer are out of order")
            answer += part[1:]
            counter += 1
            if head & _LAST and len(answer) >= _LEAST_ANSWER:
                return answer
            if head & _LAST:
                raise CardLost("an answer has no status word")

    def _hear(self, value: bytes) -> None:
        try:
            self.status = Status(value[0] if len(value) == 1 else -1)
        except ValueError:
            return  # of a later version of the service; what matters is answered to the commands
        self._asked = self._asked or self.status is Status.ASKING
        self._changed.set()
        self._told(self.status)

    def _lost(self) -> None:
        self._gone = True
        self._parts.put_nowait(None)
        self._changed.set()


def parts(apdu: bytes, room: int) -> Iterator[bytes]:
    """A command in parts of at most `room` bytes."""
    pieces = [apdu[at : at + room - 1] for at in range(0, len(apdu), room - 1)]
    for number, piece in enumerate(pieces):
        head = number | (_FIRST if number == 0 else 0) | (_LAST if number == len(pieces) - 1 else 0)
        yield bytes([head]) + piece


def _cut(name: str, most: int) -> bytes:
    """A name in at most so many bytes of UTF-8."""
    return name.encode()[:most].decode(errors="ignore").encode()
