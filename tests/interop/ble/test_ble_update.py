"""A computer brings a system image by Bluetooth, over links that break every few events, up to the proof."""

from __future__ import annotations

import asyncio

import pytest

from tapwatch.images import container
from tapwatch.phone import transfer
from tapwatch.phone.carrier import Carrier
from tapwatch.phone.update_desk import ASKED, COMING, RESTARTING, UpdateDesk
from tapwatch.update import course as course_room
from tapwatch.update.candidate import Candidate
from tapwatch.update.course import Course
from tests.interop.ble.firmware_end import FaultyPipe, FirmwareEnd

SCRIPT = "tests/interop/ble/update_end.py"
ROOM = 240
CUT_EVERY = 61
"""Events: about every sixth part of 2 KB."""


class Air:
    """Makes links to the watch's end; each breaks after some events."""

    def __init__(self, end: FirmwareEnd) -> None:
        self._end = end
        self.links = 0

    async def connect(self) -> FaultyPipe:
        """A link that breaks."""
        self.links += 1
        return FaultyPipe(self._end, lambda number, what: "cut" if number == CUT_EVERY else "", room=ROOM)


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "QUIET_S", 0.01)
    monkeypatch.setattr(course_room, "LOOK_S", 0.001)


def test_parts_flow_and_resume_and_the_system_proves_itself() -> None:
    with FirmwareEnd(SCRIPT) as end:
        data = end.say("image")[0][1]
        candidate, air, told = Candidate(data, container.read(data), ()), Air(end), []

        def see(state: str) -> None:
            told.append(state)
            if state == COMING:
                end.say("turn")
            elif state == ASKED:
                end.say("agree")
                end.say("turn")

        async def bring() -> None:
            carrier = Carrier(air.connect, (0.0,) * 6)
            desk = UpdateDesk(carrier.ask)
            system = await desk.system()
            candidate.expect_fit(system)
            course = Course(desk, candidate, see, lambda done, total: end.say("turn") and None)
            running = asyncio.create_task(course.run(system, candidate.parcel(system)))
            while RESTARTING not in told and not running.done():
                await asyncio.sleep(0.005)
                end.say("turn")
            await carrier.close()
            end.say("boot")
            end.say("turn")
            assert (await running).version == "1.1.0"
            await carrier.close()

        asyncio.run(bring())
        assert air.links > 2 and ASKED in told
        print(f"NOTE ble: a system image of {len(data)} bytes over {air.links} links that broke, {end.worked} messages")
