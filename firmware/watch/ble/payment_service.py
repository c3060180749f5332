"""The payment service: a terminal's commands in parts, the card's answers in parts (docs/bluetooth.md).

The card itself is an object that the system hands in. It may keep a command until the wearer has pressed; nothing here
waits for that, so every other terminal and every status is still served.
"""

from micropython import const

from watch.ble import roles
from watch.ble.apdu_parts import NONSENSE, RESPONSE_BYTES, CommandParts, response_parts
from watch.ble.gatt import NOTIFY, OWN_UUID, READ, WRITE, Characteristic, Service
from watch.crypto.utf8 import decode_utf8
from watch.kernel.errors import DeadlineError, InputError, LinkError
from watch.kernel.loop import Flag, deadline

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    from watch.ble.gatt import Link

    class Card(Protocol):
        """The watch's card, as terminals reach it by Bluetooth. `bond` tells one terminal from another."""

        def listen(self, listener: Callable[[], None]) -> None:
            """Call `listener` when a status has changed or `finish` may have an answer."""
            ...

        def status(self, bond: int) -> int:
            """The status byte of docs/bluetooth.md for this terminal. Only looks."""
            ...

        def begin(self, bond: int, name: str, request: bytearray, length: int, reply: bytearray) -> int:
            """Answer a command in `reply`; 0 if the wearer has to press first. `name` is the terminal's claim."""
            ...

        def finish(self, bond: int, reply: bytearray) -> int:
            """The answer to the command that `begin` kept, 0 while the wearer is being asked."""
            ...

        def delivered(self, bond: int) -> None:
            """The latest answer has been sent to this terminal."""
            ...

        def gone(self, bond: int) -> None:
            """The terminal has gone."""
            ...


NAME_BYTES = const(40)
"""Longest name of a merchant, docs/bluetooth.md."""
_SEND_MS = const(5000)
"""All parts of an answer must be taken over by the stack in this time: some 50 connection intervals each."""
_MOST_ROOM = const(244)
"""The longest value that needs one packet, Core 5.4 vol. 6 part B section 2.4.1: 251 bytes less headers of 7."""
_WRONG_LENGTH = b"\x67\x00"
_TERMINAL = (roles.TERMINAL,)


class _Terminal:
    """One connected terminal: its name, its command, and what it was told."""

    def __init__(self, link: "Link") -> None:
        self.link = link
        self.name = ""
        self.parts = CommandParts()
        self.ready = 0
        """Length of a whole command that waits to be looked at; NONSENSE for one that made no sense."""
        self.waits = False
        """The card keeps its command until the wearer has pressed."""
        self.told = -1
        """The status it has been notified of."""


class PaymentService(Service):
    """Serves every bonded terminal; `serve` is its task.

    The card gives itself to one terminal at a time, and says 6985 to the others.
    """

    uuid = OWN_UUID % "2000"

    def __init__(self, card: "Card") -> None:
        self._command = Characteristic(OWN_UUID % "2001", WRITE, _MOST_ROOM, _TERMINAL)
        self._response = Characteristic(OWN_UUID % "2002", NOTIFY, _MOST_ROOM, _TERMINAL)
        self._name = Characteristic(OWN_UUID % "2003", WRITE, NAME_BYTES, _TERMINAL)
        self._status = Characteristic(OWN_UUID % "2004", READ | NOTIFY, 1, _TERMINAL, value=b"\0")
        self.rows = (self._command, self._response, self._name, self._status)
        self._card = card
        self._terminals: "list[_Terminal]" = []
        self._reply = bytearray(RESPONSE_BYTES)
        self._news = Flag()
        card.listen(self._news.set)

    def joined(self, link: "Link") -> None:
        """A terminal has come."""
        self._terminals.append(_Terminal(link))
        self._news.set()

    def left(self, link: "Link") -> None:
        """A terminal has gone: nothing of it is kept."""
        terminal = self._find(link)
        if terminal is not None:
            self._terminals.remove(terminal)
            self._card.gone(link.bond)

    def lost(self, link: "Link") -> None:
        """Parts were dropped: which ones is unknown, so the terminal begins anew."""
        link.close()

    def read(self, link: "Link", row: Characteristic) -> "Optional[bytes]":
        """The status."""
        return bytes((self._card.status(link.bond),)) if row is self._status else None

    def written(self, link: "Link", row: Characteristic, data: memoryview) -> None:
        """A part of a command, or the terminal's name."""
        terminal = self._find(link)
        if terminal is None:
            return
        if row is self._name:
            terminal.name = _name(data)
        elif row is self._command:
            self._take(terminal, data)

    async def serve(self) -> None:
        """The task: answer commands and tell the status, for ever."""
        while True:
            await self._news.wait()
            for terminal in list(self._terminals):
                await self._guarded(terminal)

    def _find(self, link: "Link") -> "Optional[_Terminal]":
        for terminal in self._terminals:
            if terminal.link is link:
                return terminal
        return None

    def _take(self, terminal: _Terminal, data: memoryview) -> None:
        """A part of a command; whoever sends one before the answer to the last is sent away."""
        if terminal.ready or terminal.waits:
            terminal.link.close()
            return
        terminal.ready = terminal.parts.add(data)
        if terminal.ready:
            self._news.set()

    async def _guarded(self, terminal: _Terminal) -> None:
        """Serve one terminal; one that does not take what it asked for is sent away."""
        if terminal not in self._terminals:
            return  # it has left while another one was served
        try:
            await self._tell(terminal)
            await deadline(_SEND_MS, self._serve_one(terminal))
            await self._tell(terminal)
        except (LinkError, DeadlineError):
            terminal.link.close()  # `left` follows, and with it the end of whatever was begun

    async def _tell(self, terminal: _Terminal) -> None:
        status = self._card.status(terminal.link.bond)
        if status != terminal.told:
            terminal.told = status
            await deadline(_SEND_MS, terminal.link.notify(self._status, bytes((status,))))

    async def _serve_one(self, terminal: _Terminal) -> None:
        """Let the card look at a command that came, or see whether a kept one has its answer."""
        card, bond, reply = self._card, terminal.link.bond, self._reply
        ready, terminal.ready = terminal.ready, 0
        if ready == NONSENSE:
            reply[:2] = _WRONG_LENGTH
            await self._send(terminal, 2)
            return
        if ready:
            size = card.begin(bond, terminal.name, terminal.parts.data, ready, reply)
        elif terminal.waits:
            size = card.finish(bond, reply)
        else:
            return
        terminal.waits = not size
        if size:
            await self._send(terminal, size)
            card.delivered(bond)

    async def _send(self, terminal: _Terminal, size: int) -> None:
        link = terminal.link
        for part in response_parts(self._reply, size, min(link.room(), _MOST_ROOM)):
            await link.notify(self._response, part)


def _name(data: memoryview) -> str:
    """The name as text; empty if it is not UTF-8 or too long. What of it can be drawn is for the screen to say."""
    if len(data) > NAME_BYTES:
        return ""
    try:
        return decode_utf8(data).strip()
    except InputError:
        return ""
