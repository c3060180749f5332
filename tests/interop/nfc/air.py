"""A reader that sends any datagram to the simulated antenna."""

import socket

REQA, WUPA, ANTICOLLISION, RATS = "26", "52", "9320", "e080"
ATQA, UID, SAK, ATS = "0400", "0812345678", "20", "0578807000"
SELECT_UID = "9370" + UID
QUIET_S = 0.08


class Air:
    """One reader; its socket is its place."""

    def __init__(self, port: int) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.connect(("127.0.0.1", port))

    def close(self) -> None:
        """Leave without a word."""
        self._socket.close()

    def raw(self, datagram: bytes) -> "str | None":
        """The answer as text, or None for silence."""
        self._socket.send(datagram)
        self._socket.settimeout(QUIET_S)
        try:
            return self._socket.recv(1024).decode()
        except TimeoutError:
            return None

    def say(self, datagram: bytes) -> None:
        """Send, and expect nothing."""
        self._socket.send(datagram)

    def give(self, frame: str) -> "str | None":
        """The answer to one frame, both in hex."""
        answer = self.raw(f"106A {frame}".encode())
        return None if answer is None else answer.removeprefix("106A ")

    def activate(self) -> None:
        """Everything up to the ATS."""
        for frame, answer in ((REQA, ATQA), (ANTICOLLISION, UID), (SELECT_UID, SAK), (RATS, ATS)):
            assert self.give(frame) == answer
