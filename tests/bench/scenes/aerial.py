"""What devices send by Bluetooth, from the stack's event to where it is kept or answered. On a whole worn watch.

The stack only stores. The tasks of the watch run as they do, and what another of them does meanwhile counts too.
"""

import gc

from tests.bench.scenes.marks import NOT_OURS
from tests.bench.scenes.reader import PPSE
from tests.bench.scenes.worn import without_scrub
from tests.firmware.payment.card_kit import select
from tests.firmware.system.radio_kit import Worn
from watch.kernel.loop import sleep_ms

TURNS = 10
"""Counted of each kind, after some that are not: the first ones look names up the long way."""
_WARM = 2
_WRITE_BYTES = 20
"""Of a phone that has not agreed on a larger MTU: the most writes for a line."""
_LINE = (
    '\x10GB({"t":"notify","id":%d,"src":"Messages","title":"Ada Lovelace","body":"The train is late, I shall be there '
    'at about ten past seven.","sender":"Ada Lovelace","reply":true})\n'
)
_FRAGMENT_BYTES = 236
"""Of a message in one fragment: what one packet of 251 bytes leaves."""
_MESSAGE_BYTES = 4000
_FIRST, _LAST, _OK = 0x80, 0x40, b"\x90\x00"
_MTU_EVENT, _MTU = 21, 247
_SETTLE_MS = 1200


class _Desk:
    """The watch with a device of each kind, and cuts where their writes arrive."""

    def __init__(self, marks):
        self.marks, self.name = marks, NOT_OURS
        self.worn = Worn(radio="connected")
        self.services = self.worn.watch._radio_services

    def cut(self):
        """What was wanted has come to its end."""
        self.marks.cut(self.name)

    def behind(self, owner, method):
        """Cut when this method has returned."""
        call = getattr(owner, method)

        def called(*arguments):
            done = call(*arguments)
            self.cut()
            return done

        setattr(owner, method, called)

    def stack(self, name):
        """A call of the stack begins."""
        if name == "gatts_notify":
            self.cut()

    async def turns(self, name, deed):
        """Do `deed(i)` again and again; the parts up to the cuts have this name."""
        for i in range(_WARM + TURNS):
            await self.worn.pause(_SETTLE_MS)
            gc.collect()
            self.name = name if i >= _WARM else "warm-up"
            self.marks.cut(NOT_OURS)
            deed(i)
            for _ in range(20):
                await sleep_ms(1)
            self.name = NOT_OURS


async def _phone(desk):
    """A notification, then fragments of a message of the bank."""
    worn = desk.worn
    central = await worn.pair("phone", 1)
    worn.press()
    line, into = desk.services._phone.from_phone.handle, desk.services._exchange.rows[0].handle

    def notify(i):
        text = (_LINE % i).encode()
        for at in range(0, len(text), _WRITE_BYTES):
            central.write(line, text[at : at + _WRITE_BYTES])

    def fragment(i):
        at = i * _FRAGMENT_BYTES
        head = b"once" + _MESSAGE_BYTES.to_bytes(2, "big") + at.to_bytes(2, "big")
        central.write(into, head + bytes(_FRAGMENT_BYTES))

    desk.behind(worn.services.notifications, "post")
    await desk.turns("ble/notify", notify)
    desk.behind(desk.services._exchange._transfers, "take")
    await desk.turns("ble/fragment", fragment)
    if desk.services._exchange._transfers.of(0)._held != (_WARM + TURNS) * _FRAGMENT_BYTES:
        raise RuntimeError("fragments were lost")
    central.drop()


async def _terminal(desk):
    """A command that the card answers at once."""
    worn = desk.worn
    central = await worn.pair("terminal", 2)
    worn.ble.event(_MTU_EVENT, (central.conn, _MTU))
    worn.press()
    worn.press("double")
    await worn.pause()
    part = bytes((_FIRST | _LAST,)) + select(PPSE)
    handle = desk.services._payment.rows[0].handle
    desk.worn.ble.before = desk.stack
    await desk.turns("ble/apdu", lambda i: central.write(handle, part))
    if central.notified[-1][1][-2:] != _OK:
        raise RuntimeError("the command was not answered")
    desk.worn.ble.before = None
    worn.services.wallet.disarm()
    central.drop()


async def _television(desk):
    """A button goes down and comes up."""
    worn = desk.worn
    central = await worn.pair("tv", 3)
    worn.press()
    hid = worn.services.hid
    desk.worn.ble.before = desk.stack
    await desk.turns("ble/report", lambda i: hid.button(1, i % 2 == 0))
    if len(central.notified) < TURNS:
        raise RuntimeError("reports were not sent")


def aerial(marks):
    """A phone, a terminal and a television, one after the other."""
    without_scrub()
    desk = _Desk(marks)

    async def story(worn):
        await _phone(desk)
        await _terminal(desk)
        await _television(desk)

    desk.worn.run(story)
    return {"turns": TURNS}
