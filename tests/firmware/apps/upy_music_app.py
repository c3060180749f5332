"""The music as a wearer uses it: what plays is followed, keys reach the phone, and without one it says so."""

import gc

from support.quiet import idle_second

from tests.screens.app_scenes import Desk, app
from tests.screens.panel import Panel
from tests.screens.touches import touch
from watch.apps.api import FAILURE, TICK
from watch.ui.context import Ui
from watch.ui.renderer import Renderer
from watch.ui.stack import Stack

_SIZES = ((410, 502, 115, 2), (240, 240, 0, 1))
INFO = {"t": "musicinfo", "track": "Clair de lune", "artist": "Claude Debussy", "dur": 300}
STATE = {"t": "musicstate", "state": "play", "position": 83}


def _open(*messages, size=_SIZES[1], linked=True):
    desk, panel = Desk(), Panel(*size)
    for message in messages:
        desk.known.phone.receive(message)
    desk.known.phone.link(linked)
    ui = Ui(panel, "firmware/assets")
    screen = app(ui, "music", desk=desk)
    return desk, screen, Stack(ui, Renderer(ui, panel), screen), panel


def _sent(desk):
    """The keys that the phone hears."""
    keys = []
    while len(desk.known.outbox):
        keys.append(desk.known.outbox.take()["n"])
    return keys


def test_every_key_reaches_the_phone():
    for size in _SIZES:
        desk, screen, _, _ = _open(INFO, STATE, size=size)
        for name in ("play", "previous", "next", "quieter", "louder"):
            touch(screen, name)
        assert _sent(desk) == ["playpause", "previous", "next", "volumedown", "volumeup"]
        assert desk.played == [TICK] * 5


def test_a_held_volume_key_goes_on():
    desk, screen, _, _ = _open(INFO, STATE)
    x, y = next((one[1] + 9, one[2] + 9) for one in screen.targets() if one[0] == "louder")
    screen.hold(x, y)
    for now in range(125, 1001, 125):
        screen.tick(now)
    screen.release()
    screen.tick(2000)
    assert _sent(desk) == ["volumeup"] * 8


def test_track_state_and_position_are_followed():
    desk, screen, stack, panel = _open(INFO, STATE)
    assert screen.texts() == ["Clair de lune", "Claude Debussy", "1:23"], screen.texts()
    stack.tick(0)
    for second in range(84, 96):
        desk.now_ms += 1000
        panel.bytes = 0
        stack.tick(0)
        assert screen.texts()[2] == "1:%02d" % (second - 60) and panel.bytes < 6000, (screen.texts(), panel.bytes)
    desk.known.phone.receive({"t": "musicinfo", "track": "夜曲", "artist": "", "album": "十一月的萧邦", "dur": 226})
    desk.known.phone.receive({"t": "musicstate", "state": "pause", "position": 3600})
    stack.tick(0)
    assert screen.texts() == ["夜曲", "十一月的萧邦", "3:46"], "not beyond the end"
    assert not desk.errors


def test_a_track_without_length_or_name_is_no_failure():
    desk, screen, stack, _ = _open({"t": "musicinfo", "dur": 0}, {"t": "musicstate", "state": "play", "position": -1})
    assert screen.texts() == ["Unnamed track"], screen.texts()
    desk.now_ms += 5000
    stack.tick(0)
    assert screen.texts() == ["Unnamed track", "0:05"]
    desk.known.phone.receive({"t": "musicinfo", "track": "x" * 500, "artist": "\u202eabc\n", "dur": 359_999})
    desk.known.phone.receive({"t": "musicstate", "state": "pause", "position": 359_999})
    stack.tick(0)
    assert screen.texts()[0][:110] == "x" * 110 and len(screen.texts()[0].encode()) <= 120
    assert screen.texts()[1:] == ["abc", "99:59:59"] and not desk.errors, screen.texts()


def test_without_a_phone_it_says_so_and_comes_back_when_there_is_one():
    desk, screen, stack, _ = _open(linked=False)
    assert screen.texts()[0] == "No phone" and screen.targets() == []
    desk.known.phone.link(True)
    stack.tick(0)
    assert screen.texts() == ["Nothing plays", "Press play to start"], screen.texts()
    touch(screen, "play")
    assert _sent(desk) == ["playpause"]
    desk.known.phone.receive(INFO)
    desk.known.phone.link(False)
    stack.tick(0)
    assert screen.texts()[:2] == ["Clair de lune", "No phone"], screen.texts()
    touch(screen, "next")
    assert _sent(desk) == [] and desk.played[-1] == FAILURE and not desk.errors


def test_a_phone_that_takes_nothing_is_felt():
    desk, screen, _, _ = _open(INFO, STATE)
    for _ in range(20):
        touch(screen, "louder")
    assert desk.played.count(FAILURE) == 4 and len(_sent(desk)) == 16 and screen.running


def test_an_idle_second_sends_and_allocates_nothing():
    for size in _SIZES:
        desk, _, stack, panel = _open(INFO, dict(STATE, state="pause"), size=size)
        assert idle_second(stack, panel) and not desk.errors


def test_memory_comes_back():
    desk, ui = Desk(), Ui(Panel(*_SIZES[1]), "firmware/assets")
    desk.known.phone.receive(INFO)
    start = 0
    for turn in range(20):
        screen = app(ui, "music", desk=desk)
        touch(screen, "next")
        _sent(desk)
        desk.played.clear()
        screen.close()
        if not turn:
            gc.collect()
            start = gc.mem_alloc()
    del screen
    gc.collect()
    print("NOTE music: used 20 times, heap %+d bytes" % (gc.mem_alloc() - start))
    assert gc.mem_alloc() <= start
