"""The product, and what campaigns look at beside it: the heap, the clock, counters of the radio.

`weigh` in place of the kind of a phone's message collects the garbage and writes down what is left, and what is kept
of banks. Options: `leak` has the stack offer one characteristic to everybody, `trusting` has the firmware take every
method of pairing, `hoarding` has it keep what a phone writes, `plodding` has it take long over that, `forgetting` has
it forget which notices it has seen, `clinging` has its phone link keep the session of a link that is lost, `deaf` has
the token exchange serve nobody but the link that came first: so that tests can see that they would notice.
"""

import gc
import time

from watch.crypto import cbor
from watch.crypto.hashes import sha256
from watch.storage import records
from watch.system.main import build

TYPE_CHECKING = 0
if TYPE_CHECKING:
    from typing import Any

OPEN = "b3120000-d44c-49ed-a19b-a26f1343b084"
OPEN_VALUE = "b3120001-d44c-49ed-a19b-a26f1343b084"
WEIGH = "weigh"
_READ = 0x0002
_PLOD_MS = 10


class Leak:
    """A Bluetooth stack that shows `value` to everybody, behind the services of the watch."""

    def __init__(self, ble: "Any", value: bytes) -> None:
        self._ble, self._value = ble, value
        for name in ("active", "config", "irq", "gap_advertise", "gap_disconnect", "gap_pair", "gap_passkey"):
            setattr(self, name, getattr(ble, name))
        for name in ("gatts_read", "gatts_write", "gatts_notify", "gatts_set_buffer"):
            setattr(self, name, getattr(ble, name))

    def gatts_register_services(self, services: tuple) -> tuple:
        """The watch's, and one more."""
        from bluetooth import UUID

        handles = self._ble.gatts_register_services(services + ((UUID(OPEN), ((UUID(OPEN_VALUE), _READ),)),))
        self._ble.gatts_write(handles[-1][0], self._value)
        return handles[:-1]


class Weighed:
    """The watch. Everything that is not here is the product's."""

    def __init__(self, watch: "Any") -> None:
        self._watch = watch
        self.card, self.phone, self.run = watch.card, watch.phone, watch.run
        self._heap = -1
        self._kept = {}
        receive = watch.phone.receive

        def hear(message: "Any") -> None:
            if message.get("t") == WEIGH:
                self._weigh()
            else:
                receive(message)

        watch.phone.receive = hear

    def describe(self) -> "dict[str, Any]":
        """State of the product and of its radio."""
        found = self._watch.describe()
        radio = self._watch.bluetooth._radio
        stack, connections = radio.interrupts, radio._connections
        found["campaign"] = {
            "ticks_ms": self._watch.services.clock.ticks_ms(),
            "heap": self._heap,
            "kept": self._kept,
            "refused": stack.refused,
            "dropped": stack.dropped,
            "faults": stack.faults,
            "unasked": radio.pairing.refused,
            "connections": connections.count(),
            "links": len(radio.links),
            "sessions": [[session.lines.dropped, len(session.lines), session.lines.held] for session in self._lines()],
        }
        return found

    def _lines(self) -> list:
        return self._watch._radio_services._phone._sessions

    def _weigh(self) -> None:
        self._kept = _kept(self._watch.services)
        for _ in range(2):  # what only the first round finds unreachable, the second frees
            gc.collect()
        self._heap = gc.mem_alloc()


def _kept(services: "Any") -> "dict[str, str]":
    """Hashes of what messages of banks change, by what it is."""
    sealed = services.sealed
    facts = {
        "issuers": sealed.read(records.ISSUERS),
        "notice numbers": sealed.read(records.NOTICE_NUMBER),
        "receipts": services.issuance.receipts(),
    }
    return {name: sha256(cbor.encode(fact)).hex() for name, fact in facts.items()}


def _hoard(service: "Any") -> None:
    """Keep all that is written to a service."""
    kept, written = [], service.written

    def keep(link: "Any", row: "Any", data: memoryview) -> None:
        kept.append(bytes(data))
        written(link, row, data)

    service.written = keep


def _plod(watch: "Any") -> None:
    """Take long over what a phone writes while a card is armed or tapped."""
    service, guard = watch._radio_services._phone, watch.services.guard
    written = service.written

    def plod(link: "Any", row: "Any", data: memoryview) -> None:
        if guard.state in ("armed", "tapping"):
            time.sleep_ms(_PLOD_MS)
        written(link, row, data)

    service.written = plod


def _cling(service: "Any") -> None:
    """Do not hear that a link has gone."""
    service.left = lambda link: None


def _deafen(service: "Any") -> None:
    """Serve the link that came first, and no other."""
    written, joined, links = service.written, service.joined, []

    def join(link: "Any") -> None:
        links.append(link)
        joined(link)

    def hear(link: "Any", row: "Any", data: memoryview) -> None:
        if link is links[0]:
            written(link, row, data)

    service.joined, service.written = join, hear


def start(board: "Any", options: "dict[str, Any]") -> Weighed:
    """Build it on a board."""
    if "leak" in options:
        board.ble = Leak(board.ble, bytes.fromhex(options["leak"]))
    watch = build(board)
    if "trusting" in options:
        watch.bluetooth._radio.pairing._good_method = lambda connection: True
    if "hoarding" in options:
        _hoard(watch._radio_services._phone)
    if "plodding" in options:
        _plod(watch)
    if "clinging" in options:
        _cling(watch._radio_services._phone)
    if "deaf" in options:
        _deafen(watch._radio_services._exchange)
    if "forgetting" in options:
        watch.services.notices._last = lambda issuer: 0
    return Weighed(watch)
