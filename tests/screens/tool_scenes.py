"""Scenes of the calculator, the game, the phone finder, the activity and the loyalty cards."""

from tests.screens.app_scenes import Desk, app


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
    return keys(app(ui, "calculator", desk=Desk()), *typed, *more)


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
)
"""Name and builder of every picture of these apps."""
