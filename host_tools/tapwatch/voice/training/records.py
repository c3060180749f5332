"""What the stages found out, for the report: one small JSON file of names and values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tapwatch.voice.training.files import write_text

if TYPE_CHECKING:
    from tapwatch.voice.training.stages import Settings


class Records:
    """The file `records.LANGUAGE.json` of a work folder."""

    def __init__(self, settings: Settings) -> None:
        self._path = settings.work / f"records.{settings.language}.json"

    def all(self) -> dict[str, Any]:
        """Everything, by name."""
        return json.loads(self._path.read_text()) if self._path.exists() else {}

    def put(self, name: str, value: Any) -> None:
        """Keep something that JSON can say, in the place of what had that name."""
        write_text(self._path, json.dumps({**self.all(), name: value}, indent=1, ensure_ascii=False, sort_keys=True))
