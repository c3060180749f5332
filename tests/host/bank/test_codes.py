"""Payment codes of 18 digits: books, redemption exactly once, guesses."""

from __future__ import annotations

import random
import threading
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, select, text

from tapwatch.bank import codes, guesses, schema
from tapwatch.bank.code_schema import code_books, code_handles
from tapwatch.bank.codes import Codes
from tapwatch.bank.limits import Limits
from tapwatch.bank.problems import StoreProblem
from tapwatch.bank.schema import payments
from tapwatch.bank.store import Store
from tests.fuzz.campaign import count
from tests.host.bank.till import Till, handle, shown, wrong
from tests.host.bank.world import DAY_S, Watch

if TYPE_CHECKING:
    from tests.host.bank.world import World

Book = dict[int, Any]


def book_of(world: World, limits: Limits | None = None) -> Book:
    """The codes of a new card."""
    return world.card(limits=limits).content[21]


def rows(world: World, statement: str) -> list[tuple]:
    """Read the database beside the bank."""
    with Store(world.url).read() as connection:
        return [tuple(row) for row in connection.execute(text(statement)).all()]


def test_the_map_in_a_package(world: World) -> None:
    book = book_of(world)
    assert set(book) == set(range(1, 8))
    assert (len(book[1]), len(book[2]), book[3]) == (2, 32, 50)
    assert (book[4], book[5]) == (world.clock.now, world.clock.now + DAY_S)
    assert 0 < book[6] <= book[7]
    stored = {handle for (handle,) in rows(world, "SELECT handle FROM code_handles")}
    assert stored == {handle(book, number) for number in range(50)}


def test_no_seed_in_the_database(world: World) -> None:
    book = book_of(world)
    with Store(world.url).read() as connection:
        for table in (code_books, code_handles, schema.settings):
            for row in connection.execute(select(table)):
                assert book[2] not in row and book[2].hex() not in row
    assert (world.keys / "code-key").stat().st_mode & 0o77 == 0


def test_products_without_codes_have_none(world: World) -> None:
    assert world.card("closed-loop").content[21] is None
    assert world.card("contact-test").content[21] is None


def test_a_code_pays_once(world: World) -> None:
    card = world.card()
    code, till = shown(card.content[21], 0, world.clock.now), Till(world)
    assert till.pay(code, 1234) == "00"
    assert till.pay(code, 1234) == "94", "another message with the same code"
    assert Till(world, "OTHER").pay(code, 1) == "94"
    assert world.spent == 1234
    (notice,) = world.notices()
    expected = (card.content[1], 65_536 + int(code[2:10]), "approved", 1234, 978, "Corner shop", "00")
    assert tuple(notice.payload[key] for key in (3, 4, 5, 6, 7, 8, 10)) == expected
    assert world.bank.trial_balance().balanced


def test_a_repeat_gets_the_stored_answer(world: World) -> None:
    request = Till(world).digits(shown(book_of(world), 0, world.clock.now), 500)
    answer = world.bank.authorise(request)
    assert answer["39"] == "00"
    world.reopen()
    world.clock.now += 3600
    assert world.bank.authorise(request) == answer
    assert world.bank.authorise({**request, "t": "0201"}) == answer
    assert world.spent == 500
    assert world.code({**request, "4": "000000000501"}) == "94", "the same numbers, another amount"


@pytest.mark.parametrize(("late_s", "answer"), [(-120, "14"), (-60, "00"), (0, "00"), (60, "00"), (120, "14")])
def test_the_minute_and_one_to_each_side(world: World, late_s: int, answer: str) -> None:
    book = book_of(world)
    code = shown(book, 3, world.clock.now)
    world.clock.now += late_s
    with Store(world.url).write() as connection:  # or the early ones would come before their book
        connection.execute(code_books.update().values(valid_from=0))
    assert Till(world).pay(code) == answer


def test_three_wrong_checks_end_a_handle(world: World) -> None:
    book, till = book_of(world), Till(world)
    for number, wrong_ones in ((0, 2), (1, 3)):
        for _ in range(wrong_ones):
            assert till.pay(wrong(shown(book, number, world.clock.now))) == "14"
    assert till.pay(shown(book, 0, world.clock.now)) == "00"
    assert till.pay(shown(book, 1, world.clock.now)) == "14"
    assert world.spent == 100
    print(f"NOTE codes: {codes.WRONG_CHECKS} wrong checks end a handle: 9 in 10^8 to guess one that is alive")


