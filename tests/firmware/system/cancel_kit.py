"""A whole watch in virtual time whose tasks can be stopped at any of their awaits, counted through one flow."""

import asyncio

from support.issuer import payment_codes
from support.world import OTHER_TOKEN, TOKEN, World

from board.counting.board import BUILT_S
from board.counting.board import build as new_board
from tests.firmware.payment.card_kit import VISA_AID, fill, gpo, select, terminal_values
from watch.access import guard as guard_room
from watch.access import lock as lock_room
from watch.access import states
from watch.crypto import cbor
from watch.exchange.frames import framed
from watch.kernel.loop import run, sleep_ms
from watch.kernel.virtual import VirtualTime
from watch.payment import armed as armed_room
from watch.payment import codes as codes_room
from watch.payment import express as express_room
from watch.payment import issuance as issuance_room
from watch.payment import wallet as wallet_room
from watch.payment.profiles.visa import VISA
from watch.system.main import Watch, build
from watch.ui.canvas import Canvas

PASSCODE = b"246810"
OTHER = b"97531"
SMALL = 1_000
NEXT_SESSION_MS = 2_000
PASSCODE_SCREENS = ("passcode", "new-passcode")
SETTLE_MS = 1_500
ROUNDS = 256
"""Oracle calls of a passcode check here: four awaits."""

for _room in (guard_room, wallet_room, express_room, issuance_room, codes_room):
    _room.scrub = lambda: None  # most of the time of these runs, and nothing they look at
lock_room.passcodes.calibrate = lambda secret, clock, target_ms: ROUNDS


class Stopper:
    """Counts the awaits of the tasks it has wrapped, and stops one of them at one."""

    def __init__(self):
        self.awaits = 0
        self.at = 0
        self.how = ""
        self.active = False
        self.stopped = ""
        self._victim = None
        self._news = asyncio.Event()

    def wrap(self, name, coroutine):
        """The same coroutine, counted."""
        return _Counted(self, name, coroutine)

    def awaited(self, counted):
        """A wrapped task has come to an await."""
        if not self.active:
            return
        self.awaits += 1
        if self.awaits == self.at:
            self._victim = counted
            self._news.set()

    async def act(self, supervisor):
        """The task that stops the victim in the moment in which it awaits."""
        await self._news.wait()
        victim = self._victim
        self.stopped = victim.name
        if callable(self.how):
            self.how()
            return
        task = next((job.task for job in supervisor.jobs() if job.name == victim.name), victim.task)
        if self.how == "fail":
            victim.fails = OSError(5)
            task.cancel()
        elif victim.task is not None:
            task.cancel()
        else:
            job = next(job for job in supervisor.jobs() if job.name == victim.name)
            await supervisor.cancel(job.name)
            supervisor.start(job.name, job.body, job.critical)


class _Counted:
    """Stands in for a coroutine."""

    def __init__(self, stopper, name, coroutine):
        self._stopper = stopper
        self._coroutine = coroutine
        self.name = name
        self.task = None
        self.fails = None

    def send(self, value):
        result = self._coroutine.send(value)
        self._stopper.awaited(self)
        return result

    def throw(self, error):
        if self.fails is not None:
            error, self.fails = self.fails, None
        result = self._coroutine.throw(error)
        self._stopper.awaited(self)
        return result


class StoppableWatch(Watch):
    """A watch whose tasks are counted. `stopper` is set on the class before it is built."""

    stopper = Stopper()

    def _spawn(self, work):
        counted = self.stopper.wrap("spawned", self._logged(work))
        counted.task = asyncio.create_task(counted)

    async def run(self):
        """Supervised tasks are counted too."""
        supervise = self.supervisor._supervise
        self.supervisor._supervise = lambda job: self.stopper.wrap(job.name, supervise(job))
        await super().run()


class _Dark:
    """A panel on which nothing is drawn."""

    urgent = None

    def __init__(self):
        self.canvas = Canvas()

    def render(self, screen, can_wait=False):
        """Nothing was left to draw."""
        return True


