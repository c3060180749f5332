"""The HTTP interface: strangers are refused, scripts get what they ask for, the page gets pixels."""

from __future__ import annotations

import asyncio
import io
import json
import struct
import time

import aiohttp
import pytest
from PIL import Image

from tapwatch.errors import EXIT_USAGE, UserError
from tapwatch.simulator.frames import encode
from tapwatch.simulator.server import SimulatorServer
from tapwatch.simulator.viewers import WAITING_BYTES
from tests.host.simulator.support import command, standin

RESULT = {
    "approved": True,
    "outcome": "approved",
    "reason": "",
    "amount": "12.34 CNY",
    "receipt": {"Card": "4012"},
    "exchanges": [],
    "card_ms": 30.0,
}


async def tap(amount: str, currency: str) -> dict:
    """A terminal that takes one amount."""
    if (amount, currency) != ("12.34", "CNY"):
        raise UserError(f"{amount!r} is not an amount", "", EXIT_USAGE)
    return RESULT


async def find(amount: str, currency: str) -> dict:
    """An errand that answers what it was asked."""
    return {"approved": True, "outcome": "found", "reason": "", "amount": f"{amount} {currency}", "receipt": {}}


def serve(folder, scenario, terminal=tap, page=True):
    """Run `scenario(server, session)`; the session sends the token."""

    async def main():
        async with (
            standin(folder) as watch,
            SimulatorServer(watch, terminal, page=page, errands={"found": find}) as server,
        ):
            headers = {"Authorization": f"Bearer {server.guard.token}"}
            async with aiohttp.ClientSession(server.url, headers=headers) as session:
                return await asyncio.wait_for(scenario(server, session), 60)

    return asyncio.run(main())


GUARDED = [("GET", "/screen.png"), ("GET", "/state.json"), ("POST", "/input"), ("POST", "/time"), ("POST", "/tap"),
           ("POST", "/pace"), ("POST", "/panel"), ("POST", "/errands/scan"), ("POST", "/restart"), ("POST", "/audio"),
           ("DELETE", "/audio"), ("POST", "/say"), ("POST", "/microphone"),
           ("GET", "/live")]  # fmt: skip


def test_no_token_and_wrong_tokens_are_refused_everywhere(tmp_path):
    async def scenario(server, session):
        wrong = ("", "Bearer ", "Bearer x", f"Basic {server.guard.token}", f"Bearer {server.guard.token}x")
        for method, path in GUARDED:
            for value in wrong:
                async with session.request(method, path, headers={"Authorization": value}) as answer:
                    assert answer.status == 401, (method, path, value)
        print(f"NOTE simulator: {len(GUARDED) * len(wrong)} requests without the token refused")

    serve(tmp_path, scenario)


def test_other_hosts_and_origins_are_refused_even_with_the_token(tmp_path):
    async def scenario(server, session):
        port = server.port
        hosts = ("evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.1:{port + 1}", f"127.0.0.1.evil:{port}")
        for path in ("/", "/state.json"):
            for host in hosts:
                async with session.get(path, headers={"Host": host}) as answer:
                    assert answer.status == 403, (path, host)
        for origin in ("http://evil.example", f"https://127.0.0.1:{port}", "null", f"http://127.0.0.1:{port + 1}", ""):
            async with session.post("/input", json={}, headers={"Origin": origin}) as answer:
                assert answer.status == 403, origin
        for host in (f"127.0.0.1:{port}", f"localhost:{port}"):
            headers = {"Host": host, "Origin": f"http://{host}"}
            async with session.get("/state.json", headers=headers) as answer:
                assert answer.status == 200, host

    serve(tmp_path, scenario)


def test_a_web_socket_needs_the_token_as_its_second_protocol(tmp_path):
    async def scenario(server, session):
        del session.headers["Authorization"]
        for protocols in ((), ("tapwatch",), ("tapwatch", "x"), (server.guard.token, "tapwatch")):
            with pytest.raises(aiohttp.WSServerHandshakeError) as problem:
                await session.ws_connect("/live", protocols=protocols)
            assert problem.value.status == 401, protocols
        async with session.ws_connect("/live", protocols=("tapwatch", server.guard.token)) as socket:
            assert socket.protocol == "tapwatch"

    serve(tmp_path, scenario)


