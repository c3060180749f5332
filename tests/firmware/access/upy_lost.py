"""Lost mode and remote wipe: who may say so, what it shuts, and that it holds until it is taken back."""

import asyncio

from support import scrubbing
from support.express_desk import with_express
from support.issuer import Issuer
from support.world import OTHER_TOKEN, PASSCODE, TOKEN, World, ready, refused

from watch.access import states
from watch.kernel.errors import (
    CorruptError,
    InputError,
    LostError,
    ReplayError,
    SignatureError,
    StateError,
    StorageError,
)
from watch.storage import records

scrubbing.leave_out()
TEXT = "Please call +49 30 1234"


def _say(world, state, text="", issuer=None):
    device = world.services.identity.device_id
    return world.services.notices.receive((issuer or world.issuer).device_state(device, state, text))


def _second_issuer(world, with_card=True):
    """Another trusted token service, with a card of its own or without."""
    other = Issuer(world.services.random)
    world.services.identity.trust(world.issuer.certificate("token-service", other.service.public))
    if with_card:
        request = world.services.issuance.request(OTHER_TOKEN, other.service.key_id)
        content = other.content(OTHER_TOKEN)
        world.services.issuance.receive(other.package(request, world.services.receipt_key.public(), content))
    return other


def test_a_lost_watch_is_shut_over_restarts_until_it_is_found():
    world = ready()
    assert world.services.guard.lost() is None
    _say(world, "lost", TEXT)
    for _ in range(2):
        guard = world.services.guard
        assert guard.state == states.LOST and guard.lost() == TEXT and not guard.unlocked()
        left = guard.tries_left()
        for passcode in (PASSCODE, b"000000"):
            refused(LostError, world.unlock, passcode)
        assert guard.tries_left() == left, "no try is counted"
        refused(LostError, lambda: asyncio.run(guard.change_passcode(bytearray(PASSCODE), bytearray(b"1234"))))
        refused(LostError, world.set_passcode, b"1234")
        guard.lock()
        assert guard.state == states.LOST, "locking does not hide it"
        world.restart()
    _say(world, "found")
    assert world.services.guard.state == states.LOCKED and world.services.guard.lost() is None
    assert world.restart().services.guard.state == states.LOCKED
    world.unlock()
    assert world.services.wallet.arm()


def test_it_shuts_every_state():
    ways = {
        states.LOCKED: lambda world: world.services.guard.lock(),
        states.WORN: lambda world: None,
        states.ARMED: lambda world: world.services.wallet.arm(),
        states.TAPPING: lambda world: (world.services.wallet.arm(), world.services.guard.select()),
        states.FOREIGN: lambda world: world.services.guard._move(states.APP_OPEN),
        states.EXPRESS: lambda world: world.services.express.enter(),
        states.LOST: lambda world: _say(world, "lost"),
    }
    for state, reach in ways.items():
        world = with_express()
        reach(world)
        assert world.services.guard.state == state
        armed = list(world.services.wallet.armed) + [world.services.express.card]
        keys = [key for card in armed if card for key in card.keys]
        _say(world, "lost", TEXT)
        guard = world.services.guard
        assert guard.state == states.LOST and guard.lost() == TEXT, state
        assert not world.services.wallet.armed and world.services.express.card is None
        assert not any(any(key._key) for key in keys), f"{state} left a key"
        assert world.restart().services.guard.state == states.LOST, state
    print(f"NOTE access: lost mode shuts {len(ways)} states, 0 keys left in RAM")


def test_nothing_said_by_a_stranger_loses_or_wipes_it():
    world = ready()
    stranger = Issuer(world.services.random)
    guest = _second_issuer(world, with_card=False)
    device = world.services.identity.device_id
    receive = world.services.notices.receive
    for state in ("lost", "wipe"):
        refused(SignatureError, receive, stranger.device_state(device, state))
        refused(SignatureError, receive, guest.device_state(device, state))
        refused(SignatureError, receive, world.issuer.device_state(b"another!", state))
    assert world.services.guard.state == states.WORN and world.services.vault.slots


def test_every_service_takes_back_its_own_word_only():
    world = ready()
    other = _second_issuer(world)
    _say(world, "lost", "first")
    _say(world, "lost", "second", other)
    assert world.services.guard.lost() == "second"
    _say(world, "found", issuer=other)
    assert world.services.guard.lost() == "first", "the other one has not said that it is found"
    _say(world, "found", issuer=other)
    assert world.restart().services.guard.lost() == "first"
    world.services.notices.receive(
        world.issuer.token_state(world.services.identity.device_id, TOKEN, "deleted"),
    )
    _say(world, "found")
    assert world.services.guard.state == states.LOCKED, "found counts even after the card has gone"


def test_found_without_lost_changes_nothing_but_the_number():
    world = ready()
    found = world.issuer.device_state(world.services.identity.device_id, "found")
    world.services.notices.receive(found)
    assert world.services.guard.state == states.WORN
    refused(ReplayError, world.services.notices.receive, found)


