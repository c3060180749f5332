"""The terminal's side of the link."""

import logging
import socket
import time

from tapwatch.acquiring import framing, spec
from tapwatch.acquiring.masking import describe
from tapwatch.acquiring.problems import LinkProblem, MessageProblem

_log = logging.getLogger(__name__)

_ECHOED = ("3", "4", "11", "32", "37", "41", "49", "70")
"""Fields that an answer repeats when the request had them; anything else answers another question."""


class AcquirerClient:
    """Sends one request at a time and waits for its answer. Blocking: call it from a thread beside an event loop."""

    def __init__(self, host: str, port: int, timeout_s: float = 5.0) -> None:
        self._address = (host, port)
        self._timeout_s = timeout_s

    def exchange(self, fields: spec.Fields) -> spec.Fields:
        """Send a request over a new connection and return the answer.

        Raises MessageProblem if the request cannot be encoded or the answer cannot be understood, LinkProblem if
        there is no answer. After a LinkProblem the bank may still have approved: repeat or reverse.
        """
        request = framing.wrap(spec.encode(fields))
        _log.info("to bank   %s", describe(fields))
        answer = spec.decode(self._round_trip(request))
        _log.info("from bank %s", describe(answer))
        self._check(fields, answer)
        return answer

    def _round_trip(self, request: bytes) -> bytes:
        host, port = self._address
        deadline = time.monotonic() + self._timeout_s
        try:
            with socket.create_connection(self._address, self._timeout_s) as connection:
                connection.sendall(request)
                return framing.read_from_socket(connection, deadline)
        except TimeoutError:
            raise LinkProblem(f"the bank at {host}:{port} did not answer within {self._timeout_s:g} s") from None
        except OSError as problem:
            raise LinkProblem(f"no bank at {host}:{port}: {problem.strerror or problem}") from None

    @staticmethod
    def _check(request: spec.Fields, answer: spec.Fields) -> None:
        if answer["t"] != spec.ANSWERS.get(request["t"]):
            raise MessageProblem(f"a {answer['t']} does not answer a {request['t']}", "t")
        for name in _ECHOED:
            if name in request and answer.get(name) != request[name]:
                raise MessageProblem(f"the answer has another field {name} than the request", name)
        if "39" not in answer:
            raise MessageProblem("the answer has no response code", "39")
