"""Files with secrets of the phone."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from tapwatch.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path


def write_private(path: Path, content: object) -> None:
    """Write JSON that only the owner of the file may read; the old file stays until the new one is whole.

    Raises UserError.
    """
    beside = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(content, file)
        beside.replace(path)
    except OSError as error:
        raise UserError(f"{path} cannot be written", "free space, or choose another folder") from error
