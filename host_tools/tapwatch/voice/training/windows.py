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
_NARROWED, _BARED = 0.5, 0.5
_NARROW_FROM = (21, 26)
"""The first band that is missing, from 3 to 4 kHz."""
_LOUD_BANDS = 8
_EDGES_UNITS = (27.0, 80.0)
"""How much quieter than the loudest frame the edges of a word are, in units of 0.376 dB."""
_MOST_QUIET = 60
"""The loudest byte that is left around it."""
_MOST_BESIDE = 12
"""Frames before and after a word that the watch may have heard."""
_SHIFT_FRAMES = 5
_FASTEST, _SLOWEST = 1.4, 0.75
"""What is heard, times the tempo it was said in."""
_HURRIED = 0.7
"""Share of windows in which the tempo changes."""
_WARPED = 0.1
"""How far the vocal tract of another speaker moves a band, as a part of its number."""


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
    """Levels (n, 48, 32) of windows near the middle: narrow, bare, frames not heard, other speakers, a tilt, bands out.

    Args:
        frames: (n, frames, 32) bytes.
        start: (n,) first frame of each word.
        end: (n,) frame after it.
        draw: decides everything.
    """
    count = len(frames)
    frames = _bare(_narrow(frames, draw), draw)
    if torch.rand((), generator=draw) < _PADDED:
        frames = _padded(frames, start, end, draw)
    windows = _bent(frames, draw)
    if torch.rand((), generator=draw) < _TILTED:
        tilt = torch.randn(count, 1, _TILT_POINTS, generator=draw) * _TILT_UNITS
        windows = (windows + functional.interpolate(tilt, size=BANDS, mode="linear")).clamp(0, 255)
    return _masked(levels(windows.round()), draw)


def _narrow(frames: Tensor, draw: torch.Generator) -> Tensor:
    """Some without all above 3 to 4 kHz, as old recordings and telephones are."""
    count = len(frames)
    chosen = torch.rand(count, generator=draw) < _NARROWED
    first = torch.randint(*_NARROW_FROM, (count,), generator=draw)
    hidden = chosen[:, None] & (torch.arange(BANDS)[None] >= first[:, None])
    return frames.masked_fill(hidden[:, None, :], 0)


def _bare(frames: Tensor, draw: torch.Generator) -> Tensor:
    """Some cut where the word gets quiet, so that "five" begins without its hiss; around it is hardly any sound."""
    count = len(frames)
    chosen = torch.rand(count, generator=draw) < _BARED
    loudness = frames.float().topk(_LOUD_BANDS, 2)[0].mean(2)
    enough = loudness >= (loudness.amax(1) - torch.empty(count).uniform_(*_EDGES_UNITS, generator=draw))[:, None]
    places = torch.arange(frames.shape[1])[None]
    first = torch.where(enough, places, frames.shape[1]).amin(1)
    last = torch.where(enough, places, -1).amax(1)
    outside = ((places < first[:, None]) | (places > last[:, None])) & chosen[:, None]
    most = torch.randint(0, 2, (count, 1, 1), generator=draw) * torch.randint(
        0, _MOST_QUIET, (count, 1, 1), generator=draw
    )
    return torch.where(outside[:, :, None], torch.minimum(frames, most.to(frames.dtype)), frames)


def _bent(frames: Tensor, draw: torch.Generator) -> Tensor:
    """Windows near the middle, the word said faster or slower by a longer or shorter throat; bytes as float."""
    count, length = frames.shape[0], frames.shape[1]
    tempo = torch.empty(count).uniform_(_SLOWEST, _FASTEST, generator=draw)
    tempo = torch.where(torch.rand(count, generator=draw) < _HURRIED, tempo, 1.0)
    off = torch.empty(count).uniform_(-_SHIFT_FRAMES, _SHIFT_FRAMES, generator=draw)
    times = (torch.arange(WINDOW_FRAMES) - (WINDOW_FRAMES - 1) / 2) * tempo[:, None] + (length - 1) / 2 + off[:, None]
    warp = 1 + torch.empty(count).uniform_(-_WARPED, _WARPED, generator=draw)
    bands = torch.arange(BANDS) * warp[:, None]
    places = (
        (2 / (BANDS - 1) * bands - 1)[:, None, :].expand(-1, WINDOW_FRAMES, -1),
        (2 / (length - 1) * times - 1)[:, :, None].expand(-1, -1, BANDS),
    )
    grid = torch.stack(places, 3)
    return functional.grid_sample(frames[:, None].float(), grid, padding_mode="border", align_corners=True)[:, 0]


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