def test_the_page_may_load_nothing_from_elsewhere(tmp_path):
    async def scenario(server, session):
        del session.headers["Authorization"]
        for path in ("/", "/app.js", "/style.css", "/icon.svg"):
            async with session.get(path) as answer:
                policy = answer.headers["Content-Security-Policy"]
                assert answer.status == 200 and policy.startswith("default-src 'none'; script-src 'self';")
                assert "unsafe" not in policy and answer.headers["X-Content-Type-Options"] == "nosniff"
                assert server.guard.token not in await answer.text()
        for path in ("/page/index.html", "/../server.py", "/app.js/", "/%2e%2e/server.py", "/server.py"):
            async with session.get(path, headers={"Authorization": f"Bearer {server.guard.token}"}) as answer:
                assert answer.status == 404, path

    serve(tmp_path, scenario)


def test_a_person_without_the_token_gets_a_page_that_helps(tmp_path):
    async def scenario(server, session):
        del session.headers["Authorization"]
        browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
        async with session.get("/state.json", headers=browser) as answer:
            text = await answer.text()
            assert answer.status == 401 and answer.content_type == "text/html" and "<code>tapwatch sim</code>" in text
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert server.guard.token not in text
        async with session.get("/state.json") as answer:
            said = await answer.json()
            assert answer.status == 401 and "token" in said["error"] and "Authorization: Bearer" in said["hint"]

    serve(tmp_path, scenario)


def test_another_panel_keeps_flash_and_clock(tmp_path):
    async def scenario(server, session):
        assert await command(server.watch, b"pr", (70_000).to_bytes(4, "big") + b"record") == b"ok"
        async with session.post("/time", json={"seconds": 7200}) as answer:
            assert answer.status == 200
        before = await server.watch.state()
        async with session.ws_connect("/live", max_msg_size=0) as socket:
            await _events(socket, "hello")
            async with session.post("/panel", json={"size": "240x240"}) as answer:
                assert answer.status == 200
            rectangles, hello = await _events(socket, "hello")
            assert (hello["width"], hello["corner_px"], hello["size"]) == (240, 0, "240x240")
            rectangles, _ = await _events(socket, "state")
            assert len(rectangles[0]) == 8 + 240 * 240 * 2 and rectangles[-1].endswith(b"\xf8\x00")
        assert Image.open(io.BytesIO(server.watch.screen_png())).size == (240, 240)
        assert await command(server.watch, b"rd", struct.pack(">II", 70_000, 6)) == b"record"
        assert 0 <= (await server.watch.state())["unix_s"] - before["unix_s"] < 30

    serve(tmp_path, scenario)


def test_time_runs_at_the_chosen_speed_and_a_worn_watch_moves(tmp_path):
    async def scenario(server, session):
        async with session.post("/pace", json={"speed": 600, "worn": True}) as answer:
            assert answer.status == 200
        before = await server.watch.state()
        await asyncio.sleep(0.5)
        after = await server.watch.state()
        assert (after["ticks_ms"] - before["ticks_ms"]) / 1000 > 120
        assert after["flags"], "a worn watch moves every two minutes of its time"
        async with session.post("/pace", json={"speed": 1, "worn": False}):
            pass
        count = len((await server.watch.state())["flags"])
        async with session.post("/time", json={"seconds": 3600}):
            pass
        assert len((await server.watch.state())["flags"]) == count, "nothing moves a watch that lies still"

    serve(tmp_path, scenario)


def test_headless_has_no_page(tmp_path):
    async def scenario(server, session):
        async with session.get("/") as answer:
            assert answer.status == 404
        async with session.get("/state.json") as answer:
            assert answer.status == 200

    serve(tmp_path, scenario, page=False)


def test_a_script_can_do_all_of_it(tmp_path):
    async def scenario(server, session):
        for message in (
            {"type": "touch", "x": 8, "y": 16},
            {"type": "target", "name": "centre"},
            {"type": "swipe", "direction": "up"},
            {"type": "press", "times": 2},
            {"type": "button", "down": True},
            {"type": "motion", "moving": True, "steps": 3},
            {"type": "walk", "steps": 250},
            {"type": "raise"},
            {"type": "power", "percent": 50, "charging": True},
        ):
            async with session.post("/input", json=message) as answer:
                assert answer.status == 200, await answer.text()
        async with session.post("/time", json={"seconds": 3600}) as answer:
            assert answer.status == 200
        async with session.get("/state.json") as answer:
            state = await answer.json()
        assert state["touches"][:2] == [[1, 8, 16], [0, 8, 16]] and state["presses"] == [1, 0, 1, 0, 1]
        assert (state["percent"], state["charging"], state["steps"], state["raised"]) == (50, True, 253, True)
        assert state["ticks_ms"] & 0x3FFFFFFF >= 3_600_000
        async with session.get("/screen.png") as answer:
            assert Image.open(io.BytesIO(await answer.read())).size == (410, 502)
        async with session.get("/screen.png?glass=1") as answer:
            assert Image.open(io.BytesIO(await answer.read())).mode == "RGBA"
        async with session.post("/tap", json={"amount": "12.34", "currency": "CNY"}) as answer:
            assert await answer.json() == RESULT

    serve(tmp_path, scenario)