class Secrets:
    """Every secret that the watch has had in a buffer: it must be zeroed when nobody needs it."""

    def __init__(self, services):
        self._services = services
        self.keys = []
        self.buffers = []
        make = armed_room.SingleKey.__init__
        if not hasattr(armed_room, "plain_init"):
            armed_room.plain_init = make
        keys = self.keys

        def noted(key, *arguments):
            armed_room.plain_init(key, *arguments)
            keys.append(key)

        armed_room.SingleKey.__init__ = noted
        self._note_passcodes(services.guard, services.guard._lock)

    def _note_passcodes(self, guard, lock):
        for holder, names in ((guard, ("unlock", "set_passcode", "change_passcode")), (lock, ("open", "create"))):
            for name in names:
                setattr(holder, name, self._noting(getattr(holder, name)))

    def _noting(self, method):
        async def noted(*arguments):
            self.buffers += [one for one in arguments if isinstance(one, bytearray)]
            result = await method(*arguments)
            if isinstance(result, bytearray):
                self.buffers.append(result)
            return result

        return noted

    def expect_gone(self, where):
        """Nothing is left of what is not needed now."""
        services = self._services
        for buffer in self.buffers:
            assert not any(buffer), where + ": a passcode or the vault key is left in a buffer"
        needed = [key for card in services.wallet.armed for key in card.keys]
        if services.express.card is not None:
            needed += services.express.card.keys
        if services.guard.state not in (states.ARMED, states.TAPPING, states.EXPRESS):
            assert not needed, where + ": keys are armed while " + services.guard.state
        for key in self.keys:
            if key not in needed:
                assert not any(key._key) and key._mac is None, where + ": a session key is left"


class Bench:
    """One boot of a watch from a flash image, with its flow's hands and eyes."""

    origins = {}

    def __init__(self, provisioned="worn"):
        """`provisioned`: `worn` or `locked` with two cards, `new` without a passcode."""
        self.origin = _origin("new" if provisioned == "new" else "ready")
        self.board = new_board("240x240")
        self.board.flash._image[:] = self.origin.board.flash._image
        self.time = self.board.clock = VirtualTime(BUILT_S)
        self.sent = []
        self.board.usb.write = self.sent.append
        self.board.nfc.transmit = lambda frame, length: None
        self.furnish()
        StoppableWatch.stopper = self.stopper = Stopper()
        self.watch = build(self.board, kind=StoppableWatch)
        self.watch.stack._renderer = _Dark()
        self.services = self.watch.services
        self.issuer = self.origin.issuer
        self.secrets = Secrets(self.services)
        self._worn = provisioned == "worn"

    def furnish(self):
        """What else the board has; before the watch is built."""

    async def begin(self):
        """Start every task; be worn if that is wanted."""
        self.running = asyncio.create_task(self.watch.run())
        await sleep_ms(5)
        if self._worn:
            await self.enter(self.services.guard.unlock, PASSCODE)
            self.services.unlocked()
            await sleep_ms(5)

    async def enter(self, check, passcode):
        """Give a passcode as the screens do: whoever hands it over zeroes it."""
        code = bytearray(passcode)
        try:
            await check(code)
        finally:
            for place in range(len(code)):
                code[place] = 0

    async def end(self):
        self.running.cancel()
        await sleep_ms(1)

    # Hands.

    @property
    def screen(self):
        return self.watch.stack.top

    def press(self, kind="double"):
        self.watch.navigator.button(kind)

    def touch(self, name):
        for _ in range(4):
            for target in self.screen.targets():
                if target[0] == name:
                    self.screen.tap(target[1] + 2, target[2] + 2)
                    return
            self.screen.swipe("left" if self.screen.name == "quick" else "up")
        raise AssertionError("nothing called %s on %s" % (name, self.screen.name))

    def type(self, digits):
        """Type a passcode on whatever passcode screen is in front, as keys do."""
        screen = self.screen
        for digit in digits:
            screen._digits[screen._count] = digit
            screen._count += 1
        screen._hand_over()

    # Carriers.

    def usb(self, data):
        """Bytes from a computer."""
        self.board.usb.waiting += data
        self.board.usb.callback()

    def message(self, kind, body):
        self.usb(framed(cbor.encode([kind, 9, body])))

    def answers(self):
        """[status, body] of every answer so far."""
        return [cbor.decode(answer[2:])[2:] for answer in self.sent]

    async def ask(self, kind, body):
        """Send a message and wait for its answer, one second at most."""
        known = len(self.sent)
        self.message(kind, body)
        for _ in range(100):
            if len(self.sent) > known:
                return self.answers()[-1]
            await sleep_ms(10)
        raise AssertionError("no answer to message %d" % kind)

    def frames(self, amount=SMALL):
        """What a reader sends for one payment with the Visa profile."""
        values = terminal_values(amount, 156, 156, t9F66="36004000")
        commands = (select(b"2PAY.SYS.DDF01"), select(VISA_AID), gpo(fill(VISA.pdol, values)), b"\x00\xb2\x01\x0c\x00")
        return [b"\xe0\x80"] + [bytes((0x02 | number & 1,)) + one for number, one in enumerate(commands)]

    def reader(self, frames):
        """A reader comes, sends these frames and goes."""
        self.board.nfc.frames = list(frames)
        self.board.nfc.callback()

    # What must hold afterwards.

    def expect_sound(self, where):
        guard = self.services.guard
        assert guard.state in states.TABLE, where
        assert not guard._checking, where + ": a passcode check never ended"
        if guard.state not in (states.ARMED, states.TAPPING):
            assert not self.services.wallet.armed, where + ": armed while " + guard.state
        self.secrets.expect_gone(where)
        if self.screen.name in PASSCODE_SCREENS:
            assert self.screen.targets(), where + ": the keypad is dead"

    async def next_session(self, where):
        """A computer asks, the wearer unlocks, presses and pays: within two seconds of the watch's time."""
        started, wakes = self.time.ticks_ms(), self.services.guard.state == states.LOST
        assert (await self.ask(1, None))[0] == "ok", where
        if wakes or not self.services.identity.provisioned():
            return
        self.press("single")
        if self.services.guard.state in (states.ARMED, states.TAPPING):
            self.services.wallet.disarm()
        await self._open(where)
        paid = len(self.services.history.payments)
        self.watch.navigator._view.home()
        if not self.services.wallet.tokens():
            return
        self.press("double")
        assert self.services.wallet.armed, where + ": cannot be armed, " + self.screen.name
        self.reader(self.frames())
        await sleep_ms(50)
        assert len(self.services.history.payments) == paid + 1, where + ": cannot pay"
        assert self.screen.name == "sent", where + ": does not say so"
        took_ms = self.time.ticks_ms() - started
        assert took_ms <= NEXT_SESSION_MS, where + ": took %d ms" % took_ms

    async def _open(self, where):
        guard = self.services.guard
        if not guard.has_passcode():
            await self.enter(guard.set_passcode, PASSCODE)
        if not guard.unlocked():
            opened = 0
            for passcode in (PASSCODE, OTHER):
                try:
                    await self.enter(guard.unlock, passcode)
                    opened += 1
                    break
                except Exception as error:
                    assert getattr(error, "code", "") == "wrong-passcode", where + ": " + repr(error)
            assert opened == 1, where + ": no passcode opens it"
        self.services.wallet.choose(TOKEN) if self.services.vault.slots else None
        assert guard.unlocked(), where


