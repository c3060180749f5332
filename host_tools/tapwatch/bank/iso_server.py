"""The TCP side of the desk: acquirers connect, send framed messages, and get one answer to each."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from tapwatch.acquiring import framing
from tapwatch.acquiring.problems import LinkProblem
from tapwatch.bank.problems import SetupProblem
from tapwatch.tasks import end

if TYPE_CHECKING:
    from tapwatch.bank.desk import Desk

_log = logging.getLogger(__name__)
IDLE_S = 60
"""A connection that says nothing for so long is closed."""
MAX_CONNECTIONS = 64


class IsoServer:
    """Serves one desk. Messages of a connection are answered in order, connections side by side."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, host: str, port: int) -> int:
        """Listen, port 0 for a free one; return the port. Raises SetupProblem if it is taken."""
        try:
            self._server = await asyncio.start_server(self._accept, host, port)
        except OSError as error:
            raise SetupProblem(f"port {port} for ISO 8583 cannot be opened", "choose another port, or 0") from error
        return self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and close every connection; a message being answered is finished in the database."""
        if self._server is None:
            return
        self._server.close()
        await end(*self._tasks)
        await self._server.wait_closed()
        self._server = None

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._tasks) >= MAX_CONNECTIONS:
            _log.warning("too many connections; one refused")
            writer.close()
            return
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while message := await _heard(reader):
                answer = await asyncio.to_thread(self._desk.answer_bytes, message)
                if answer is None:  # not ISO 8583: nothing we could say would be understood
                    return
                writer.write(framing.wrap(answer))
                async with asyncio.timeout(IDLE_S):
                    await writer.drain()
        except (LinkProblem, TimeoutError, ConnectionError) as problem:
            _log.info("connection closed: %s", problem)
        finally:
            writer.close()


async def _heard(reader: asyncio.StreamReader) -> bytes | None:
    """The next message; `asyncio.wait_for` would lose a cancellation that comes with it (Python 3.11)."""
    async with asyncio.timeout(IDLE_S):
        return await framing.read_from_stream(reader)
