"""Apple Notification Center Service, as its consumer: what an iPhone shows comes to the watch without an app.

Source: "Apple Notification Center Service (ANCS) Specification", developer.apple.com/library/archive.
"""

from micropython import const

from watch.ble.attributes import Answer
from watch.ble.text import text_of
from watch.kernel.errors import DeadlineError, InputError
from watch.kernel.loop import Flag, deadline

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Protocol

    from watch.ble.client import Client, RemoteRow
    from watch.ble.gatt import Link

    class Inbox(Protocol):
        """Where notifications go; `services.Notifications`."""

        def post(self, fields: "dict[str, Any]") -> bool:
            """Take one, in the fields of Gadgetbridge's `notify`. Raises InputError."""
            ...

        def gone(self, number: int) -> None:
            """The phone has taken it back."""
            ...


SERVICE = "7905f431-b5ce-4e99-a40f-4b1e122d00d0"
SOURCE = "9fbf120d-6301-42d9-8c58-25e699a21dbd"
CONTROL = "69d1d8f3-45e1-49a8-9821-9bbdfdaad9d9"
DATA = "22eac6e9-24d6-4bb5-be44-b36ace7c7bfb"

WAITING = const(20)
"""Notifications whose text is still to be asked for; more are dropped and counted."""
SHOWN = const(50)
"""Notifications that the watch can dismiss on the phone: as many as it keeps."""
ANSWER_MS = const(5000)
_EVENT_BYTES = const(8)
_ADDED, _REMOVED = const(0), const(2)
_PRE_EXISTING = const(0x04)
_GET_ATTRIBUTES, _GET_APP_ATTRIBUTES, _PERFORM = const(0), const(1), const(2)
_APP, _TITLE, _SUBTITLE, _MESSAGE = const(0), const(1), const(2), const(3)
_TITLE_BYTES, _MESSAGE_BYTES = const(120), const(600)  # what the notification screen shows
_NEGATIVE = const(1)
_APPS = const(16)
"""Names of apps that are remembered."""
_SIGN = 0x80000000  # ids are unsigned there and signed here


class Ancs:
    """`serve` as a task while an iPhone is there."""

    def __init__(self, client: "Client", inbox: "Inbox") -> None:
        """`inbox`: where notifications go."""
        self._client, self._inbox = client, inbox
        self._news = Flag()
        self._answer = Answer()
        self._wanted: "list[bytes]" = []
        self._actions: "list[bytes]" = []
        self._shown: "list[int]" = []
        self._apps: "dict[bytes, str]" = {}
        self.dropped = 0
        """Notifications that were not asked for, and such that could not be read."""
        self.there = False
        """A phone with this service is there."""

    async def serve(self, link: "Link") -> None:
        """Until the phone goes; returns at once if it has no such service.

        Raises LinkError, DeadlineError, InputError.
        """
        rows = await self._client.find(link, SERVICE, (SOURCE, CONTROL, DATA))
        if rows is None:
            return
        self._wanted, self._actions, self._shown = [], [], []
        await self._client.subscribe(link, rows[2], self._answer.add, self._answer.spoil)
        await self._client.subscribe(link, rows[0], self._event, self._news.set)
        self.there = True
        try:
            while link.alive:
                await self._work(link, rows[1])
                await self._news.wait()
        finally:
            self.there = False
            self._shown.clear()

    def dismiss(self, number: int) -> bool:
        """Let the phone dismiss a notification; False if it is none that this phone has sent over this link.

        The numbers mean something only as long as the link lasts: later another notification may have one of them.
        """
        if number not in self._shown:
            return False
        self._shown.remove(number)
        self._perform_negative(number)
        return True

    def dismiss_all(self) -> None:
        """Let the phone dismiss all that it has sent."""
        while self._shown:
            self._perform_negative(self._shown.pop())

    def _perform_negative(self, number: int) -> None:
        """Dismiss. Bounded."""
        if len(self._actions) < SHOWN:
            self._actions.append(_uid(number) + bytes((_NEGATIVE,)))
            self._news.set()

    def _event(self, data: bytes) -> None:
        """Notification Source: something came, changed or went."""
        if len(data) != _EVENT_BYTES:
            return
        uid = data[4:]
        if data[0] == _REMOVED:
            self._wanted = [other for other in self._wanted if other != uid]
            self._shown = [other for other in self._shown if other != _number(uid)]
            self._inbox.gone(_number(uid))
        elif uid not in self._wanted and not data[1] & _PRE_EXISTING:
            if len(self._wanted) == WAITING:
                self.dropped += 1
                return
            self._wanted.append(uid)
        self._news.set()

    async def _work(self, link: "Link", control: "RemoteRow") -> None:
        """All actions, then all texts."""
        while link.alive and (self._actions or self._wanted):
            try:
                if self._actions:
                    await self._client.write(link, control, bytes((_PERFORM,)) + self._actions.pop(0))
                else:
                    await self._fetch(link, control, self._wanted.pop(0))
            except (DeadlineError, InputError):  # gone on the phone meanwhile, or unreadable: the next one
                self.dropped += 1

    async def _fetch(self, link: "Link", control: "RemoteRow", uid: bytes) -> None:
        request = bytes((_GET_ATTRIBUTES,)) + uid + bytes((_APP,))
        request += _wanted(_TITLE, _TITLE_BYTES) + _wanted(_SUBTITLE, _TITLE_BYTES) + _wanted(_MESSAGE, _MESSAGE_BYTES)
        parts = await self._ask(link, control, request, request[:5], (_APP, _TITLE, _SUBTITLE, _MESSAGE))
        app = parts[0]
        name = self._apps.get(app)
        if name is None and app:
            request = bytes((_GET_APP_ATTRIBUTES,)) + app + b"\x00"
            name = text_of((await self._ask(link, control, request + bytes((0,)), request, (0,)))[0])
            if len(self._apps) >= _APPS:
                self._apps.clear()
            self._apps[app] = name
        texts = [text_of(part) for part in parts[1:]]
        fields = {"id": _number(uid), "src": name or "", "title": texts[0], "subject": texts[1], "body": texts[2]}
        if self._inbox.post(fields) and fields["id"] not in self._shown:
            self._shown = self._shown[1 - SHOWN :] + [fields["id"]]

    async def _ask(
        self, link: "Link", control: "RemoteRow", request: bytes, head: bytes, kinds: "tuple[int, ...]"
    ) -> "list[bytes]":
        """Ask on the control point; the answer comes in pieces on the data source."""
        self._answer.expect(head, kinds)
        try:
            await self._client.write(link, control, request)
            return await deadline(ANSWER_MS, self._answer.whole())
        finally:
            self._answer.stop()


def _wanted(kind: int, most: int) -> bytes:
    return bytes((kind, most & 0xFF, most >> 8))


def _number(uid: bytes) -> int:
    value = int.from_bytes(uid, "little")
    return value - 2 * _SIGN if value >= _SIGN else value


def _uid(number: int) -> bytes:
    return (number if number >= 0 else number + 2 * _SIGN).to_bytes(4, "little")
