"""Whether this watch may take an image: docs/updates.md "The image". What is cheap comes first; nothing is written."""

from micropython import const

from watch.kernel.errors import ImageBoardError, ImageVersionError
from watch.update.statement import RELEASE, text_of

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Generator

    from watch.update.floor import Floor
    from watch.update.head import Head
    from watch.update.image import Image
    from watch.update.signers import Signers
    from watch.update.statement import Statement, Version
    from watch.update.work import Work


class System:
    """What runs on this watch."""

    def __init__(self, board: str, version: "Version", posture: str, machine: str) -> None:
        """As the module `facts` of the image that runs tells, and the machine code that the processor takes."""
        self.board, self.version, self.posture, self.machine = board, version, posture, machine


class Check:
    """All that is asked of an image."""

    def __init__(self, signers: "Signers", floor: "Floor", system: System) -> None:
        """`signers` judge by the manufacturer's root; `floor`: lowest version to be taken; `system`: what runs."""
        self.signers, self.floor, self.system = signers, floor, system

    def head(self, head: "Head") -> "Generator[None, None, None]":
        """All that the head alone can tell, in steps.

        Raises ImageBoardError, ImageVersionError, ImageSignerError, StorageError.
        """
        self._expect(head.statement)
        yield from self.signers.judging(head)

    def image(self, image: "Image", work: "Work") -> "Generator[None, None, bytes]":
        """All of it, in steps; gives the SHA-256 of the whole file. Raises UpdateError, StorageError."""
        self._expect(image.statement)
        found = yield from image.checking(work)
        yield from self.signers.judging(image.head)
        return found

    def _expect(self, statement: "Statement") -> None:
        system = self.system
        if statement.board != system.board:
            raise ImageBoardError("the image is for the board %s, this is %s" % (statement.board, system.board))
        if statement.machine != system.machine:
            raise ImageBoardError("the image is for %s, this is %s" % (statement.machine, system.machine))
        if system.posture == RELEASE and statement.posture != RELEASE:
            raise ImageBoardError("a released watch takes no image that is for development")
        lowest = max(system.version, self.floor.read())
        if statement.version < lowest:
            raise ImageVersionError("version %s is older than %s" % (text_of(statement.version), text_of(lowest)))
