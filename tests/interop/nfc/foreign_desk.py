"""A whole watch that opens apps of third parties, for independent readers to look at before, meanwhile and after."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from tapwatch.apps import bundle
from tapwatch.apps.develop.live import PROGRAM
from tapwatch.apps.pack import pack
from tapwatch.signing.keys import PrivateKey
from tapwatch.simulator.options import WatchOptions
from tapwatch.stage.stage import PASSCODE, Stage
from tests.host.apps.tally import write_tally

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    Look = Callable[[str], Awaitable[None]]

READY_S = 30.0
NAMES = {"reviewed": "Abacus", "developer": "Beadwork"}
FACE = "Clockwork"
_FACE_CODE = '''"""A face of a third party."""

from watch.apps.api import WHITE, Face, Label


class Tally(Face):
    """One word."""

    def build(self):
        """Make it."""
        ui = self.ui
        self.add(Label(ui, ui.title_font, 0, ui.height // 2, ui.width, "tick", WHITE))
'''


@contextlib.asynccontextmanager
async def open_desk(folder: Path, nfc: str | None = None) -> AsyncIterator[Stage]:
    """A watch with cards, a reviewed app, and a developer's app and face, installed. It unlocks itself."""
    key = PrivateKey.generate()
    said = {"passcode": PASSCODE, "public": key.public.hex(), "developer": "Ada", "profile": ""}
    options = WatchOptions(size="240x240", nfc=nfc, program=PROGRAM, program_options=said)
    async with Stage(folder / "stage", options) as stage:
        await stage.provision()
        await stage.watch.wait_for(lambda now: now["unlocked"] and now.get("developers"), READY_S)
        await stage.provide()
        for data in (_reviewed(stage, folder), *_own(key, folder)):
            await stage.phone.apps.install(data, lambda *_: None, lambda *_: None)
        await stage.wearer.home()
        yield stage


def _project(folder: Path, name: str) -> Path:
    project = write_tally(folder / name)
    said = (project / "app.toml").read_text(encoding="utf-8")
    said = said.replace('"tally"', f'"{name.lower()}"').replace('"Tally"', f'"{name}"').replace("计数", name)
    (project / "app.toml").write_text(said.replace(f'"app.{name}"', '"app.Tally"'), encoding="utf-8")
    return project


def _reviewed(stage: Stage, folder: Path) -> bytes:
    """Signed by the workshop of the stage, countersigned by its store."""
    developer, store = stage.manufacturer.developer, stage.manufacturer.store
    made = pack(_project(folder, NAMES["reviewed"]), developer.key, developer.certificate).bundle
    review = store.key.sign("tapwatch/app-review", {1: bundle.read(made).digest, 2: int(time.time()), 3: None})
    return bundle.countersigned(made, review, store.certificate)


def _own(key: PrivateKey, folder: Path) -> tuple[bytes, bytes]:
    """Of a developer's own key: an app and a face."""
    face = _project(folder, FACE)
    said = (face / "app.toml").read_text(encoding="utf-8").replace('kind = "app"', 'kind = "face"')
    (face / "app.toml").write_text(said.replace('permissions = ["haptics"]', "permissions = []"), encoding="utf-8")
    (face / "words.toml").write_text("[en]\n\n[zh]\n", encoding="utf-8")
    (face / "app.py").write_text(_FACE_CODE, encoding="utf-8")
    return pack(_project(folder, NAMES["developer"]), key).bundle, pack(face, key).bundle


async def tell(stage: Stage, look: Look) -> None:
    """Each app is opened and left, then the face is chosen; `look(moment)` is awaited at each moment."""
    watch = stage.watch
    await look("worn, before")
    for level, name in NAMES.items():
        app = name.lower()
        await watch.swipe("up")
        await watch.wait_for("launcher")
        await stage.wearer.choose(app)
        state = await watch.wait_for(lambda now, app=app: now["screen"] == f"app-{app}" and now["access"] == "foreign")
        assert state["unlocked"] == (level == "reviewed"), state
        await look(f"foreign, {level} app")
        await stage.wearer.home()
        state = await watch.wait_for(lambda now: now["access"] in ("worn", "locked"))
        await look(f"{state['access']}, after the {level} app")
    await watch.wait_for(lambda now: now["unlocked"])
    await stage.phone.apps.open(FACE.lower())
    await watch.wait_for(lambda now: now["access"] == "foreign")
    await look("foreign, developer face")
    await watch.swipe("up")
    await watch.wait_for("launcher")
    await look("covered, after the developer face")
