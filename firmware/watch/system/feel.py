"""The motor as the wearer has set it: silent, soft, or as it is."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.ports import Haptics
    from watch.storage.settings import Settings

_TICK = const(0)  # the shortest pattern of ports.Haptics


class Feel:
    """A port like the motor itself."""

    def __init__(self, haptics: "Haptics", settings: "Settings") -> None:
        self._haptics = haptics
        self._settings = settings

    def play(self, pattern: int) -> None:
        """Play a pattern of `ports.Haptics`; softly every one is the shortest."""
        if not self._settings.get("silent"):
            self.ring(pattern)

    def ring(self, pattern: int) -> None:
        """As `play`, also on a silent watch: the wearer has asked to be woken, or looks for the watch."""
        strength = self._settings.get("vibration")
        if strength != "off":
            self._haptics.play(_TICK if strength == "soft" else pattern)
