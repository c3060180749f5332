"""Radios for host stacks of others: every TCP connection that speaks HCI (H4) gets a controller on the air."""

from __future__ import annotations

import asyncio
import ipaddress
import itertools
from typing import TYPE_CHECKING, Self

from bumble import hci
from bumble.core import BaseError
from bumble.transport.common import PacketParser

from tapwatch.errors import EXIT_ENVIRONMENT, EXIT_USAGE, UserError
from tapwatch.simulator.radio.controller import Controller
from tapwatch.tasks import end

if TYPE_CHECKING:
    from tapwatch.simulator.radio.air import Air

_READ_BYTES = 4096
_FORM = "Use tcp:HOST:PORT, for example tcp:127.0.0.1:9544; port 0 takes any free one."


def parse_address(text: str) -> tuple[str, int]:
    """Host and port of `tcp:HOST:PORT`. Raises UserError."""
    kind, _, rest = text.partition(":")
    host, _, port = rest.rpartition(":")
    if kind != "tcp" or not host or not port.isdigit() or int(port) > 0xFFFF:
        raise UserError(f"{text!r} is no address for HCI.", _FORM, EXIT_USAGE)
    return host.strip("[]"), int(port)


def is_loopback(host: str) -> bool:
    """True if only programs of this computer reach the host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Sink:
    """Packets from the controller to the host stack."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    def on_packet(self, packet: bytes) -> None:
        """Send one packet; to a stack that has gone, none."""
        if not self._writer.is_closing():
            self._writer.write(packet)


class HciServer:
    """Use it as an async context manager."""

    def __init__(self, air: Air, address: str) -> None:
        """`address` is `tcp:HOST:PORT`. Raises UserError."""
        self._air = air
        self.host, self._port = parse_address(address)
        self._numbers = itertools.count(1)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        try:
            self._server = await asyncio.start_server(self._serve, self.host, self._port)
        except OSError as problem:
            where = f"{self.host}:{self._port}"
            raise UserError(f"HCI cannot be served on {where}.", "Choose another port.", EXIT_ENVIRONMENT) from problem
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exception: object) -> None:
        if self._server is not None:
            self._server.close()
        await end(*self._tasks)

    @property
    def address(self) -> str:
        """Where it listens, as `tcp:HOST:PORT`."""
        return f"tcp:{self.host}:{self._port}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Be the radio of one host stack until it goes away or stops making sense."""
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        radio = Controller(f"hci-{next(self._numbers)}", host_sink=_Sink(writer), link=self._air)
        radio.random_address = hci.Address.generate_static_address()
        parser = PacketParser(radio)
        try:
            while data := await reader.read(_READ_BYTES):
                parser.feed_data(data)
        except (ConnectionError, BaseError):
            return
        finally:
            self._air.leave(radio)
            writer.close()
