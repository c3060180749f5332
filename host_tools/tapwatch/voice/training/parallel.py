"""Work that is cut into pieces and done by several processes of one thread each."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tapwatch.voice.training.stages import Settings


def each(
    work: Callable[[Any], object],
    pieces: Sequence[Any],
    settings: Settings,
    title: str,
    start: Callable[..., None] | None = None,
    given: tuple[object, ...] = (),
) -> bool:
    """Do `work(piece)` for all pieces, until the time is up; a piece that has begun is finished.

    Args:
        work: a function of a module; what it makes, it keeps itself.
        pieces: in the order in which they are begun.
        settings: how many processes, and until when.
        title: what the progress bar says.
        start: called once in each process before the first piece, with `given`.
        given: see `start`.

    Returns:
        Whether all are done.
    """
    bar = tqdm(total=len(pieces), desc=title, mininterval=1)
    if settings.processes <= 1 or len(pieces) <= 1:
        done = _here(work, pieces, settings, bar, start, given)
    else:
        done = _spread(work, pieces, settings, bar, start, given)
    bar.close()
    return done == len(pieces)


def _here(work: Any, pieces: Any, settings: Settings, bar: tqdm, start: Any, given: tuple[object, ...]) -> int:
    if start is not None and pieces:
        start(*given)
    for done, piece in enumerate(pieces):
        if settings.time_is_up():
            return done
        work(piece)
        bar.update()
    return len(pieces)


def _spread(work: Any, pieces: Any, settings: Settings, bar: tqdm, start: Any, given: tuple[object, ...]) -> int:
    """A piece is handed out when a process is free for it, so that nothing waits in a queue when the time is up."""
    context = multiprocessing.get_context("spawn")
    done = 0
    with ProcessPoolExecutor(settings.processes, context, start, given) as pool:
        waiting: set[Future[object]] = set()
        rest = iter(pieces)
        while True:
            while len(waiting) < settings.processes and not settings.time_is_up():
                piece = next(rest, None)
                if piece is None:
                    break
                waiting.add(pool.submit(work, piece))
            if not waiting:
                return done
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                future.result()
                done += 1
                bar.update()
