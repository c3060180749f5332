"""A watch on a bench, on paper: it has a flash, fuses and a key, and may fail at any step that a bench does."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from tapwatch.device.station import Station
from tapwatch.errors import UserError
from tapwatch.signing import certificates
from tapwatch.signing.keys import PrivateKey
from tapwatch.simulator.messages import WatchRefused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tapwatch.images.boards import Board

VERSION = "1.2.3"


class Crash(BaseException):
    """The computer stops here: nobody handles it."""


@dataclass
class Steps:
    """Counts the steps of all benches; at one of them the cable is pulled, or the computer stops."""

    stop_at: int | None = None
    how: type[BaseException] = Crash
    done: list[str] = field(default_factory=list)

    def step(self, name: str, deed: Callable[[], object]) -> object:
        """Do it; what fails fails before it or behind it, in turn."""
        before, after = len(self.done), len(self.done) + 1
        self.done += [f"before {name}", f"after {name}"]
        if self.stop_at == before:
            raise self._end(name)
        answer = deed()
        if self.stop_at == after:
            raise self._end(name)
        return answer

    def _end(self, name: str) -> BaseException:
        return self.how(name) if self.how is Crash else UserError(f"the cable was pulled at {name}")


class PaperDevice:
    """One chip with what is on it."""

    def __init__(self, mac: str) -> None:
        self.mac = mac
        self.flashed = self.burnt = False
        self.key: PrivateKey | None = None
        self.root = self.certificate = b""
        self.problem = ""
        """What its self-test finds."""
        self.erased = 0

    def flash(self, erase: bool) -> None:
        """All of it is new then."""
        self.flashed, self.key, self.root, self.certificate = True, None, b"", b""
        self.erased += erase

    def ask(self, kind: int, body: object) -> object:
        """Answer as docs/formats.md says."""
        if not self.flashed:
            raise UserError("no watch answers on the port")
        self.key = self.key or PrivateKey.generate()
        return {1: self._hello, 2: self._provision, 4: self._attest, 28: self._diagnose}[kind](body)

    @property
    def secret(self) -> str:
        """Its kind."""
        return "efuse" if self.burnt else "software"

    def _hello(self, body: object) -> dict:
        state = "provisioned" if self.root else "new"
        public = self.key.public if self.key else b""
        return {1: 1, 2: VERSION, 3: public, 4: state, 5: self.secret, 6: "locked", 7: self.certificate or None}

    def _provision(self, body: dict) -> None:
        if self.root:
            raise WatchRefused(2, "wrong-state")
        found = certificates.check(body[2], body[1], "device", 1_800_000_000)
        assert self.key is not None and found.public == self.key.public
        self.root, self.certificate = body[1], body[2]

    def _attest(self, body: bytes) -> bytes:
        assert self.key is not None
        return self.key.sign(
            "tapwatch/attestation", {1: self.key.key_id, 2: b"", 3: body, 4: VERSION, 5: self.secret, 6: []}
        )

    def _diagnose(self, body: object) -> dict:
        stock = hashlib.sha256(b"stock").digest()
        devices = [["nfc", self.problem], ["motion", ""]]
        return {1: "lilygo_twatch_ultra", 2: VERSION, 3: "release", 4: devices, 5: 80, 9: self.secret, 13: stock}


@dataclass(frozen=True)
class PaperStation(Station):
    """A bench with a paper device on it."""

    device: PaperDevice = field(default_factory=lambda: PaperDevice("00:00:00:00:00:00"))
    steps: Steps = field(default_factory=Steps)

    @classmethod
    def with_(cls, board: Board, device: PaperDevice, steps: Steps | None = None) -> Self:
        """Put it there."""
        return cls(board, device=device, steps=steps or Steps())

    def mac(self) -> str:
        return str(self.steps.step("mac", lambda: self.device.mac))

    def flash(self, image: Path, stock: Path, stock_sha256: str, erase: bool) -> None:
        self.steps.step("flash", lambda: self.device.flash(erase))

    def start(self) -> None:
        self.steps.step("start", lambda: None)

    def burn_secret(self, serial: str, answer: Callable[[str], str], erase_vault: bool) -> str | None:
        def burn() -> str | None:
            block = None if self.device.burnt else "BLOCK_KEY5"
            self.device.burnt = True
            return block

        return self.steps.step("burn", burn)  # type: ignore[return-value]

    def watch(self) -> Self:  # type: ignore[override]
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def ask(self, kind: int, body: object) -> object:
        return self.steps.step(f"message {kind}", lambda: self.device.ask(kind, body))
