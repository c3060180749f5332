"""Settings, Voice: whether the watch listens at all, and the wearer's own way to say each word, three times each."""

from micropython import const

from watch.access import states
from watch.kernel.errors import WatchError
from watch.kernel.loop import deadline, sleep_ms
from watch.screens.listening import ListeningScreen
from watch.screens.marks import marked
from watch.screens.question import QuestionScreen
from watch.screens.rows import CHOSEN, OFF, ON, PLAIN, Row, RowsScreen
from watch.system.view import FAILURE, SUCCESS, TICK
from watch.voice.heard import CANCELLED, MICROPHONE, Heard
from watch.voice.prototypes import MAX_SHOTS
from watch.voice.vocabulary import WORDS

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.system.services import Services
    from watch.system.unlocking import Spawn
    from watch.system.view import View
    from watch.system.voice.engine import Engine

LIMIT_MS = const(4000)
"""To begin to say a word."""
_DEADLINE_MS = const(9000)
LEAST_LIKE_PERCENT = const(35)
"""How like the first time the others must be; docs/voice.md, "Your own words", says what that lets through."""
MOST_TRIES = const(8)
"""For three shots; then the wearer may begin anew."""
_SHOWN_MS = const(900)
_AGAIN_MS = const(1800)
_READ_MS = const(1000)  # a question has been on the screen this long before a touch answers yes


