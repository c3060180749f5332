"""The heap after many runs of every flow, screens and all, against the heap after the first runs (R12)."""

import asyncio
import gc
import os

from support import scrubbing
from support.art import art_file
from support.issuer import payment_codes
from support.world import OTHER_TOKEN, TOKEN, World

from board.counting.board import build as build_board
from tests.firmware.payment.card_kit import fill, generate_ac, gpo, select, terminal_values
from tests.firmware.payment.merchant_kit import code
from watch.crypto.hashes import sha256
from watch.kernel.errors import PasscodeError
from watch.payment.profiles.closed_loop import CLOSED_LOOP
from watch.payment.profiles.mastercard import MASTERCARD
from watch.storage import records
from watch.system.main import build

scrubbing.leave_out()

TIMEOUT_S = 240
SHARE = "system"
RUNS = 1000 if os.getenv("TAPWATCH_LONG") else 15
WARM = 3
PASSCODE = b"246810"
RATS = b"\xe0\x80"
RECORD = b"\x00\xb2\x01\x0c\x00"
PPSE = select(b"2PAY.SYS.DDF01")
NDEF = (
    select(b"\xd2\x76\x00\x00\x85\x01\x01"),
    b"\x00\xa4\x00\x0c\x02\xe1\x03", b"\x00\xb0\x00\x00\x0f",
    b"\x00\xa4\x00\x0c\x02\xe1\x04", b"\x00\xb0\x00\x00\x02", b"\x00\xb0\x00\x02\x40",
)  # fmt: skip
"""A reader of tags: capability container, then the message."""
ART = art_file()
ART_PART = 2048
CONFIRM, TOO_MUCH = 45_000, 999_999
GOES_BY_ITSELF_S = 10
FRESH_S = 600
DAY_S = 86_400
GARBAGE_BYTES = 3 << 20
"""Between collections, as the task of the radio sets it on a board: a tap begins with room for what it allocates."""
MUCH_TODAY = 200_000
"""Near the most of a day, in the packages of `support.issuer`."""


class Reader:
    """`ports.Nfc`: sends these frames and goes away; what the watch answers is only counted."""

    def __init__(self):
        self.frames = []
        self.answered = 0

    def listen(self, callback):
        """The flow calls the session itself."""

    def arm(self, uid, atqa, sak):
        """Nothing to do."""

    def disarm(self):
        """Nothing to do."""

    def halt(self):
        """Nothing to do."""

    def field(self):
        return bool(self.frames)

    def receive(self, frame, timeout_us):
        if not self.frames:
            return -1
        data = self.frames.pop(0)
        frame[: len(data)] = data
        return len(data)

    def transmit(self, frame, length):
        self.answered += 1


def _kernel3(amount):
    values = terminal_values(amount, 156, 156, t9F66="36004000")
    return (PPSE, select(CLOSED_LOOP.names[0].aid), gpo(fill(CLOSED_LOOP.pdol, values)), RECORD)


def _kernel2(amount):
    data = fill(MASTERCARD.cdol1, terminal_values(amount, 156, 156))
    return (PPSE, select(MASTERCARD.names[0].aid), gpo(), RECORD, generate_ac(0x80, data))


