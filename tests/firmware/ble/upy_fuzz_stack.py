"""Events of the stack in any order, from peers that do anything: none fails, nothing grows, a new phone comes in."""

import random
import time

from bluetooth import UUID

from tests.firmware.ble.desk import Desk, Wearer
from tests.firmware.ble.fake_ble import MOST, Central
from tests.fuzz.campaign import MOST_MS, count, in_use
from tests.fuzz.mutate import noise
from watch.ble import events, roles, standard
from watch.ble.names import name_of
from watch.kernel.errors import DeadlineError, InputError, LinkError
from watch.storage.records import BONDS

SHARE = "fuzz"
OTHERS = (0, 5, 6, 7, 8, 20, 22, 27, 32, 99)
"""Events that the watch has no use for."""
LINKS = (0, 1, 2, 3, 4, 255, 0xFFFF)
STORIES = 12
"""Stories of STEPS events each in the short form."""
STEPS = 60
HEAP_BYTES = 8_192
"""Of logs, strings of the log and lists that have grown; the ring and the bonds are there from the beginning."""


def number():
    """A handle, a length, a status."""
    return random.choice((0, 1, 2, 16, 18, 20, 22, 255, 256, 512, 0xFFFF))


def data(most=80):
    """Lent bytes, as the stack lends them."""
    return memoryview(bytearray(noise(random.choice((0, 1, 6, 7, 16, random.randrange(most))))))


def address():
    """Kind and address of a device: the phone's own often, since who claims a bond is the one that matters."""
    return random.randrange(4), memoryview(bytes((0xC0, 0xFF, 0xEE, 0, 0, random.randrange(1, 4))))


def key():
    """An address as secrets have it."""
    kind, value = address()
    return memoryview(bytes((kind & 1,)) + bytes(reversed(bytes(value))))


def event(link):
    """One event about a connection, as MicroPython shapes it; what a peer may choose is anything."""
    flags = [bool(random.getrandbits(1)) for _ in range(3)]
    return random.choice(
        (
            lambda: (events.CENTRAL_CONNECT, (link,) + address()),
            lambda: (events.CENTRAL_DISCONNECT, (link,) + address()),
            lambda: (events.GATTS_WRITE, (link, number())),
            lambda: (events.GATTS_READ_REQUEST, (link, number())),
            lambda: (events.GATTC_SERVICE_RESULT, (link, number(), number(), data(17))),
            lambda: (events.GATTC_SERVICE_DONE, (link, number())),
            lambda: (events.GATTC_CHARACTERISTIC_RESULT, (link, number(), number(), number(), data(17))),
            lambda: (events.GATTC_CHARACTERISTIC_DONE, (link, number())),
            lambda: (events.GATTC_DESCRIPTOR_RESULT, (link, number(), data(17))),
            lambda: (events.GATTC_DESCRIPTOR_DONE, (link, number())),
            lambda: (events.GATTC_READ_RESULT, (link, number(), data())),
            lambda: (events.GATTC_READ_DONE, (link, number(), number())),
            lambda: (events.GATTC_WRITE_DONE, (link, number(), number())),
            lambda: (events.GATTC_NOTIFY, (link, number(), data())),
            lambda: (events.GATTC_INDICATE, (link, number(), data())),
            lambda: (events.MTU_EXCHANGED, (link, random.choice((23, 64, 256)))),
            lambda: (events.ENCRYPTION_UPDATE, (link,) + tuple(flags) + (random.choice((0, 7, 16)),)),
            lambda: (
                events.GET_SECRET,
                (random.choice((1, 2, 3, 10)), random.randrange(20), random.choice((None, key()))),
            ),
            lambda: (events.SET_SECRET, (random.choice((1, 2, 3, 10)), key(), random.choice((None, data(200))))),
            lambda: (events.PASSKEY_ACTION, (link, random.randrange(5), random.randrange(1_000_000))),
            lambda: (random.choice(OTHERS), (link, number())),
        )
    )()


def act(desk):
    """A peer does something that the stack lets it do, or the stack says something on its own."""
    kind = random.randrange(6)
    if kind == 0 and len(desk.ble.centrals) < 4:
        Central(desk.ble, random.randrange(1, 4)).connect()
    elif kind == 1 and desk.ble.centrals:
        who = desk.ble.centrals[random.choice(list(desk.ble.centrals))]
        random.choice((who.drop, who.encrypt, who.pair, who.just_works, who.finish, who.update, who.distribute))()
    elif kind == 2 and desk.ble.centrals:
        who = desk.ble.centrals[random.choice(list(desk.ble.centrals))]
        who.write(random.choice(list(desk.ble.rows)), bytes(data(100)))
    elif kind == 3 and not desk.radio.pairing.role and random.randrange(4) == 0 and len(desk.bonds.list()) < BONDS:
        desk.radio.pairing.open(random.choice(roles.ROLES), Wearer(desk, random.choice((True, False, None))))
    else:
        started_s = time.clock()
        desk.ble.event(*event(random.choice(LINKS)))
        assert time.clock() - started_s <= MOST_MS / 1000, "the stack waits"


