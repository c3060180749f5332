"""Push to talk: the side button is held, the watch listens and shows that it does, and does what was said.

The microphone is open only while `ListeningScreen` is in front. A press, a finger, another screen above it or beneath
it and any change of the state end it at once. What was heard is a word of the screen that was in front, or nothing.
"""

from micropython import const

from watch.access import states
from watch.kernel.errors import DeadlineError, WatchError
from watch.kernel.loop import deadline, sleep_ms
from watch.screens import message
from watch.screens.listening import EXAMPLES, ListeningScreen
from watch.system.view import FAILURE, SUCCESS, TICK
from watch.system.voice.masks import ENDS
from watch.voice.heard import CANCELLED, HEARD, MICROPHONE, SILENCE, Heard
from watch.voice.vocabulary import DIGITS

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.system.light import Light
    from watch.system.services import Services
    from watch.system.unlocking import Spawn
    from watch.system.view import View
    from watch.system.voice.actions import Actions
    from watch.system.voice.engine import Engine
    from watch.ui.screen import Screen

LIMIT_MS = const(3000)
"""A word must have been said by then."""
_DEADLINE_MS = const(9000)
"""The longest that listening for one word may take, whatever it does."""
HEARD_MS = const(700)
"""The word is shown before it is done: time to see it, and to stop it by a touch."""
AGAIN_MS = const(1800)
"""Why there was no word is shown."""
MOST_DIGITS = const(12)
"""In one push; more fill no field."""
MOST_MISSES = const(2)
"""Digits in a row that were not understood. Where somebody else talks it is never silent: nothing else would end it."""
_FELT_MS = const(600)
"""A failure is felt for so long, and the microphone would hear it."""