class Wearer:
    """A watch with two cards, and every flow as a method that leaves it on its face, worn."""

    def __init__(self):
        world = self.world = World()
        world.board = build_board()
        world.board.nfc = self.reader = Reader()
        world.board.info.files = _folder()
        world.restart().provision().set_passcode()
        self.refill(TOKEN)
        self.refill(OTHER_TOKEN)
        world.services.save_clock()
        self.watch = build(world.board)
        world.services = self.services = self.watch.services
        self.unlock()

    # What the others are made of.

    def refill(self, token_id=TOKEN):
        """The next package of a card."""
        world = self.world
        slots = [slot for slot in world.services.vault.slots.values() if slot.token.token_id == token_id]
        content = {"profile": "mastercard", "batch": 1, "now": world.services.clock.security_s()}
        if token_id == TOKEN:
            content.update({"profile": "closed-loop", "express_keys": 4, "art": sha256(ART)})
            content["codes"] = payment_codes(50, content["now"] - 1)
        if slots:
            content["batch"], content["first_atc"] = slots[0].token.batch + 1, slots[0].held() + 1
        world.add_card(token_id, **content)

    def ready(self, token_id=TOKEN):
        """A fresh passcode, a day of which little is spent, and keys enough for one more run."""
        if self.services.vault.find(token_id)[1].spending.today > MUCH_TODAY:
            self.world.board.clock.now_us += DAY_S * 1_000_000
            self.unlock()
        if self.services.guard.passcode_age_s() > FRESH_S:
            self.unlock()
        if self.services.wallet.keys_left(token_id) < 3:
            self.refill(token_id)

    def tap(self, commands):
        frames = [RATS] + [bytes((2 | place & 1,)) + command for place, command in enumerate(commands)]
        self.reader.frames, self.reader.answered = frames, 0
        expected = len(frames)
        self.watch._session.run()
        assert self.reader.answered == expected, "a frame was not answered"
        self.watch._tap_served()

    def wait(self, seconds=1):
        for _ in range(seconds):
            self.world.board.clock.now_us += 1_000_000
            self.services.guard.moved()
            self.watch.navigator.tick()

    def home(self):
        """What was shown goes away by itself, or by a press."""
        self.wait(GOES_BY_ITSELF_S)
        for _ in range(4):
            if self.screen != "face":
                self.watch.navigator.button("single")
        assert self.screen == "face", self.screen

    @property
    def screen(self):
        return self.watch.stack.top.name

    def touch(self, name):
        self.wait()  # a screen that has just come takes no touch
        for _ in range(4):
            for target in self.watch.stack.top.targets():
                if target[0] == name:
                    self.watch.stack.top.tap(target[1] + 5, target[2] + 5)
                    return
            self.watch.stack.top.swipe("left" if self.screen == "launcher" else "up")
        raise AssertionError("nothing called %s on %s" % (name, self.screen))

    def pays(self, commands, token_id):
        self.ready(token_id)
        if self.services.wallet.active().token_id != token_id:
            self.services.wallet.choose(token_id)
        self.watch.navigator.button("double")
        assert self.screen == "armed", self.screen
        self.tap(commands)

    # The flows.

    def tap_kernel3(self):
        self.pays(_kernel3(900), TOKEN)
        assert self.screen == "sent"
        self.home()

    def tap_kernel2(self):
        self.pays(_kernel2(900), OTHER_TOKEN)
        assert self.screen == "sent"
        self.home()

    def refused_tap(self):
        self.pays(_kernel3(TOO_MUCH), TOKEN)
        assert self.screen == "error"
        self.home()

    def second_tap(self):
        self.pays(_kernel2(CONFIRM), OTHER_TOKEN)
        assert self.screen == "confirm"
        self.wait(2)
        self.tap(_kernel2(CONFIRM))
        assert self.screen == "sent"
        self.home()

    def torn_tap(self):
        self.pays(_kernel3(900)[:3], TOKEN)
        assert self.screen == "armed"
        self.tap(_kernel3(900))
        self.home()

    def express_tap(self):
        slot = self.services.vault.find(TOKEN)[1]
        if not slot.express_atc.keys_left():
            self.refill(TOKEN)
        self.services.vault.passcode_entered()
        self.services.express.choose(TOKEN)
        self.wait()
        self.tap(_kernel3(500))
        assert self.screen == "sent"
        self.home()
        self.services.express.choose(None)

    def payment_code(self):
        self.ready()
        if not self.services.codes.codes_left(TOKEN):
            self.refill()
        self.menu("code", "payment-code")

    def presented_code(self):
        self.ready()
        self.menu("present", "presented-code")

    def menu(self, name, screen):
        self.services.wallet.choose(TOKEN)
        self.watch.stack.top.swipe("left")
        self.touch("card")
        self.touch(name)
        assert self.screen == screen, self.screen
        self.watch.stack.render()
        self.home()

    def merchant_code(self):
        self.ready()
        self.services.wallet.choose(TOKEN)
        asked = self.watch.navigator.merchant_code(code(amount="12.34"))
        self.wait()
        self.watch.navigator.button("double")
        assert self.services.merchants.answer(asked.digest)
        self.home()

    def merchant_sign(self):
        self.ready()
        self.services.wallet.choose(TOKEN)
        asked = self.watch.navigator.merchant_code(code(amount=None))
        for key in ("5", "0", "delete", "5", "forward"):
            self.touch(key)
            self.watch.stack.render()
        assert self.screen == "merchant-code", self.screen
        self.wait()
        self.watch.navigator.button("double")
        assert self.services.merchants.answer(asked.digest)
        self.home()

    def unlock(self):
        self.services.guard.lock()
        asyncio.run(self.services.guard.unlock(bytearray(PASSCODE)))
        self.services.unlocked()
        self.watch.navigator.tick()

    def typed_passcode(self):
        self.services.guard.lock()
        self.touch("face")
        assert self.screen == "passcode"
        asyncio.run(self._type())
        self.home()
        assert self.services.guard.unlocked()

    async def _type(self):
        screen = self.watch.stack.top
        for digit in PASSCODE:
            screen._digits[screen._count] = digit
            screen._count += 1
        screen._hand_over()
        for _ in range(10):
            await asyncio.sleep_ms(0)

    def wrong_passcode(self):
        self.services.guard.lock()
        try:
            asyncio.run(self.services.guard.unlock(bytearray(b"1111")))
        except PasscodeError:
            self.unlock()
            return
        raise AssertionError("a wrong passcode opens the watch")

    def notice(self):
        device, last = self.services.identity.device_id, self.services.history.payments[-1]
        link = "https://bank.example/r/1"
        issuer = self.world.issuer
        self.watch.navigator.notice(issuer.notice(device, last.token_id, last.atc, amount=last.amount, link=link))
        assert self.screen == "approved", self.screen
        self.home()

    def art(self):
        digest = sha256(ART)
        for name in os.listdir(self.world.board.info.files):
            os.remove(self.world.board.info.files + "/" + name)
        self.services.art = self.services.art.__class__(self.world.board.info.files, True, self.services.wallet.tokens)
        for at in range(0, len(ART), ART_PART):
            self.services.art.take(digest, at, len(ART), ART[at : at + ART_PART])
        assert self.services.art.picture(digest) is not None

    def ndef_read(self):
        self.tap(NDEF)

    def screens(self):
        """Carousel, a card's menu, history, a payment, apps, security."""
        top = self.watch.stack
        top.top.swipe("left")
        top.render()
        self.touch("card")
        top.render()
        self.home()
        top.top.swipe("right")
        assert self.screen == "history", self.screen
        top.render()
        self.home()
        top.top.swipe("up")
        self.touch("torch")
        assert self.screen == "app-torch", self.screen
        top.render()
        self.home()
        top.top.swipe("down")
        top.render()
        self.home()


