"""A headless Chromium, driven over its DevTools protocol (https://chromedevtools.github.io/devtools-protocol/)."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import aiohttp

from tests.tools.children import GRACE_S

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
)
_START_S = 60
_LISTENS = re.compile(r"DevTools listening on ws://127\.0\.0\.1:(\d+)/")
LOCAL = ("http://127.0.0.1:", "about:", "data:")
_BINARY = 2
"""Opcode of a WebSocket message (RFC 6455 section 5.2)."""


def executable() -> str | None:
    """The browser installed here, if any."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Browser:
    """One browser with one page. Use it as an async context manager."""

    def __init__(
        self, profile: Path, width: int = 1400, height: int = 1000, dark: bool = False, flags: tuple[str, ...] = ()
    ) -> None:
        """`profile` is an empty folder; the page sees a window of this size, and a person who likes dark or light.

        `flags`: more of the command line.
        """
        self.problems: list[str] = []
        """What the console complained of."""
        self.outside: list[str] = []
        """Addresses the page asked for that are not on this computer."""
        self.pixel_bytes: list[int] = []
        """Length of each binary message that came over the page's WebSocket."""
        self.calls: asyncio.Queue[str] = asyncio.Queue()
        """What the page says to functions that `Runtime.addBinding` made."""
        self._width, self._height, self._dark = width, height, dark
        self._words = profile.with_name(profile.name + ".words")
        self._command = [*_FLAGS, *flags, f"--user-data-dir={profile}", "about:blank"]
        self._answers: dict[int, asyncio.Future[dict]] = {}
        self._next = 0

    async def __aenter__(self) -> Browser:
        """Start the browser and attach to its page."""
        path = executable()
        if path is None:
            raise RuntimeError("no browser is installed")
        with self._words.open("wb") as words:  # a pipe that nobody reads any more would stop it
            self._process = subprocess.Popen([path, *self._command], stderr=words, start_new_session=True)
        port = await asyncio.wait_for(self._port(), _START_S)
        self._session = aiohttp.ClientSession()
        async with self._session.get(f"http://127.0.0.1:{port}/json/list") as answer:
            targets = await answer.json()
        page = next(target for target in targets if target["type"] == "page")
        self._socket = await self._session.ws_connect(page["webSocketDebuggerUrl"], max_msg_size=0)
        self._reading = asyncio.create_task(self._read())
        for domain in ("Page", "Runtime", "Log", "Network"):
            await self.send(f"{domain}.enable")
        await self._set_window()
        return self

    async def __aexit__(self, *exception: object) -> None:
        """End the browser."""
        self._reading.cancel()
        await self._session.close()
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(self._process.wait, GRACE_S)
        with contextlib.suppress(ProcessLookupError):  # nothing of it is left
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    async def send(self, method: str, **parameters: object) -> dict:
        """One command and its result."""
        self._next += 1
        answer = self._answers[self._next] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": self._next, "method": method, "params": parameters})
        return await asyncio.wait_for(answer, 30)

    async def open(self, url: str) -> None:
        """Go to a page."""
        await self.send("Page.navigate", url=url)

    async def value(self, expression: str) -> object:
        """The value of an expression in the page; promises are awaited."""
        answer = await self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"].get("description", "exception"))
        return answer["result"].get("value")

    async def until(self, expression: str, timeout_s: float = 30) -> object:
        """Wait until an expression is true in the page; returns its value."""
        deadline = asyncio.get_running_loop().time() + timeout_s
        while not (found := await self.value(expression)):
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(f"never true: {expression}; problems: {self.problems}")
            await asyncio.sleep(0.05)
        return found

    async def mouse(self, kind: str, x: float, y: float) -> None:
        """`mousePressed`, `mouseMoved` or `mouseReleased` at a point of the window."""
        await self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=1, clickCount=1)

    async def wheel(self, x: float, y: float, delta_y: float) -> None:
        """Turn the wheel of the mouse."""
        await self.send("Input.dispatchMouseEvent", type="mouseWheel", x=x, y=y, deltaX=0, deltaY=delta_y)

    async def finger(self, kind: str, *points: tuple[float, float]) -> None:
        """`touchStart`, `touchMove` or `touchEnd` of a finger on a touch screen."""
        await self.send("Input.dispatchTouchEvent", type=kind, touchPoints=[{"x": x, "y": y} for x, y in points])

    async def key(self, key: str) -> None:
        """Press and release a key."""
        code = {"Enter": 13, "Tab": 9, " ": 32, "ArrowLeft": 37, "ArrowRight": 39, "Backspace": 8}.get(key) or ord(key)
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        for kind in ("keyDown", "keyUp"):
            await self.send("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, text=text)

    async def screenshot(self) -> bytes:
        """What the window shows, as a PNG file."""
        return base64.b64decode((await self.send("Page.captureScreenshot"))["data"])

    async def _set_window(self) -> None:
        size = {"width": self._width, "height": self._height, "deviceScaleFactor": 1, "mobile": False}
        await self.send("Emulation.setDeviceMetricsOverride", **size)
        await self.prefer({"prefers-color-scheme": "dark" if self._dark else "light"})

    async def prefer(self, wishes: dict[str, str]) -> None:
        """What the person has told the system, by names of media features."""
        features = [{"name": name, "value": value} for name, value in wishes.items()]
        await self.send("Emulation.setEmulatedMedia", features=features)

    async def _port(self) -> int:
        while self._process.poll() is None:
            if found := _LISTENS.search(self._words.read_text(errors="replace")):
                return int(found[1])
            await asyncio.sleep(0.05)
        raise RuntimeError(f"the browser ended before it was ready: {self._words.read_text(errors='replace')}")

    async def _read(self) -> None:
        async for message in self._socket:
            event = json.loads(message.data)
            if "id" in event:
                self._answers.pop(event["id"]).set_result(event.get("result", {}))
            elif event["method"] == "Runtime.exceptionThrown":
                self.problems.append(event["params"]["exceptionDetails"]["exception"].get("description", "exception"))
            elif event["method"] == "Network.requestWillBeSent":
                url = event["params"]["request"]["url"]
                self.outside += [] if url.startswith(LOCAL) else [url]
            elif event["method"] == "Network.webSocketFrameReceived":
                frame = event["params"]["response"]
                if frame["opcode"] == _BINARY:
                    self.pixel_bytes.append(len(base64.b64decode(frame["payloadData"])))
            elif event["method"] == "Runtime.bindingCalled":
                self.calls.put_nowait(event["params"]["payload"])
            elif event["method"] == "Log.entryAdded":
                self.problems.append(event["params"]["entry"]["text"])
            elif event["method"] == "Runtime.consoleAPICalled" and event["params"]["type"] in ("error", "warning"):
                self.problems.append(str(event["params"]["args"]))
