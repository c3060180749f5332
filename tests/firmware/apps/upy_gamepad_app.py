"""The gamepad as a wearer uses it: what a finger and a turned wrist send, and that nothing stays pressed."""

import micropython
from support.quiet import idle_second

from tests.screens.app_scenes import Desk, app
from tests.screens.panel import Panel
from tests.screens.television import TvLink
from watch.system.gamepad import BUTTONS, KEYS
from watch.ui.context import Ui
from watch.ui.gestures import Gestures
from watch.ui.renderer import Renderer
from watch.ui.stack import Stack

_SIZES = ((410, 502, 115, 2), (240, 240, 0, 1))
IDLE = bytes(6)


class Player:
    """A gamepad on a panel, with a television that writes down what it hears."""

    def __init__(self, size=_SIZES[1], way="", there=True, **settings):
        self.desk, self.panel, self.link = Desk(), Panel(*size), TvLink()
        self.hid = self.desk.known.hid
        self.hid.paired = lambda: True
        if there:
            self.hid.joined(self.link)
        if way:
            settings["way"] = way
        for name, value in settings.items():
            self.desk.settings.set(name, value)
        ui = Ui(self.panel, "firmware/assets")
        self.screen = app(ui, "gamepad", desk=self.desk)
        self.stack = Stack(ui, Renderer(ui, self.panel), self.screen)

    def spot(self, name, dx=0, dy=0):
        """A point of a target."""
        x, y, w, h = next(one[1:] for one in self.screen.targets() if one[0] == name)
        return x + w // 2 + dx, y + h // 2 + dy

    def touch(self, name):
        """Press and let go."""
        self.screen.finger(True, *self.spot(name))
        self.screen.finger(False, *self.spot(name))

    def names(self):
        """What can be touched."""
        return {one[0] for one in self.screen.targets()}

    def hold(self, x, y, z):
        """Turn the wrist, and let the app look."""
        self.desk.known.held = [x, y, z]
        self.screen.tick(0)
        return self.link.take()


def test_every_key_of_every_layout_reaches_the_television():
    seen = set()
    for size in _SIZES:
        for way in ("stick", "tilt", "remote", "player"):
            player = Player(size, way)
            player.link.take()
            for name in sorted(player.names() - {"pad", "ways", "centre"}):
                player.touch(name)
                down, up = player.link.take()
                number = BUTTONS[name] if name in BUTTONS else KEYS[name]
                assert int.from_bytes(down, "little") == 1 << number, name
                assert up == bytes(len(up)), name
                seen.add(name)
            assert player.desk.errors == []
    print("NOTE gamepad: %d buttons and keys on the glass" % len(seen))
    assert {"a", "b", "x", "y", "l1", "r1", "select", "start"} <= seen and set(KEYS) <= seen


def test_a_finger_that_slides_lets_go_of_the_first_key():
    player = Player(way="remote")
    player.screen.finger(True, *player.spot("left"))
    player.screen.finger(True, *player.spot("left", 5, 5))
    assert len(player.link.take()) == 1, "a finger that moves on its key presses it again"
    player.screen.finger(True, *player.spot("ok"))
    player.screen.finger(False, *player.spot("ok"))
    pressed = [int.from_bytes(report, "little") for report in player.link.take()]
    assert pressed == [0, 1 << KEYS["ok"], 0], pressed


def test_the_stick_goes_where_the_thumb_is_and_springs_back():
    for size in _SIZES:
        player = Player(size)
        player.screen.finger(True, *player.spot("pad"))
        assert player.link.take() == [], "the middle moves the stick"
        player.screen.finger(True, *player.spot("pad", 20, 0))
        player.screen.finger(True, *player.spot("pad", 4000, -4000))
        small, far = player.link.take()
        assert 0 < small[2] < 127 and small[3] == 0
        assert 85 <= far[2] <= 92 and 85 <= 256 - far[3] <= 92, "not on the rim"
        player.screen.finger(False, 0, 0)
        assert player.link.take() == [IDLE]


def test_the_direction_pad_has_eight_directions():
    player = Player(way="cross")
    found = []
    for dx, dy in ((0, -60), (60, -60), (60, 0), (60, 60), (0, 60), (-60, 60), (-60, 0), (-60, -60), (3, 3)):
        player.screen.finger(True, *player.spot("pad", dx, dy))
        found.append(player.link.take()[-1][1] >> 4)
    assert found == [1, 2, 3, 4, 5, 6, 7, 8, 0], found
    player.screen.finger(False, 0, 0)
    assert player.link.take() == []


