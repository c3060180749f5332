"""Notifications of the phone: the latest fifty, in RAM only, so they end with a restart and with a wipe.

A phone may send as many as it likes. What comes waits in a short queue, of which `tick` takes a fixed number in each
second; while the queue is full, another one is counted and dropped before it is looked at.
"""

from micropython import const

from watch.kernel.clock import ticks_diff
from watch.kernel.errors import InputError
from watch.services import inputs
from watch.services.news import News

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.kernel.clock import Clock
    from watch.services.inputs import Fields
    from watch.services.outbox import Outbox

PLACES = const(50)
"""Notifications that are kept."""
QUEUE = const(20)
"""Notifications that wait to be kept: a burst after the phone was away."""
PER_SECOND = const(10)
"""How many are kept in one second; nobody reads more."""

ID_MOST = const(0x7FFFFFFF)
"""Ids are Java's int."""
ID_LEAST = -0x80000000
_SECOND_MS = const(1000)
_APP_BYTES = const(48)
_TITLE_BYTES = const(160)  # Gadgetbridge sends 80 characters at most
_BODY_BYTES = const(800)  # Gadgetbridge sends 400 characters at most
_TEL_BYTES = const(32)
_REPLY_BYTES = const(200)


class Notification:
    """One notification. Everything but `unread` stays as it came."""

    def __init__(self, fields: "Fields", minutes: int) -> None:
        """Read Gadgetbridge's `notify`. `minutes`: when it came, since 1970, UTC. Raises InputError."""
        self.id = inputs.whole(fields, "id", ID_LEAST, ID_MOST)
        self.app = inputs.text(fields, "src", _APP_BYTES)
        sender = inputs.text(fields, "sender", _TITLE_BYTES)
        subject = inputs.text(fields, "subject", _TITLE_BYTES)
        self.title = inputs.text(fields, "title", _TITLE_BYTES) or sender or subject or self.app
        self.body = inputs.text(fields, "body", _BODY_BYTES) or subject
        pieces = fields.get("pieces")
        self.pieces = pieces if isinstance(pieces, tuple) else ()
        """Title and body with the pictures that a phone has put into them, to be drawn one after the other; empty if
        there are none. Of our own making: no message of a phone can hold a tuple."""
        self.tel = inputs.text(fields, "tel", _TEL_BYTES)
        self.replies = inputs.flag(fields, "reply", False)
        """The phone takes a text as an answer."""
        self.minutes = minutes
        self.unread = True
        self.source = ""
        """Id of the app on the watch that it is from; empty for one of the phone."""

    @property
    def local(self) -> bool:
        """True for one of an app on the watch: no phone knows it."""
        return self.id < ID_LEAST


