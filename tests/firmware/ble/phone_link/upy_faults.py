"""The tasks of the phone link stopped, and the link lost, at every await; a thousand conversations and the heap."""

import asyncio
import gc
import os

from tests.firmware.ble.phone_link.desk import Desk, FakeLink, settle
from watch.kernel.loop import run, sleep_ms
from watch.kernel.virtual import VirtualTime

LONG = bool(os.getenv("TAPWATCH_LONG"))
SAID = (
    b'\x10setTime(1795003200);E.setTimeZone(1.0);(s=>{})(1)\n\x10GB({"t":"is_gps_active"})\n'
    b'\x10GB({"t":"notify","id":1,"src":"Chat","body":"Soup \\0\\b\\b\\1\x01\x18\x24\x42\x42\x24\x18\x01"})\n'
    b'\x10GB({"t":"call","cmd":"incoming","name":"Ada","number":"123"})\n'
    b'\x10GB({"t":"alarm","d":[{"h":7,"m":30,"rep":31,"on":true},{"h":8,"m":0,"rep":0,"on":false}]})\n'
    b'\x10GB({"t":"listRecs"})\n\x10GB({"t":"notify-","id":1})\n\x10GB({"t":"call","cmd":"end"})\n'
)


class Counted:
    """Stands in for a coroutine, and tells each await of it."""

    def __init__(self, coroutine, awaited):
        self._coroutine, self._awaited = coroutine, awaited

    def send(self, value):
        """Go on to the next await."""
        result = self._coroutine.send(value)
        self._awaited(self)
        return result

    def throw(self, error):
        """It is cancelled, or a deadline has passed."""
        result = self._coroutine.throw(error)
        self._awaited(self)
        return result


class Bench:
    """Runs one conversation; at one await its task is stopped (`stop`), or the link goes (`lose`)."""

    def __init__(self, at=0, how=""):
        self.desk = Desk(20)
        self.awaits = 0
        self._at, self._how = at, how
        self._news = asyncio.Event()
        self._victim = None
        self._tasks = {}

    def play(self):
        """The conversation, the fault in it, and another conversation. How many awaits there were in the first."""
        run(self._main(), VirtualTime())
        return self.awaits

    async def _main(self):
        desk, service = self.desk, self.desk.service
        for name in ("hear", "speak"):
            self._start(name)
        actor = asyncio.create_task(self._act())
        service.joined(desk.link)
        await sleep_ms(1)
        desk.bytes(SAID)
        desk.known.music.command("next")
        await sleep_ms(3_000)
        awaits = self.awaits
        actor.cancel()
        if not desk.link.alive or self._how == "lose":
            self._lose()
            desk.link = FakeLink(20)
            service.joined(desk.link)
        desk.link.heard.clear()
        await sleep_ms(1)
        desk.bytes(b"\n")
        await desk.tell('{"t":"fetchRec","id":"9"}')
        await sleep_ms(100)
        assert {"t": "actTrk", "log": "9", "cnt": 0} in desk.said(), (self._at, self._how)
        for name in self._tasks:
            self._tasks[name][1].cancel()
        await sleep_ms(0)
        self.awaits = awaits

    def _start(self, name):
        counted = Counted(getattr(self.desk.service, name)(), self._awaited)
        self._tasks[name] = (counted, asyncio.create_task(counted))

    def _awaited(self, counted):
        self.awaits += 1
        if self.awaits == self._at:
            self._victim = counted
            self._news.set()

    async def _act(self):
        await self._news.wait()
        if self._how == "lose":
            self._lose()
            return
        for name in self._tasks:
            counted, task = self._tasks[name]
            if counted is self._victim:
                task.cancel()
                await sleep_ms(0)
                self._start(name)

    def _lose(self):
        self.desk.link.close()
        self.desk.service.left(self.desk.link)


def test_a_fault_at_every_await():
    points = Bench().play()
    assert points > 20, points
    for how in ("stop", "lose"):
        for at in range(1, points + 1):
            Bench(at, how).play()
    print(
        "NOTE phone link: a task stopped, or the link lost, at each of %d awaits: the next conversation works" % points
    )


def test_conversations_leave_nothing_behind():
    """Against the state after the first ones: names and buffers that stay."""
    rounds, used = 1_000 if LONG else 120, []

    async def story(desk):
        desk.service.left(desk.link)
        for number in range(rounds):
            desk.link = FakeLink(128)
            desk.service.joined(desk.link)
            desk.bytes(SAID)
            await settle()
            desk.known.clock.ms += 1_000
            desk.known.notifications.tick()
            desk.known.music.command("next")
            await settle()
            desk.known.times.clear()  # the test's own
            said = desk.said()
            assert said[0]["t"] == "ver" and said[-1]["t"] == "music", said
            desk.link.close()
            desk.service.left(desk.link)
            await settle()
            if number in (20, rounds - 1):
                gc.collect()
                used.append(gc.mem_alloc())

    desk = Desk()
    desk.play(story)
    growth = used[1] - used[0]
    print("NOTE phone link: heap after %d conversations: %+d bytes" % (rounds, growth))
    assert growth <= 0, growth
