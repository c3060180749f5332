"""Devices that have come, each handed out once per connection to a task that deals with one after the other."""

from micropython import const

from watch.kernel.loop import Flag

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.ble.link import Link
    from watch.ble.radio import Radio


class Newcomers:
    """For one task; `role` empty is for all roles."""

    def __init__(self, radio: "Radio", role: str = "") -> None:
        """Everybody who is there is new."""
        self._radio, self._role = radio, role
        self._seen: "list[Link]" = []
        self._news = Flag()
        radio.listen(self._news.set)

    def again(self) -> None:
        """The task has begun anew: everybody who is there is new to it."""
        self._seen = []

    async def next(self) -> "Link":
        """Wait for a device that was not handed out yet."""
        while True:
            link = self._look()
            if link is not None:
                return link
            await self._news.wait()

    def _look(self) -> "Optional[Link]":
        self._seen = [link for link in self._seen if link.alive]
        for link in self._radio.links:
            if self._role in ("", link.role) and link not in self._seen:
                self._seen.append(link)
                return link
        return None
