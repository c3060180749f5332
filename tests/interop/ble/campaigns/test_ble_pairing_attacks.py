"""Attempts to pair that must leave no bond, each followed by an honest one that works.

What is refused by whom: the firmware insists on its window, on digits that its wearer has agreed to and on keys of 16
bytes. Points beside the curve, its own public key, a DHKey check that is wrong, an encryption that comes early and
messages after a failure are refused by the security manager: here by Bumble and
host_tools/tapwatch/simulator/radio/session.py, on a board by NimBLE, which no test here runs.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from typing import TYPE_CHECKING

import pytest
from bumble import smp

from tests.interop.ble.campaigns import attackers
from tests.interop.ble.campaigns.attackers import IO, Delegate, arm
from tests.interop.ble.campaigns.yard import NEXT_SESSION_S, Yard, hang_up, lost, open_yard, while_linked
from tests.tools.upy_process import LONG

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bumble.device import Device

KEY_BYTES = range(7, 16)
_ATTEMPT_S = 3.0
_SETTLED_S = 0.3
WINDOW_S = 121.0
"""Longer than the watch waits for a device to pair, and to secure its link."""
READING_MS = 1200
QUESTION_S = 31.0
NEVER = 1_000_000


class Attempts:
    """Attackers come one after the other; the honest phone has a bond and makes it anew after each of them."""

    def __init__(self, yard: Yard) -> None:
        self.yard = yard
        self.phone = yard.do(yard.bond("phone"))
        self.slowest_ms = self.count = 0

    async def attempt(self, device: Device, opened: bool = True, wearer: str = "yes") -> None:
        """One attempt; there is no bond of it afterwards, and the next honest pairing works."""
        yard = self.yard
        before = (await yard.watch.state())["bluetooth"]["bonds"]
        if opened:
            await yard.open_for("phone")
        connection = await yard.call(device)
        answering = asyncio.ensure_future(self._answer(wearer)) if opened else None
        await while_linked(connection, connection.pair(), _ATTEMPT_S)
        if not await lost(connection, _SETTLED_S):
            await yard.watch.advance(WINDOW_S)
        assert await lost(connection), "the watch did not send it away"
        if answering is not None:
            answering.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await answering
        await yard.no_links()
        after = (await yard.watch.state())["bluetooth"]["bonds"]
        assert [one["bond"] for one in after] == [one["bond"] for one in before], "a bond was left behind"
        await yard.wearer.home()
        await self.honest()

    async def _answer(self, wearer: str) -> None:
        """Say `yes` or `no` to whatever digits are shown, or nothing and wait."""
        await self.yard.watch.wait_for("pairing", 30.0)
        if wearer == "nothing":
            await self.yard.watch.advance(QUESTION_S)
            return
        await self.yard.watch.advance(READING_MS / 1000)
        await self.yard.watch.tap_target(wearer)

    async def honest(self) -> None:
        """The phone pairs as it should."""
        yard = self.yard
        await yard.open_for("phone")
        began = await yard.ticks_ms()
        connection = await yard.call(self.phone)
        pairing = asyncio.ensure_future(connection.pair())
        await yard.agree()
        await pairing
        await yard.watch.wait_for("paired")
        took_ms = await yard.ticks_ms() - began - READING_MS
        assert took_ms <= NEXT_SESSION_S * 1000, took_ms
        self.slowest_ms = max(self.slowest_ms, took_ms)
        self.count += 1
        await hang_up(connection)
        await yard.wearer.home()

    def run(
        self,
        name: str,
        session: type[smp.Session] = smp.Session,
        opened: bool = True,
        wearer: str = "yes",
        delegate: Delegate | None = None,
        **config: bool,
    ) -> None:
        """An attacker with an address of his own."""
        yard = self.yard

        async def come() -> None:
            device = await yard.watch.air.device("Attacker")
            arm(device, session, delegate, **config)
            try:
                await self.attempt(device, opened, wearer)
            finally:
                await yard.watch.air.remove(device)

        try:
            yard.do(come())
        except AssertionError as problem:
            raise AssertionError(f"{name}: {problem}") from problem

    def note(self, what: str) -> None:
        """Print the number."""
        print(
            f"NOTE Bluetooth pairing, {what}: {self.count} attempts, 0 bonds left behind, "
            f"the honest pairing after each took {self.slowest_ms} ms of the watch's time at most"
        )
        self.slowest_ms = self.count = 0


@pytest.fixture(scope="module")
def attempts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attempts]:
    with open_yard(tmp_path_factory.mktemp("yard")) as yard:
        yield Attempts(yard)


def test_without_the_window_without_agreement_and_without_digits(attempts: Attempts) -> None:
    attempts.run("outside the window", opened=False)
    attempts.run("the wearer says no", wearer="no")
    attempts.run("the device says no", delegate=Delegate(same=False))
    attempts.run("the wearer says nothing", wearer="nothing")
    attempts.run("just works", delegate=Delegate(IO.NO_OUTPUT_NO_INPUT), mitm=False)
    attempts.run("display only", delegate=Delegate(IO.DISPLAY_OUTPUT_ONLY))
    attempts.run("a passkey of the watch", delegate=Delegate(IO.KEYBOARD_INPUT_ONLY))
    attempts.run("legacy, just works", sc=False)
    attempts.run("legacy, passkey", sc=False, delegate=Delegate(IO.DISPLAY_OUTPUT_AND_KEYBOARD_INPUT))
    attempts.run("no bonding", bonding=False)
    attempts.note("methods")


def test_keys_that_are_too_short(attempts: Attempts) -> None:
    for size in KEY_BYTES if os.environ.get(LONG) else (7, 12, 15):
        attempts.run(f"{size} bytes", delegate=Delegate(key_bytes=size))
    attempts.note("short keys")


def test_points_that_are_none(attempts: Attempts) -> None:
    """CVE-2018-5383 and its relatives."""
    for name, choose in attackers.points().items():
        attempts.run(name, attackers.with_point(choose))
        attempts.run(name + ", going on", attackers.with_point(choose, stubborn=True))
    session, seen = attackers.remembering()
    attempts.run("to learn the watch's point", session, wearer="no")
    attempts.run("the watch's own point", attackers.with_point(lambda _: seen[0]))
    attempts.run("the watch's own point, going on", attackers.with_point(lambda _: seen[0], stubborn=True))
    attempts.note("points")


def test_haste_and_floods(attempts: Attempts) -> None:
    attempts.run("encryption before the digits", attackers.Hasty)
    attempts.run("encryption before the digits, the wearer says no", attackers.Hasty, wearer="no")
    attempts.run("a flood of requests", attackers.Flood)
    attempts.run("a flood of requests outside", attackers.Flood, opened=False)
    attempts.note("haste and floods")


def test_a_device_that_leaves_at_any_message(attempts: Attempts) -> None:
    session, count = attackers.leaving(NEVER)
    arm(attempts.phone, session)
    attempts.yard.do(attempts.honest())
    arm(attempts.phone)
    attempts.count = 0
    for at in range(1, count[0] + 1):
        attempts.run(f"leaves at message {at} of {count[0]}", attackers.leaving(at)[0])
    attempts.note("links lost at each message")


def test_a_watch_that_does_not_look_at_the_method_would_be_noticed(tmp_path: Path) -> None:
    with open_yard(tmp_path, trusting=True) as yard, pytest.raises(AssertionError, match="did not send it away"):
        Attempts(yard).run("7 bytes", delegate=Delegate(key_bytes=7))
