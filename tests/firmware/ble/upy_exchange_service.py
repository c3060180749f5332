"""The token exchange service: its task, room in the stack, two phones at once, roles."""

import asyncio

from ble.exchange_desk import Sender, Watch

from watch.ble import exchange_service as service
from watch.ble import roles
from watch.crypto import cbor
from watch.exchange import messages, permits
from watch.exchange.messages import Exchange
from watch.kernel.loop import stop


def _echo(role, primary, message):
    return b"re: " + bytes(message)


def _send(sender, link, part=20):
    for at in range(0, len(sender.message), part):
        sender.write(link, len(sender.message), at, sender.message[at : at + part])


async def _until(done):
    for _ in range(1000):
        if done():
            return
        await asyncio.sleep_ms(1)
    raise AssertionError("it did not happen")


async def test_two_phones_at_once():
    watch = Watch(_echo)
    task = asyncio.create_task(watch.service.serve())
    try:
        links = [watch.connect(bond=bond) for bond in (1, 2)]
        senders = [Sender(watch, 77, bytes([65 + at]) * 300) for at in range(2)]
        for at in range(0, 300, 20):
            for sender, link in zip(senders, links):
                sender.write(link, 300, at, sender.message[at : at + 20])
        links[0].full = 3
        await _until(lambda: all(len(link.heard) == 6 for link in links))
        for sender, link in zip(senders, links):
            sender.hear(link)
            assert sender.done and sender.answer == b"re: " + sender.message
        assert watch.worked == 2
    finally:
        await stop(task)


def test_a_full_stack_of_one_phone_does_not_stop_the_other():
    watch = Watch(_echo)
    slow, quick = watch.connect(bond=1), watch.connect(bond=2)
    slow.full = 1000
    first, second = Sender(watch, 1, b"slow" * 50), Sender(watch, 2, b"quick" * 50)
    _send(first, slow)
    _send(second, quick)
    for _ in range(10):
        watch.service._round()
    second.hear(quick)
    assert second.done and not slow.heard
    slow.full = 0
    watch.settle()
    first.hear(slow)
    assert first.done


def test_a_device_that_takes_nothing_is_sent_away_and_may_go_on_later():
    now = [0]
    watch = Watch(_echo, lambda: now[0])
    link = watch.connect()
    link.full = 1_000_000
    sender = Sender(watch, 5, b"hello")
    _send(sender, link)
    for _ in range(110):
        now[0] += 100
        watch.service._round()
    assert link.closed
    watch.cut(link)
    link = watch.connect()
    assert sender.resume(link) == -1
    watch.settle()
    sender.hear(link)
    assert sender.done and watch.worked == 1


def test_dropped_writes_are_told():
    watch = Watch(_echo)
    link, sender = watch.connect(), Sender(watch, 9, b"x" * 60)
    sender.write(link, 60, 0, b"x" * 20)
    watch.service.lost(link)
    watch.settle()
    row, state = link.heard.pop()
    assert row is service.STATE and state == b"\1\1\0\0\0\x09\0\x14\0\0"
    sender.write(link, 60, 40, b"x" * 20)
    watch.settle()
    assert link.heard.pop()[1] == state


def test_a_new_link_of_a_bond_takes_the_place_of_the_old_one():
    watch = Watch(_echo)
    old, sender = watch.connect(), Sender(watch, 1, b"x" * 300)
    _send(sender, old)
    watch.service._round()
    watch.service._round()
    sender.hear(old)
    new = watch.connect()
    assert sender.resume(new) == -1
    watch.settle()
    assert not old.heard
    sender.hear(new)
    assert sender.done and watch.worked == 1
    sender.write(old, 1, 0, b"y")
    watch.cut(old)
    watch.settle()
    assert watch.worked == 1 and not new.heard


async def test_a_bug_in_a_handler_reaches_the_supervisor_and_the_next_message_works():
    def answer(role, primary, message):
        if bytes(message) == b"bad":
            raise AttributeError("a bug")
        return b"good"

    watch = Watch(answer)
    link = watch.connect()
    _send(Sender(watch, 1, b"bad"), link)
    try:
        await watch.service.serve()
        raise AssertionError("the bug was hidden")
    except AttributeError:
        watch.settle()
    assert link.heard == [(service.STATE, b"\1" + bytes(9))]
    link.heard.clear()
    task = asyncio.create_task(watch.service.serve())
    try:
        after = Sender(watch, 2, b"fine")
        _send(after, link)
        await _until(lambda: link.heard)
        after.hear(link)
        assert after.answer == b"good"
    finally:
        await stop(task)


def test_reading_looks_only():
    watch = Watch(_echo)
    link = watch.connect(bond=8)
    assert watch.service.read(link, service.STATE) == b"\1" + bytes(9)
    assert watch.service.read(link, service.IN) is None and watch.transfers.of(8) is None


def test_who_may_bring_what():
    """Every role, every kind: `wrong-state` for what the table does not have, and no handler is called then."""
    called = []
    handlers = {kind: (lambda body, kind=kind: called.append(kind)) for kind in messages.KINDS}
    desk = permits.Desk(Exchange(handlers))
    loader = {1, 11, 15, 16, 17, 18, 20, 21, 22, 23, 25, 26, 27, 28}
    allowed = {("phone", True): set(messages.KINDS), ("phone", False): {1, 8, 9, 10}, ("loader", False): loader}
    cells = 0
    for role in roles.ROLES + ("stranger",):
        for primary in (True, False):
            for kind in messages.KINDS:
                called.clear()
                status = cbor.decode(desk.answer(role, primary, cbor.encode([kind, 1, None])))[2]
                good = kind in allowed.get((role, primary), ())
                assert status == ("ok" if good else "wrong-state") and called == [kind] * good, (role, primary, kind)
                cells += 1
    print(f"NOTE exchange: {cells} cells of roles by message kinds")
    assert 2 not in permits.MAILBOX and set(permits.MAILBOX) <= set(messages.KINDS)
