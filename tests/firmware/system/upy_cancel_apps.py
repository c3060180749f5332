"""The flows of apps, stopped at every await, and met by a lock, a charger, a loss of the watch: nothing is stuck (R11).

After each, beside what holds for every flow: another bundle is taken at once, and every question is over.
"""

import os

from support.bundles import NAMES, signed
from support.visitor import app_files, cast, code_entry

from tests.firmware.system.cancel_kit import (
    NEXT_SESSION_MS,
    PASSCODE,
    Bench,
    charging,
    locked,
    lost,
    paying,
    play,
    points,
)
from watch.access import states
from watch.apps.shelf import file_tree
from watch.crypto.hashes import sha256
from watch.exchange import messages
from watch.kernel.loop import sleep_ms
from watch.system.apps import installs as installs_room
from watch.system.apps.payments import AppPayment

SHARE = "cuts and faults"
TIMEOUT_S = 240
LONG = bool(os.getenv("TAPWATCH_LONG"))
SHORT_POINTS = 3
PART = 512
FOLDER = "build/tests/cancel-apps"
PAYEE = {1: "4711", 2: "Tea House Games", 3: "CN", 4: 156}
_READ_MS = 1_200
_BUNDLES = {}


class AppBench(Bench):
    """A watch with room for apps and a developer's key."""

    def furnish(self):
        """Files of its own, empty."""
        file_tree.removed(FOLDER)
        for folder in ("build", "build/tests", FOLDER):
            file_tree.made(folder)
        self.board.info.files = FOLDER

    async def begin(self):
        """With the key of a developer, unless the flow enrols it."""
        await super().begin()
        self.cast = cast(self.services.random)
        self.services.shelf.enrol(self.cast.maker.public, "Ada")

    def bundle(self, version=(1, 0, 0), app="counter", names=NAMES):
        """One of the developer's, signed once."""
        key = (app, version)
        if key not in _BUNDLES:
            entry = {"entry": code_entry(), "permissions": ["light"], "names": names}
            _BUNDLES[key] = signed(self.cast.maker, app_files(), id=app, version=list(version), **entry)
        return _BUNDLES[key]

    async def send(self, data, parts=99):
        """The parts of a bundle, as a computer sends them."""
        digest, status = sha256(data), ""
        for at in range(0, min(len(data), parts * PART), PART):
            part = data[at : at + PART]
            status, _ = await self.ask(messages.APP_PART, [digest, at, len(data), part])
        return status

    async def state(self, data):
        return (await self.ask(messages.APP_STATE, sha256(data)))[1][1]

    async def asked(self, screen):
        """A question comes up; it has been read."""
        for _ in range(200):
            if self.screen.name == screen:
                await sleep_ms(_READ_MS)
                return
            await sleep_ms(10)
        raise AssertionError("no %s, but %s" % (screen, self.screen.name))

    async def install(self, data):
        """All of it, and the wearer's yes."""
        assert await self.send(data) == "ok"
        await self.asked("install")
        self.touch("yes")
        await sleep_ms(200)
        state = await self.state(data)
        assert state == "installed", state

    def put_in(self, data):
        """Installed without questions, for flows about what is there."""
        path = FOLDER + "/apps/draft"
        file_tree.made(FOLDER + "/apps")
        with open(path, "wb") as file:
            file.write(data)
        steps = self.services.shelf.check(path)
        try:
            while True:
                next(steps)
        except StopIteration as done:
            self.services.shelf.install(done.value)

    def touch(self, name):
        """A finger that comes down first: a question wants that."""
        self.screen.press(0, 0)
        super().touch(name)

    async def type_passcode(self):
        assert self.screen.name == "passcode", self.screen.name
        self.type(PASSCODE)
        await sleep_ms(100)

    def expect_sound(self, where):
        """As ever; and what is in files is what records name, and no bundle is half checked."""
        super().expect_sound(where)
        attempt = self.watch.navigator.install_flow.installs._now
        assert attempt is None or attempt.state == "asked", where + ": " + attempt.state
        shelf = self.services.shelf
        named = [one.file for one in shelf.installed()]
        left = [name for name in file_tree.names(FOLDER + "/apps") if name not in named and name != "draft"]
        assert not left, where + ": %s is left" % left

    async def next_session(self, where):
        """Pay; and a computer brings another app."""
        await super().next_session(where)
        self.services.wallet.disarm()
        if self.services.guard.state == states.LOST or not self.services.shelf.developers.all():
            return
        self.services.offers.clear()
        other = self.bundle(app="other", names={"en": "Other", "zh": "\u53e6\u4e00\u4e2a"})
        status, until = "", self.time.ticks_ms() + NEXT_SESSION_MS
        while status != "ok" and self.time.ticks_ms() <= until:
            await sleep_ms(100)
            status = await self.send(other, parts=1)
        assert status == "ok", where + ": another app is not taken: " + status


async def install(bench):
    """All of a bundle over USB, the check, the question, the shelf."""
    await bench.install(bench.bundle())


async def update(bench):
    """In the place of a version that runs."""
    bench.put_in(bench.bundle())
    assert (await bench.ask(messages.APP_OPEN, "counter"))[0] == "ok"
    await sleep_ms(100)
    newer = bench.bundle((2, 0, 0))
    assert await bench.send(newer) == "ok"
    await bench.asked("install")
    bench.touch("yes")
    await bench.type_passcode()
    await bench.asked("install")
    bench.touch("yes")
    await sleep_ms(200)
    assert await bench.state(newer) == "installed" and bench.services.shelf.find("counter").version == (2, 0, 0)


