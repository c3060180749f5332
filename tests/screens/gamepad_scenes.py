"""The gamepad in each of its states."""

from tests.screens.app_scenes import Desk, app
from tests.screens.television import TvLink


def pad(ui, way="", held=(0, 0, 1000), finger=None, state=2):
    """With a television that is `state`: 0 none is paired, 1 away, 2 there. `finger` is (target, dx, dy)."""
    desk = Desk()
    hid = desk.known.hid
    hid.paired = lambda: state > 0
    if state == 2:
        hid.joined(TvLink())
    if way:
        desk.settings.set("way", way)
    screen = app(ui, "gamepad", desk=desk)
    desk.known.held = list(held)
    screen.tick(0)
    if finger is not None:
        name, dx, dy = finger
        x, y, w, h = next(one[1:] for one in screen.targets() if one[0] == name)
        screen.finger(True, x + w // 2 + dx, y + h // 2 + dy)
    return screen


def choice(ui):
    """Which way to control."""
    screen = pad(ui)
    x, y, w, h = next(one[1:] for one in screen.targets() if one[0] == "ways")
    screen.finger(True, x + w // 2, y + h // 2)
    screen.finger(False, x + w // 2, y + h // 2)
    return screen


SCENES = (
    ("gamepad-none", lambda ui: pad(ui, state=0)),
    ("gamepad-away", lambda ui: pad(ui, state=1)),
    ("gamepad-stick", lambda ui: pad(ui, finger=("pad", 30, -24))),
    ("gamepad-cross", lambda ui: pad(ui, "cross", finger=("b", 0, 0))),
    ("gamepad-tilt", lambda ui: pad(ui, "tilt", (240, -180, 950))),
    ("gamepad-remote", lambda ui: pad(ui, "remote", finger=("ok", 0, 0))),
    ("gamepad-player", lambda ui: pad(ui, "player")),
    ("gamepad-ways", choice),
)
"""Name and builder of every picture of the gamepad."""
