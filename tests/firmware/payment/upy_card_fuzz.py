"""Damaged, reordered and invented commands: only known status words, bounded time, no memory lost, no ATC twice."""

import gc
import os
import random
import time

from tests.firmware.payment.card_kit import (
    CLOSED_LOOP_ALIAS,
    armed,
    fill,
    flatten,
    generate_ac,
    gpo,
    select,
    terminal_values,
    verify,
)
from tests.fuzz.campaign import count
from watch.access.states import NFC_CARD
from watch.nfc.ndef import NdefTag
from watch.nfc.router import Router
from watch.payment.card import EmvCard
from watch.payment.profiles import ALL
from watch.payment.profiles.profile import GENERATE
from watch.payment.tlv import parse_number

SHARE = "fuzz"
COUNT = count(50_000)
KNOWN = {0x9000, 0x6700, 0x6982, 0x6983, 0x6985, 0x6986, 0x6A80, 0x6A82, 0x6A83, 0x6A86, 0x6A88, 0x6B00, 0x6D00, 0x6E00}
KNOWN |= {0x63C0, 0x63C1, 0x63C2}
"""6F00 is not among them: no command may reach an error of the watch."""
MOST_MS = 50
MOST_INTERRUPTED = 3
"""Commands during which a busy computer may have run something else."""


OTHERS = (
    select(b"2PAY.SYS.DDF01"),
    select(b"1PAY.SYS.DDF01"),
    select(CLOSED_LOOP_ALIAS),
    select(b"\xa0\x00\x00\x00"),
    select(b"\xf0TAPW"),
    select(b"\xd2\x76\x00\x00\x85\x01\x01"),
    b"\x80\xca\x9f\x36\x00",
    b"\x80\xca\x9f\x17\x00",
    verify(),
    verify("0000"),
    b"\x00\xa4\x00\x0c\x02\xe1\x04",
    b"\x00\xb0\x00\x00\x0f",
)


def transaction(profile):
    """The commands of one whole transaction."""
    values = terminal_values()
    commands = [select(profile.names[0].aid), gpo(fill(profile.pdol, values))]
    commands += [bytes((0, 0xB2, number, sfi << 3 | 4, 0)) for sfi, number, _ in profile.records]
    if profile.flow == GENERATE:
        commands += [verify(), generate_ac(0x80, fill(profile.cdol1, values))]
        commands.append(generate_ac(0x40, fill(profile.cdol2, values)))
    return commands


def endless(transactions):
    """Commands for ever: transactions with some left out, damaged, repeated or mixed with others."""
    while True:
        for command in random.choice(transactions):
            chance = random.randrange(10)
            if chance < 4:
                yield damage(random.choice(OTHERS) if chance == 0 else command)
            if chance > 1:
                yield command


def damage(command):
    """One command with random changes: bytes, length, or none of it kept."""
    kind = random.randrange(6)
    command = bytearray(command)
    if kind == 0:
        return command
    if kind == 1:
        return bytearray(os.urandom(random.randrange(40)))
    if kind == 2:
        return command[: random.randrange(len(command) + 1)]
    if kind == 3:
        return command + bytes(random.randrange(1, 30))
    for _ in range(random.randrange(1, 4)):
        command[random.randrange(len(command))] = random.getrandbits(8)
    return command


class Target:
    """A card that is armed again whenever its keys are gone."""

    def __init__(self):
        self.card = EmvCard(lambda: 0)
        self.card.set_state(NFC_CARD)
        self.router = Router(self.card.applications + (NdefTag(lambda: b"\xd1\x01\x01U\x00"),))
        self.atc = {profile.name: 1 for profile in ALL}
        self.ready = {}
        self.armings = 0
        for profile in self.atc:
            self.arm(profile)

    def arm(self, profile):
        """Three new keys with ATCs never used before."""
        self.armings += 1
        self.ready[profile] = armed(profile, first_atc=self.atc[profile])
        self.atc[profile] = self.atc[profile] % 0xFFF0 + 3
        self.card.load(self.ready[profile])

    def rearm(self):
        """Replace what is used up."""
        for profile, card in self.ready.items():
            if not card.has_key():
                self.arm(profile)


def run(count):
    """Commands at random; returns (keys spent, longest time in ms)."""
    target = Target()
    commands = endless([transaction(profile) for profile in ALL])
    request, reply = bytearray(300), bytearray(258)
    spent = second = longest = slow = 0
    for number in range(count):
        command = next(commands)
        request[: len(command)] = command
        start = time.ticks_us()
        size = target.router.apdu(request, len(command), reply)
        took = time.ticks_diff(time.ticks_us(), start)
        longest = max(longest, took)
        slow += took > MOST_MS * 1000
        status = reply[size - 2] << 8 | reply[size - 1]
        assert 2 <= size <= 258 and status in KNOWN, (bytes(command), hex(status))
        assert len(request) == 300 and len(reply) == 258, "a lent buffer changed its size"
        if reply[0] == 0x77 and b"\x9f\x26\x08" in reply[: size - 2]:
            kind = cryptogram_kind(reply[: size - 2])
            spent += kind == 0x80
            second += kind == 0x40
        if number % 50 == 0:
            target.rearm()
        if number % 997 == 0:
            target.router.deselect()
    assert spent <= 3 * target.armings, "more cryptograms than keys"
    assert second == 0, "no bank has answered here"
    return spent, longest / 1000, slow


def cryptogram_kind(data):
    """9F27 of a cryptogram. One that belongs to no ATC must be zeros."""
    tags = flatten(data)
    assert tags[0x9F36] != b"\x00\x00" or (tags[0x9F26] == bytes(8) and tags[0x9F27] == b"\x00")
    return tags[0x9F27][0]


def test_commands():
    random.seed(20261122)
    run(1500)  # names and buffers are made once
    gc.collect()
    before = gc.mem_alloc()
    spent, longest, slow = run(COUNT)
    gc.collect()
    grown = gc.mem_alloc() - before
    print("NOTE fuzzed APDUs:", COUNT, "keys spent:", spent, "longest ms:", longest, "heap growth:", grown)
    assert spent > COUNT // 100, "the fuzzer hardly got anywhere"
    assert slow <= MOST_INTERRUPTED, "answers take too long"
    assert grown < 1024  # what the last target and the last command hold


def test_numbers():
    random.seed(1)
    for _ in range(COUNT // 10):
        raw = os.urandom(6)
        value = parse_number(raw, 0, 6)
        digits = raw.hex()
        assert value == (int(digits) if digits.isdigit() else -1)


def test_the_status_guard_can_fail():
    assert 0x6F00 not in KNOWN and 0x9001 not in KNOWN
