"""A bar for what takes long, on a terminal that somebody looks at."""

from __future__ import annotations

from typing import TextIO

_BAR = 30
"""Width, in characters."""


class Bar:
    """One line that grows. Nothing is written where nobody looks: into a file or a pipe."""

    def __init__(self, label: str, stream: TextIO) -> None:
        self._label = label
        self._stream = stream
        self._drawn = False

    def __call__(self, done: int, total: int) -> None:
        """Show that `done` of `total` bytes are there."""
        if self._stream.isatty():
            bar = "█" * (_BAR * done // total)
            self._stream.write(f"\r{self._label}  {bar:<{_BAR}} {100 * done // total:3d} %")
            self._stream.flush()
            self._drawn = True

    def end(self) -> None:
        """Leave the line."""
        if self._drawn:
            self._stream.write("\n")