class PushToTalk:
    """One push at a time.

    Args:
        view: what is in front.
        services: the state of the watch.
        light: water mode, in which the microphone is wet.
        spawn: starts a coroutine as a task.
        engine: what listens.
        actions: which words there are, and what they do.
    """

    def __init__(
        self,
        view: "View",
        services: "Services",
        light: "Light",
        spawn: "Spawn",
        engine: "Engine",
        actions: "Actions",
    ) -> None:
        self._view, self._services, self._light, self._spawn = view, services, light, spawn
        self._engine, self._actions = engine, actions
        self._screen: "Optional[ListeningScreen]" = None
        self._beneath: "Optional[Screen]" = None
        """What was in front when the button was held: words are for that screen."""
        self._runs = False
        """A task listens, or is about to end that."""
        self._types = False
        """Digits fill a field of the screen that was in front."""
        self.latest = ""
        """The last word that was heard, or why there was none: for `describe`."""
        services.guard.listen(self._state_changed)

    @property
    def active(self) -> bool:
        """True while it listens, or shows what it has heard."""
        return self._screen is not None

    def held(self) -> bool:
        """The side button is held: True if the watch listens now. False where holding it means something else."""
        if self._runs:
            return True  # it ends: the same finger pressed twice
        if not self._may_listen():
            return False
        self.cancel()  # the wearer says it again without reading on
        words = self._actions.words()
        if not words:
            return False
        self._types = self._actions.types()
        self._listen(words)
        return True

    def pressed(self, kind: str) -> bool:
        """True if a press of the side button was for this: a single one ends it. Others end it too, and go on."""
        if self._screen is None:
            return False
        self.cancel()
        return kind == "single"

    def cancel(self) -> None:
        """Stop listening, or do not do what was heard."""
        if self._screen is not None:
            screen, self._screen = self._screen, None
            self.latest = CANCELLED
            self._view.close(screen)
        if self._runs:
            self._engine.cancel()

    def tick(self) -> None:
        """Whatever covers the mark of the microphone ends it, and whatever waits beneath it."""
        if self._screen is not None and not self._in_front(self._screen):
            self.cancel()

    def _in_front(self, screen: ListeningScreen) -> bool:
        """True while a push shows its picture, above the screen that it began on."""
        return self._screen is screen and self._view.screens()[-2:] == [self._beneath, screen]

    def _may_listen(self) -> bool:
        state = self._services.guard.state
        return self._engine.wanted and state not in states.DEAF and not self._light.wet

    def _listen(self, words: "tuple[str, ...]") -> None:
        examples = [self._example(word) for word in _spread(words)]
        self._beneath = self._view.top
        self._screen = screen = ListeningScreen(self._view.ui, examples, self._engine.level, self.cancel)
        self._view.modal(screen)
        self._runs, self.latest = True, ""
        self._spawn(self._follow(screen, words))

    def _example(self, word: str) -> str:
        """A word as one says it: in English, where there are no weights for the language of the watch."""
        if self._engine.native:
            return self._view.ui.text.get("word.%s.title" % word)
        return word[0].upper() + word[1:]

    async def _follow(self, screen: ListeningScreen, words: "tuple[str, ...]") -> None:
        """From the first sound to what was said, on the screen that was in front before."""
        try:
            said, reason = await self._listen_out(screen, words)
            if self._screen is screen:
                await (self._show(screen, said) if said else self._excuse(screen, reason))
            if self._in_front(screen):
                self._close(screen)
                self._do(said)
        except WatchError as error:
            self._fail(screen, error.code)
        finally:
            if self._screen is screen:
                self._close(screen)

    async def _listen_out(self, screen: ListeningScreen, words: "tuple[str, ...]") -> "tuple[list[str], str]":
        """What was said, or why there is nothing. Nobody listens any more then, and the button may be held again.

        Raises WatchError: the watch cannot listen.
        """
        try:
            if self._types:
                return await self._digits(screen, words)
            heard = await self._hear(screen, words)
            return ([heard.word] if heard.word else []), heard.reason
        finally:
            self._runs = False

    async def _digits(self, screen: ListeningScreen, words: "tuple[str, ...]") -> "tuple[list[str], str]":
        """One digit after the other, until nobody speaks any more or says *stop*."""
        said: "list[str]" = []
        misses = 0
        while len(said) < MOST_DIGITS:
            heard = await self._hear(screen, words + (ENDS,))
            if self._screen is not screen:
                return [], CANCELLED
            misses = 0 if heard.word else misses + 1
            if heard.word in DIGITS:
                said.append(heard.word)
            elif heard.word == ENDS or heard.reason == SILENCE or not said or misses == MOST_MISSES:
                return said, heard.reason
            screen.typed(self._shown(said))
            if misses:
                self._view.play(FAILURE)
                await sleep_ms(_FELT_MS)
        return said, HEARD

    async def _hear(self, screen: ListeningScreen, words: "tuple[str, ...]") -> Heard:
        """One word. Raises WatchError: there is nothing to listen with."""
        try:
            heard = await deadline(_DEADLINE_MS, self._open(screen, words))
        except DeadlineError:
            heard = Heard("", SILENCE)
        except OSError:
            heard = Heard("", MICROPHONE)
        if heard.word and heard.word not in words:
            heard = Heard("", MICROPHONE)  # whoever decides about words decides within the mask
        self.latest = heard.word or heard.reason
        return heard

    async def _open(self, screen: ListeningScreen, words: "tuple[str, ...]") -> Heard:
        """Open the microphone, unless its picture has gone since this was asked for: nothing runs in between.

        To load weights takes a while: the watch is felt once it can hear.
        """
        if not self._in_front(screen):
            return Heard("", CANCELLED)
        listener = self._engine.listener()
        self._view.play(TICK)
        return await listener.listen(words, LIMIT_MS)

    async def _show(self, screen: ListeningScreen, said: "list[str]") -> None:
        screen.heard(self._shown(said))
        self._view.play(SUCCESS)
        await sleep_ms(HEARD_MS)

    def _shown(self, said: "list[str]") -> str:
        """A word as it is written; of several the digits as figures."""
        text = self._view.ui.text.get
        figures = self._types
        return " ".join(
            [str(DIGITS.index(one)) if figures and one in DIGITS else text("word.%s.title" % one) for one in said]
        )

    async def _excuse(self, screen: ListeningScreen, reason: str) -> None:
        """No word: say why, unless the wearer knows."""
        if reason not in (HEARD, CANCELLED):
            screen.again(reason)
            self._view.play(FAILURE)
            await sleep_ms(AGAIN_MS)

    def _fail(self, screen: ListeningScreen, code: str) -> None:
        """No word, and no fault of whoever spoke: what is wrong, and what to do."""
        if self._in_front(screen):
            self._close(screen)
            self.latest = code
            view = self._view
            view.result_above(message.error(view.ui, code, view.close_result))

    def _close(self, screen: ListeningScreen) -> None:
        self._screen = None
        self._view.close(screen)

    def _do(self, said: "list[str]") -> None:
        """What was said, on the screen that is in front again."""
        if self._services.guard.state in states.DEAF or self._view.top is not self._beneath:
            return
        for word in said:
            try:
                self._actions.do(word)
            except WatchError as error:
                self._view.error(error.code)
                return

    def _state_changed(self, old: str, new: str) -> None:
        """A card, a lock, a wipe: whatever the watch is now, what was said was meant for what it was before."""
        self.cancel()


def _spread(words: "tuple[str, ...]") -> "list[str]":
    """Examples from all over the list."""
    if len(words) <= EXAMPLES:
        return list(words)
    return [words[at * (len(words) - 1) // (EXAMPLES - 1)] for at in range(EXAMPLES)]