@pytest.mark.parametrize(
    ("path", "body", "status", "text"),
    [
        ("/input", b"", 400, "not JSON"),
        ("/input", b"[]", 400, "not a JSON object"),
        ("/input", b"\xff\xfe", 400, "not JSON"),
        ("/input", b'{"type": "hammer"}', 400, "type is one of"),
        ("/input", b'{"type": "touch", "x": 1.5, "y": 1}', 400, "x is a whole number"),
        ("/input", b'{"type": "touch", "x": true, "y": 1}', 400, "x is a whole number"),
        ("/input", b'{"type": "touch", "x": 1, "y": 1, "seconds": 1e9}', 400, "seconds is above 0"),
        ("/input", b'{"type": "point", "x": 1, "y": 1}', 400, "down is true or false"),
        ("/input", b'{"type": "swipe", "direction": "in"}', 400, "left, right, up or down"),
        ("/input", b'{"type": "press", "times": 99}', 400, "times is 1 to 10"),
        ("/input", b'{"type": "button", "down": true, "button": 5}', 400, "no button 5"),
        ("/input", b'{"type": "power", "percent": 101, "charging": false}', 400, "0 to 100"),
        ("/input", b'{"type": "motion", "moving": true, "steps": -1}', 400, "steps is 0"),
        ("/input", b'{"type": "walk", "steps": 0}', 400, "steps is 1 to"),
        ("/input", b'{"type": "link", "connected": 1}', 400, "connected is true or false"),
        ("/input", b'{"type": "clock", "unix_s": 1e3, "offset_min": 0}', 400, "unix_s is a whole number"),
        ("/input", b'{"type": "clock", "unix_s": 1, "offset_min": 99999}', 400, "no clock shows this"),
        ("/pace", b'{"speed": 7}', 400, "speed is one of 1, 10, 60, 600"),
        ("/pace", b'{"speed": true}', 400, "speed is one of"),
        ("/pace", b'{"worn": 1}', 400, "worn is true or false"),
        ("/panel", b'{"size": "1x1"}', 400, "size is one of 410x502, 240x240"),
        ("/panel", b'{"size": []}', 400, "size is one of"),
        ("/input", b'{"type": "target", "name": "gone"}', 409, "no target 'gone'"),
        ("/time", b'{"seconds": -1}', 400, "seconds is 0 to"),
        ("/time", b'{"seconds": "60"}', 400, "seconds is 0 to"),
        ("/time", b'{"seconds": NaN}', 400, "seconds is 0 to"),
        ("/tap", b'{"amount": "-1", "currency": "CNY"}', 400, "not an amount"),
        ("/input", b"{" + b" " * 20_000 + b"}", 413, "exceeded"),
    ],
)
def test_bad_requests_say_what_is_wrong(tmp_path, path, body, status, text):
    async def scenario(server, session):
        async with session.post(path, data=body) as answer:
            found = await answer.text()
            assert answer.status == status and text in found, found
        assert server.watch.alive

    serve(tmp_path, scenario)


def test_an_errand_is_done_by_name_and_others_are_not_there(tmp_path):
    async def scenario(server, session):
        async with session.post("/errands/found", json={"amount": "1", "currency": "CNY"}) as answer:
            assert (await answer.json())["amount"] == "1 CNY"
        async with session.post("/errands/wipe", json={}) as answer:
            assert answer.status == 400 and (await answer.json())["error"] == "errands are: found"

    serve(tmp_path, scenario)


def test_a_waiting_errand_does_not_hold_up_the_end(tmp_path):
    async def main():
        asked = asyncio.Event()

        async def wait(amount: str, currency: str) -> dict:
            asked.set()
            await asyncio.sleep(600)
            return {}

        async with standin(tmp_path) as watch, aiohttp.ClientSession() as session:
            async with SimulatorServer(watch, errands={"wait": wait}) as server:
                headers = {"Authorization": f"Bearer {server.guard.token}"}
                waiting = asyncio.create_task(session.post(f"{server.url}/errands/wait", json={}, headers=headers))
                await asyncio.wait_for(asked.wait(), 20)
                before = time.monotonic()
            assert time.monotonic() - before < 10
            with pytest.raises(aiohttp.ClientError):
                await waiting

    asyncio.run(main())