def _origin(kind):
    if kind not in Bench.origins:
        world = World().provision()
        if kind != "new":
            world.set_passcode().add_card(codes=payment_codes()).add_card(OTHER_TOKEN, profile="mastercard")
        world.services.save_clock()
        Bench.origins[kind] = world
    return Bench.origins[kind]


def play(flow, provisioned, at=0, how="cancel", kind=Bench):
    """Run one flow, stopped at the await `at` (0: never), and what must hold afterwards. Returns (awaits, stopped).

    `how`: `cancel` or `fail` for the task that awaits; or something that happens to the watch then, called with it.
    """
    bench = kind(provisioned)
    where = "%s, %s at await %d" % (flow.__name__, how if isinstance(how, str) else how.__name__, at)

    async def main():
        await bench.begin()
        stopper = bench.stopper
        stopper.at = at
        stopper.how = how if isinstance(how, str) else lambda: how(bench)
        stopping = asyncio.create_task(stopper.act(bench.watch.supervisor))
        stopper.active = True
        try:
            await flow(bench)
        except AssertionError:
            if not at:
                raise  # undisturbed it must work; disturbed it may have stopped where it could not go on
        await sleep_ms(SETTLE_MS)
        stopper.active = False
        if stopping.done() and not isinstance(how, str):
            await stopping  # what happened must itself have gone well
        stopping.cancel()
        bench.expect_sound(where)
        await bench.next_session(where)
        bench.services.wallet.disarm()
        bench.expect_sound(where + ", afterwards")
        await bench.end()

    run(main(), bench.time)
    return bench.stopper.awaits, bench.stopper.stopped


def locked(bench):
    """By hand, or by time."""
    bench.services.guard.lock()


def charging(bench):
    bench.services.guard.charger(True)
    bench.services.guard.charger(False)


def lost(bench):
    """The bank says so, and that it was found."""
    device = bench.services.identity.device_id
    bench.issuer.notice_number = 0
    for state in ("lost", "found"):
        bench.services.notices.receive(bench.issuer.device_state(device, state))


def paying(bench):
    """A double press, and back."""
    bench.press("double")
    bench.services.wallet.disarm()


def points(count, most=None):
    """Numbers of the awaits to stop at: all, or `most` of them from the first to the last."""
    if most is None or count <= most:
        return list(range(1, count + 1))
    return sorted({1 + place * (count - 1) // (most - 1) for place in range(most)})
