"""Every flow of the watch, stopped at every await: cancelled, or by an error there. Nothing is stuck (R11).

After each: a state of the table, no secret left in a buffer, and within two seconds a computer is answered,
the passcode opens the watch and a tap pays.
"""

import os

from support.world import TOKEN

from tests.firmware.payment import merchant_kit
from tests.firmware.system.cancel_kit import OTHER, PASSCODE, SMALL, Bench, play
from watch.access import states
from watch.crypto.hashes import sha256
from watch.exchange.frames import Frames, framed
from watch.kernel.loop import sleep_ms
from watch.payment.armed import ArmedCard
from watch.system import unlocking as unlocking_room

SHARE = "cuts and faults"
TIMEOUT_S = 240
LONG = bool(os.getenv("TAPWATCH_LONG"))
SHORT_POINTS = 3
"""Points of each flow that the short form stops at, spread over all of them; the long form takes each."""

_AWAITS = {}
_TOUCHES_APART_MS = 400
"""A faster second touch counts as a slip."""


async def unlock(bench):
    """By the keypad."""
    bench.press("single")
    assert bench.screen.name == "passcode"
    bench.type(PASSCODE)
    await sleep_ms(100)
    assert bench.services.guard.unlocked()


async def wrong_passcode(bench):
    bench.press("single")
    bench.type(b"0000")
    await sleep_ms(100)
    assert not bench.services.guard.unlocked() and bench.services.guard.tries_left() == 9


async def first_passcode(bench):
    assert bench.screen.name == "new-passcode"
    bench.type(PASSCODE)
    bench.type(PASSCODE)
    await sleep_ms(100)
    assert bench.services.guard.unlocked()


async def change_passcode(bench):
    bench.screen.swipe("down")
    bench.touch("security")
    bench.touch("change")
    for code in (PASSCODE, OTHER, OTHER):
        bench.type(code)
    await sleep_ms(200)
    assert bench.screen.name == "passcode-changed"


def _package(bench):
    """A refill, made by the bank for the request that the watch gives."""
    world = bench.origin
    request = bench.services.issuance.request(TOKEN, bench.issuer.service.key_id)
    content = world.issuer.content(TOKEN, batch=2, first_atc=11)
    return world.issuer.package(request, bench.services.receipt_key.public(), content)


async def package_arrives(bench):
    answer = await bench.ask(6, _package(bench))
    assert answer[0] == "ok" and bench.services.vault.slots[0].token.batch == 2


async def package_waits_for_the_passcode(bench):
    assert (await bench.ask(6, _package(bench)))[0] == "kept"
    await unlock(bench)
    assert bench.services.vault.slots[0].token.batch == 2


async def package_waits_for_the_disarming(bench):
    bench.press("double")
    assert (await bench.ask(6, _package(bench)))[0] == "kept"
    bench.screen.button("single")
    await sleep_ms(100)
    assert bench.services.vault.slots[0].token.batch == 2


async def merchant_code(bench):
    """Asked by the phone, agreed to by the wearer, fetched by the phone."""
    text = merchant_kit.code()
    assert (await bench.ask(13, text))[0] == "ok" and bench.screen.name == "merchant-code"
    await sleep_ms(1_100)
    bench.press("double")
    status, body = await bench.ask(14, sha256(text.encode()))
    assert status == "ok" and body


async def merchant_sign(bench):
    """The same for a code without an amount, which the wearer enters."""
    text = merchant_kit.code(amount=None)
    assert (await bench.ask(13, text))[0] == "ok" and bench.screen.name == "merchant-amount"
    bench.touch("5")
    bench.touch("forward")
    await sleep_ms(1_100)
    bench.press("double")
    status, body = await bench.ask(14, sha256(text.encode()))
    assert status == "ok" and body


async def payment_code(bench):
    bench.screen.swipe("left")
    bench.touch("card")
    await sleep_ms(_TOUCHES_APART_MS)
    bench.touch("code")
    assert bench.screen.name == "payment-code"
    await sleep_ms(2_500)
    bench.press("single")
    assert bench.screen.name == "face"


async def presented_code(bench):
    bench.screen.swipe("left")
    bench.touch("card")
    await sleep_ms(_TOUCHES_APART_MS)
    bench.touch("present")
    await sleep_ms(100)
    assert bench.screen.name == "presented-code" and bench.services.guard.state == states.WORN


async def half_a_message(bench):
    """A computer begins a message and goes on with it later."""
    message = framed(b"\x83\x01\x07\xf6")
    bench.usb(message[:3])
    await sleep_ms(50)
    bench.usb(message[3:])
    await sleep_ms(50)
    assert bench.answers()[-1][0] == "ok"


async def pay(bench):
    bench.press("double")
    assert bench.screen.name == "armed"
    bench.reader(bench.frames())
    await sleep_ms(100)
    assert bench.services.history.payments and bench.services.guard.state == states.WORN


