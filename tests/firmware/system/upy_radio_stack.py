"""The C stack where calls are deepest by Bluetooth: events within calls of the stack, and a package of tokens."""

import micropython
from support import scrubbing
from support.world import OTHER_TOKEN, World

from tests.firmware.ble.exchange_desk import Sender
from tests.firmware.system.radio_kit import Worn
from watch.crypto import cbor, hpke, p256
from watch.exchange import messages

scrubbing.leave_out()

STACK_BYTES = 16_384
"""Of the task that MicroPython runs in on an ESP32, as its port comes."""
SEQUENCE = 7


class _Deepest:
    """Remembers the most of the stack that was in use when one of some functions was called."""

    def __init__(self):
        self.found = {}
        self._undo = []

    def look(self, name):
        used = micropython.stack_use()
        self.found[name] = max(self.found.get(name, 0), used)

    def watch(self, owner, method):
        call = getattr(owner, method)

        def called(*arguments):
            self.look(method)
            return call(*arguments)

        setattr(owner, method, called)
        self._undo.append((owner, method, call))

    def leave(self):
        for owner, method, call in self._undo:
            setattr(owner, method, call)


class _Way:
    """`Sender` speaks to a service; here its fragments go through the stack, the ring and the radio's task."""

    def __init__(self, central, row):
        self.service = self
        self._central, self._row = central, row

    def written(self, link, row, data):
        self._central.write(self._row.handle, bytes(data))


async def _deliver(worn, central, message):
    """The answer to a message, sent in fragments."""
    into, out, _ = worn.watch._radio_services._exchange.rows
    sender = Sender(_Way(central, into), 1, message)
    for at in range(0, len(message), 236):
        sender.write(None, len(message), at, message[at : at + 236])
        await worn.pause(50)
    await worn.pause()
    return b"".join(data[8:] for handle, data in central.notified if handle == out.handle)


def test_a_package_over_bluetooth():
    world = World().provision().set_passcode().add_card()
    message = cbor.encode([messages.TOKEN_PACKAGE, SEQUENCE, world.package(OTHER_TOKEN)])
    deepest = _Deepest()

    async def story(worn):
        central = await worn.pair()
        worn.ble.event(21, (central.conn, 247))
        worn.press()
        worn.ble.before = deepest.look
        deepest.watch(worn.services.journal, "commit")
        for owner, method in ((hpke, "open"), (p256, "ecdh"), (p256, "verify")):
            deepest.watch(owner, method)
        return cbor.decode(await _deliver(worn, central, message))

    try:
        answer = Worn(like=world, radio="connected").run(story)
    finally:
        deepest.leave()
    assert answer[:3] == [messages.TOKEN_PACKAGE, SEQUENCE, messages.OK], answer
    _report("a package", deepest.found, ("commit", "ecdh", "gatts_read", "gatts_notify"))


def test_events_within_calls_of_the_stack():
    """A pairing, a terminal and a radio that goes off: events come in the middle of calls, one in another."""
    deepest = _Deepest()

    async def story(worn):
        worn.ble.before = deepest.look
        deepest.watch(worn.bluetooth._radio._ring, "put")
        for number, role in enumerate(("phone", "terminal", "loader", "tv")):
            central = await worn.pair(role, number)
            row = worn.watch._radio_services._phone.from_phone
            if role == "phone":
                central.write(row.handle, b"\x10GB({t:'notify',id:1,src:'a',title:'b',body:'c'})\n")
                await worn.pause()
            worn.press()
        worn.press("double")
        await worn.pause()
        worn.services.guard.wipe()
        await worn.pause()

    Worn(radio="connected").run(story)
    _report("pairing and ends", deepest.found, ("put", "gap_passkey", "active", "gatts_notify"))


def _report(what, found, needed):
    """Say the most, and hold it to what there is."""
    assert all(name in found for name in needed), sorted(found)
    most = max(found, key=lambda name: found[name])
    print("NOTE C stack, %s: %d bytes at most, at %s" % (what, found[most], most))
    assert found[most] < STACK_BYTES, found
