"""One run of the firmware: its process, its link, and how it ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.simulator import frames
from tapwatch.simulator.flash_image import PowerCut
from tapwatch.simulator.frames import LinkError
from tapwatch.simulator.link import Link
from tapwatch.simulator.messages import Messages
from tapwatch.simulator.process import WatchDied, WatchOff, WatchProcess

T = TypeVar("T")


class Run:
    """From power-on to power-off."""

    def __init__(self, process: WatchProcess, link: Link) -> None:
        """Start to serve the link."""
        self.process = process
        self.link = link
        self.messages = Messages(lambda data: link.send(frames.USB, data), link.usb)
        self._closing = False
        self._serving: asyncio.Task[UserError] = asyncio.create_task(self._serve())

    @property
    def alive(self) -> bool:
        """True while the firmware runs."""
        return not self._serving.done()

    async def answer(self, question: Awaitable[T], timeout_s: float) -> T:
        """Wait for an answer, but no longer than the firmware lives. Raises its end, or UserError at the timeout."""
        asked = asyncio.ensure_future(question)
        try:
            await asyncio.wait({asked, self._serving}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
            if asked.done():
                return asked.result()
            if self._serving.done():
                raise self._serving.result()
        finally:
            asked.cancel()
        raise UserError(f"The watch did not answer within {timeout_s:g} s.", self.process.output, EXIT_FAILED)

    async def ended(self) -> UserError:
        """Wait for the end of the firmware; returns PowerCut, WatchDied, or WatchOff after `close`."""
        return await asyncio.shield(self._serving)

    async def close(self) -> None:
        """Cut the power and wait until the process is gone."""
        self._closing = True
        self.process.kill()
        await self._serving
        self.process.writer.close()

    async def _serve(self) -> UserError:
        try:
            return await self._serve_link()
        finally:
            self.link.radio.off()
            self.link.hearing.end()

    async def _serve_link(self) -> UserError:
        reason = ""
        try:
            await self.link.run()
        except PowerCut as cut:
            await self.process.ended()
            return cut
        except LinkError as problem:
            self.process.kill()  # what it says cannot be trusted any more
            reason = f"host link: {problem}"
        status = await self.process.ended()
        if self._closing:
            return WatchOff()
        return WatchDied(status, "\n".join(part for part in (self.process.output, reason) if part))
