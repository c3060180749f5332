"""Standard services: battery, device information, current time."""

from micropython import const

from watch.ble import gatt, roles
from watch.kernel.calendar import date_time, days_from_date
from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.ble.client import Client
    from watch.ble.gatt import Characteristic, Link
    from watch.kernel.clock import Clock

BATTERY, BATTERY_LEVEL = const(0x180F), const(0x2A19)
DEVICE_INFORMATION = const(0x180A)
MANUFACTURER, MODEL, FIRMWARE, PNP_ID = const(0x2A29), const(0x2A24), const(0x2A26), const(0x2A50)
CURRENT_TIME_SERVICE, CURRENT_TIME, LOCAL_TIME = const(0x1805), const(0x2A2B), const(0x2A0F)
"""UUIDs, Assigned Numbers section 3."""
BY_WEARER, BY_REFERENCE, ZONE_CHANGED = const(1), const(2), const(4)
"""Why the time changed, bits; Current Time Service 1.1 section 3.1.2.1."""

_PNP = b"\x01\xff\xff\x01\x00\x00\x01"
"""Bluetooth SIG, company FFFF (none), product 1, version 1.0.0; Device Information Service 1.1 section 3.9."""
_TIME_BYTES, _LOCAL_BYTES, _TEXT_BYTES = const(10), const(2), const(32)
_QUARTER_MIN = const(15)
_UNKNOWN_ZONE = const(-128)
_ZONES = (-48, 56)  # quarters of an hour, Current Time Service: UTC-12:00 to UTC+14:00
_DST_MOST = const(8)  # quarters of an hour: two hours, double daylight time
_DST_UNKNOWN = const(255)
_DAY_S, _HOUR_S, _MINUTE_S = const(86400), const(3600), const(60)


class Telling(gatt.Service):
    """A service that knows who is there, to tell them of changes."""

    def __init__(self) -> None:
        """Nobody is there."""
        self._links: "list[Link]" = []

    def joined(self, link: "Link") -> None:
        """Tell it of changes from now on."""
        self._links.append(link)

    def left(self, link: "Link") -> None:
        """No more."""
        self._links.remove(link)

    def _tell(self, row: "Characteristic", value: bytes) -> None:
        """Notify everybody; who has no room now will read or hear the next one."""
        for link in self._links:
            link.try_notify(row, value)


class Battery(Telling):
    """Charge left."""

    uuid = BATTERY

    def __init__(self, percent: int) -> None:
        """`percent`: 0 to 100."""
        super().__init__()
        level = gatt.Characteristic(BATTERY_LEVEL, gatt.READ | gatt.NOTIFY, 1, roles.ROLES, roles.ENCRYPTED)
        level.value = bytes((percent,))
        self.rows = (level,)

    def set(self, percent: int) -> None:
        """The charge now, 0 to 100; said only when it has changed."""
        value = bytes((percent,))
        if value != self.rows[0].value:
            self.rows[0].value = value
            self._tell(self.rows[0], value)


class DeviceInformation(gatt.Service):
    """Who made the watch, and what it is. Never a serial number: that would be a name to follow its wearer by."""

    uuid = DEVICE_INFORMATION

    def __init__(self, model: str, firmware: str) -> None:
        """`model`: of the board. `firmware`: its version."""
        texts = ((MANUFACTURER, "Tapwatch"), (MODEL, model), (FIRMWARE, firmware))
        values = [(uuid, text.encode()[:_TEXT_BYTES]) for uuid, text in texts] + [(PNP_ID, _PNP)]
        self.rows = tuple(
            [
                gatt.Characteristic(uuid, gatt.READ, len(value), roles.ROLES, roles.ENCRYPTED, value)
                for uuid, value in values
            ]
        )


class CurrentTime(Telling):
    """The wall clock of the watch, for a phone."""

    uuid = CURRENT_TIME_SERVICE

    def __init__(self, clock: "Clock", offset_min: "Callable[[], int]") -> None:
        """`offset_min`: minutes of local time east of UTC, daylight time included."""
        super().__init__()
        self._clock, self._offset_min = clock, offset_min
        phone = (roles.PHONE,)
        self.rows = (
            gatt.Characteristic(CURRENT_TIME, gatt.READ | gatt.NOTIFY, _TIME_BYTES, phone),
            gatt.Characteristic(LOCAL_TIME, gatt.READ, _LOCAL_BYTES, phone),
        )

    def read(self, link: "Link", row: "Characteristic") -> bytes:
        """Time or zone of this moment."""
        return self._time(0) if row is self.rows[0] else self._zone()

    def changed(self, reason: int) -> None:
        """Somebody has set the clock: `BY_WEARER`, `BY_REFERENCE`, `ZONE_CHANGED`, or-ed."""
        self._tell(self.rows[0], self._time(reason))

    def _time(self, reason: int) -> bytes:
        return encode_time(self._clock.display_s() + self._offset_min() * _MINUTE_S, reason)

    def _zone(self) -> bytes:
        """All of the offset as the zone: the watch knows no more than the sum of zone and daylight time."""
        quarters = self._offset_min() // _QUARTER_MIN
        return bytes((quarters & 0xFF, 0)) if _ZONES[0] <= quarters <= _ZONES[1] else bytes((_UNKNOWN_ZONE & 0xFF, 255))


def encode_time(local_s: int, reason: int) -> bytes:
    """Current Time: `local_s` seconds since 1970 on the wall clock; why it changed."""
    year, month, day, hour, minute, second, weekday = date_time(local_s)
    return bytes((year & 0xFF, year >> 8, month, day, hour, minute, second, weekday + 1, 0, reason))


def decode_time(value: bytes) -> int:
    """Seconds since 1970 on the wall clock that a Current Time says. Raises InputError."""
    if len(value) != _TIME_BYTES:
        raise InputError("a current time has ten bytes")
    year, month, day = value[0] | value[1] << 8, value[2], value[3]
    hour, minute, second = value[4], value[5], value[6]
    if not (1970 <= year < 2100 and 1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 60):
        raise InputError("a current time that is none")
    return days_from_date(year, month, day) * _DAY_S + hour * _HOUR_S + minute * _MINUTE_S + second


def decode_zone(value: bytes) -> "Optional[int]":
    """Minutes east of UTC that a Local Time Information says; None if it does not know. Raises InputError."""
    if len(value) != _LOCAL_BYTES:
        raise InputError("local time information has two bytes")
    zone, daylight = value[0] - 256 if value[0] > 127 else value[0], value[1]
    if zone == _UNKNOWN_ZONE or daylight == _DST_UNKNOWN:
        return None
    if not _ZONES[0] <= zone <= _ZONES[1] or daylight > _DST_MOST:
        raise InputError("a zone that is none")
    return (zone + daylight) * _QUARTER_MIN


async def phone_time(client: "Client", link: "Link") -> "Optional[tuple[int, int]]":
    """What a phone's own Current Time Service says: (seconds since 1970, minutes east of UTC).

    None if it has no such service or does not know its zone. Raises LinkError, DeadlineError, InputError.
    """
    times = await client.find(link, CURRENT_TIME_SERVICE, (CURRENT_TIME, LOCAL_TIME))
    if times is None:
        return None
    offset_min = decode_zone(await client.read(link, times[1]))
    if offset_min is None:
        return None
    return decode_time(await client.read(link, times[0])) - offset_min * _MINUTE_S, offset_min
