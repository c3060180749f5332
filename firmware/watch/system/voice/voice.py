"""Voice as the rest of the system sees it: what is needed is loaded when somebody first wants to speak, or to teach."""

from micropython import const

from watch.access import states
from watch.system.voice.engine import Engine

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from board.ports import Board
    from watch.system.light import Light
    from watch.system.services import Services
    from watch.system.unlocking import Spawn
    from watch.system.view import View
    from watch.system.voice.push import PushToTalk
    from watch.system.voice.teaching import VoiceSettings


class Voice:
    """Push to talk, and its settings. Most days of a watch begin without either, and keep that room.

    Args:
        view, services, light, spawn: as for `PushToTalk`.
        board: its microphone, and the folder of the weights.
        open_app: opens an app by its id.
    """

    def __init__(
        self,
        view: "View",
        services: "Services",
        light: "Light",
        spawn: "Spawn",
        board: "Board",
        open_app: "Callable[[str], None]",
    ) -> None:
        self._view, self._services, self._light, self._spawn = view, services, light, spawn
        self._open_app = open_app
        self.engine = Engine(board, services.clock, services.settings, services.recorded)
        self.ways: "dict[str, Callable[[], None]]" = {}
        """What some of the words open; the navigator fills it."""
        self._push: "Optional[PushToTalk]" = None
        self.teaching: "Optional[VoiceSettings]" = None
        """The settings, once they were opened."""
        services.guard.listen(self._state_changed)

    @property
    def push(self) -> "PushToTalk":
        """What listens while the side button is held."""
        if self._push is None:
            from watch.system.voice.actions import Actions
            from watch.system.voice.push import PushToTalk

            actions = Actions(self._view, self._services, self._open_app, self.ways)
            self._push = PushToTalk(self._view, self._services, self._light, self._spawn, self.engine, actions)
        return self._push

    def held(self) -> bool:
        """The side button is held: True if the watch listens now. False where holding it means something else."""
        return self.engine.wanted and self.push.held()

    def pressed(self, kind: str) -> bool:
        """True if a press of the side button was for this."""
        return self._push is not None and self._push.pressed(kind)

    def tick(self) -> None:
        """To be called whenever the screen in front may have changed."""
        if self._push is not None:
            self._push.tick()
        if self.teaching is not None:
            self.teaching.tick()

    def open(self) -> None:
        """Show the settings."""
        if self.teaching is None:
            from watch.system.voice.teaching import VoiceSettings

            self.teaching = VoiceSettings(self._view, self._services, self._spawn, self.engine)
        self.teaching.open()

    def describe(self) -> "dict[str, Any]":
        """Whether it listens, and what it made of the last word."""
        push = self._push
        return {"listening": push is not None and push.active, "latest": "" if push is None else push.latest}

    def _state_changed(self, old: str, new: str) -> None:
        """Recorded words lie in RAM too."""
        if new == states.WIPING:
            self.engine.drop()