PAYING = ("tap_kernel3", "tap_kernel2", "second_tap", "torn_tap", "express_tap", "presented_code", "merchant_code") + (
    "merchant_sign",
)
"""Each of them fills the history with payments of its own kind first."""
OTHERS = (
    "refused_tap", "payment_code", "unlock", "typed_passcode", "wrong_passcode", "refill", "notice", "art", "ndef_read",
    "screens",
)  # fmt: skip


async def _breathe():
    for _ in range(4):
        await asyncio.sleep_ms(0)


def _run(flow):
    """One run, and the tasks that it has started."""
    flow()
    asyncio.run(_breathe())


def _folder():
    path = "/tmp/upy_heap_flows"
    try:
        os.mkdir(path)
    except OSError:
        pass  # it is there from an earlier run
    return path


def _used_bytes():
    gc.collect()
    gc.collect()
    return gc.mem_alloc()


def _growth(flow, warm):
    """Bytes by which the heap has grown after RUNS runs, against the state after the first ones.

    The collector takes a stale word on the stack for a pointer now and then. That passes, a leak does not: so what has
    grown is measured once more.
    """
    for _ in range(warm):
        _run(flow)
    grown = _grown(flow)
    return grown if grown <= 0 else min(grown, _grown(flow))


def _grown(flow):
    before = _used_bytes()
    for _ in range(RUNS):
        _run(flow)
    return _used_bytes() - before


def test_no_flow_makes_the_heap_grow():
    threshold = gc.threshold()
    gc.threshold(GARBAGE_BYTES)
    try:
        one = Wearer()
        grown = {name: _growth(getattr(one, name), WARM + records.HISTORY_PLACES) for name in PAYING}
        grown.update({name: _growth(getattr(one, name), WARM) for name in OTHERS})
    finally:
        gc.threshold(threshold)
    for name in PAYING + OTHERS:
        print("NOTE heap: %d runs of %s grew it by %d bytes" % (RUNS, name, grown[name]))
    assert max(grown.values()) <= 0, grown


def test_growth_is_noticed():
    """The measure can fail: a flow that keeps eight bytes each time."""
    kept = []
    assert _growth(lambda: kept.append(bytearray(8)), WARM) > 8 * RUNS
