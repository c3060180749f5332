"""Apple Media Service, as its consumer: what an iPhone plays, and the keys of its player.

Source: "Apple Media Service (AMS) Specification", developer.apple.com/library/archive.
"""

from micropython import const

from watch.ble.text import text_of
from watch.kernel.errors import InputError
from watch.kernel.loop import Flag

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Protocol

    from watch.ble.client import Client
    from watch.ble.gatt import Link

    class Player(Protocol):
        """What is played; `services.Music`."""

        def take_info(self, fields: "dict[str, Any]") -> None:
            """Gadgetbridge's `musicinfo`. Raises InputError."""
            ...

        def take_state(self, fields: "dict[str, Any]") -> None:
            """Gadgetbridge's `musicstate`. Raises InputError."""
            ...


SERVICE = "89d3502b-0f36-433a-8ef4-c502ad55f8dc"
COMMAND = "9b3c81d8-57b1-4a8a-b8df-0e56f7ca51c2"
UPDATE = "2f7cabce-808d-411f-9a0c-bb92ba96c102"

COMMANDS = {
    "play": 0,
    "pause": 1,
    "playpause": 2,
    "next": 3,
    "previous": 4,
    "volumeup": 5,
    "volumedown": 6,
    "forward": 9,
    "rewind": 10,
}
"""RemoteCommandID of each key of `services.music.COMMANDS`."""

_PLAYER, _TRACK = const(0), const(2)
_PLAYBACK = const(1)
_ARTIST, _ALBUM, _TITLE, _DURATION = const(0), const(1), const(2), const(3)
_WANTED = (bytes((_PLAYER, _PLAYBACK)), bytes((_TRACK, _ARTIST, _ALBUM, _TITLE, _DURATION)))
_HEAD_BYTES = const(3)  # entity, attribute, flags
_FIELDS = {_ARTIST: "artist", _ALBUM: "album", _TITLE: "track"}
_STATES = {"0": "pause", "1": "play", "2": "play", "3": "play"}
"""PlaybackState: paused, playing, rewinding, fast forwarding."""
_KEYS = const(8)  # presses that wait for a phone that is slow
_DIGITS = const(6)  # of whole seconds: eleven days


class Ams:
    """`serve` as a task while an iPhone is there."""

    def __init__(self, client: "Client", player: "Player") -> None:
        """`player`: where the news goes."""
        self._client, self._player = client, player
        self._info: "dict[str, Any]" = {}
        self._keys: "list[int]" = []
        self._news = Flag()
        self.there = False
        """A phone with this service is there."""

    async def serve(self, link: "Link") -> None:
        """Until the phone goes; returns at once if it has no such service.

        Raises LinkError, DeadlineError, InputError.
        """
        rows = await self._client.find(link, SERVICE, (COMMAND, UPDATE))
        if rows is None:
            return
        self._info, self._keys = {}, []
        await self._client.subscribe(link, rows[1], self._update, self._news.set)
        for wanted in _WANTED:
            await self._client.write(link, rows[1], wanted)
        self.there = True
        try:
            while link.alive:
                while self._keys and link.alive:
                    await self._press(link, rows[0])
                await self._news.wait()
        finally:
            self.there = False

    def command(self, name: str) -> bool:
        """Press a key, one of `COMMANDS`. False if too many wait. Raises InputError for another name."""
        if name not in COMMANDS:
            raise InputError("a player has no such key")
        if len(self._keys) >= _KEYS:
            return False
        self._keys.append(COMMANDS[name])
        self._news.set()
        return True

    async def _press(self, link: "Link", row: "Any") -> None:
        try:
            await self._client.write(link, row, bytes((self._keys.pop(0),)))
        except InputError:  # the player has no such key now
            return

    def _update(self, data: bytes) -> None:
        """Entity Update. What cannot be read is ignored: the next one may."""
        try:
            self._take(data)
        except InputError:
            return

    def _take(self, data: bytes) -> None:
        if len(data) < _HEAD_BYTES:
            return
        entity, attribute, text = data[0], data[1], text_of(data[_HEAD_BYTES:])
        if entity == _PLAYER and attribute == _PLAYBACK:
            self._player.take_state(playback(text))
        elif entity == _TRACK:
            if attribute == _DURATION:
                self._info["dur"] = seconds(text)
            elif attribute in _FIELDS:
                self._info[_FIELDS[attribute]] = text
            self._player.take_info(dict(self._info))


def playback(text: str) -> "dict[str, Any]":
    """The fields of `musicstate` that a PlaybackInfo says: state, rate and elapsed seconds. Raises InputError."""
    parts = text.split(",")
    if len(parts) != 3:
        raise InputError("no playback info")
    return {"state": _STATES.get(parts[0], "stop"), "position": seconds(parts[2])}


def seconds(text: str) -> int:
    """Whole seconds of a decimal number; 0 for an empty text. Raises InputError."""
    whole = text.split(".")[0]
    if not whole:
        return 0
    if len(whole) > _DIGITS or not whole.isdigit():
        raise InputError("no seconds")
    return int(whole)
