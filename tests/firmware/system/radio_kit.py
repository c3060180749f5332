"""A worn watch with a radio on a fake stack, in virtual time, and devices that a test plays."""

import asyncio

from support.world import World

from board.counting.board import BUILT_S
from board.counting.board import build as new_board
from tests.firmware.ble.fake_ble import Central, FakeBle
from watch.kernel.loop import run as run_loop
from watch.kernel.loop import sleep_ms
from watch.kernel.virtual import VirtualTime
from watch.system.main import build

PASSCODE = b"246810"
ADDRESS = bytes.fromhex("F0F1F2F317D5")
_KEPT = []


class _Dark:
    """A panel on which nothing is drawn."""

    urgent = None

    def render(self, screen, can_wait=False):
        """Nothing was left to draw."""
        return True


class CountedTime(VirtualTime):
    """Counts how often the loop wakes after a real wait."""

    def __init__(self):
        super().__init__(BUILT_S)
        self.wakes = 0

    def wait(self, poll, delay_ms):
        if delay_ms:
            self.wakes += 1
        super().wait(poll, delay_ms)


class Worn:
    """The watch. `run` plays a story beside its tasks."""

    def __init__(self, like=None, drawn=False, **settings):
        if not _KEPT:
            _KEPT.append(World().provision().set_passcode().add_card())
            _KEPT[0].services.save_clock()
        self.board = new_board("240x240")
        self.board.flash._image[:] = (like or _KEPT[0]).board.flash._image
        self.time = self.board.clock = CountedTime()
        self.ble = self.board.ble = FakeBle()
        self.board.info.radio_address = ADDRESS
        self.watch = build(self.board)
        if not drawn:
            self.watch.stack._renderer = _Dark()
        self.services, self.bluetooth = self.watch.services, self.watch.bluetooth
        for name, value in settings.items():
            self.services.settings.set(name, value)

    def run(self, story, unlocked=True):
        """Run the coroutine function `story(self)`."""
        return run_loop(self._run(story, unlocked), self.time)

    async def _run(self, story, unlocked):
        task = asyncio.create_task(self.watch.run())
        await sleep_ms(5)
        if unlocked:
            await self.services.guard.unlock(bytearray(PASSCODE))
            self.services.unlocked()
        await self.pause(20)
        try:
            return await story(self)
        finally:
            task.cancel()
            await sleep_ms(1)

    async def pause(self, ms=1200):
        """Let time pass: the screen looks at what happened once a second."""
        await sleep_ms(ms)
        self.ble.pump()

    @property
    def screen(self):
        return self.watch.stack.top.name

    def texts(self):
        return " ".join(self.watch.stack.top.texts())

    def press(self, kind="single"):
        self.watch.navigator.button(kind)

    def swipe(self, direction):
        self.watch.stack.top.swipe(direction)

    def touch(self, name):
        """Touch a target, turning pages; the finger comes down first, as on the glass."""
        for way in ("up",) * 6 + ("down",) * 6:
            for target in self.watch.stack.top.targets():
                if target[0] == name:
                    self.watch.stack.top.press(target[1] + 5, target[2] + 5)
                    self.watch.stack.top.tap(target[1] + 5, target[2] + 5)
                    return
            self.swipe(way if self.screen != "quick" else "left")
        raise AssertionError("nothing called %s to touch on %s" % (name, self.screen))

    def settings(self, *keys):
        """From the face to a page of the settings."""
        self.watch.stack.home()
        self.swipe("down")
        self.touch("settings")
        for key in keys:
            self.touch(key)

    def open_pairing(self, role="phone"):
        self.settings("bluetooth", "pair", role)

    async def pair(self, role="phone", number=1, server=None):
        """Pair a new device; it stays connected. `server(central)` makes what its services are."""
        self.open_pairing(role)
        await self.pause(50)
        central = Central(self.ble, number)
        central.server = server and server(central)
        central.connect()
        if role == "tv":
            central.just_works()
        else:
            central.pair()
            await self.pause()
            assert self.screen == "pairing", self.screen
            self.touch("yes")
        await self.pause()
        assert self.screen == "paired", self.screen + " " + self.texts()
        return central