def test_old_words_do_not_come_back():
    world = ready()
    device = world.services.identity.device_id
    lost = world.issuer.device_state(device, "lost", TEXT)
    found = world.issuer.device_state(device, "found")
    world.services.notices.receive(lost)
    refused(ReplayError, world.services.notices.receive, lost)
    world.services.notices.receive(found)
    for message in (lost, found):
        refused(ReplayError, world.services.notices.receive, message)
        refused(ReplayError, world.restart().services.notices.receive, message)
    assert world.services.guard.state == states.LOCKED
    world.services.notices.receive(world.issuer.notice(device, TOKEN, 1))
    refused(ReplayError, world.services.notices.receive, world.issuer.device_state(device, "lost", number=3))


def test_malformed_words_are_refused():
    world = ready()
    device, service = world.services.identity.device_id, world.issuer.service
    good = {1: device, 2: 50, 3: "lost", 4: "", 5: 1_795_400_300}
    wrong = ({3: "stolen"}, {3: 1}, {3: "found", 4: "x"}, {3: "wipe", 4: "x"}, {4: "x" * 81}, {4: b""}, {5: -1}, {6: 0})
    for change in wrong + ({2: "1"}, {2: True}, {1: b"short"}):
        fields = good.copy()
        fields.update(change)
        refused(InputError, world.services.notices.receive, service.sign("tapwatch/device-state", fields))
    assert world.services.guard.state == states.WORN
    good[4] = "\u4e2d" * 26
    world.services.notices.receive(service.sign("tapwatch/device-state", good))
    assert world.services.guard.lost() == good[4]


def test_what_the_bank_says_is_still_heard_while_lost():
    world = ready()
    package = world.package(TOKEN, batch=2, first_atc=11)
    _say(world, "lost")
    device = world.services.identity.device_id
    assert world.services.notices.receive(world.issuer.notice(device, TOKEN, 1)).result == "approved"
    assert world.services.issuance.receive(package) is None, "kept for the next unlock"
    assert world.services.wallet.keys_left(TOKEN) == 10
    world.services.notices.receive(world.issuer.token_state(device, TOKEN, "suspended"))
    assert world.services.wallet.state(TOKEN) == "suspended" and world.services.guard.state == states.LOST


def test_a_check_that_runs_opens_nothing():
    world = ready()
    guard = world.services.guard
    guard.lock()
    check = guard.unlock(bytearray(PASSCODE))
    guard._lock._pause = _Pause
    check.send(None)
    _say(world, "lost", TEXT)
    refused(StateError, lambda: [check.send(None) for _ in range(100)])
    assert guard.state == states.LOST and not guard.unlocked()


class _Pause:
    """Suspends the coroutine one time."""

    def __iter__(self):
        self.given = False
        return self

    def __next__(self):
        if self.given:
            raise StopIteration
        self.given = True


def test_the_bank_wipes_the_watch():
    for reach in (lambda world: None, lambda world: world.services.wallet.arm(), lambda world: _say(world, "lost")):
        world = ready()
        reach(world)
        wipe = world.issuer.device_state(world.services.identity.device_id, "wipe")
        world.services.notices.receive(wipe)
        assert world.services.guard.state == states.WIPING and world.services.journal.keys() == []
        services = world.restart().services
        assert not services.guard.has_passcode() and not services.vault.slots and services.guard.lost() is None
        refused(SignatureError, services.notices.receive, wipe)


def test_a_lost_watch_whose_record_cannot_be_written_is_shut_all_the_same():
    world = ready()
    program = world.board.flash.program

    def fail(address, data):
        raise OSError(28)

    world.board.flash.program = fail
    lost = world.issuer.device_state(world.services.identity.device_id, "lost", TEXT)
    refused(StorageError, world.services.notices.receive, lost)
    assert world.services.guard.lost() == TEXT
    world.board.flash.program = program
    world.services.notices.receive(lost)
    assert world.restart().services.guard.lost() == TEXT


def test_found_that_cannot_be_written_finds_nothing():
    world = ready()
    _say(world, "lost")
    program = world.board.flash.program

    def fail(address, data):
        raise OSError(28)

    world.board.flash.program = fail
    found = world.issuer.device_state(world.services.identity.device_id, "found")
    refused(StorageError, world.services.notices.receive, found)
    assert world.services.guard.state == states.LOST
    world.board.flash.program = program
    assert world.restart().services.guard.state == states.LOST
    world.services.notices.receive(found)
    assert world.services.guard.state == states.LOCKED


def test_a_damaged_lost_record_is_no_found_watch():
    world = ready()
    _say(world, "lost")
    for blob in (b"\0" * 40, world.services.sealed.sealed(records.LOST, {1: 2})):
        world.services.journal.commit({records.LOST: blob})
        refused(CorruptError, world.restart)


def test_a_lost_watch_without_tries_wipes_itself_at_the_next_start():
    world = World().provision().set_passcode().add_card()
    _say(world, "lost")
    tries = world.services.guard._lock._tries
    for _ in range(10):
        tries.increment()
    assert world.restart().services.guard.state == states.WIPING


def test_a_listener_that_fails_does_not_stop_it_from_being_written_down():
    world = ready()

    def fail(old, new):
        raise MemoryError

    world.services.guard.listen(fail)
    refused(MemoryError, _say, world, "lost", TEXT)
    assert world.services.guard.state == states.LOST
    assert world.restart().services.guard.lost() == TEXT
