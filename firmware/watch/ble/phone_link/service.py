"""Nordic UART, as Gadgetbridge speaks it to a Bangle.js: lines in, lines out, and the phone told when to pause.

Two tasks belong to it: `hear` works on what came, `speak` sends what waits. Several phones may write; the watch speaks
to one of them, the primary one if it is there.
"""

from micropython import const

from watch.ble import gatt, roles
from watch.ble.connections import MOST
from watch.ble.phone_link import lines, literal, pictures, say
from watch.ble.phone_link.flow import Flow
from watch.ble.phone_link.kinds import ANSWERS, FROM_PHONE
from watch.kernel.errors import DeadlineError, InputError, LinkError, StateError, StorageError
from watch.kernel.loop import Flag, deadline, sleep_ms

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Protocol

    from watch.ble.gatt import Characteristic, Link

    Message = dict[str, Any]
    Status = Callable[[], tuple[int, bool]]

    class Hearer(Protocol):
        """Who takes what the phone says: `Phone` of watch.services."""

        def link(self, connected: bool, carrier: str) -> None:
            """A phone has come, or gone."""
            ...

        def receive(self, message: Any) -> None:
            """Take a message. Raises InputError, StateError, StorageError."""
            ...

        def time(self, unix_s: int, offset_min: int) -> None:
            """Take the time. Raises InputError, StorageError."""
            ...

    class Queue(Protocol):
        """What waits to be said: `Outbox` of watch.services."""

        def listen(self, listener: Callable[[], None]) -> None:
            """Call back when something is new."""
            ...

        def send(self, message: Message) -> bool:
            """Add something; False if it is full."""
            ...

        def take(self) -> Optional[Message]:
            """The oldest; None if there is none."""
            ...

        def put_back(self, message: Message) -> None:
            """It did not arrive."""
            ...


CARRIER = "bluetooth"
GREET_MS = const(2000)
"""The watch speaks first to a phone that has said nothing for so long: by then it listens, and its MTU is agreed."""
STATUS_MS = const(600_000)
"""How often the battery is looked at; it is told only if it has changed."""
_RETRY_MS = const(20)  # a stack without room has some again after a connection interval or two


class Session:
    """One phone that is connected."""

    def __init__(self, link: "Link", holders: "set[str]") -> None:
        self.link = link
        self.lines = lines.Lines()
        self.flow = Flow(holders)
        self.heard = Flag()
        """Set when it has said something."""
        self.greeted = self.deaf = False
        """It has got version and state; it takes nothing any more."""


