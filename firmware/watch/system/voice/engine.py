"""What listens: network, recorded words and listener of one language, made when somebody first wants to speak.

Nothing in there knows the watch: it has the microphone, the clock's ticks, weights, and the bytes of a drawer.
`tests/firmware/system/upy_voice_reach.py` walks from here and finds no way to a card.
"""

import os
import struct

from micropython import const

from watch.kernel.errors import CorruptError, StorageError, WatchError
from watch.system.voice.recorded import LANGUAGES, Recorded

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from board.ports import Board
    from watch.kernel.clock import Clock
    from watch.storage.settings import Settings
    from watch.system.voice.drawer import Drawer
    from watch.voice.listener import Listener
    from watch.voice.prototypes import Prototypes

LARGEST_BYTES = const(49152)
"""docs/voice.md: a file of weights."""
_MARK_BYTES = const(4)


class Ticks:
    """The clock as far as listening needs it."""

    def __init__(self, clock: "Clock") -> None:
        self.ticks_ms = clock.ticks_ms


class Engine:
    """One language at a time.

    Args:
        board: microphone, and the folder of the weights.
        clock: counts time.
        settings: the language of the watch, and whether it may listen at all.
        recorded: the wearer's own words.
    """

    def __init__(self, board: "Board", clock: "Clock", settings: "Settings", recorded: Recorded) -> None:
        self._microphone, self._folder = board.microphone, board.info.assets
        self._ticks, self._settings, self._recorded = Ticks(clock), settings, recorded
        self._known: "dict[str, bool]" = {}
        self._listener: "Optional[Listener]" = None
        self._language = ""
        self._drawer: "Optional[Drawer]" = None
        self._prototypes: "Optional[Prototypes]" = None

    @property
    def possible(self) -> bool:
        """True if the board can hear, and there are weights for it."""
        return self._microphone is not None and bool(self.language())

    @property
    def wanted(self) -> bool:
        """True if it can listen, and its wearer wants it to."""
        return self.possible and self._settings.get("voice")

    def language(self) -> str:
        """Of the weights: that of the watch if there are such, else the first there is; empty for none."""
        for language in (self._settings.get("language"),) + LANGUAGES:
            if self._has(language):
                return language
        return ""

    @property
    def native(self) -> bool:
        """True if the weights are for the language of the watch."""
        return self.language() == self._settings.get("language")

    def listener(self) -> "Listener":
        """What listens, in the language of the watch.

        Raises WatchError: weights or records are damaged, or there is no memory for them now.
        """
        language = self.language()
        if language and (self._listener is None or language != self._language):
            self.drop()
            try:
                self._build(language)
            except MemoryError:
                self.drop()  # what is there of it is in the way of the next try
                raise WatchError("there is no room to listen; close what is open, and try again")
        if self._listener is None:
            raise StorageError("there are no weights to listen with")
        return self._listener

    def prototypes(self) -> "Prototypes":
        """The wearer's own words in that language. Raises as `listener`."""
        self.listener()
        if self._prototypes is None:
            raise StorageError("there are no weights to listen with")
        return self._prototypes

    def save(self) -> None:
        """Write down what was taught or forgotten. Raises StorageError; then all is as it was before."""
        if self._drawer is not None:
            try:
                self._recorded.save(self._language, self._drawer)
            except StorageError:
                self.drop()
                raise

    def drop(self) -> None:
        """Forget everything in RAM; it is made again when it is needed."""
        self.cancel()
        self._listener = self._prototypes = self._drawer = None

    def cancel(self) -> None:
        """End the listening, if there is one."""
        if self._listener is not None:
            self._listener.cancel()

    def level(self) -> int:
        """How loud it is, 0 to 100. Allocates nothing."""
        return self._listener.level if self._listener is not None else 0

    def _build(self, language: str) -> None:
        # Only a watch that is spoken to needs these, and the room that they take.
        from watch.voice.decision import Recogniser
        from watch.voice.listener import Listener
        from watch.voice.network import Network
        from watch.voice.prototypes import Prototypes

        data = self._read(language)
        try:
            network = Network(data)
        except CorruptError as error:  # of a file of the system: to erase the watch would not mend it
            raise StorageError("the weights of the voice are damaged (%s); update the watch" % error)
        mark = struct.unpack("<I", data[-_MARK_BYTES:])[0]
        self._drawer = self._recorded.load(language)
        self._prototypes = Prototypes(self._drawer, language, network.centre, mark)
        recogniser = Recogniser(network, self._prototypes)
        self._listener = Listener(self._microphone, recogniser, self._ticks)  # type: ignore[arg-type] # ticks alone
        self._language = language

    def _has(self, language: str) -> bool:
        if language not in self._known:
            try:
                os.stat(self._path(language))
                self._known[language] = True
            except OSError:
                self._known[language] = False
        return self._known[language]

    def _read(self, language: str) -> bytes:
        """The weights. Raises StorageError."""
        try:
            with open(self._path(language), "rb") as file:
                data = file.read(LARGEST_BYTES + 1)
        except OSError:
            raise StorageError("the weights of the voice cannot be read")
        if not _MARK_BYTES < len(data) <= LARGEST_BYTES:
            raise StorageError("the weights of the voice have the wrong size")
        return data

    def _path(self, language: str) -> str:
        return "%s/voice.%s.twv" % (self._folder, language)