async def confirm_and_pay(bench):
    bench.press("double")
    bench.reader(bench.frames(45_000))
    await sleep_ms(1_200)
    assert bench.screen.name == "confirm"
    await sleep_ms(1_200)
    bench.reader(bench.frames(45_000))
    await sleep_ms(100)
    assert [payment.amount for payment in bench.services.history.payments] == [45_000]


async def armed_until_the_time_is_over(bench):
    bench.press("double")
    await sleep_ms(61_500)
    assert bench.services.guard.state == states.WORN and bench.screen.name == "face"


async def bank_has_news(bench):
    """A notice while the card is armed, then the bank's word on the card."""
    device = bench.services.identity.device_id
    bench.issuer.notice_number = 0
    bench.press("double")
    assert (await bench.ask(8, bench.issuer.notice(device, TOKEN, 900)))[0] == "ok"
    assert (await bench.ask(8, bench.issuer.token_state(device, TOKEN, "suspended")))[0] == "ok"
    assert (await bench.ask(8, bench.issuer.token_state(device, TOKEN, "active")))[0] == "ok"


async def lost_and_found(bench):
    device = bench.services.identity.device_id
    bench.issuer.notice_number = 0
    lost, found = (bench.issuer.device_state(device, state) for state in ("lost", "found"))
    assert (await bench.ask(8, lost))[0] == "ok" and bench.services.guard.state == states.LOST
    assert (await bench.ask(8, found))[0] == "ok" and bench.services.guard.state == states.LOCKED


FLOWS = (
    (unlock, "locked"),
    (wrong_passcode, "locked"),
    (first_passcode, "new"),
    (change_passcode, "worn"),
    (package_arrives, "worn"),
    (package_waits_for_the_passcode, "locked"),
    (package_waits_for_the_disarming, "worn"),
    (merchant_code, "worn"),
    (merchant_sign, "worn"),
    (payment_code, "worn"),
    (presented_code, "worn"),
    (half_a_message, "worn"),
    (pay, "worn"),
    (confirm_and_pay, "worn"),
    (armed_until_the_time_is_over, "worn"),
    (bank_has_news, "worn"),
    (lost_and_found, "worn"),
)


def _count(flow, provisioned):
    """How many awaits a flow has that nobody stops."""
    if flow not in _AWAITS:
        _AWAITS[flow] = play(flow, provisioned)[0]
    return _AWAITS[flow]


def _points(count):
    """The awaits to stop at: all of them, or so many spread over the flow."""
    if LONG or count <= SHORT_POINTS:
        return list(range(1, count + 1))
    return sorted({1 + place * (count - 1) // (SHORT_POINTS - 1) for place in range(SHORT_POINTS)})


def _stop_everywhere(how):
    tried, of = 0, 0
    tasks = {}
    for flow, provisioned in FLOWS:
        count = _count(flow, provisioned)
        of += count
        for at in _points(count):
            _, stopped = play(flow, provisioned, at, how)
            tasks[stopped] = tasks.get(stopped, 0) + 1
            tried += 1
    print(
        f"NOTE R11, {how}: {len(FLOWS)} flows stopped at {tried} of {of} awaits, 0 stuck; tasks {sorted(tasks.items())}"
    )
    assert {"spawned", "screen", "usb", "nfc"} <= set(tasks), tasks


def test_cancelled_at_every_await():
    _stop_everywhere("cancel")


def test_an_error_at_every_await():
    _stop_everywhere("fail")


def _lost_after(count, amount, again):
    """A reader that goes after so many frames; with `again` it has asked for a confirmation before."""

    async def tap_is_lost(bench):
        bench.press("double")
        if again:
            bench.reader(bench.frames(amount))
            await sleep_ms(2_500)
        bench.reader(bench.frames(amount)[:count])
        await sleep_ms(100)

    return tap_is_lost


def test_a_tap_lost_after_every_frame():
    points = 0
    for amount, again in ((SMALL, False), (45_000, True)):
        for count in range(1 + len(Bench("worn").frames())):
            play(_lost_after(count, amount, again), "worn")
            points += 1
    print(f"NOTE R11, taps lost after every frame: {points}, 0 stuck")


def _fails(flow, provisioned, at, how="cancel"):
    try:
        play(flow, provisioned, at, how)
    except AssertionError:
        return True
    return False


def test_the_guards_can_fail():
    """A passcode that is not zeroed, a check that never ends, keys that stay, a carrier that keeps half a message."""
    plain = unlocking_room.zero
    unlocking_room.zero = lambda code: None
    try:
        assert _fails(unlock, "locked", 3)
    finally:
        unlocking_room.zero = plain
    plain = ArmedCard.zero
    ArmedCard.zero = lambda card: None
    try:
        assert _fails(armed_until_the_time_is_over, "worn", 0)
    finally:
        ArmedCard.zero = plain
    plain = Frames.next
    Frames.next = lambda frames: None
    try:
        assert _fails(unlock, "locked", 0)
    finally:
        Frames.next = plain
    assert not _fails(unlock, "locked", 3)
