"""An iPhone by Bumble: notification center, media and current time services, with the numbers of Bumble's profiles."""

from __future__ import annotations

import asyncio
import struct
from typing import TYPE_CHECKING

from bumble.att import ATT_Error, ErrorCode
from bumble.core import UUID
from bumble.gatt import (
    GATT_AMS_ENTITY_UPDATE_CHARACTERISTIC,
    GATT_AMS_REMOTE_COMMAND_CHARACTERISTIC,
    GATT_AMS_SERVICE,
    GATT_ANCS_CONTROL_POINT_CHARACTERISTIC,
    GATT_ANCS_DATA_SOURCE_CHARACTERISTIC,
    GATT_ANCS_NOTIFICATION_SOURCE_CHARACTERISTIC,
    GATT_ANCS_SERVICE,
    Characteristic,
    CharacteristicValue,
    Service,
)
from bumble.profiles import ams, ancs

if TYPE_CHECKING:
    from datetime import datetime

    from bumble.device import Connection, Device

_GUARDED = (
    Characteristic.Permissions.READABLE
    | Characteristic.Permissions.WRITEABLE
    | Characteristic.Permissions.READ_REQUIRES_AUTHENTICATION
    | Characteristic.Permissions.WRITE_REQUIRES_AUTHENTICATION
)
_NOTIFY, _WRITE, _READ = (
    Characteristic.Properties.NOTIFY,
    Characteristic.Properties.WRITE,
    Characteristic.Properties.READ,
)
_PIECE = 20
"""Bytes of each part of an answer: an iPhone does not wait for a longer MTU."""
_MOST = 0xFFFF
Texts = dict[ancs.NotificationAttributeId, str]


class IPhone:
    """Services on a device of the air. `actions` and `keys` have what the watch asked for."""

    def __init__(self, device: Device, now: datetime) -> None:
        """`now`: local time, with its zone."""
        self.device = device
        self.actions: asyncio.Queue[tuple[int, int]] = asyncio.Queue()
        self.keys: asyncio.Queue[int] = asyncio.Queue()
        self.watched = asyncio.Event()
        """Set once the watch wants to hear what is played."""
        self._notes: dict[int, Texts] = {}
        self._source = Characteristic(GATT_ANCS_NOTIFICATION_SOURCE_CHARACTERISTIC, _NOTIFY, _GUARDED)
        self._data = Characteristic(GATT_ANCS_DATA_SOURCE_CHARACTERISTIC, _NOTIFY, _GUARDED)
        self._update = Characteristic(
            GATT_AMS_ENTITY_UPDATE_CHARACTERISTIC, _NOTIFY | _WRITE, _GUARDED, CharacteristicValue(write=self._watch)
        )
        device.add_service(Service(GATT_ANCS_SERVICE, [self._source, self._row(self._control), self._data]))
        device.add_service(Service(GATT_AMS_SERVICE, [self._command(), self._update]))
        device.add_service(Service(UUID.from_16_bits(0x1805), _time_rows(now)))

    async def notify(self, uid: int, app: str, title: str, message: str) -> None:
        """Show a notification."""
        kinds = ancs.NotificationAttributeId
        self._notes[uid] = {kinds.APP_IDENTIFIER: app, kinds.TITLE: title, kinds.SUBTITLE: "", kinds.MESSAGE: message}
        await self._tell(ancs.EventId.NOTIFICATION_ADDED, uid)

    async def take_back(self, uid: int) -> None:
        """A notification has been read on the phone."""
        await self._tell(ancs.EventId.NOTIFICATION_REMOVED, uid)

    async def play(self, artist: str, title: str) -> None:
        """Play something."""
        track = ams.TrackAttributeId
        for kind, text in ((track.ARTIST, artist), (track.TITLE, title), (track.DURATION, "181.3")):
            await self._say(self._update, bytes((ams.EntityId.TRACK, kind, 0)) + text.encode())
        playing = f"{ams.PlaybackState.PLAYING.value},1.0,12.5".encode()
        head = bytes((ams.EntityId.PLAYER, ams.PlayerAttributeId.PLAYBACK_INFO, 0))
        await self._say(self._update, head + playing)

    async def _tell(self, event: int, uid: int) -> None:
        head = struct.pack("<BBBBI", event, ancs.EventFlags.NEGATIVE_ACTION, ancs.CategoryId.SOCIAL, 1, uid)
        await self._say(self._source, head)

    async def _say(self, row: Characteristic, data: bytes) -> None:
        await self.device.gatt_server.notify_subscribers(row, data)

    def _row(self, write: object) -> Characteristic:
        return Characteristic(
            GATT_ANCS_CONTROL_POINT_CHARACTERISTIC, _WRITE, _GUARDED, CharacteristicValue(write=write)
        )

    def _command(self) -> Characteristic:
        def press(_connection: Connection, data: bytes) -> None:
            self.keys.put_nowait(data[0])

        return Characteristic(
            GATT_AMS_REMOTE_COMMAND_CHARACTERISTIC, _WRITE | _NOTIFY, _GUARDED, CharacteristicValue(write=press)
        )

    def _watch(self, _connection: Connection, data: bytes) -> None:
        if data[0] == ams.EntityId.TRACK:
            self.watched.set()

    async def _control(self, _connection: Connection, data: bytes) -> None:
        """What the watch writes to the control point."""
        if data[0] == ancs.CommandId.PERFORM_NOTIFICATION_ACTION:
            uid, action = struct.unpack("<IB", data[1:])
            self.actions.put_nowait((uid, action))
            return
        if data[0] == ancs.CommandId.GET_APP_ATTRIBUTES:
            answer = data[: data.index(0) + 1] + _field(ancs.AppAttributeId.DISPLAY_NAME, "Messages", _MOST)
        else:
            answer = self._attributes(data)
        for at in range(0, len(answer), _PIECE):
            await self._say(self._data, answer[at : at + _PIECE])

    def _attributes(self, request: bytes) -> bytes:
        uid = struct.unpack("<I", request[1:5])[0]
        if uid not in self._notes:
            raise ATT_Error(ErrorCode(ancs.ErrorCode.INVALID_PARAMETER))
        answer, at = request[:5], 5
        while at < len(request):
            kind, most = ancs.NotificationAttributeId(request[at]), _MOST
            at += 1
            if kind is not ancs.NotificationAttributeId.APP_IDENTIFIER:
                most = int.from_bytes(request[at : at + 2], "little")
                at += 2
            answer += _field(kind, self._notes[uid][kind], most)
        return answer


def _field(kind: int, text: str, most: int) -> bytes:
    data = text.encode()[:most]
    return struct.pack("<BH", kind, len(data)) + data


def _time_rows(now: datetime) -> list[Characteristic]:
    """Current time, and local time information without daylight time."""
    offset = now.utcoffset()
    assert offset is not None
    when = struct.pack(
        "<H5BBBB", now.year, now.month, now.day, now.hour, now.minute, now.second, now.isoweekday(), 0, 0
    )
    zone = struct.pack("<bB", int(offset.total_seconds()) // 900, 0)
    return [
        Characteristic(UUID.from_16_bits(0x2A2B), _READ | _NOTIFY, _GUARDED, when),
        Characteristic(UUID.from_16_bits(0x2A0F), _READ, _GUARDED, zone),
    ]
