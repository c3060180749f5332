"""A whole watch with a card on the counting board, worn and driven as its screen task would."""

import asyncio

from support.world import World
from watch.system.main import build

PASSCODE = b"246810"
_KEPT = []


def ready_board():
    """A counting board whose flash holds a watch with a passcode and a card."""
    if not _KEPT:
        _KEPT.append(World().provision().set_passcode().add_card())
        _KEPT[0].services.save_clock()
    return World(_KEPT[0]).board


class Worn:
    """Inputs, then a tick. `dark`: the screen has gone out. `files`: folder for them. `settings`: of the wearer."""

    def __init__(self, unlocked=True, dark=True, files=None, **settings):
        self.board = ready_board()
        self.board.info.files = files
        self.felt = []
        self.board.haptics.play = self.felt.append
        self.watch = build(self.board)
        self.kept = self.watch.services.notifications
        for name, value in settings.items():
            self.watch.services.settings.set(name, value)
        if unlocked:
            self.unlock()
        self.wait(30 if dark else 1)
        assert self.watch.light.dark == dark
        del self.felt[:]

    def unlock(self):
        asyncio.run(self.watch.services.guard.unlock(bytearray(PASSCODE)))

    async def enter(self):
        """The passcode, as the keys hand it over."""
        self.watch.stack.top.entered(bytearray(PASSCODE))
        while not self.watch.services.guard.unlocked():
            await asyncio.sleep(0)
        await asyncio.sleep(0)

    @property
    def screen(self):
        return self.watch.stack.top.name

    def texts(self):
        return self.watch.stack.top.texts()

    def step(self):
        self.watch._take_input()
        self.watch.navigator.tick()

    def wait(self, seconds):
        for _ in range(seconds):
            self.board.clock.now_us += 1_000_000
            self.step()
        return self

    def post(self, number=1, **fields):
        self.watch.services.phone.notify(
            dict({"id": number, "src": "Chat", "title": "Ada", "body": "Soup at noon?"}, **fields)
        )
        self.step()

    def touch(self, x=120, y=120):
        self.board.touch.events += [[1, x, y], [0, x, y]]
        self.step()

    def stroke(self, x0, y0, x1, y1):
        self.board.touch.events += [[1, x0, y0], [1, x1, y1], [0, x1, y1]]
        self.step()