def test_too_many_wrong_codes_stop_a_merchant(world: World) -> None:
    book, till, other = book_of(world), Till(world, "GUESSER"), Till(world, "HONEST")
    for number in range(guesses.MOST_WRONG):
        assert till.pay(f"97{number:016d}") == "14"
    assert till.pay(shown(book, 0, world.clock.now)) == "58", "even a right one"
    assert Till(world, "GUESSER", "2").pay(shown(book, 1, world.clock.now)) == "00", "another acquirer's merchant"
    assert other.pay(shown(book, 2, world.clock.now)) == "00"
    world.clock.now += guesses.BLOCK_S - 1
    assert till.pay(shown(book, 3, world.clock.now)) == "58"
    world.clock.now += 1
    assert till.pay(shown(book, 3, world.clock.now)) == "00"
    per_day = DAY_S // guesses.BLOCK_S * guesses.MOST_WRONG
    print(f"NOTE codes: a merchant has {guesses.MOST_WRONG} wrong codes an hour, at most {per_day} a day")


def test_an_honest_till_with_misreads_is_not_stopped(world: World) -> None:
    book, till = book_of(world), Till(world)
    for number in range(12):
        world.clock.now += 600
        assert till.pay(wrong(shown(book, number, world.clock.now))) == "14"
    assert till.pay(shown(book, 20, world.clock.now)) == "00"


def test_repeats_of_a_wrong_code_count_once(world: World) -> None:
    book, till = book_of(world), Till(world)
    request = till.digits(wrong(shown(book, 0, world.clock.now)))
    assert [world.code(request) for _ in range(20)] == ["14"] * 20
    assert till.pay(shown(book, 0, world.clock.now)) == "00"


def test_nothing_tells_which_handles_are_alive(world: World) -> None:
    """Wrong check, unknown handle, dead handle, other prefix; and reversals of codes that never came."""
    book, till = book_of(world), Till(world)
    live = wrong(shown(book, 0, world.clock.now))
    answers = [till.pay(live), till.pay("97" + "0" * 16), till.pay("98" + live[2:]), till.pay("0" * 18), till.pay("97")]
    assert answers == ["14"] * 5
    for code in (live, "97" + "0" * 16):
        assert world.code(world.about(till.digits(code), "0400")) == "00"


@pytest.mark.parametrize("late_s", [DAY_S, DAY_S + 1, 3 * DAY_S])
def test_a_book_ends_after_a_day(world: World, late_s: int) -> None:
    book = book_of(world)
    world.clock.now += late_s
    assert Till(world).pay(shown(book, 0, world.clock.now)) == ("00" if late_s == DAY_S else "54")


def test_the_book_before_pays_until_the_new_one_is_installed(world: World) -> None:
    token = world.token()
    first = world.fetch(token)
    till = Till(world)
    world.pay(first, 1, 100)  # its batch is live
    second = world.fetch(token, 2, 10)
    assert till.pay(shown(first.content[21], 0, world.clock.now)) == "00"
    lost = second
    second = world.fetch(token, 2, 10)  # the package got lost and the watch asks again
    assert till.pay(shown(first.content[21], 1, world.clock.now)) == "00", "it is still the one on the watch"
    assert till.pay(shown(lost.content[21], 0, world.clock.now)) == "14", "nobody holds this one"
    assert till.pay(shown(second.content[21], 0, world.clock.now)) == "00"
    world.fetch(token, 3, second.atcs[-1])
    assert till.pay(shown(first.content[21], 2, world.clock.now)) == "14", "two batches later"
    assert till.pay(shown(second.content[21], 1, world.clock.now)) == "00"
    assert len(rows(world, "SELECT id FROM code_handles WHERE state = 'live'")) == 2 * 50 - 2


def test_ended_handles_are_forgotten_but_those_that_paid(world: World) -> None:
    book = book_of(world)
    assert Till(world).pay(shown(book, 7, world.clock.now)) == "00"
    world.clock.now += DAY_S + 1
    fresh = book_of(world)
    left = rows(world, "SELECT state, count(*) FROM code_handles GROUP BY state ORDER BY state")
    assert left == [("ended", 1), ("live", 50)]
    assert Till(world).pay(shown(book, 7, world.clock.now)) == "14"
    assert Till(world).pay(shown(fresh, 7, world.clock.now)) == "00"


def test_limits_of_codes(world: World) -> None:
    book, till = book_of(world, Limits(per_tap=10, per_tap_without_cdcvm=0)), Till(world)
    now = world.clock.now
    assert till.pay(shown(book, 0, now), codes.PER_CODE_MINOR + 1) == "61"
    assert till.pay(shown(book, 0, now), 100) == "94", "declined, and used up all the same"
    assert till.pay(shown(book, 1, now), codes.PER_CODE_MINOR) == "00", "limits of taps are not those of codes"
    assert till.pay(shown(book, 2, now), codes.PER_CODE_MINOR) == "00"
    assert till.pay(shown(book, 3, now), codes.IN_ALL_MINOR - 2 * codes.PER_CODE_MINOR + 1) == "61"
    assert till.pay(shown(book, 4, now), codes.IN_ALL_MINOR - 2 * codes.PER_CODE_MINOR) == "00"
    assert till.pay(shown(book, 5, now), 1) == "61"
    assert world.spent == codes.IN_ALL_MINOR


