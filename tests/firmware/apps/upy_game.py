"""The game: its rules against a plain version, what is kept, and that nothing of a frame takes heap."""

import gc
import random

import micropython

from apps.game.board import MERGED, NEW, PLACES, Board
from tests.screens.app_scenes import app
from tests.screens.inside import inside
from tests.screens.panel import Panel
from tests.screens.tool_desk import ToolDesk
from tests.screens.tool_scenes import touch
from watch.apps.capabilities import ATTENTION
from watch.system.apps.grants import Dice
from watch.ui.context import Ui
from watch.ui.renderer import Renderer
from watch.ui.stack import Stack

_SIZES = ((410, 502, 115, 2), (240, 240, 0, 1))
_FULL = [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8]
_ALMOST = [0, 5, 6, 7, 3, 4, 5, 6, 4, 5, 6, 7, 3, 4, 5, 6]


class _Panel(Panel):
    """Counts and keeps nothing."""

    def write(self, x, y, w, h, pixels):
        self.bytes += len(pixels)


def _open(size=_SIZES[1], desk=None):
    panel = _Panel(*size)
    ui = Ui(panel, "firmware/assets")
    screen = app(ui, "game", desk=desk or ToolDesk())
    return screen, Stack(ui, Renderer(ui, panel), screen), panel


def _plain_line(values):
    """A line pushed to its beginning, and the points for it, in the plainest way."""
    left, made, points = [value for value in values if value], [], 0
    while left:
        if len(left) > 1 and left[0] == left[1]:
            made.append(left[0] + 1)
            points += 2 ** (left[0] + 1)
            left = left[2:]
        else:
            made.append(left.pop(0))
    return made + [0] * (4 - len(made)), points


def _plain(places, direction):
    out, points = [0] * PLACES, 0
    for number in range(4):
        line = [number * 4 + step for step in range(4)]
        if direction in ("up", "down"):
            line = [number + step * 4 for step in range(4)]
        if direction in ("right", "down"):
            line.reverse()
        made, more = _plain_line([places[place] for place in line])
        points += more
        for place, value in zip(line, made):
            out[place] = value
    return out, points


def test_strokes_are_those_of_the_plain_version():
    random.seed(2048)
    strokes = 0
    for _ in range(12):
        board = Board(lambda count: random.getrandbits(16) % count)
        board.begin()
        while not board.stuck() and strokes < 3000:
            direction = ("left", "right", "up", "down")[random.getrandbits(2)]
            before, score = list(board.cells), board.score
            expected, points = _plain(before, direction)
            moved = board.slide(direction)
            assert moved == (expected != before), (before, direction)
            assert board.score == score + points
            thrown = [place for place in range(PLACES) if board.news[place] == NEW]
            assert len(thrown) == (1 if moved else 0)
            for place in thrown:
                assert not expected[place] and board.cells[place] in (1, 2)
                expected[place] = board.cells[place]
            assert list(board.cells) == expected, (before, direction)
            strokes += 1
        assert all(not board.slide(way) for way in ("left", "right", "up", "down")) or strokes >= 3000
    print("NOTE strokes of the game compared with a plain version:", strokes)


def test_dice_are_fair_and_within_their_bounds():
    dice = ToolDesk().known
    grant = Dice(dice)
    counts = [0] * 10
    for _ in range(2000):
        counts[grant.below(10)] += 1
    assert sum(counts) == 2000 and min(counts) > 120 and grant.below(1) == 0, counts


def test_a_tile_of_two_is_not_joined_twice():
    board = Board(lambda count: 0)
    assert board.restore([1, 1, 1, 1] + [0] * 12, 0)
    board.slide("left")
    assert list(board.cells[:2]) == [2, 2] and board.score == 8 and list(board.news[:2]) == [MERGED, MERGED]


def test_a_game_goes_on_after_another_screen():
    desk = ToolDesk()
    screen, stack, _ = _open(desk=desk)
    for direction in ("left", "up", "right", "down", "left", "up"):
        screen.swipe(direction)
    board = inside(screen)._board
    places, score = list(board.cells), board.score
    stack.push(app(screen.ui, "torch", desk=desk))
    assert not screen.running
    stack.pop()
    again = inside(screen)._board
    assert screen.running and list(again.cells) == places and again.score == score


def test_every_direction_is_the_games_and_a_touch_pauses():
    desk = ToolDesk()
    screen, _, _ = _open(desk=desk)
    screen.swipe("right")
    assert desk.leaving == 0
    screen.tap(120, 120)
    assert [one[0] for one in screen.targets()] == ["on", "again"]
    touch(screen, "on")
    assert screen.targets() == []
    screen.tap(120, 120)
    screen.swipe("right")
    assert desk.leaving == 1


def test_the_end_is_felt_seen_and_followed_by_a_new_game():
    desk = ToolDesk()
    desk.settings.values = {"places": _ALMOST, "score": 100, "best": 90, "before": 90}
    screen, stack, _ = _open(desk=desk)
    screen.swipe("left")
    assert desk.played == [] or desk.played[-1] == ATTENTION
    for _ in range(40):
        stack.tick(0)
    assert "Game over" in screen.texts() and "100" in screen.texts() and "A new best" in screen.texts()
    assert screen.tick_ms == 1000
    touch(screen, "again")
    assert sum([value > 0 for value in inside(screen)._board.cells]) == 2
    screen.end()
    assert desk.settings.values["best"] == 100 and desk.settings.values["before"] == 100


def test_what_is_kept_and_makes_no_board_is_a_new_game():
    for places in ([], [0] * 16, [1] * 15, [1] * 17, [200] + [1] * 15, [-1] + [1] * 15):
        desk = ToolDesk()
        desk.settings.values = {"places": places, "score": 100}
        screen, _, _ = _open(desk=desk)
        assert sum([value > 0 for value in inside(screen)._board.cells]) == 2, places


def _stroke(screen, stack, panel, places, locked):
    """Pairs become one and a tile is thrown; the most bytes of a picture of what moves."""
    inside(screen)._board.restore(places, 0)
    screen.swipe("left")
    stack.render()
    most = 0
    for _ in range(3):
        panel.bytes = 0
        gc.collect()
        if locked:
            micropython.heap_lock()
        try:
            screen.tick(0)
            stack.render()
        finally:
            if locked:
                micropython.heap_unlock()
        most = max(most, panel.bytes)
    return most


def test_moving_tiles_take_no_heap_and_less_than_a_quarter_of_the_panel():
    for size in _SIZES:
        screen, stack, panel = _open(size)
        inside(screen)._board.put("_below", lambda count: 0)
        stack.render()
        most = 0
        for places in ([1] * 16, [1] * 12 + [1, 2, 3, 4], [1, 1, 0, 0] * 3 + [0] * 4):
            _stroke(screen, stack, panel, places, False)
            most = max(most, _stroke(screen, stack, panel, places, True))
        assert screen.tick_ms == 1000
        panel.bytes = 0
        micropython.heap_lock()
        stack.tick(0)
        micropython.heap_unlock()
        assert panel.bytes == 0
        quarter = size[0] * size[1] * 2 // 4
        print("NOTE game %dx%d: at most %d bytes a picture, a quarter is %d" % (size[0], size[1], most, quarter))
        assert 0 < most <= quarter


def test_without_motion_tiles_are_there_at_once():
    screen, stack, panel = _open()
    screen.ui.reduced_motion = True
    stack.render()
    screen.swipe("left") or screen.swipe("up")
    stack.render()
    panel.bytes = 0
    for _ in range(3):
        stack.tick(0)
    assert panel.bytes == 0 and screen.tick_ms == 1000