async def remove(bench):
    bench.put_in(bench.bundle())
    assert (await bench.ask(messages.APP_REMOVE, "counter"))[0] == "ok"
    await bench.asked("remove")
    bench.touch("yes")
    await sleep_ms(100)
    assert bench.services.shelf.find("counter") is None


async def enrol(bench):
    """Another developer's key: question, passcode, question."""
    public = bench.cast.other.public
    assert await bench.ask(messages.DEVELOPER, [public, "Bo"]) == ["ok", "asked"]
    await bench.asked("enrol")
    bench.touch("yes")
    await bench.type_passcode()
    await bench.asked("enrol")
    bench.touch("yes")
    await sleep_ms(100)
    assert await bench.ask(messages.DEVELOPER, [public, "Bo"]) == ["ok", "enrolled"]


async def open_app(bench):
    """An app of a third party is opened, runs and is left."""
    bench.put_in(bench.bundle())
    assert (await bench.ask(messages.APP_OPEN, "counter"))[0] == "ok"
    await sleep_ms(1_200)
    assert bench.screen.name == "app-counter" and bench.services.guard.state == states.FOREIGN
    bench.press("single")
    await sleep_ms(100)
    assert bench.screen.name == "face" and bench.services.guard.state == states.LOCKED


async def app_payment(bench):
    """An app asks, the wearer agrees, the phone fetches, the app is there again."""
    payments = bench.services.app_payments
    bench.watch.navigator.apps.open("calculator")
    await sleep_ms(100)
    assert AppPayment(payments, "calculator", "Calculator", PAYEE).request(1234, "10 coins")
    await bench.asked("merchant-code")
    bench.press("double")
    await sleep_ms(100)
    assert payments.outcome("calculator").state == "sent"
    assert len((await bench.ask(messages.APP_PAYMENTS, []))[1]) == 1
    bench.press("single")
    await sleep_ms(1_500)
    assert bench.screen.name == "app-calculator", bench.screen.name


async def licence(bench):
    """A store's licence comes, and a list that voids the store."""
    services, issuer = bench.services, bench.issuer
    store = issuer.certificate("store", issuer.service.public)
    fields = {1: services.identity.device_id, 2: "lamp", 3: "ada", 4: 1, 5: 0, 6: None}
    signed_licence = issuer.service.sign("tapwatch/licence", fields)
    assert (await bench.ask(messages.LICENCE, [signed_licence, store]))[0] == "ok"
    void = issuer.root.sign("tapwatch/revocations", {1: 1, 2: 1, 3: [77], 4: []})
    assert (await bench.ask(messages.REVOCATIONS, void))[0] == "ok"
    assert services.shelf.bought("lamp", "ada")


async def half_a_bundle(bench):
    """A link that is lost in the middle; whoever comes next need not wait."""
    await bench.send(bench.bundle(), parts=1)
    await sleep_ms(2_000)
    assert await bench.send(bench.bundle((3, 0, 0)), parts=1) == "ok"


FLOWS = (install, update, remove, enrol, open_app, app_payment, licence, half_a_bundle)


def _play(flow, at=0, how="cancel"):
    return play(flow, "worn", at, how, AppBench)


def _everywhere(hows):
    tried, of, tasks = 0, 0, set()
    for flow in FLOWS:
        count, _ = _play(flow)
        of += count
        for turn, at in enumerate(points(count, None if LONG else SHORT_POINTS)):
            for how in hows if LONG else hows[turn % len(hows) :][:1]:
                tasks.add(_play(flow, at, how)[1])
                tried += 1
    return tried, of, tasks


def test_cancelled_or_failed_at_every_await():
    tried, of, tasks = _everywhere(("cancel", "fail"))
    print(f"NOTE R11, flows of apps: {len(FLOWS)} stopped {tried} times at {of} awaits, 0 stuck; {sorted(tasks)}")


def test_the_state_of_the_watch_changes_at_every_await():
    tried, of, _ = _everywhere((locked, lost, charging, paying))
    print(f"NOTE R11, flows of apps: {tried} times locked, lost, charging or paying at {of} awaits, 0 stuck")


def test_a_check_that_never_began_is_over_soon():
    """What no await can show: its task was gone before its first step."""
    bench = AppBench("worn")
    flow = bench.watch.navigator.install_flow.installs
    flow._spawn = lambda work: work.close()
    digest = sha256(b"x")
    assert flow.take(digest, 0, 1, b"x") == 1 and flow.state(digest)[0] == "checking"
    bench.time.now_ms = bench.time.ticks_ms
    later = bench.time.ticks_ms() + installs_room.STALLED_MS
    bench.services.clock.ticks_ms = lambda: later
    assert flow.state(digest)[0] != "checking" and flow._now is None


def test_the_guard_can_fail():
    """An install that is a task of its own is stuck where that is stopped."""
    plain = installs_room.Installs._end
    installs_room.Installs._end = lambda *_: None
    try:
        _play(install)
    except AssertionError:
        return
    finally:
        installs_room.Installs._end = plain
    raise AssertionError("an attempt that never ends was not noticed")
