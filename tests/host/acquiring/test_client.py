"""The terminal's side of the link, against a bank that behaves badly."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tapwatch.acquiring import framing, spec
from tapwatch.acquiring.client import AcquirerClient
from tapwatch.acquiring.problems import LinkProblem, MessageProblem

ECHO = {"t": "0800", "7": "1122090000", "11": "000001", "70": spec.ECHO}
ANSWER = {**ECHO, "t": "0810", "39": "00"}


@contextmanager
def peer(act: Callable[[socket.socket], None]) -> Iterator[AcquirerClient]:
    """Serve one connection with `act`; yield a client for it."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                act(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield AcquirerClient("127.0.0.1", server.getsockname()[1], timeout_s=0.5)
        thread.join(2)


def answer_with(fields: dict[str, str]) -> Callable[[socket.socket], None]:
    """Return an act that sends `fields` byte by byte."""

    def act(connection: socket.socket) -> None:
        for byte in framing.wrap(spec.encode(fields)):
            connection.send(bytes((byte,)))

    return act


def test_exchange() -> None:
    with peer(answer_with(ANSWER)) as client:
        assert client.exchange(ECHO) == ANSWER


@pytest.mark.parametrize(
    "change",
    [{"t": "0210"}, {"11": "000002"}, {"70": "001"}],
)
def test_answer_to_another_question(change: dict[str, str]) -> None:
    with peer(answer_with({**ANSWER, **change})) as client, pytest.raises(MessageProblem):
        client.exchange(ECHO)


def test_answer_without_response_code() -> None:
    with peer(answer_with({**ECHO, "t": "0810"})) as client, pytest.raises(MessageProblem, match="response code"):
        client.exchange(ECHO)


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x00\x00", b"\xff\xff0810", b"\x00\x100810"])
def test_hang_up(data: bytes) -> None:
    with peer(lambda connection: connection.sendall(data)) as client, pytest.raises(LinkProblem):
        client.exchange(ECHO)


def test_silence_ends_at_the_deadline() -> None:
    done = threading.Event()

    def wait(_: socket.socket) -> None:
        done.wait(2)

    with peer(wait) as client:
        with pytest.raises(LinkProblem, match=r"did not answer within 0\.5 s"):
            client.exchange(ECHO)
        done.set()


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(LinkProblem, match=f"no bank at 127.0.0.1:{port}"):
        AcquirerClient("127.0.0.1", port).exchange(ECHO)