class PhoneLink(gatt.Service):
    """The service. `ignored`, `refused`: lines that mean nothing to the watch, and messages that it could not take."""

    uuid = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
    from_phone = gatt.Characteristic(
        "6e400002-b5a3-f393-e0a9-e50e24dcca9e",
        gatt.WRITE | gatt.WRITE_NO_RESPONSE,
        gatt.VALUE_BYTES,
        (roles.PHONE,),
        roles.AUTHENTICATED,
    )
    to_phone = gatt.Characteristic(
        "6e400003-b5a3-f393-e0a9-e50e24dcca9e", gatt.NOTIFY, gatt.VALUE_BYTES, (roles.PHONE,), roles.AUTHENTICATED
    )

    def __init__(self, phone: "Hearer", queue: "Queue", version: str, status: "Status") -> None:
        """`queue` is emptied while a phone is there; `status()` gives the charge in per cent and whether it rises."""
        self.rows = (self.from_phone, self.to_phone)
        self._phone, self._queue = phone, queue
        self._version, self._status = version, status
        self._sessions: "list[Session]" = []
        self._holders: "set[str]" = set()
        self._to_hear, self._to_say = Flag(), Flag()
        self._told: "Optional[tuple[int, bool]]" = None
        self._asked: "dict[str, Session]" = {}
        """Who was asked last for what needs an answer."""
        self.ignored = self.refused = self.dropped = 0
        queue.listen(self._to_say.set)

    def joined(self, link: "Link") -> None:
        """A phone is there."""
        if len(self._sessions) == MOST:
            self._sessions.pop(0)
        self._sessions.append(Session(link, self._holders))
        self._phone.link(True, CARRIER)
        self._to_say.set()
        self._to_hear.set()

    def left(self, link: "Link") -> None:
        """It has gone: what it said last and nobody has looked at goes with it."""
        session = self._find(link)
        if session is not None:
            self.dropped += session.lines.dropped
            self._sessions.remove(session)
            self._asked = {kind: asked for kind, asked in self._asked.items() if asked is not session}
        if not self._sessions:
            self._told = None
            self._phone.link(False, CARRIER)
        self._to_say.set()

    def written(self, link: "Link", row: "Characteristic", data: memoryview) -> None:
        """Bytes of lines."""
        session = self._find(link)
        if session is None:
            return
        session.lines.feed(data)
        session.heard.set()
        self._pace(session)
        self._to_hear.set()

    def lost(self, link: "Link") -> None:
        """Bytes are missing."""
        session = self._find(link)
        if session is not None:
            session.lines.lost()

    def hold(self, owner: str, on: bool) -> None:
        """Let every phone pause, and look at nothing that it says, until `owner` needs that no longer."""
        if on:
            self._holders.add(owner)
        else:
            self._holders.discard(owner)
        self._to_hear.set()

    def look(self) -> None:
        """The battery may have changed."""
        self._to_say.set()

    async def hear(self) -> None:
        """The task that works on lines, one after the other, and lets the others run between two of them."""
        while True:
            told = True
            for session in list(self._sessions):
                while not session.flow.held and len(session.lines) and session.link.alive:
                    await self._next_line(session)
                    self._pace(session)
                    await sleep_ms(0)
                told = self._pace(session) and told
            if told:
                await self._to_hear.wait()
            else:
                await sleep_ms(_RETRY_MS)

    async def speak(self) -> None:
        """The task that sends what waits."""
        while True:
            session = self._spoken_to()
            if session is None:
                await self._to_say.wait()
                continue
            try:
                if not session.greeted:
                    await self._greet(session)
                elif not await self._say_next(session):
                    await self._rest()
            except (LinkError, DeadlineError):
                continue  # this phone is deaf by now

    def _find(self, link: "Link") -> "Optional[Session]":
        for session in self._sessions:
            if session.link is link:
                return session
        return None

    def _spoken_to(self) -> "Optional[Session]":
        """The phone that hears the watch: the primary one, else the first."""
        chosen = None
        for session in self._sessions:
            if session.deaf or not session.link.alive:
                continue
            if session.link.primary:
                return session
            chosen = chosen or session
        return chosen

    def _pace(self, session: Session) -> bool:
        """Tell the phone to pause or to go on, if it must be told. False if that did not work now."""
        if not session.link.alive or session.deaf:
            return True
        byte = session.flow.news(session.lines.held, len(session.lines))
        if not byte:
            return True
        if not session.link.try_notify(self.to_phone, byte):
            return False
        session.flow.told(byte)
        return True

    async def _next_line(self, session: Session) -> None:
        line = session.lines.take()
        if line is None:
            return
        try:
            await self._take(session, line)
        except InputError:
            self.refused += 1  # a phone of another version; what it says next may well be understood
        except (StateError, StorageError) as error:
            self.refused += 1
            self._queue.send({"t": "warn", "msg": str(error) or error.code})

    async def _take(self, session: Session, line: bytearray) -> None:
        """Act on one line. Raises InputError, StateError, StorageError."""
        where = lines.message_in(line)
        if where is None:
            time = lines.time_in(line)
            if time is None:
                self.ignored += 1
            else:
                self._phone.time(time[0], time[1])
            return
        message = await literal.read(line, where[0], where[1])
        kind = message.get("t") if isinstance(message, dict) else None
        if not isinstance(kind, str) or kind not in FROM_PHONE:
            raise InputError("no kind of message that this link carries")
        if kind in ANSWERS and self._asked.get(ANSWERS[kind]) is not session:
            raise InputError("nobody has asked this phone")
        self._phone.receive(await pictures.take_out(message))

    async def _greet(self, session: Session) -> None:
        """Version and state. The line is longer than 20 bytes: from then on the phone writes as much at once."""
        try:
            await deadline(GREET_MS, session.heard.wait())
        except DeadlineError:
            pass  # it listens by now, whatever it does
        await self._send(session, {"t": "ver", "fw": self._version, "hw": "1"})
        self._told = None
        await self._say_status(session)
        session.greeted = True

    async def _say_next(self, session: Session) -> bool:
        """Send one message. False if there is nothing to say."""
        message = self._queue.take()
        if message is None:
            return await self._say_status(session)
        if message["t"] in ANSWERS.values():
            self._asked[message["t"]] = session
        sent = False
        try:
            await self._send(session, message)
            sent = True
        finally:
            if not sent:
                self._queue.put_back(message)
        return True

    async def _say_status(self, session: Session) -> bool:
        """Tell the state of the battery. False if the phone knows it."""
        status = self._status()
        if status == self._told:
            return False
        await self._send(session, {"t": "status", "bat": status[0], "chg": int(status[1])})
        self._told = status
        return True

    async def _send(self, session: Session, message: "Message") -> None:
        sent = False
        try:
            await say.send(session.link, self.to_phone, say.line(message))
            sent = True
        finally:
            if not sent:  # half a line may be there: only a new connection begins with a whole one
                session.deaf = True
                session.link.close()

    async def _rest(self) -> None:
        """Wait for something to say."""
        try:
            await deadline(STATUS_MS, self._to_say.wait())
        except DeadlineError:
            return  # time to look at the battery
