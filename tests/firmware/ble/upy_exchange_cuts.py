"""The link goes at every byte of a whole provisioning: each message is worked on once, and the next session works."""

from ble.exchange_desk import Sender, Watch
from support import scrubbing
from support.world import OTHER_TOKEN, PASSCODE, TOKEN, World

from watch.crypto import cbor
from watch.exchange.messages import Exchange
from watch.exchange.permits import Desk
from watch.system.answers import Answers

SHARE = "BLE"
TIMEOUT_S = 120
scrubbing.leave_out()
FRAGMENT = 56
"""Bytes of the message in a fragment: small, so that most messages have many."""


def _provisioning():
    """[message, answer] of every message of a provisioning of a real watch, from hello to the receipt."""
    world = World()
    services, issuer = world.services, world.issuer
    exchange = Exchange(Answers(world.board.info, world.board.secret.kind, services, None).handlers())
    found = []

    def ask(kind, body):
        message = cbor.encode([kind, len(found) + 1, body])
        found.append([message, exchange.answer(message)])
        answer = cbor.decode(found[-1][1])
        assert answer[2] == "ok", answer
        return answer[3]

    identity = services.identity
    ask(1, None)
    ask(9, [1_795_400_000, 480])
    ask(2, {1: issuer.root.public, 2: issuer.certificate("device", identity.public)})
    world.set_passcode(PASSCODE)
    ask(3, issuer.certificate("token-service", issuer.service.public))
    ask(4, bytes(16))
    request = ask(5, [TOKEN, issuer.service.key_id])
    ask(6, issuer.package(request, services.receipt_key.public(), issuer.content(TOKEN)))
    ask(7, None)
    ask(10, None)
    return found


def _send(sender, link, at, end):
    """Send the message from `at` to `end`."""
    size = len(sender.message)
    while 0 <= at < end:
        part = sender.message[at : min(at + FRAGMENT, end)]
        sender.write(link, size, at, part)
        at += len(part)


def _finish(watch, sender, link):
    """Go on over this link until the answer is there."""
    _send(sender, link, sender.resume(link), len(sender.message))
    watch.settle()
    sender.hear(link)
    assert sender.done


class _Session:
    """A watch that gives recorded answers, and messages sent to it."""

    def __init__(self, recorded):
        self._answers = dict(recorded)
        self.watch = Watch(lambda role, primary, message: self._answers[bytes(message)])
        self._number = 0
        self.points = 0

    def sender(self, message):
        self._number += 1
        return Sender(self.watch, self._number, message)

    def expect(self, sender, worked):
        """The message was worked on once, its answer is whole, and another one goes through on the next link."""
        assert sender.answer == self._answers[sender.message] and self.watch.worked == worked + 1
        link = self.watch.connect()
        after = self.sender(_HELLO)
        _finish(self.watch, after, link)
        assert after.answer == self._answers[_HELLO]
        self.watch.cut(link)
        self.points += 1

    def cut_message(self, message, at, settle):
        """The link goes when `at` bytes were sent; `settle`: the watch gets to do something before it notices."""
        worked, sender, link = self.watch.worked, self.sender(message), self.watch.connect(room=FRAGMENT + 8)
        _send(sender, link, 0, at)
        if settle:
            self.watch.settle()
        self.watch.cut(link)
        self.watch.settle()
        link = self.watch.connect()
        _finish(self.watch, sender, link)
        self.watch.cut(link)
        self.expect(sender, worked)

    def cut_answer(self, message, at):
        """The link goes when `at` bytes of the answer have come."""
        worked, sender = self.watch.worked, self.sender(message)
        link = self.watch.connect(room=FRAGMENT + 8, first=at % FRAGMENT)
        _send(sender, link, 0, len(message))
        self.watch.settle()
        sender.hear(link, at)
        self.watch.cut(link)
        link = self.watch.connect()
        _finish(self.watch, sender, link)
        self.watch.cut(link)
        self.expect(sender, worked)


_HELLO = cbor.encode([1, 999, None])


def test_the_link_goes_at_every_byte():
    recorded = _provisioning()
    session = _Session(recorded + [[_HELLO, cbor.encode([1, 999, "ok", None])]])
    sizes = [0, 0]
    for message, answer in recorded:
        sizes[0] += len(message)
        sizes[1] += len(answer)
        for at in range(len(message) + 1):
            session.cut_message(message, at, at & 1)
        session.cut_message(message, len(message), not len(message) & 1)
        for at in range(len(answer) + 1):
            session.cut_answer(message, at)
    print(
        f"NOTE ble: {session.points} cuts in a provisioning of {len(recorded)} messages ({sizes[0]} bytes in, "
        f"{sizes[1]} out), 0 messages worked on twice, 0 answers lost, the next session went on {session.points} times"
    )


class _Show:
    """The wearer's side without screens."""

    def __init__(self, services):
        self.notice = services.notices.receive


def test_a_real_watch_over_cut_links():
    """The same with the real handlers: a link goes in the middle of every message, another before its answer."""
    world = World().provision().set_passcode().add_card(OTHER_TOKEN)
    services, issuer, info = world.services, world.issuer, world.board.info
    watch = Watch(Desk(Exchange(Answers(info, "software", services, _Show(services)).handlers())).answer)
    device = services.identity.device_id

    def ask(number, kind, body):
        sender, link = Sender(watch, number, cbor.encode([kind, number, body])), watch.connect()
        _send(sender, link, 0, len(sender.message) // 2)
        watch.cut(link)
        link = watch.connect()
        _send(sender, link, sender.resume(link), len(sender.message))
        watch.cut(link)
        watch.settle()
        _finish(watch, sender, watch.connect())
        return cbor.decode(sender.answer)[2:]

    status, request = ask(1, 5, [TOKEN, issuer.service.key_id])
    assert status == "ok"
    package = issuer.package(request, services.receipt_key.public(), issuer.content(TOKEN))
    status, receipt = ask(2, 6, package)
    assert status == "ok" and receipt in ask(3, 7, None)[1]
    assert ask(4, 6, package)[0] == "replayed", "the same envelope again"
    suspended = issuer.token_state(device, TOKEN, "suspended")
    assert ask(5, 8, suspended)[0] == "ok" and ask(6, 8, suspended)[0] == "replayed"
    assert ask(7, 10, None)[1][1][2] == "suspended"
    assert ask(8, 8, issuer.notice(device, TOKEN, 1))[0] == "ok"
    assert ask(9, 8, issuer.token_state(device, TOKEN, "active"))[0] == "ok"
    assert ask(10, 8, issuer.token_state(device, TOKEN, "deleted"))[0] == "ok" and len(ask(11, 10, None)[1]) == 1
    assert ask(12, 8, issuer.device_state(device, "lost", "Call me"))[0] == "ok"
    assert ask(13, 8, issuer.device_state(device, "found"))[0] == "ok"
    assert ask(14, 8, issuer.device_state(device, "wipe"))[0] == "ok" and ask(15, 10, None)[0] == "wiped"
    assert watch.worked == 15