def test_codes_share_the_limit_of_the_day(world: World) -> None:
    card = world.card(limits=Limits(per_day=1000))
    assert world.pay(card, 1, 800) == "00"
    assert Till(world).pay(shown(card.content[21], 0, world.clock.now), 201) == "61"
    assert Till(world).pay(shown(card.content[21], 1, world.clock.now), 200) == "00"
    assert world.pay(card, 2, 1) == "61"


def test_codes_are_no_taps_without_passcode(world: World) -> None:
    card = world.card(limits=Limits(taps_without_cdcvm=1))
    for number in range(3):
        assert Till(world).pay(shown(card.content[21], number, world.clock.now)) == "00"
    quiet = world.purchase(card, 1, 100, chip=card.tap(1, 100, cdcvm=False))
    assert world.code(quiet) == "00"
    assert world.code(world.purchase(card, 2, 100, chip=card.tap(2, 100, cdcvm=False))) == "65"


def test_other_reasons_to_decline(world: World) -> None:
    card = world.card()
    book, till, now = card.content[21], Till(world), world.clock.now
    assert world.code(till.digits(shown(book, 0, now), f49="156")) == "57"
    assert world.code(till.digits(shown(book, 1, now), f3="010000")) == "12"
    assert world.code(till.digits(shown(book, 2, now), 0)) == "13"
    world.bank.set_state(card.content[1], "suspended")
    assert till.pay(shown(book, 3, now)) == "62"
    world.bank.set_state(card.content[1], "active")
    assert till.pay(shown(book, 4, now)) == "00"
    world.bank.set_state(card.content[1], "deleted")
    assert till.pay(shown(book, 5, now)) == "62"
    assert world.spent == 100


def test_not_enough_money(world: World) -> None:
    world.account = world.bank.open_account("Bob", 978, 99)
    assert Till(world).pay(shown(book_of(world), 0, world.clock.now), 100) == "51"


def test_a_code_in_a_message_that_is_not_for_codes(world: World) -> None:
    code = shown(book_of(world), 0, world.clock.now)
    request = Till(world).digits(code)
    assert world.code({**request, "22": "071"}) == "30"
    assert world.code({**request, "55": "9F360100"}) == "30"
    assert world.code({**request, "22": "031", "11": "777777"}) == "00"


@pytest.mark.parametrize("message", ["0400", "0420"])
def test_reversal(world: World, message: str) -> None:
    till = Till(world)
    code = shown(book_of(world), 0, world.clock.now)
    purchase = till.digits(code, 700)
    assert world.code(purchase) == "00"
    world.clock.now += 7200
    reversal = world.about(purchase, message)
    assert world.code({**world.about(purchase, message), "2": "97" + "1" * 16}) == "25"
    assert [world.code(reversal) for _ in range(3)] == ["00"] * 3
    assert world.code(world.about(purchase, message)) == "00"
    assert world.spent == 0
    assert [notice.payload[10] for notice in world.notices()] == ["00", "21"]
    assert len({notice.payload[4] for notice in world.notices()}) == 1
    assert till.pay(code) == "14", "a reversed payment does not give its code back"


def test_reversal_before_its_payment(world: World) -> None:
    till = Till(world)
    purchase = till.digits(shown(book_of(world), 0, world.clock.now), 700)
    assert world.code(world.about(purchase, "0400")) == "00"
    assert world.code(purchase) == world.code(purchase) == "21"
    assert world.spent == 0


def test_hold_and_capture(world: World) -> None:
    till = Till(world)
    held = till.digits(shown(book_of(world), 0, world.clock.now), 1000, "0100")
    assert world.code(held) == "00"
    assert world.code({**held, "t": "0200"}) == "94"
    assert world.code(world.about(held, "0220", 600)) == world.code(world.about(held, "0220", 600)) == "00"
    assert world.spent == 600
    assert world.bank.trial_balance().balanced


