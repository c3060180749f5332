"""What the phone plays, and the keys of its player. In RAM only."""

from micropython import const

from watch.kernel.clock import ticks_diff
from watch.kernel.errors import InputError
from watch.services import inputs
from watch.services.news import News

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.kernel.clock import Clock
    from watch.services.inputs import Fields
    from watch.services.outbox import Outbox

COMMANDS = ("play", "pause", "playpause", "next", "previous", "volumeup", "volumedown", "forward", "rewind")
"""What `command` takes; Gadgetbridge's names."""
PLAY, PAUSE, STOP, NONE = "play", "pause", "stop", ""
"""States of the player."""

_STATES = (PLAY, PAUSE, STOP, NONE)
_TEXT_BYTES = const(120)
_LONGEST_S = const(359_999)  # 99:59:59, what the figures can show
_FOLLOWED_MS = const(86_400_000)  # a day without a word from the phone: the position is not known any more


class Music(News):
    """Artist, album, track, and where in it the phone is."""

    def __init__(self, clock: "Clock", outbox: "Outbox") -> None:
        """Nothing plays."""
        super().__init__()
        self._clock = clock
        self._outbox = outbox
        self.clear()

    def take_info(self, fields: "Fields") -> None:
        """Read `musicinfo`. Raises InputError."""
        artist, album = inputs.text(fields, "artist", _TEXT_BYTES), inputs.text(fields, "album", _TEXT_BYTES)
        track = inputs.text(fields, "track", _TEXT_BYTES)
        length_s = inputs.whole(fields, "dur", -1, _LONGEST_S, 0)
        self.artist, self.album, self.track = artist, album, track
        self.length_s = max(0, length_s)  # -1: the player does not know
        self._changed()

    def take_state(self, fields: "Fields") -> None:
        """Read `musicstate`. Raises InputError."""
        state = fields.get("state", NONE)
        if state not in _STATES:
            raise InputError("state is none of a player's")
        position_s = inputs.whole(fields, "position", -1, _LONGEST_S, 0)
        self.state = state
        self._position_s = max(0, position_s)
        self._since_ms = self._clock.ticks_ms()
        self._changed()

    def take_volume(self, fields: "Fields") -> None:
        """Read `audio`: the loudness in per cent. Raises InputError."""
        self.volume_percent = inputs.whole(fields, "v", 0, 100)
        self._changed()

    def position_s(self) -> int:
        """Seconds into the track, as far as is known; runs on while it plays. Allocates nothing."""
        position_s = self._position_s
        if self.state == PLAY:
            played_ms = ticks_diff(self._clock.ticks_ms(), self._since_ms)
            position_s += (played_ms if 0 <= played_ms < _FOLLOWED_MS else 0) // 1000
        return position_s if not self.length_s or position_s < self.length_s else self.length_s

    def command(self, name: str) -> bool:
        """Press a key of the player, one of `COMMANDS`. False if the outbox is full. Raises InputError."""
        if name not in COMMANDS:
            raise InputError("a player has no such key")
        return self._outbox.send({"t": "music", "n": name})

    def clear(self) -> None:
        """Forget what plays."""
        self.artist = self.album = self.track = ""
        self.length_s = 0
        """Length of the track; 0 if unknown."""
        self.volume_percent = -1
        """Loudness; -1 until the phone says it."""
        self.state = NONE
        self._position_s = 0
        self._since_ms = 0
        self.changes += 1