async def story(desk):
    """A bonded phone, then a crowd, then a new phone."""
    await desk.bond(roles.PHONE)
    identity = desk.ble.identity
    for step in range(STEPS):
        act(desk)
        if step % 8 == 0:
            await desk.settle()
    await desk.settle()
    assert desk.radio.interrupts.faults == 0, "an event could not be dealt with"
    assert not desk.task.done() and not any("Error" in line for line in desk.log.lines()), desk.log.lines()
    assert len(desk.bonds.list()) <= BONDS and all(bond.role in roles.ROLES for bond in desk.bonds.list())
    assert len(desk.radio.client._queue) <= 40 and len(desk.radio.links) <= MOST
    assert bytes(desk.bonds.secret(events.SECRET_IDENTITY, 0, None)) == identity, "another identity was taken"
    await comes_in(desk)


async def comes_in(desk):
    """After airplane mode and with all bonds forgotten a new phone can be paired."""
    desk.radio.stop()
    desk.radio.start()
    await desk.settle()
    newcomer, wearer = Central(desk.ble, 9), Wearer(desk)
    for bond in desk.bonds.list():
        desk.radio.forget(bond.number)
    desk.radio.pairing.open(roles.PHONE, wearer)
    desk.radio.wake()
    newcomer.connect()
    newcomer.pair()
    await desk.settle()
    assert wearer.told[-1] == ("paired", roles.PHONE), wearer.told


def test_any_event_at_any_time():
    random.seed(20261122)
    before = 0
    stories = count(STORIES * STEPS) // STEPS
    for one in range(stories):
        desk = Desk(nested=bool(one & 1))
        desk.run(story)
        desk = None
        if one == 3:
            before = in_use()
    grown = in_use() - before
    print(f"NOTE fuzz, events of the stack: {stories * STEPS} in {stories} stories, heap growth: {grown} bytes")
    assert grown <= HEAP_BYTES, grown


class Liar:
    """A phone that answers any question with any results, and sometimes not at all."""

    def __init__(self):
        self.names = [bytes(UUID(name)) for name in (0x1800, 0x2A00, 0x1805, 0x2A2B, 0x2A0F, 0x2902)]

    def asked(self, ble, conn, question, *arguments):
        """Results of the question, then its end; each may be another, or about another link."""
        result, last = QUESTIONS[question]
        for _ in range(random.randrange(4)):
            ble.event(*(self._result(conn, result) if random.randrange(6) else event(conn)))
        if random.randrange(12):
            refused = random.choice((0, 0, 0, 0, 5))
            fields = (conn, refused) if last < events.GATTC_READ_DONE else (conn, arguments[0], refused)
            ble.event(last, fields)

    def _result(self, conn, result):
        name = random.choice(self.names) if random.randrange(8) else bytes(data(17))
        fields = {
            events.GATTC_SERVICE_RESULT: (conn, 1, number(), name),
            events.GATTC_CHARACTERISTIC_RESULT: (conn, number(), number(), 18, name),
            events.GATTC_DESCRIPTOR_RESULT: (conn, number(), name),
            events.GATTC_READ_RESULT: (conn, number(), random.choice((data(), memoryview(TIME), memoryview(ZONE)))),
        }
        return result, fields.get(result, (conn, number(), data()))


QUESTIONS = {
    "services": (events.GATTC_SERVICE_RESULT, events.GATTC_SERVICE_DONE),
    "characteristics": (events.GATTC_CHARACTERISTIC_RESULT, events.GATTC_CHARACTERISTIC_DONE),
    "descriptors": (events.GATTC_DESCRIPTOR_RESULT, events.GATTC_DESCRIPTOR_DONE),
    "read": (events.GATTC_READ_RESULT, events.GATTC_READ_DONE),
    "write": (events.GATTC_NOTIFY, events.GATTC_WRITE_DONE),
}
TIME, ZONE = b"\xea\x07\x0b\x16\x15\x1e\x05\x07\x00\x00", b"\x04\x04"


async def ask(desk, wanted):
    """So many questions; gives how many had an answer."""
    good = asked = 0
    while asked < wanted:
        while not desk.radio.links:
            desk.ble.centrals.clear()
            desk.radio.stop()
            desk.radio.start()
            for bond in desk.bonds.list():
                desk.radio.forget(bond.number)
            await desk.settle()
            await desk.bond(roles.PHONE, server=lambda central: Liar())
        for notes in (desk.ble.calls, desk.all.heard, desk.common.heard):
            notes.clear()
        link, client = desk.radio.links[0], desk.radio.client
        asked += 1
        try:
            good += await random.choice((standard.phone_time, name_of))(client, link) is not None
        except (InputError, LinkError, DeadlineError):
            pass
        assert len(client._owed) <= 32 and len(client._results) <= 32
    return good


def test_answers_to_questions():
    """Whatever a phone answers: a time, a name, nothing, or a declared error, and the next question is asked."""
    random.seed(20261123)
    desk, wanted = Desk(nested=True), count(400, 4)
    before = in_use()
    good = desk.run(lambda desk: ask(desk, wanted))
    assert desk.radio.interrupts.faults == 0, desk.radio.interrupts.faults
    assert good > wanted // 40, good
    grown = in_use() - before
    print(f"NOTE fuzz, answers to questions: {wanted} questions, {good} answered, heap growth: {grown} bytes")
    assert grown <= HEAP_BYTES
