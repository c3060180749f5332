"""Stage `head`: the ensemble that tells the student what the teacher heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from tqdm import tqdm

from tapwatch.errors import UserError
from tapwatch.voice.training import examples, head
from tapwatch.voice.training.examples_stage import examples_folder
from tapwatch.voice.training.files import whole_file
from tapwatch.voice.training.parallel import each
from tapwatch.voice.training.records import Records
from tapwatch.voice.words import UNKNOWN

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

    from tapwatch.voice.training.stages import Settings


def run(settings: Settings) -> None:
    """Train the heads that are missing, and note how well they do on the voices kept for judging."""
    folder = examples_folder(settings)
    if not len(examples.load(folder, examples.TRAIN)):
        raise UserError("there are no examples", "run the stage `examples`")
    missing = [number for number in range(settings.size.heads) if not _path(settings, number).exists()]
    pieces = [(settings, number) for number in missing]
    if each(_train, pieces, settings, "heads"):
        _note(settings)


def heads(settings: Settings) -> tuple[head.Scaling, list[nn.Module]]:
    """The scaling and the heads that are there.

    Raises:
        UserError: there are none.
    """
    found: list[nn.Module] = []
    scaling = None
    for path in sorted(_folder(settings).glob("head_*.pt")):
        kept = torch.load(path, weights_only=True)
        network = head.network()
        network.load_state_dict(kept["network"])
        found.append(network.eval())
        scaling = head.Scaling(*(kept[name].numpy() for name in ("mean", "deviation", "axes")))
    if scaling is None:
        raise UserError("there is no head", "run the stage `head`")
    return scaling, found


def _folder(settings: Settings) -> Path:
    return settings.work / "heads" / settings.language


def _path(settings: Settings, number: int) -> Path:
    return _folder(settings) / f"head_{number}.pt"


def _train(piece: tuple[Settings, int]) -> None:
    settings, number = piece
    torch.set_num_threads(1)
    made = examples.load(examples_folder(settings), examples.TRAIN)
    scaling = head.Scaling.of(made["embedding"])
    made = made[made["label"] != UNKNOWN]
    labels = torch.from_numpy(made["label"].astype(np.int64))
    with tqdm(total=settings.size.head_epochs, desc=f"head {number}, epochs", position=number + 1) as bar:
        seed = settings.seed + number
        network = head.train(scaling.scaled(made["embedding"]), labels, settings.size.head_epochs, seed, bar.update)
    kept = {name: torch.from_numpy(getattr(scaling, name)) for name in ("mean", "deviation", "axes")}
    with whole_file(_path(settings, number)) as file:
        torch.save({"network": network.state_dict(), **kept}, file)


def _note(settings: Settings) -> None:
    scaling, found = heads(settings)
    records = Records(settings)
    for split in (examples.HELD, examples.CLEAN):
        held = examples.load(examples_folder(settings), split)
        guess = head.opinion(found, scaling.scaled(held["embedding"])).argmax(1).numpy()
        right = float((guess == held["label"]).mean())
        records.put(f"head.{split}", right)
        print(f"head, {split} voices: {100 * right:.1f} % right")