class Notifications(News):
    """Newest last. `unread` and `len` cost nothing to read."""

    def __init__(self, clock: "Clock", outbox: "Outbox") -> None:
        """`outbox`: where the wearer's answers go."""
        super().__init__()
        self._clock = clock
        self._outbox = outbox
        self._kept: "list[Notification]" = []
        self._queue: "list[Notification]" = []
        self._left = PER_SECOND
        self._since_ms = clock.ticks_ms()
        self.unread = 0
        """Kept ones that nobody has read."""
        self.dropped = 0
        """Those that found the queue full, and unread ones that made room."""
        self._local = 0
        self.arrived = 0
        """How many were kept so far; one that changed counts again."""

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._kept)

    def at(self, index: int) -> Notification:
        """The one at this place, 0 the newest. Raises IndexError."""
        if not 0 <= index < len(self._kept):
            raise IndexError
        return self._kept[len(self._kept) - 1 - index]

    def find(self, number: int) -> "Optional[Notification]":
        """The kept one with this id, or None."""
        for notification in self._kept:
            if notification.id == number:
                return notification
        return None

    def post(self, fields: "Fields") -> bool:
        """Take a `notify` message. False if it was dropped, because too many came. Raises InputError."""
        if len(self._queue) == QUEUE:
            self.dropped += 1
            return False
        self._queue.append(Notification(fields, self._clock.display_s() // 60))
        if self._left:
            self._listener()  # so that `tick` comes soon; without room in this second it comes soon enough
        return True

    def post_local(self, source: str, app: str, title: str, body: str) -> bool:
        """Take one of an app on the watch: its name, its icon, what it says. False if it was dropped.

        Its number is below those of phones, so that neither can take the other's place. Raises InputError for what is
        no text.
        """
        if len(self._queue) == QUEUE:
            self.dropped += 1
            return False
        notification = Notification({"id": 0, "src": app, "title": title, "body": body}, self._clock.display_s() // 60)
        self._local += 1
        notification.id, notification.source = ID_LEAST - self._local, source
        self._queue.append(notification)
        self._listener()
        return True

    def modify(self, fields: "Fields") -> None:
        """Take a `notify~` message: named fields replace those of the notification with this id. Raises InputError.

        Whoever has read it need not read it again; an unknown one is ignored.
        """
        number = inputs.whole(fields, "id", ID_LEAST, ID_MOST)
        old = self.find(number)
        if old is None:
            return
        merged = {"id": number, "src": old.app, "title": old.title, "body": old.body, "tel": old.tel}
        merged["reply"] = old.replies
        if "body" not in fields:
            merged["pieces"] = old.pieces
        merged.update(fields)
        new = Notification(merged, old.minutes)
        new.unread = old.unread
        self._kept[self._kept.index(old)] = new
        self._changed()

    def tick(self) -> None:
        """Keep what waits, at most `PER_SECOND` in a second. To be called at least once a second."""
        now_ms = self._clock.ticks_ms()
        if not 0 <= ticks_diff(now_ms, self._since_ms) < _SECOND_MS:
            self._since_ms = now_ms
            self._left = PER_SECOND
        while self._queue and self._left:
            self._left -= 1
            self._keep(self._queue.pop(0))

    def read(self, number: int) -> None:
        """The wearer has seen it. One that has gone is ignored."""
        notification = self.find(number)
        if notification is not None and notification.unread:
            notification.unread = False
            self.unread -= 1
            self._changed()

    def gone(self, number: int) -> None:
        """The phone has taken it back (`notify-`). An unknown one is ignored."""
        self._queue = [waiting for waiting in self._queue if waiting.id != number]
        if self._remove(number):
            self._changed()

    def dismiss(self, number: int) -> None:
        """The wearer throws it away, here and on the phone. An unknown one is ignored."""
        if self._remove(number):
            if number < ID_LEAST:
                self._changed()
                return
            self._outbox.send({"t": "notify", "n": "DISMISS", "id": number})
            self._changed()

    def dismiss_all(self) -> None:
        """The wearer throws all of them away."""
        if self._kept or self._queue:
            self.clear()
            self._outbox.send({"t": "notify", "n": "DISMISS_ALL"})
            self._changed()

    def open(self, number: int) -> bool:
        """Show it on the phone. False if the outbox is full."""
        return self._outbox.send({"t": "notify", "n": "OPEN", "id": number})

    def mute(self, number: int) -> bool:
        """Let the phone bring no more of the app that this one is from. False if the outbox is full."""
        return self._outbox.send({"t": "notify", "n": "MUTE", "id": number})

    def reply(self, number: int, text: str) -> bool:
        """Answer with a text. False if the outbox is full. Raises InputError if it takes no answers or has gone."""
        notification = self.find(number)
        text = inputs.clean(text, _REPLY_BYTES)
        if notification is None or not notification.replies or not text:
            raise InputError("there is nothing to answer")
        message = {"t": "notify", "n": "REPLY", "id": number, "msg": text}
        if notification.tel:
            message["tel"] = notification.tel
        return self._outbox.send(message)

    def clear(self) -> None:
        """Forget all of them; the phone is not told."""
        self._kept.clear()
        self._queue.clear()
        self.unread = 0

    def _keep(self, notification: Notification) -> None:
        """Put it last. The same id again is the same notification with news."""
        self.changes += 1
        self.arrived += 1
        self._remove(notification.id)
        if len(self._kept) == PLACES:
            self._make_room()
        self._kept.append(notification)
        self.unread += 1

    def _make_room(self) -> None:
        """Forget the oldest that was read, or the oldest."""
        for place, notification in enumerate(self._kept):
            if not notification.unread:
                del self._kept[place]
                return
        del self._kept[0]
        self.unread -= 1
        self.dropped += 1

    def _remove(self, number: int) -> bool:
        for place, notification in enumerate(self._kept):
            if notification.id == number:
                self.unread -= notification.unread
                del self._kept[place]
                return True
        return False
