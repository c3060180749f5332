"""The browsers that look at the watch: each gets the changed rectangles and the events, none can hold up the others."""

from __future__ import annotations

import asyncio
import collections
import json
from collections.abc import Callable, Mapping

from aiohttp import web

from tapwatch.simulator.panel import Panel, Rectangle

WAITING_BYTES = 1 << 20
"""What may wait for one browser: two and a half pictures of the largest panel. One that falls further behind gets the
whole picture instead, once it reads again."""

Hello = Callable[[], Mapping[str, object]]
"""Describes the watch to a page that has just come, or has missed something."""


class Viewer:
    """One open page."""

    def __init__(self, socket: web.WebSocketResponse, panel: Panel, hello: Hello) -> None:
        self._socket = socket
        self._panel = panel
        self._hello = hello
        self._queue: collections.deque[bytes | str] = collections.deque()
        self._news = asyncio.Event()
        self._behind = False
        self.waiting_bytes = 0
        """Bytes that wait for this page."""

    def rectangle(self, rectangle: Rectangle) -> None:
        """Queue changed pixels."""
        if not self._behind:  # else the whole picture follows
            self._put(rectangle.packed())

    def event(self, text: str) -> None:
        """Queue an event, JSON text."""
        self._put(text)

    def whole(self) -> None:
        """Queue what the page needs to start anew: what the watch is, and all of its picture."""
        self._put(json.dumps({"kind": "hello", "data": self._hello()}))
        self._put(self._panel.whole().packed())

    async def run(self) -> None:
        """Send what is queued until the page goes away."""
        while True:
            await self._news.wait()
            while self._queue:
                item = self._queue.popleft()
                self.waiting_bytes -= len(item)
                await (self._socket.send_str(item) if isinstance(item, str) else self._socket.send_bytes(item))
            self._news.clear()
            if self._behind:
                self._behind = False
                self.whole()

    def _put(self, item: bytes | str) -> None:
        self._queue.append(item)
        self.waiting_bytes += len(item)
        self._news.set()
        if self.waiting_bytes > WAITING_BYTES:
            self._queue.clear()
            self.waiting_bytes = 0
            self._behind = True


class Viewers:
    """All open pages."""

    def __init__(self, panel: Panel, hello: Hello) -> None:
        self._panel = panel
        self._hello = hello
        self._open: set[Viewer] = set()
        panel.watch(self._on_rectangle)

    def __len__(self) -> int:
        """How many pages are open."""
        return len(self._open)

    @property
    def waiting_bytes(self) -> int:
        """What waits for the page that is furthest behind."""
        return max((viewer.waiting_bytes for viewer in self._open), default=0)

    def tell(self, kind: str, data: object) -> None:
        """Send an event to every page."""
        text = json.dumps({"kind": kind, "data": data})
        for viewer in self._open:
            viewer.event(text)

    def start_anew(self) -> None:
        """Tell every page what the watch is now, with its whole picture."""
        for viewer in self._open:
            viewer.whole()

    async def serve(self, socket: web.WebSocketResponse) -> None:
        """Feed one page, starting with the whole picture, until it goes away or this is cancelled."""
        viewer = Viewer(socket, self._panel, self._hello)
        viewer.whole()
        self._open.add(viewer)
        try:
            await viewer.run()
        except ConnectionError:
            pass  # the page was closed while something was being sent; nobody is left to tell
        finally:
            self._open.discard(viewer)

    def _on_rectangle(self, rectangle: Rectangle) -> None:
        for viewer in self._open:
            viewer.rectangle(rectangle)
