"""What could be sent to a watch: an image, or the delta to it from the image that runs there."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.images import delta as deltas
from tapwatch.images import files
from tapwatch.images.container import Image, ImageProblem
from tapwatch.images.container import read as read_image
from tapwatch.images.delta import DeltaProblem
from tapwatch.images.statement import RELEASE, parse_version, version_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tapwatch.phone.update_desk import WatchSystem


@dataclass(frozen=True)
class Parcel:
    """One file to send."""

    kind: str
    """`image` or `delta`."""
    data: bytes

    @property
    def digest(self) -> bytes:
        """Its SHA-256."""
        return sha256(self.data).digest()


class Candidate:
    """A new system, and older ones that a delta may start from."""

    def __init__(self, data: bytes, image: Image, bases: Sequence[bytes]) -> None:
        self.data, self.image = data, image
        self.digest = sha256(data).digest()
        self.version = version_text(image.statement.version)
        self._bases = bases

    @classmethod
    def load(cls, path: str, bases: Sequence[str]) -> Candidate:
        """Read the files. Raises UserError if one is no image."""
        data = files.read(path)
        found = [files.read(base) for base in bases]
        for base, name in zip(found, bases, strict=True):
            _expect_image(base, name)
        return cls(data, _expect_image(data, path), found)

    def expect_fit(self, system: WatchSystem) -> None:
        """Raise UserError if this watch would not take it; signatures are for the watch to judge."""
        said = self.image.statement
        if said.board != system.board:
            raise UserError(
                f"the image is for the board {said.board}, the watch is {system.board}",
                f"build one: tapwatch build --board {system.board}",
                EXIT_FAILED,
            )
        if system.posture == RELEASE != said.posture:
            raise UserError("a watch with a release image takes no other", "build it with --release", EXIT_FAILED)
        lowest = max(parse_version(system.version), parse_version(system.floor))
        if said.version < lowest:
            raise UserError(
                f"version {self.version} is older than {version_text(lowest)}, below which the watch takes none",
                "build a newer one; to go back, flash it over USB",
                EXIT_FAILED,
            )

    def parcel(self, system: WatchSystem) -> Parcel:
        """What to send: what the watch has begun to receive, else a delta that pays, else all of it."""
        whole = Parcel("image", self.data)
        delta = self._delta(system)
        if delta is None:
            return whole
        begun = system.incoming.digest if system.incoming is not None else b""
        return whole if begun == whole.digest else delta

    def _delta(self, system: WatchSystem) -> Parcel | None:
        for base in self._bases:
            if system.runs(sha256(base).digest()):
                try:
                    made = deltas.make(base, self.data)
                except DeltaProblem:
                    return None
                return Parcel("delta", made) if deltas.pays(len(made), len(self.data)) else None
        return None


def _expect_image(data: bytes, name: str) -> Image:
    try:
        return read_image(data)
    except ImageProblem as problem:
        raise UserError(f"{name} is no system image", "make one with `tapwatch build`", EXIT_FAILED) from problem