class VoiceSettings:
    """Whoever gets here has entered the passcode.

    Args:
        view: where it is shown.
        services: settings, and the state of the watch.
        spawn: starts a coroutine as a task.
        engine: what listens and keeps the words.
    """

    def __init__(self, view: "View", services: "Services", spawn: "Spawn", engine: "Engine") -> None:
        self._view, self._services, self._spawn, self._engine = view, services, spawn, engine
        self._screen: "Optional[ListeningScreen]" = None
        self._runs = False
        services.guard.listen(self._state_changed)

    def tick(self) -> None:
        """Whatever covers the mark of the microphone ends it."""
        if self._screen is not None and self._view.top is not self._screen:
            self._cancel()

    def open(self) -> None:
        """Show the switch, and the way to the words."""
        view = self._view
        screen = RowsScreen(view.ui, "voice", view.ui.text.get("settings.voice"), self._rows(), self._choose, view.back)
        self._list = screen
        view.deeper(screen)

    def _rows(self) -> "list[Row]":
        text = self._view.ui.text.get
        on = self._services.settings.get("voice")
        rows = [Row("voice", text("setting.voice"), mark=ON if on else OFF)]
        if self._engine.possible:
            count = self._count()
            rows.append(marked("teach", text("voice.teach"), text("voice.taught", count) if count else ""))
            if count:
                rows.append(marked("unteach", text("voice.unteach")))
        return rows

    def _choose(self, key: str) -> None:
        if key == "voice":
            settings = self._services.settings
            self._view.done(lambda: settings.set("voice", not settings.get("voice")))
            self._list.show(self._rows())
        elif key == "teach":
            self._view.done(self._open_words)
        else:
            self._ask_forget()

    def _open_words(self) -> None:
        """Every word, those that are taught with a mark. Raises WatchError."""
        view = self._view
        title, rows = view.ui.text.get("voice.teach"), self._word_rows()
        self._words = RowsScreen(view.ui, "voice-words", title, rows, self._word, self._leave)
        view.deeper(self._words)

    def _word_rows(self) -> "list[Row]":
        """Raises WatchError."""
        text, known = self._view.ui.text.get, self._engine.prototypes()
        return [
            Row(word, text("word.%s.title" % word), mark=CHOSEN if known.enrolled(word) else PLAIN) for word in WORDS
        ]

    def _leave(self) -> None:
        """Back to the switch, which knows by then how many there are."""
        self._view.back()
        self._list.show(self._rows())

    def _word(self, word: str) -> None:
        """Teach it; ask what to do if it is taught already."""
        view, text = self._view, self._view.ui.text.get
        if not self._engine.prototypes().enrolled(word):
            self._teach(word)
            return
        rows = [marked("teach", text("voice.once-more")), marked("unteach", text("voice.forget"))]

        def choose(key: str) -> None:
            view.back()
            if key == "teach":
                self._teach(word)
            else:
                view.done(lambda: self._forget(word))

        view.deeper(RowsScreen(view.ui, "voice-word", text("word.%s.title" % word), rows, choose, view.back))

    def _forget(self, word: str) -> None:
        self._engine.prototypes().forget(word)
        self._engine.save()
        self._words.show(self._word_rows())

    def _ask_forget(self) -> None:
        view = self._view

        def yes() -> None:
            if view.age_ms() >= _READ_MS:
                view.back()
                view.done(self._forget_all)
                self._list.show(self._rows())

        view.deeper(QuestionScreen(view.ui, "unteach", yes, view.back))

    def _forget_all(self) -> None:
        self._engine.prototypes().forget_all()
        self._engine.save()

    def _teach(self, word: str) -> None:
        if not self._runs and self._services.guard.state not in states.DEAF:
            self._runs = True
            self._picture(word, 0)
            self._spawn(self._record(word))

    async def _record(self, word: str) -> None:
        """Three times the same word. Whatever differs too much from the first time is asked for again."""
        made: "list[bytearray]" = []
        try:
            shots = await self._shots(word, made)
            if len(shots) == MAX_SHOTS:
                prototypes = self._engine.prototypes()
                prototypes.add(word, shots)
                self._engine.save()
                self._words.show(self._word_rows())
                await self._praise(word)
        except WatchError as error:
            self._end()
            self._view.error(error.code)
        finally:
            for shot in made:
                shot[:] = bytes(len(shot))
            self._end()
            self._runs = False

    async def _shots(self, word: str, made: "list[bytearray]") -> "list[bytearray]":
        """Three shots that are like each other, or fewer if the wearer has had enough; `made`: the others too.

        Raises WatchError.
        """
        shots: "list[bytearray]" = []
        prototypes = self._engine.prototypes()
        for _ in range(MOST_TRIES):
            shot = bytearray(prototypes.size)
            made.append(shot)
            heard = await self._listen(shot)
            if self._screen is None or heard.reason == CANCELLED:
                return []
            reason = heard.reason
            if not reason and shots and prototypes.likeness(shots[0], shot) * 100 < LEAST_LIKE_PERCENT:
                reason = "differs"
            if reason:
                await self._excuse(reason)
            else:
                shots.append(shot)
                self._view.play(TICK)
            if self._screen is None or len(shots) == MAX_SHOTS:
                break
            self._picture(word, len(shots))
        return shots if self._screen is not None else []

    def _picture(self, word: str, done: int) -> None:
        """The mark of the microphone, before that opens: a touch, a lock or a card ends it from here on."""
        view, text = self._view, self._view.ui.text.get
        title, steps = text("voice.say", text("word.%s.title" % word)), (MAX_SHOTS, done)
        caption = text("voice.times")
        screen = ListeningScreen(view.ui, (), self._engine.level, self._cancel, title, caption, steps)
        before, self._screen = self._screen, screen
        view.modal(screen)
        if before is not None:
            view.close(before)

    async def _listen(self, shot: bytearray) -> Heard:
        if self._screen is None:
            return Heard("", CANCELLED)
        try:
            return await deadline(_DEADLINE_MS, self._open(self._screen, shot))
        except OSError:
            return Heard("", MICROPHONE)

    async def _open(self, screen: ListeningScreen, shot: bytearray) -> Heard:
        """Open the microphone, unless its picture has gone since this was asked for: nothing runs in between."""
        if self._screen is not screen or self._view.top is not screen:
            return Heard("", CANCELLED)
        return await self._engine.listener().record(shot, LIMIT_MS)

    async def _praise(self, word: str) -> None:
        text = self._view.ui.text.get
        await self._show(
            lambda screen: screen.heard(text("word.%s.title" % word), text("voice.learned")), SUCCESS, _SHOWN_MS
        )

    async def _excuse(self, reason: str) -> None:
        await self._show(lambda screen: screen.again(reason), FAILURE, _AGAIN_MS)

    async def _show(self, change: "Callable[[ListeningScreen], None]", pattern: int, time_ms: int) -> None:
        """Show what became of it, and let it be felt."""
        if self._screen is not None:
            change(self._screen)
            self._view.play(pattern)
            await sleep_ms(time_ms)

    def _cancel(self) -> None:
        self._engine.cancel()
        self._end()

    def _end(self) -> None:
        screen, self._screen = self._screen, None
        if screen is not None:
            self._view.close(screen)

    def _count(self) -> int:
        """How many are taught; none if that cannot be read."""
        try:
            return len(self._engine.prototypes().words())
        except WatchError:
            return 0

    def _state_changed(self, old: str, new: str) -> None:
        """Nobody teaches a watch that is locked, or pays."""
        if self._screen is not None:
            self._cancel()
