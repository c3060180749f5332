"""The browsers that look at the watch: each gets the changed rectangles and the events, none can hold up the others."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

from aiohttp import web

from tapwatch.simulator.panel import Panel, Rectangle

_WAITING = 256
"""Frames that may wait for one browser; one that falls further behind loses the oldest and gets the whole picture."""


class Viewer:
    """One open page."""

    def __init__(self, socket: web.WebSocketResponse, panel: Panel) -> None:
        self._socket = socket
        self._panel = panel
        self._waiting: asyncio.Queue[bytes | str] = asyncio.Queue(_WAITING)
        self._behind = False

    def rectangle(self, rectangle: Rectangle) -> None:
        """Queue changed pixels."""
        self._put(rectangle.packed())

    def event(self, text: str) -> None:
        """Queue an event, JSON text."""
        self._put(text)

    async def run(self) -> None:
        """Send what is queued until the page goes away."""
        while True:
            await self._send(await self._waiting.get())
            if self._behind and self._waiting.empty():
                self._behind = False
                await self._send(self._panel.whole().packed())

    async def _send(self, item: bytes | str) -> None:
        await (self._socket.send_str(item) if isinstance(item, str) else self._socket.send_bytes(item))

    def _put(self, item: bytes | str) -> None:
        if self._waiting.full():
            self._behind = True
            self._waiting.get_nowait()
        self._waiting.put_nowait(item)


class Viewers:
    """All open pages."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._open: set[Viewer] = set()
        panel.watch(self._on_rectangle)

    def __len__(self) -> int:
        """How many pages are open."""
        return len(self._open)

    def tell(self, kind: str, data: object) -> None:
        """Send an event to every page."""
        text = json.dumps({"kind": kind, "data": data})
        for viewer in self._open:
            viewer.event(text)

    async def serve(self, socket: web.WebSocketResponse, hello: Mapping[str, object]) -> None:
        """Feed one page, starting with `hello` and the whole picture, until it goes away or this is cancelled."""
        viewer = Viewer(socket, self._panel)
        viewer.event(json.dumps({"kind": "hello", "data": hello}))
        viewer.rectangle(self._panel.whole())
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
