"""Scenes of the calculator, the game, the phone finder, the activity and the loyalty cards."""

from tests.screens.app_scenes import app
from tests.screens.tool_desk import ToolDesk

_LATE = (1, 0, 2, 1, 3, 1, 4, 2, 5, 7, 6, 3, 8, 9, 10, 4)
_ALL = (17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 0)
_LAST = (0, 5, 6, 7, 3, 4, 5, 6, 4, 5, 6, 7, 3, 4, 5, 6)


def touch(screen, name):
    """Touch the middle of a target. Raises KeyError if it is not there."""
    places = {one[0]: one for one in screen.targets()}
    _, x, y, w, h = places[name]
    screen.press(x + w // 2, y + h // 2)
    screen.release()
    screen.tap(x + w // 2, y + h // 2)


def keys(screen, *names):
    """Touch keys of the calculator, turning its pages where one is not in sight."""
    for name in names:
        for turn in ("half", "turn", "half", "half"):
            there = [one[0] for one in screen.targets()]
            if name not in there:
                touch(screen, turn if turn in there else "turn")
        touch(screen, name)
    return screen


def calculator(ui, typed, *more):
    """The calculator after some keys."""
    return keys(app(ui, "calculator", desk=ToolDesk()), *typed, *more)


def game(ui, places=(), score=0, best=0, before=0):
    """The game at a position."""
    desk = ToolDesk()
    desk.settings.values = {"places": list(places), "score": score, "best": best, "before": before}
    return app(ui, "game", desk=desk)


def paused(ui, score, best, places=_LATE):
    """The game after a touch."""
    screen = game(ui, places, score, best)
    screen.tap(ui.width // 2, ui.height // 2)
    return screen


def over(ui, score, best, before):
    """The game after its last stroke: the board is full, and nothing is equal."""
    screen = game(ui, _LAST, score, best, before)
    screen.swipe("left")
    for _ in range(40):
        screen.tick(0)
    return screen


def phone(ui, connected=True, rings_ms=-1, wanted=False):
    """The phone finder; `rings_ms`: for how long the phone rings already."""
    desk = ToolDesk()
    desk.known.phone.connected = connected
    if rings_ms >= 0:
        desk.known.find_phone.start()
        desk.known.clock.ms = rings_ms
    if wanted:
        desk.known.find_phone.take(True)
    return app(ui, "phone", desk=desk)


SCENES = (
    ("calculator", lambda ui: calculator(ui, "")),
    ("calculator-typed", lambda ui: calculator(ui, "12.5")),
    ("calculator-long", lambda ui: calculator(ui, "1234567.891")),
    ("calculator-operation", lambda ui: calculator(ui, "1234+56", "turn")),
    ("calculator-waiting", lambda ui: calculator(ui, "1234+56")),
    ("calculator-result", lambda ui: calculator(ui, "0.1+0.2=")),
    ("calculator-third", lambda ui: calculator(ui, "1/3=", "sign")),
    ("calculator-tiny", lambda ui: calculator(ui, "1/3/987654321=", "sign")),
    ("calculator-zero", lambda ui: calculator(ui, "7/0=")),
    ("calculator-more", lambda ui: calculator(ui, "0.1+0.2=", "half")),
    ("game", game),
    ("game-late", lambda ui: game(ui, _LATE, 13276, 21444)),
    ("game-all", lambda ui: game(ui, _ALL, 3932100, 3932100)),
    ("game-paused", lambda ui: paused(ui, 13276, 21444)),
    ("game-over", lambda ui: over(ui, 1208, 21444, 21444)),
    ("phone", phone),
    ("phone-ringing", lambda ui: phone(ui, True, 18_000)),
    ("phone-away", lambda ui: phone(ui, False)),
    ("phone-wanted", lambda ui: phone(ui, True, -1, True)),
    ("game-record", lambda ui: over(ui, 3932100, 3932100, 21444)),
)
"""Name and builder of every picture of these apps."""
