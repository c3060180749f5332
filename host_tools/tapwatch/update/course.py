"""One update from the first part to the word that the new system has proved itself."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, TypeVar

from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.phone.update_desk import (
    ASKED,
    CHECKING,
    COMING,
    DECLINED,
    ON_THE_WAY,
    PART_BYTES,
    PROVED,
    RESTARTING,
    UNKNOWN,
    WRITING,
)
from tapwatch.simulator.frames import LinkError
from tapwatch.simulator.messages import WatchRefused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tapwatch.phone.relay import Progress
    from tapwatch.phone.update_desk import UpdateDesk, WatchSystem
    from tapwatch.update.candidate import Candidate, Parcel

Result = TypeVar("Result")

HEAD_BYTES = 4102
"""The watch can judge an image once it has so many bytes: docs/updates.md, "The image"."""
LOOK_S = 0.3
"""Between two questions how it goes."""
BUSY_S = 2.0
"""While a card is armed the watch takes no part."""
BUSY_TRIES = 60
LINK_TRIES = 5
LINK_PAUSE_S = 2.0
"""A link that breaks is tried again; it waits by itself for a watch that starts."""
STILL_S = 600.0
"""So long nothing may move: the wearer has a minute for an answer, and one more after the passcode."""
PROOF_S = 240.0
"""From the restart: two tries of 30 s, and a start each."""
_REASONS = {
    DECLINED: ("the wearer said no, or nothing for a minute", "ask them, then give the command again"),
    "no-passcode": (
        "no passcode is chosen on the watch yet, so nobody can agree to an update",
        "choose a passcode on the watch first (a new one asks for it once it is provisioned), then try again",
    ),
    "lost": ("the watch is lost: nobody can agree on it", "the bank has to say that it was found"),
    "update-damaged": ("the watch says that the image is damaged", "build it again"),
    "update-signer": (
        "too few whom this watch trusts have signed the image",
        "`tapwatch image verify` names them; a watch without a manufacturer takes none: `tapwatch provision-device`",
    ),
    "update-version": ("the image is older than the watch takes", "build a newer one"),
    "update-board": ("the image is for another board or kind of watch", "build it for this one"),
    "update-base": ("the delta starts from another image than the one that runs", "give the command without --base"),
    "storage-full": ("the watch has no room for it", "remove apps, or flash it over USB"),
    UNKNOWN: ("the watch has forgotten the update", "was it erased? give the command again"),
}


class Course:
    """Brings one candidate to one watch.

    Args:
        desk: the watch.
        told: gets each new state, in a word or two.
        progress: how much of the file is there.
    """

    def __init__(self, desk: UpdateDesk, candidate: Candidate, told: Callable[[str], None], progress: Progress) -> None:
        self._desk, self._candidate, self._told, self._progress = desk, candidate, told, progress
        self._last = ""
        self._look_s = LOOK_S

    async def run(self, system: WatchSystem, parcel: Parcel) -> WatchSystem:
        """All of it; what runs at the end. Raises UserError, which says how it ended if that is not well."""
        try:
            await self._send(system, parcel)
            await self._settle(parcel)
            return await self._proved(system, parcel)
        except WatchRefused as refused:
            raise _ended(refused.status) from refused

    async def _send(self, system: WatchSystem, parcel: Parcel) -> None:
        """Every part that the watch has not. The wearer is asked as soon as the head is there, and that is told.

        Of a delta the watch asks nothing before it is whole.
        """
        at, asked, busy = _held(system, parcel), False, 0
        while at < len(parcel.data):
            try:
                part = parcel.data[at : at + PART_BYTES]
                at = await self._again(self._desk.part, parcel.digest, at, len(parcel.data), part)
            except WatchRefused as refused:
                busy += 1
                at = await self._refused(refused, parcel, busy)
                continue
            self._progress(at, len(parcel.data))
            if not asked and at >= HEAD_BYTES:
                state = (await self._again(self._desk.go, parcel.digest))[0]
                self._see(state)
                asked = parcel.kind != "image" or state not in (COMING, CHECKING)

    async def _refused(self, refused: WatchRefused, parcel: Parcel, busy: int) -> int:
        """A part was not taken: from where to go on. Raises UserError if there is no way."""
        if refused.status not in ("wrong-state", "bad-input") or busy > BUSY_TRIES:
            raise _ended(refused.status)
        state, _ = await self._again(self._desk.go, parcel.digest)
        if state not in (*ON_THE_WAY, UNKNOWN):
            raise _ended(state)
        if refused.status == "wrong-state":
            await asyncio.sleep(BUSY_S)
        return _held(await self._again(self._desk.system), parcel)

    async def _settle(self, parcel: Parcel) -> None:
        """Until the watch restarts."""
        until, before = time.monotonic() + STILL_S, ("", 0)
        while True:
            now = await self._again(self._desk.go, parcel.digest)
            self._see(now[0])
            if now[0] == RESTARTING or (now[0] == UNKNOWN and before[0] in (ASKED, WRITING)):
                return  # the last answer was lost with the link
            if now[0] not in ON_THE_WAY:
                raise _ended(now[0])
            if now != before:
                until, before = time.monotonic() + STILL_S, now
            if time.monotonic() > until:
                raise UserError("the watch does not come to an end with it", "restart it, then try again", EXIT_FAILED)
            await asyncio.sleep(self._look_s)

    async def _proved(self, system: WatchSystem, parcel: Parcel) -> WatchSystem:
        """Until the new system has proved itself, or the old one is back. Raises UserError."""
        until = time.monotonic() + PROOF_S
        while time.monotonic() < until:
            waits = (await self._again(self._desk.go, parcel.digest))[0] == RESTARTING  # first: it may restart now
            now = await self._again(self._desk.system)
            if now.runs(self._candidate.digest) and now.state == PROVED:
                return now
            if now.runs(self._candidate.digest):
                self._see("trial")
            elif not waits:
                raise UserError(
                    f"version {self._candidate.version} did not start well; version {system.version} is back",
                    "`tapwatch doctor` says how the watch is",
                    EXIT_FAILED,
                )
            await asyncio.sleep(self._look_s)
        raise UserError(
            "the new system has not proved itself in time",
            "wait a minute, and ask again with --check: after two failed starts the old one is back",
            EXIT_FAILED,
        )

    async def _again(self, ask: Callable[..., Awaitable[Result]], *arguments: object) -> Result:
        """Ask, and once more over a new link where the old one broke. Raises WatchRefused, UserError."""
        for tries in range(1, LINK_TRIES + 1):
            try:
                return await ask(*arguments)
            except WatchRefused:
                raise
            except (UserError, LinkError):
                if tries == LINK_TRIES:
                    raise
                await asyncio.sleep(LINK_PAUSE_S)
        raise AssertionError("unreachable")

    def _see(self, state: str) -> None:
        if state != self._last and state in (CHECKING, ASKED, WRITING, RESTARTING, "trial", COMING):
            self._last = state
            self._told(state)


def _held(system: WatchSystem, parcel: Parcel) -> int:
    """How much of a file the watch has."""
    incoming = system.incoming
    return incoming.held if incoming is not None and incoming.digest == parcel.digest else 0


def _ended(state: str) -> UserError:
    message, hint = _REASONS.get(state, (f"the watch did not take the update: {state}", "give the command again"))
    return UserError(message, hint, EXIT_FAILED)
