"""An iPhone among the phones: its own services bring what an app brings elsewhere."""

import asyncio

from micropython import const

from watch.ble import roles
from watch.ble.ams import COMMANDS, Ams
from watch.ble.ancs import Ancs
from watch.ble.newcomers import Newcomers
from watch.kernel.errors import DeadlineError, InputError, LinkError
from watch.kernel.loop import stop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Coroutine, Optional

    from watch.ble.ams import Player
    from watch.ble.ancs import Inbox
    from watch.ble.link import Link
    from watch.ble.radio import Radio
    from watch.kernel.log import Log


class Apple:
    """Looks at each phone that comes; stays with one that has Apple's services until it goes."""

    def __init__(self, radio: "Radio", inbox: "Inbox", player: "Player", log: "Log") -> None:
        """`inbox`, `player`: where notifications and music go."""
        self._radio, self._log = radio, log
        self._ancs, self._ams = Ancs(radio.client, inbox), Ams(radio.client, player)
        self._newcomers = Newcomers(radio, roles.PHONE)
        self._link: "Optional[Link]" = None

    async def serve(self) -> None:
        """The task. Begun anew, it looks at everybody again."""
        self._newcomers.again()
        while True:
            await self._visit(await self._newcomers.next())

    def take(self, message: "dict[str, Any]") -> bool:
        """Do what the wearer wants of the phone, in Gadgetbridge's words. False if this is nothing for an iPhone.

        A notification is dismissed on the phone that sent it; everything else is for the phone that hears the watch.
        """
        kind, name = message.get("t"), message.get("n")
        if kind == "notify" and name == "DISMISS":
            return self._ancs.dismiss(message["id"])
        if kind == "notify" and name == "DISMISS_ALL":
            self._ancs.dismiss_all()
            return self._hears()
        if kind == "music" and name in COMMANDS and self._ams.there and self._hears():
            self._ams.command(name)  # a press too many is dropped: the player is slow
            return True
        return False

    def _hears(self) -> bool:
        """True if the watch speaks to this iPhone: the main phone, or the first if that is not there."""
        phones = [link for link in self._radio.links if link.role == roles.PHONE]
        main = [link for link in phones if link.primary]
        return (main or phones)[:1] == [self._link]

    async def _visit(self, link: "Link") -> None:
        """Both services, until both have ended."""
        self._link = link
        tasks = [asyncio.create_task(self._quietly(one.serve(link))) for one in (self._ancs, self._ams)]
        try:
            for task in tasks:
                await task
        finally:
            self._link = None
            for task in tasks:
                await stop(task)

    async def _quietly(self, work: "Coroutine[Any, Any, None]") -> None:
        try:
            await work
        except (DeadlineError, InputError, LinkError) as error:  # it has gone, or is no proper iPhone
            self._log.fault("ble", error)
