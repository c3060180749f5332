"""What the watch asks each device that comes, once per connection: its name, and of a phone the time."""

from micropython import const

from watch.ble import roles, standard
from watch.ble.bond import NAME_BYTES
from watch.ble.names import name_of
from watch.ble.newcomers import Newcomers
from watch.kernel.errors import DeadlineError, InputError, LinkError, StorageError
from watch.kernel.loop import sleep_ms
from watch.services.inputs import clean

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Coroutine

    from watch.ble.link import Link
    from watch.ble.radio import Radio
    from watch.kernel.log import Log
    from watch.system.services import Services

OTHERS_MS = const(3000)
"""An app on the phone that sets the clock has done so by then: what it says counts, and the phone is not asked."""
_OFF_S = const(1)  # a clock that is not further off is not set: each time would be written to flash


class Greetings:
    """Its task sleeps until a device comes."""

    def __init__(self, radio: "Radio", services: "Services", log: "Log") -> None:
        """`radio`: whose devices. `services`: whose clock."""
        self._radio, self._services, self._log = radio, services, log
        self._newcomers = Newcomers(radio)

    async def serve(self) -> None:
        """The task. Begun anew, it looks at everybody again."""
        self._newcomers.again()
        while True:
            link = await self._newcomers.next()
            if not link.owner.name:
                await self._quietly(self._take_name(link))
            if link.alive and link.role == roles.PHONE:
                await self._quietly(self._take_time(link))

    async def _take_name(self, link: "Link") -> None:
        """Keep what it calls itself with its bond."""
        name = clean(await name_of(self._radio.client, link), NAME_BYTES)
        if name and self._radio.bonds.has(link.owner):
            self._radio.bonds.rename(link.bond, name)
            self._radio.wake()

    async def _take_time(self, link: "Link") -> None:
        """Set the wall clock by the phone's own time service, unless something on the phone sets it."""
        services, told = self._services, self._services.phone.times
        await sleep_ms(OTHERS_MS)
        if services.phone.times != told or not link.alive:
            return
        found = await standard.phone_time(self._radio.client, link)
        if found is not None and services.phone.times == told and self._is_off(found[0], found[1]):
            services.phone.time(found[0], found[1])

    def _is_off(self, unix_s: int, offset_min: int) -> bool:
        """True if the wall clock says something else."""
        clock, zone_min = self._services.clock, self._services.settings.get("utc_offset_min")
        return not clock.display_known() or abs(unix_s - clock.display_s()) > _OFF_S or offset_min != zone_min

    async def _quietly(self, work: "Coroutine[Any, Any, None]") -> None:
        try:
            await work
        except LinkError:  # it has gone; it is asked when it is back
            return
        except (DeadlineError, InputError, StorageError) as error:
            self._log.fault("ble", error)
