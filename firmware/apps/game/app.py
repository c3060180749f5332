"""2048: swipe, and equal tiles become one. A touch pauses; a game that is left goes on where it was."""

from micropython import const

from watch.apps.api import ATTENTION, GREY, LEFT, RIGHT, SUCCESS, TICK, WHITE, App, Label, Paragraph

from .board import MERGED, NEW, PLACES, SIDE, STILL, Board
from .tiles import WHOLE, Tile

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Watch

_LAYOUT = {
    # x, y and side of the first place, pitch, y of score and record
    "large": (33, 106, 80, 88, 12, 68),
    "small": (12, 23, 51, 55, 0, 0),
}
_PAGE = {
    # y of headline, number and line below, y of the keys, height of a key
    "large": (78, 122, 204, 270, 84),
    "small": (2, 32, 70, 95, 52),
}
_PARTS = {
    # size of a tile, tick after tick, in 32nds: a new one grows, one that was made of two takes a breath
    NEW: (10, 22, WHOLE),
    MERGED: (26, 30, WHOLE),
}
_STEPS = const(3)
_FAST_MS, _SLOW_MS = const(50), const(1000)
_MOST_BREATHING = const(4)
"""Smooth motion keeps to a quarter of the panel: where more tiles were made, only the new one grows."""
_LOOK = const(24)  # ticks to look at a board on which nothing moves any more
_GOAL = const(11)  # 2^11
_RESTING = const(-1)


class Game(App):
    """The board, or a page that says it is paused or over."""

    tick_ms = _SLOW_MS

    def open(self, watch: "Watch") -> None:
        """Go on with the game of last time, or begin one."""
        kept = watch.settings
        self._board = Board(watch.dice.below)
        self._best = kept.get("best", 0)
        self._before = kept.get("before", 0)
        if not self._board.restore(kept.get("places", []), kept.get("score", 0)):
            self._board.begin()
        self._swiped = self._board.score > 0
        self._tiles: "list[Tile]" = []
        self._play()

    def close(self) -> None:
        """Keep the game and the best score."""
        kept = self.watch.settings
        kept.set("best", self._best)
        kept.set("before", self._before)
        kept.set("places", list(self._board.cells))
        kept.set("score", self._board.score)

    def tick(self, now: int) -> None:
        """The next picture of what moves; after the last stroke of a game, its end."""
        if self._step == _RESTING or not self._tiles:
            return
        self._step += 1
        if self._step < _STEPS:
            self._grow()
        elif not self._over:
            self._rest()
        elif self._step >= _LOOK:
            self._rest()
            self._show_page()

    def swipe(self, direction: str) -> bool:
        """Push the tiles; on a page, leave to the right."""
        if not self._tiles:
            return False
        if not self._over and self._board.slide(direction):
            self._moved()
        return True

    def tap(self, x: int, y: int) -> None:
        """Pause."""
        if self._tiles:
            self._rest()
            self._show_page()

    def _moved(self) -> None:
        """Show what the stroke has done, and let it be felt if it made something."""
        board = self._board
        self._swiped = True
        self._best = max(self._best, board.score)
        self._over = board.stuck()
        made = [board.cells[place] for place in range(PLACES) if board.news[place] == MERGED]
        self._breathing = len(made) <= _MOST_BREATHING
        if made:
            first = max(made) == _GOAL and max(board.cells) == _GOAL and list(board.cells).count(_GOAL) == 1
            self.watch.haptics.play(ATTENTION if self._over else SUCCESS if first else TICK)
        for place in range(PLACES):
            self._tiles[place].set(board.cells[place])
        self._show_score()
        self._step = 0
        if self.ui.reduced_motion:
            self._step = _STEPS
        else:
            self._grow()
        self.pace(_FAST_MS)

    def _grow(self) -> None:
        news = self._board.news
        for place in range(PLACES):
            if news[place] == NEW or (news[place] != STILL and self._breathing):
                self._tiles[place].grow(_PARTS[news[place]][self._step])

    def _rest(self) -> None:
        self._step = _RESTING
        self.pace(_SLOW_MS)

    def _play(self) -> None:
        """Build the board."""
        self.clear()
        self._rest()
        self._over = False
        ui = self.ui
        x, y, side, pitch, score_y, best_y = _LAYOUT[ui.metrics.panel]
        self._tiles = [
            self.add(Tile(ui, x + place % SIDE * pitch, y + place // SIDE * pitch, side)) for place in range(PLACES)
        ]
        for place in range(PLACES):
            self._tiles[place].set(self._board.cells[place])
        width = ui.width - 2 * x
        if ui.large:
            self._score = self.add(Label(ui, ui.title_font, x, score_y, width, "", WHITE))
            self._record = self.add(Label(ui, ui.caption_font, x, best_y, width, "", GREY))
        else:
            self._score = self.add(Label(ui, ui.caption_font, x, score_y, width, "", WHITE, LEFT))
            self._record = self.add(Label(ui, ui.caption_font, x, best_y, width, "", GREY, RIGHT))
        self._show_score()

    def _show_score(self) -> None:
        words = self.watch.text
        self._score.set(str(self._board.score))
        self._record.set(words.get("best", self._best) if self._swiped or self._best else words.get("hint"))

    def _show_page(self) -> None:
        """Paused, or over: the score, and how to go on."""
        self.clear()
        self._tiles = []
        ui, words, score = self.ui, self.watch.text, self._board.score
        title_y, number_y, best_y, keys_y, key_h = _PAGE[ui.metrics.panel]
        margin = ui.metrics.margin
        width = ui.width - 2 * margin
        record = self._over and score > self._before
        self.add(Label(ui, ui.body_font, margin, title_y, width, words.get("over" if self._over else "paused"), WHITE))
        ink = ui.accent if record else WHITE
        fonts = (ui.figures_font, ui.title_font) if ui.large else (ui.title_font,)
        self.add(Paragraph(ui, fonts, margin, number_y, width, fonts[0].line_height, str(score), ink, 1))
        below = words.get("record") if record else words.get("best", self._best)
        self.add(Label(ui, ui.caption_font, margin, best_y, width, below, ui.accent if record else GREY))
        if self._over:
            keys_y += key_h // 2
        else:
            self.button("on", margin, keys_y, width, key_h, self._play, words.get("on"), face=ui.accent)
            keys_y += ui.metrics.target
        face = ui.accent if self._over else -1
        self.button("again", margin, keys_y, width, key_h, self._again, words.get("again"), face=face)

    def _again(self) -> None:
        self._before = self._best
        self._board.begin()
        self._swiped = False
        self._play()
