"""Whether files of a project have changed: by their times and sizes, a few dozen of them, ten times a second."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from pathlib import Path

_MADE = (".twb", ".json")
"""What the tools themselves write there."""


class Watched:
    """The files of one folder."""

    LOOK_S: ClassVar[float] = 0.1

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = self._look()

    def changed(self) -> bool:
        """True if a file came, went or was written since the last call."""
        now = self._look()
        before, self._seen = self._seen, now
        return now != before

    def _look(self) -> dict[str, tuple[int, int]]:
        found = {}
        for path in self._folder.iterdir() if self._folder.is_dir() else ():
            if path.name.startswith(".") or path.suffix in _MADE:
                continue
            try:
                facts = path.stat()
            except OSError:
                continue  # an editor replaces it right now: it is there at the next look
            found[path.name] = (facts.st_mtime_ns, facts.st_size)
        return found
