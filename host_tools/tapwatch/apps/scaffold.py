"""Writes a project to begin with, from the files of `template/`, with what an editor needs to know the API."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from tapwatch.apps.vocabulary import vocabulary
from tapwatch.errors import EXIT_USAGE, UserError

_HERE = Path(__file__).parent
STUBS = _HERE / "stubs"
"""What editors know of the watch; made by tools/app_stubs.py."""
_TEMPLATES = _HERE / "template"
_SUFFIX = ".in"
_ID = re.compile(r"[a-z][a-z0-9_]{1,23}")
_EDITOR = {"include": ["*.py"], "stubPath": "typings", "pythonVersion": "3.11", "reportMissingModuleSource": "none"}


def write(into: Path, app: str, kind: str) -> Path:
    """Make the folder `app` in `into`; `kind`: `app` or `face`. Raises UserError for a strange id or a folder there."""
    if not _ID.fullmatch(app):
        raise UserError(
            f"{app!r} is no id of an app", "take 2 to 24 small letters, digits and `_`; a letter first", EXIT_USAGE
        )
    folder = into / app
    try:
        folder.mkdir(parents=True)
        for template in sorted((_TEMPLATES / kind).glob("*" + _SUFFIX)):
            text = _filled(template.read_text(encoding="utf-8"), app)
            (folder / template.name.removesuffix(_SUFFIX)).write_text(text, encoding="utf-8")
        shutil.copytree(STUBS, folder / "typings")
        (folder / "pyrightconfig.json").write_text(json.dumps(_EDITOR, indent=2) + "\n", encoding="utf-8")
    except FileExistsError as error:
        raise UserError(f"{folder} is there already and is not replaced", "choose another name") from error
    except OSError as error:
        raise UserError(f"{folder} cannot be written", "choose another place with --into") from error
    return folder


def _filled(text: str, app: str) -> str:
    words = [word for word in app.split("_") if word]
    name = " ".join(words).capitalize()
    class_name = "".join(word.capitalize() for word in words)
    if class_name in vocabulary().known:
        class_name += "App"
    told = {"@ID@": app, "@CLASS@": class_name, "@NAME@": name}
    for gap, word in told.items():
        text = text.replace(gap, word)
    return text