def test_tilt_is_measured_from_how_it_was_held_and_has_a_dead_zone():
    for middle, right, towards in (
        ((0, 0, 1000), (300, 0, 954), (0, 300, 954)),
        ((0, 1000, 0), (300, 954, 0), (0, 954, -300)),
        ((0, 700, 714), (300, 668, 681), (0, 882, 472)),
    ):
        player = Player(way="tilt")
        player.desk.known.held = list(middle)
        player.touch("centre")
        player.link.take()
        assert player.hold(middle[0] + 40, *middle[1:]) == [], "noise steers"
        across = player.hold(*right)[-1]
        assert 60 < across[4] < 100 and across[5] == 0, across
        down = player.hold(*towards)[-1]
        assert down[4] == 0 and 60 < down[5] < 100, down
        assert player.hold(*middle)[-1] == IDLE
        assert player.hold(-32768, 32767, 0)[-1][4] == 0x81, "a blow breaks it"


def test_sensitivity_is_the_wearers():
    strength = []
    for feel in range(3):
        strength.append(Player(way="tilt", feel=feel).hold(200, 0, 980)[-1][4])
    assert strength[0] < strength[1] < strength[2], strength
    player = Player(way="tilt", feel=7)
    assert player.desk.errors == [] and player.screen.running


def test_the_light_stays_on_in_use_and_a_controller_laid_down_lets_go():
    player = Player(way="tilt")
    player.hold(300, 0, 954)
    assert player.screen.keeps_light == "app-gamepad"
    player.desk.now_ms = 179_000
    player.screen.tick(0)
    assert player.screen.keeps_light
    player.desk.now_ms = 180_000
    player.screen.tick(0)
    assert player.screen.keeps_light == "" and player.link.take()[-1] == IDLE
    assert player.hold(-300, 0, 954) == [], "a watch that was laid down steers"
    player.touch("a")
    assert player.screen.keeps_light and player.hold(300, 0, 954) != []


def test_a_television_that_goes_or_comes_changes_the_page():
    player = Player(there=False)
    assert player.screen.texts()[0] == "Waiting for the TV" and player.screen.keeps_light == ""
    player.hid.paired = lambda: False
    player.screen.tick(0)
    assert player.screen.texts()[0] == "No TV yet" and "Settings" in player.screen.texts()[1]
    player.hid.joined(player.link)
    player.screen.tick(0)
    assert "a" in player.names()
    player.screen.finger(True, *player.spot("a"))
    player.link.alive = False
    player.hid.left(player.link)
    player.hid.paired = lambda: True
    player.screen.tick(0)
    assert player.screen.texts()[0] == "Waiting for the TV"
    player.screen.finger(False, 0, 0)
    assert player.desk.errors == []


def test_leaving_chooses_and_lets_go():
    player = Player()
    player.screen.finger(True, *player.spot("pad", 30, 0))
    player.screen.button("single")
    assert player.desk.leaving == 1
    player.screen.finger(False, 0, 0)
    player.screen.finger(True, *player.spot("pad", 30, 0))
    player.screen.finger(False, 0, 0)
    player.screen.finger(True, *player.spot("ways"))
    player.screen.finger(False, *player.spot("ways"))
    assert player.link.take()[-1] == IDLE, "the choice leaves the stick where it was"
    assert not player.screen.follows_finger
    player.screen.swipe("up")
    x, y = player.spot("remote")
    player.screen.tap(x, y)
    assert "ok" in player.names() and player.screen.follows_finger
    player.screen.end()
    assert player.desk.settings.values["way"] == "remote"


def test_a_touch_and_a_turn_allocate_nothing():
    for way, name in (("stick", "a"), ("stick", "pad"), ("cross", "pad"), ("remote", "ok"), ("tilt", "b")):
        player = Player(way=way)
        player.link.quiet = bytearray(6)
        gestures = Gestures(
            player.stack, _Finger(player.spot(name, 40 if name == "pad" else 0)), player.screen.ui, _zero, _difference
        )
        player.desk.played = _Silent()
        gestures.poll()
        micropython.heap_lock()
        try:
            gestures.poll()
            player.desk.known.held[0] += 300
            player.screen.tick(0)
        finally:
            micropython.heap_unlock()
        assert player.link.tries >= 4 and player.desk.errors == [], (way, name)


def test_a_second_without_news_costs_nothing():
    for way in ("stick", "remote"):
        player = Player(way=way)
        assert idle_second(player.stack, player.panel)


class _Finger:
    """A touch panel with one touch and a short slide, again and again."""

    def __init__(self, spot):
        self._spot, self._at = spot, 0

    def read(self, into):
        if self._at == 3:
            self._at = 0
            return False
        into[0], into[1], into[2] = 1 if self._at < 2 else 0, self._spot[0] + 4 * self._at, self._spot[1]
        self._at += 1
        return True


class _Silent:
    """A list that keeps nothing."""

    def append(self, _pattern):
        pass


def _zero():
    return 0


def _difference(one, other):
    return one - other
