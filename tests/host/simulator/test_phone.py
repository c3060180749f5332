"""What a phone says, from the HTTP interface to the services of the real firmware, and back."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import pytest

from tapwatch.simulator.options import WatchOptions
from tapwatch.simulator.server import SimulatorServer
from tapwatch.simulator.watch import SimulatedWatch
from tests.host.simulator.test_server import serve

NOTIFY = {"t": "notify", "id": 7, "src": "Mail", "title": "Anna 安娜 😀", "body": "see you"}
WORDS = (
    {"t": "weather", "temp": 293, "hi": 297, "lo": 288, "code": 500, "txt": "rain", "loc": "上海"},
    {"t": "musicinfo", "artist": "a", "album": "b", "track": "c", "dur": 200, "c": 1, "n": 9},
    {"t": "musicstate", "state": "play", "position": 3, "shuffle": 0, "repeat": 0},
    {"t": "alarm", "d": [{"h": 7, "m": 30, "rep": 31, "on": True}]},
    {"t": "cards", "d": [{"id": 1, "name": "Shop", "value": "12345", "type": "CODE_128"}]},
    {"t": "find", "n": True},
)
REFUSED = (
    ({"phone": []}, "Gadgetbridge"),
    ({"phone": {"id": 1}}, "Gadgetbridge"),
    ({"phone": {"t": "notify", "id": "x"}}, "bad-input"),
    ({"phone": {"t": "no such kind"}}, "bad-input"),
    ({"phone": {"t": "weather", "temp": 20}}, "bad-input"),
    ({"phone": {"t": "find", "n": 1}}, "bad-input"),
    ({"phone": {"t": "notify", "id": 1, "body": "x" * 5000}}, "at most 4096 bytes"),
    ({"type": "phone"}, "Gadgetbridge"),
)


def test_words_of_the_phone_reach_the_services(tmp_path):
    heard = []

    async def post(session, body):
        async with session.post("/input", json=body) as answer:
            return answer.status, await answer.text()

    async def main():
        watch = SimulatedWatch(tmp_path, WatchOptions(size="240x240"))
        watch.listen(lambda kind, data: heard.append(data) if kind == "phone" else None)
        async with watch, SimulatorServer(watch, page=False) as server:
            headers = {"Authorization": f"Bearer {server.guard.token}"}
            async with aiohttp.ClientSession(server.url, headers=headers) as session:
                assert (await watch.state())["known"]["unread"] == 0
                for body in ({"phone": NOTIFY}, {"type": "phone", "phone": NOTIFY | {"id": 8}}):
                    assert await post(session, body) == (200, "{}")
                soon = int(time.time()) + 3600
                event = {"t": "calendar", "id": 5, "timestamp": soon, "durationInSeconds": 60, "title": "Lunch"}
                for words in (*WORDS, event):
                    assert (await post(session, {"phone": words}))[0] == 200, words
                state = await watch.wait_for(lambda now: now["known"]["unread"] == 2)
                for body, text in REFUSED:
                    status, said = await post(session, body)
                    assert status == 400 and text in said, said
                assert (await post(session, {"phone": {"t": "notify-", "id": 7}}))[0] == 200
                await come_and_go(watch, session)
                assert (await watch.state())["known"]["unread"] == 1
                return state["known"]

    async def come_and_go(watch, session):
        """While the phone is away it says nothing; it stays away over a restart; its clock is the watch's."""
        assert (await post(session, {"type": "link", "connected": False}))[0] == 200
        assert (await watch.state())["known"]["phone"] is False
        status, said = await post(session, {"phone": NOTIFY})
        assert status == 400 and "not connected" in said
        assert (await post(session, {"type": "clock", "unix_s": 1_900_000_000, "offset_min": 480}))[0] == 200
        assert (await post(session, {"type": "clock", "unix_s": 5, "offset_min": 0}))[0] == 400
        state = await watch.state()
        assert 0 <= state["display_time"] - 1_900_000_000 < 20 and state["utc_offset_min"] == 480
        await watch.restart()
        assert (await watch.state())["known"]["phone"] is False
        assert (await post(session, {"type": "link", "connected": True}))[0] == 200
        assert (await watch.state())["known"]["phone"] is True
        await post(session, {"phone": NOTIFY})

    known = asyncio.run(asyncio.wait_for(main(), 60))
    assert known["phone"] and known["notifications"] == 2 and known["dropped"] == 0 and known["wanted"]
    assert (known["temperature_c"], known["music"], known["events"]) == (20, "play", 1)
    assert (known["alarms"], known["loyalty_cards"]) == (1, 1) and known["next_alarm"] > 0
    assert heard == []


def test_half_a_character_is_refused_before_it_leaves(tmp_path):
    async def scenario(server, session):
        async with session.post("/input", data=b'{"phone": {"t": "notify", "id": 1, "title": "\\ud800"}}') as answer:
            assert answer.status == 400

    serve(tmp_path, scenario)


def test_a_program_without_a_phone_says_so(tmp_path):
    async def scenario(server, session):
        async with session.post("/input", json={"phone": NOTIFY}) as answer:
            assert answer.status == 400 and "wrong-state" in await answer.text()

    serve(tmp_path, scenario)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_numbers_that_json_does_not_have(tmp_path, number):
    watch = SimulatedWatch(tmp_path, WatchOptions())
    with pytest.raises(ValueError, match="JSON"):
        asyncio.run(watch.phone({"t": "weather", "temp": number}))
