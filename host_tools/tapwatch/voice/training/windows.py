"""Windows for the student, from the longer stretches of examples, as endpoints and microphones may make them."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from tapwatch.voice.training.features import BANDS, WINDOW_FRAMES

_LOUDEST = 16
_RANGE, _SCALE, _SHIFT, _TOP = 112, 9, 4, 63
_TILT_UNITS = 6.0
_TILT_POINTS = 4
_TILTED, _MASKED, _PADDED = 0.5, 0.3, 0.5
"""Shares of windows, or of batches where it is dear to tell windows apart."""
_MOST_BESIDE = 12
"""Frames before and after a word that the watch may have heard."""
_SHIFT_FRAMES = 5


def levels(windows: Tensor) -> Tensor:
    """Bytes (n, 48, 32) as levels 0 to 63 in float (docs/voice.md, "Levels")."""
    whole = windows.int()
    top = (whole.flatten(1).topk(_LOUDEST)[0].sum(1) >> 4)[:, None, None]
    return (((whole - top + _RANGE) * _SCALE) >> _SHIFT).clamp(0, _TOP).float()


def middle(frames: Tensor) -> Tensor:
    """The windows in the middle of examples (n, frames, 32)."""
    first = (frames.shape[1] - WINDOW_FRAMES) // 2
    return frames[:, first : first + WINDOW_FRAMES]


def varied(frames: Tensor, start: Tensor, end: Tensor, draw: torch.Generator) -> Tensor:
    """Levels (n, 48, 32) of windows near the middle, with what the watch did not hear, a tilt, and bands left out.

    Args:
        frames: (n, frames, 32) bytes.
        start: (n,) first frame of each word.
        end: (n,) frame after it.
        draw: decides everything.
    """
    count = len(frames)
    if torch.rand((), generator=draw) < _PADDED:
        frames = _padded(frames, start, end, draw)
    spare = frames.shape[1] - WINDOW_FRAMES
    first = spare // 2 + torch.randint(-_SHIFT_FRAMES, _SHIFT_FRAMES + 1, (count,), generator=draw)
    places = first.clamp(0, spare)[:, None] + torch.arange(WINDOW_FRAMES)[None]
    windows = frames.gather(1, places[:, :, None].expand(-1, -1, BANDS))
    if torch.rand((), generator=draw) < _TILTED:
        tilt = torch.randn(count, 1, _TILT_POINTS, generator=draw) * _TILT_UNITS
        windows = (windows.float() + functional.interpolate(tilt, size=BANDS, mode="linear")).clamp(0, 255)
    return _masked(levels(windows), draw)


def _padded(frames: Tensor, start: Tensor, end: Tensor, draw: torch.Generator) -> Tensor:
    """As the watch fills a window: frames it did not hear are the quietest of those beside the word that it did."""
    count = len(frames)
    beside = torch.randint(1, _MOST_BESIDE + 1, (2, count), generator=draw)
    places = torch.arange(frames.shape[1])[None]
    heard = (places >= (start - beside[0])[:, None]) & (places < (end + beside[1])[:, None])
    loudness = frames.float().sum(2).masked_fill(~heard, float("inf"))
    quietest = frames[torch.arange(count), loudness.argmin(1)]
    return torch.where(heard[:, :, None], frames, quietest[:, None, :])


def _masked(made: Tensor, draw: torch.Generator) -> Tensor:
    """Some windows without one to four neighbouring bands."""
    count = len(made)
    chosen = torch.rand(count, generator=draw) < _MASKED
    first = torch.randint(0, BANDS - 4, (count,), generator=draw)
    width = torch.randint(1, 5, (count,), generator=draw)
    bands = torch.arange(BANDS)[None]
    hidden = (bands >= first[:, None]) & (bands < (first + width)[:, None]) & chosen[:, None]
    return made.masked_fill(hidden[:, None, :], 0.0)
