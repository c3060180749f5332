"""What hearing costs on the chip, in a moment: shapes of layers by rates that `make bench` has counted.

The rates are those of `docs/voice.md`, section In the watch; `tests/host/voice/test_network.py` and
`tests/host/voice/test_front_end.py` hold them against the machine code. Nothing was measured on a chip.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.voice.model import layers

if TYPE_CHECKING:
    from tapwatch.voice.model import Layer, Model

FRAME_CYCLES = 161_000
"""Of the front end for one frame of 20 ms, the same with all weights."""
CYCLES_PER_MS = 240_000
_LEVELS = 196_000
_FIRST, _DEPTHWISE, _POINTWISE = 6.2, 11.5, 6.5
"""For one multiplication; two are done at a time."""
_REQUANTISE = 44
"""For one activation of a convolution."""
_MARGIN = 4.2
"""For one activation that another convolution reads, its margin included."""
_POOL, _DENSE = 14, 28
"""For one activation that is added up, for one weight of the dense layer."""


def decision_cycles(model: Model) -> int:
    """Estimated cycles of one decision on an ESP32-S3."""
    plan = layers(model.first.channels, [(block.pointwise.channels, block.stride) for block in model.blocks])
    products = _FIRST * plan[0].macs
    products += sum(_DEPTHWISE * layer.macs for layer in plan[1::2])
    products += sum(_POINTWISE * layer.macs for layer in plan[2::2])
    activations = sum(_REQUANTISE * _activations(layer) for layer in plan)
    margins = sum(_MARGIN * (layer.frames + 4) * (layer.bands + 2) * layer.channels for layer in plan[:-1:2])
    end = _POOL * _activations(plan[-1]) + _DENSE * len(model.dense) * len(model.dense[0])
    return round(_LEVELS + products + activations + margins + end)


def _activations(layer: Layer) -> int:
    return layer.frames * layer.bands * layer.channels