def test_two_merchants_at_once(world: World) -> None:
    """Eight tills scan the same code at the same moment: exactly one is paid."""
    code = shown(book_of(world), 0, world.clock.now)
    requests = [Till(world, f"SHOP{number}").digits(code, 100 + number) for number in range(8)]
    start = threading.Barrier(len(requests))
    answers: list[str] = []

    def send(request: dict[str, str]) -> None:
        start.wait()
        answers.append(world.code(request))

    threads = [threading.Thread(target=send, args=(request,)) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["00"] + ["94"] * 7
    assert 100 <= world.spent <= 107
    assert len(rows(world, "SELECT id FROM payments")) == 1


def test_two_watches_never_have_the_same_handle(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The seed of the second book clashes twice; both are thrown away."""
    first = book_of(world)
    real, drawn = Codes._seed, [0]

    def unlucky(self: Codes, token_id: bytes, salt: bytes) -> bytes:
        drawn[0] += 1
        return first[2] if drawn[0] <= 2 else real(self, token_id, salt)

    monkeypatch.setattr(Codes, "_seed", unlucky)
    second = book_of(world)
    assert drawn[0] == 3
    assert second[2] != first[2]
    assert not {handle(first, n) for n in range(50)} & {handle(second, n) for n in range(50)}


def test_the_database_guards_handles(world: World) -> None:
    """One payment per handle, one live row per handle, a used one stays used: without any of the code."""
    book = book_of(world)
    assert Till(world).pay(shown(book, 0, world.clock.now)) == "00"
    store = Store(world.url)
    with store.read() as connection:
        paid = connection.execute(select(payments)).one()
        used = connection.execute(select(code_handles).where(code_handles.c.state == "used")).one()
    twice = {**paid._mapping, "id": paid.id + 1}
    clash = {**used._mapping, "id": used.id + 1000, "number": 99, "state": "live"}
    for statement in (
        insert(payments).values(**twice),
        insert(payments).values(**{**twice, "code_id": None}),
        insert(payments).values(**{**twice, "code_id": used.id + 1, "channel": "tap"}),
        insert(code_handles).values(**clash),
        code_handles.update().where(code_handles.c.id == used.id).values(state="live"),
    ):
        with pytest.raises(StoreProblem), store.write() as connection:
            connection.execute(statement)


@pytest.mark.share("fuzz")
def test_random_and_near_codes(world: World) -> None:
    """Whatever is not shown this minute is not genuine: random digits, one digit changed, other minutes and books."""
    books = [book_of(world) for _ in range(4)]
    checker, rng, now = world_codes(world), random.Random(18), world.clock.now
    tried = count(4_000)
    accepted = live = 0
    valid = {shown(book, n, now + 60 * m) for book in books for n in range(50) for m in (-1, 0, 1)}
    with Store(world.url).read() as connection:
        for number in range(tried):
            code = attempt(rng, books, now, number % 5)
            if code in valid:
                continue
            presented = checker.look_up(connection, code, now)
            live += presented.handle is not None
            accepted += presented.genuine
        assert all(checker.look_up(connection, code, now).genuine for code in rng.sample(sorted(valid), 20))
    print(f"NOTE codes: {tried} random and near codes, {live} with a live handle, {accepted} accepted")
    assert accepted == 0
    assert live > tried // 3


def attempt(rng: random.Random, books: list[Book], now: int, kind: int) -> str:
    """One guess; the kinds get better and better."""
    book, other, number = rng.choice(books), rng.choice(books), rng.randrange(50)
    if kind == 0:
        return "97" + f"{rng.randrange(10**16):016d}"
    code = shown(book, number, now)
    if kind == 1:  # right handle, any check
        return code[:10] + f"{rng.randrange(10**8):08d}"
    if kind == 2:  # one digit changed
        place = rng.randrange(2, 18)
        return code[:place] + str(rng.randrange(10)) + code[place + 1 :]
    if kind == 3:  # a minute that is over, or yet to come
        return shown(book, number, now + 60 * rng.choice((-1, 1)) * rng.randint(2, 5000))
    return code[:10] + shown(other, rng.randrange(50), now)[10:]  # the check of another code


def world_codes(world: World) -> Codes:
    """The checker of the world's bank."""
    return Codes((world.keys / "code-key").read_bytes())


def test_a_code_of_another_bank(world: World) -> None:
    """The same handles and salts under another key: nothing is genuine."""
    book = book_of(world)
    (world.keys / "code-key").write_bytes(bytes(32))
    world.reopen()
    assert Till(world).pay(shown(book, 0, world.clock.now)) == "14"


def test_another_watch_of_the_same_customer(world: World) -> None:
    first = book_of(world)
    world.watch = Watch(world.root, 2)
    world.register(world.watch)
    second = book_of(world)
    assert Till(world).pay(shown(first, 0, world.clock.now)) == "00"
    assert Till(world).pay(shown(second, 0, world.clock.now)) == "00"
    assert world.spent == 200