def test_without_a_terminal_a_tap_says_so(tmp_path):
    async def scenario(server, session):
        async with session.post("/tap", json={"amount": "12.34", "currency": "CNY"}) as answer:
            assert answer.status == 409 and "no terminal" in (await answer.json())["error"]

    serve(tmp_path, scenario, terminal=None)


def test_a_taken_port_is_told(tmp_path):
    async def scenario(server, session):
        with pytest.raises(UserError, match=f"Port {server.port} cannot be used") as problem:
            async with SimulatorServer(server.watch, port=server.port):
                pass
        assert "--port" in problem.value.hint

    serve(tmp_path, scenario)


def test_a_dead_watch_is_told_and_can_be_started_again(tmp_path):
    async def scenario(server, session):
        server.watch._running().process.writer.write(b"\x55\0\0\0\0")
        await server.watch.ended()
        async with session.get("/state.json") as answer:
            assert answer.status == 503 and "unexpected frame 0x55" in (await answer.json())["error"]
        async with session.post("/restart") as answer:
            assert answer.status == 200
        async with session.get("/state.json") as answer:
            assert answer.status == 200

    serve(tmp_path, scenario)


async def _events(socket, wanted: str) -> tuple[list[bytes], object]:
    """Read until an event of this kind; returns the rectangles before it and its data."""
    rectangles = []
    async for message in socket:
        if message.type is aiohttp.WSMsgType.BINARY:
            rectangles.append(message.data)
            continue
        event = json.loads(message.data)
        if event["kind"] == wanted:
            return rectangles, event["data"]
    raise AssertionError(f"the socket closed before {wanted!r}")


def test_the_page_gets_the_picture_the_changes_and_the_events(tmp_path):
    async def scenario(server, session):
        async with session.ws_connect("/live", max_msg_size=0) as socket:
            _, hello = await _events(socket, "hello")
            assert (hello["width"], hello["height"], hello["corner_px"], hello["tap"]) == (410, 502, 115, True)
            rectangles, state = await _events(socket, "state")
            assert rectangles == [server.watch.panel.whole().packed()] and state["screen"] == "standin"
            await socket.send_json({"type": "point", "down": True, "x": 16, "y": 24})
            rectangles, state = await _events(socket, "state")
            assert rectangles == [bytes((0, 16, 0, 24, 0, 8, 0, 8)) + b"\xff" * 128]
            assert state["touches"] == [[1, 16, 24]]
            for nonsense in ("{", "[]", '{"type": "point"}'):
                await socket.send_str(nonsense)
                assert (await _events(socket, "problem"))[1]
            async with session.post("/tap", json={"amount": "12.34", "currency": "CNY"}):
                assert (await _events(socket, "tap"))[1] == RESULT
            server.watch._running().process.writer.write(encode(0x55))
            assert "unexpected frame" in (await _events(socket, "ended"))[1]
            async with session.post("/restart"):
                await _events(socket, "started")

    serve(tmp_path, scenario)


def test_a_restart_on_purpose_is_no_accident(tmp_path):
    async def scenario(server, session):
        async with session.ws_connect("/live", max_msg_size=0) as socket:
            await _events(socket, "hello")
            async with session.post("/restart"):
                pass
            await asyncio.sleep(0.6)
            server.watch._running().process.writer.write(encode(0x55))
            assert "unexpected frame" in (await _events(socket, "ended"))[1], "the first end that is told"
        async with session.ws_connect("/live", max_msg_size=0) as socket:
            _, hello = await _events(socket, "hello")
            assert hello["alive"] is False and "unexpected frame" in hello["ended"]

    serve(tmp_path, scenario)


def test_a_slow_page_gets_the_whole_picture_again(tmp_path):
    async def scenario(server, session):
        async with session.ws_connect("/live", max_msg_size=0) as socket:
            await _events(socket, "hello")
            most = 0
            for _ in range(1000):
                server.watch.panel.write_packed(bytes((0, 0, 0, 0, 0, 100, 0, 40)) + b"\x12\x34" * 4000)
                most = max(most, server.waiting_bytes)
            assert most <= WAITING_BYTES
            _, hello = await _events(socket, "hello")
            rectangles, _ = await _events(socket, "state")
            assert hello["size"] == "410x502" and rectangles == [server.watch.panel.whole().packed()]
            print(f"NOTE simulator: 8 MB of pixels in one go, at most {most} bytes waited, then one whole picture")

    serve(tmp_path, scenario)
