"""Offline payment codes: the digits, who may see them, and that no number is ever shown twice."""

import json

from support import scrubbing
from support.issuer import NOW_S, payment_codes
from support.world import OTHER_TOKEN, TOKEN, World, refused

from tests.firmware.payment.codes_kit import codes_of, ready
from watch.kernel.errors import (
    CorruptError,
    ExpiredError,
    LockedError,
    NoCodesError,
    NoTokenError,
    StateError,
    StorageError,
    SuspendedError,
)
from watch.payment.codes import CodeBook, make_code
from watch.storage import records

scrubbing.leave_out()

SEED = bytes(range(32))


def test_digits_are_those_of_an_independent_computation():
    with open("tests/vectors/payment/codes.json") as file:
        vectors = json.load(file)
    for vector in vectors:
        made = make_code(vector["prefix"], bytes.fromhex(vector["seed"]), vector["number"], vector["minute"])
        assert made == vector["code"], (made, vector)
    print("NOTE payment codes equal to an independent computation:", len(vectors))


def test_each_call_shows_the_next_number():
    world = ready()
    codes = codes_of(world)
    assert codes.codes_left(TOKEN) == 50
    minute = world.services.clock.security_s() // 60
    assert codes.next_code(TOKEN) == make_code("28", SEED, 0, minute)
    assert codes.next_code(TOKEN) == make_code("28", SEED, 1, minute)
    assert codes.codes_left(TOKEN) == 48
    world.board.clock.now_us += 60_000_000
    assert codes.next_code(TOKEN) == make_code("28", SEED, 2, minute + 1)


def test_numbers_survive_restarts_and_run_out():
    world = ready(count=5)
    seen = set()
    for _ in range(5):
        seen.add(codes_of(world).next_code(TOKEN)[2:10])
        world.services.save_clock()
        world.restart().unlock()
    assert len(seen) == 5
    assert codes_of(world).codes_left(TOKEN) == 0
    refused(NoCodesError, codes_of(world).next_code, TOKEN)


def test_a_number_is_written_down_before_it_is_shown():
    """The flash refuses: no digits. And whatever the flash held, the number shown next is a later one."""
    world = ready()
    codes = codes_of(world)
    first = codes.next_code(TOKEN)
    program = world.board.flash.program

    def fail(address, data):
        raise OSError(28)

    world.board.flash.program = fail
    refused(StorageError, codes.next_code, TOKEN)
    world.board.flash.program = program
    assert codes.next_code(TOKEN)[2:10] != first[2:10]


def test_codes_have_a_time():
    world = ready(start=NOW_S + 4000)
    codes = codes_of(world)
    refused(NoCodesError, codes.next_code, TOKEN)
    assert codes.codes_left(TOKEN) == 0
    world.services.clock.raise_floor(NOW_S + 4000)
    codes.next_code(TOKEN)
    world.services.clock.raise_floor(NOW_S + 4000 + 86_401)
    assert codes.codes_left(TOKEN) == 0
    refused(NoCodesError, codes.next_code, TOKEN)


def test_a_fast_clock_of_the_watch_does_not_spoil_the_codes():
    world = World().provision().set_passcode()
    world.services.clock.raise_floor(NOW_S + 500)  # the bank's time is NOW_S when it answers
    world.add_card(codes=payment_codes())
    world.board.clock.now_us += 60_000_000
    seed, minute = payment_codes()[2], (NOW_S + 60) // 60
    assert codes_of(world).next_code(TOKEN) == make_code("28", seed, 0, minute)
    assert world.services.clock.security_s() >= NOW_S + 560, "security time itself has not gone back"


def test_a_late_package_does_not_shift_them():
    world = World().provision().set_passcode()
    world.services.clock.raise_floor(NOW_S)
    package = world.package(codes=payment_codes())
    world.board.clock.now_us += 300_000_000  # the phone took its time
    world.services.issuance.receive(package)
    minute = world.services.clock.security_s() // 60
    assert codes_of(world).next_code(TOKEN) == make_code("28", payment_codes()[2], 0, minute)


def test_who_may_not_see_a_code():
    world = ready().add_card(OTHER_TOKEN, profile="mastercard")
    codes = codes_of(world)
    refused(NoTokenError, codes.next_code, b"nowhere!")
    refused(NoCodesError, codes.next_code, OTHER_TOKEN)
    assert codes.offer(OTHER_TOKEN) is None and codes.codes_left(OTHER_TOKEN) is None
    world.services.wallet.arm()
    refused(StateError, codes.next_code, TOKEN)
    world.services.guard.lock()
    refused(LockedError, codes.next_code, TOKEN)
    assert codes.codes_left(TOKEN) == 50, "the count can be shown while locked"
    world.unlock()
    device = world.services.identity.device_id
    world.services.notices.receive(world.issuer.token_state(device, TOKEN, "suspended"))
    refused(SuspendedError, codes.next_code, TOKEN)
    world.services.notices.receive(world.issuer.token_state(device, TOKEN, "active"))
    world.services.clock.raise_floor(world.services.wallet.active().last_second() + 1)
    refused(ExpiredError, codes.next_code, TOKEN)


def test_a_session_that_has_run_out_shows_nothing():
    world = ready()
    world.board.clock.now_us += 601_000_000
    refused(LockedError, codes_of(world).next_code, TOKEN)


def test_without_codes_in_a_package_there_are_none():
    world = ready()
    services = world.services
    book = CodeBook(services.journal, services.sealed, services.random)
    services.journal.commit(book.install_changes(0, None, bytearray(32)))
    assert codes_of(world).offer(TOKEN) is None
    assert services.journal.get(records.CODE_SEED) is None


def test_damage_is_never_taken_for_nothing():
    world = ready()
    services, codes = world.services, codes_of(world)
    seed = services.journal.get(records.CODE_SEED)
    services.journal.commit({records.CODE_SEED: None})
    refused(CorruptError, codes.next_code, TOKEN)
    services.journal.commit({records.CODE_SEED: seed[:-1] + bytes((seed[-1] ^ 1,))})
    refused(CorruptError, codes.next_code, TOKEN)
    services.sealed.write(records.CODE_STATE, ["28", 0])
    refused(CorruptError, codes.next_code, TOKEN)


def test_the_seed_is_gone_from_ram():
    world = ready()
    book = codes_of(world)._book
    with world.services.guard.vault_key() as vault_key, book.seed(0, vault_key) as seed:
        held = seed
        assert bytes(held) == SEED
    assert not any(held)
