"""Broken messages and chip data: answered or refused, never a crash, never money."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tapwatch.acquiring import spec
from tests.fuzz.campaign import count

if TYPE_CHECKING:
    from tests.host.bank.world import World


def mutate(data: bytearray, rng: random.Random) -> None:
    """Overwrite a byte, or (one time in four) insert or cut a few."""
    place = rng.randrange(len(data))
    choice = rng.randrange(8)
    if choice == 0:
        data[place:place] = rng.randbytes(rng.randint(1, 4))
    elif choice == 1:
        del data[place : place + rng.randint(1, 4)]
    else:
        data[place] = rng.randrange(256)


def test_random_chip_data_never_crash(world: World) -> None:
    """Field 55 with random changes, insertions and cuts: declined, format error, or (unchanged) approved once."""
    card = world.card()
    rng = random.Random(55)
    codes: dict[str, int] = {}
    good = bytes.fromhex(world.purchase(card, 1, 100)["55"])
    wanted = count(750, 20)
    for number in range(wanted):
        data = bytearray(good)
        for _ in range(rng.choice((1, 1, 1, 3))):
            mutate(data, rng)
        if bytes(data) == good:
            continue
        request = world.purchase(card, 1, 100)
        answer = world.bank.authorise({**request, "55": bytes(data[:255]).hex().upper(), "11": f"{number:06d}"})
        codes[answer["39"]] = codes.get(answer["39"], 0) + 1
    print(f"NOTE bank: {sum(codes.values())} broken field 55: {codes}")
    assert set(codes) <= {"30", "63", "00", "05", "59"}
    assert codes["30"] + codes["63"] > sum(codes.values()) * 0.95
    assert world.bank.trial_balance().balanced


def test_random_messages_never_crash(world: World) -> None:
    message = spec.encode(world.purchase(world.card(), 1, 100))
    rng = random.Random(8583)
    for _ in range(count(1_500, 10)):
        data = bytearray(message)
        for _ in range(rng.randint(1, 4)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        answer = world.bank.desk.answer_bytes(bytes(data[: rng.randint(0, len(data))]))
        assert answer is None or len(spec.decode(answer)["39"]) == 2
