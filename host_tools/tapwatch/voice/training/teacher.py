"""The teacher: Google's network of speech embeddings, which has heard many people, from the package pyopen-wakeword."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tapwatch.errors import UserError

SAMPLES = 20480
"""What the teacher hears at a time: 1.28 s."""
STEPS, FEATURES = 7, 96
SIZE = STEPS * FEATURES
_EDGE = 240
"""Samples of silence added on either side, so that the frames lie in the middle."""
_FRAMES, _BANDS = 124, 32


class Teacher:
    """Turns 1.28 s of sound into 672 numbers. One for each process: it is not for several threads."""

    def __init__(self) -> None:
        self._spectrum = _Network("melspectrogram.tflite", (1, SAMPLES + 2 * _EDGE))
        self._embedding = _Network("embedding_model.tflite", (1, _FRAMES, _BANDS, 1))

    def embed(self, samples: NDArray[np.int16]) -> NDArray[np.float32]:
        """The (672,) embedding of `SAMPLES` samples: 7 steps of 80 ms, 96 features each."""
        padded = np.pad(samples.astype(np.float32), _EDGE)
        mel = self._spectrum.run(padded[None]).reshape(-1, _BANDS) / 10 + 2
        return self._embedding.run(mel[None, :_FRAMES, :, None]).reshape(SIZE)


class _Network:
    """A TensorFlow Lite network with one input and one output, through the C library that comes with the package."""

    def __init__(self, name: str, shape: tuple[int, ...]) -> None:
        folder = _folder()
        self._library = _library(folder)
        model = self._library.TfLiteModelCreateFromFile(str(folder / "models" / name).encode())
        options = self._library.TfLiteInterpreterOptionsCreate()
        self._library.TfLiteInterpreterOptionsSetNumThreads(ctypes.c_void_p(options), 1)
        made = self._library.TfLiteInterpreterCreate(ctypes.c_void_p(model), ctypes.c_void_p(options))
        self._interpreter = ctypes.c_void_p(made)
        dimensions = (ctypes.c_int * len(shape))(*shape)
        self._check(self._library.TfLiteInterpreterResizeInputTensor(self._interpreter, 0, dimensions, len(shape)))
        self._check(self._library.TfLiteInterpreterAllocateTensors(self._interpreter))
        self._input = ctypes.c_void_p(self._library.TfLiteInterpreterGetInputTensor(self._interpreter, 0))

    def run(self, given: NDArray[Any]) -> NDArray[np.float32]:
        """The output, flat."""
        data = np.ascontiguousarray(given, np.float32)
        size = ctypes.c_size_t(data.nbytes)
        self._check(self._library.TfLiteTensorCopyFromBuffer(self._input, data.ctypes.data_as(ctypes.c_void_p), size))
        self._check(self._library.TfLiteInterpreterInvoke(self._interpreter))
        output = ctypes.c_void_p(self._library.TfLiteInterpreterGetOutputTensor(self._interpreter, 0))
        size = self._library.TfLiteTensorByteSize(output)
        result = np.empty(size // 4, np.float32)
        self._check(
            self._library.TfLiteTensorCopyToBuffer(
                output, result.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(size)
            )
        )
        return result

    @staticmethod
    def _check(status: int) -> None:
        if status != 0:
            raise UserError(f"the teacher's network failed with status {status}", "install pyopen-wakeword again")


def _folder() -> Path:
    import pyopen_wakeword

    return Path(pyopen_wakeword.__file__).parent


def _library(folder: Path) -> ctypes.CDLL:
    ending = "dylib" if sys.platform == "darwin" else "so"
    library = ctypes.CDLL(str(folder / "lib" / f"libtensorflowlite_c.{ending}"))
    for name in (
        "TfLiteModelCreateFromFile",
        "TfLiteInterpreterCreate",
        "TfLiteInterpreterGetInputTensor",
        "TfLiteInterpreterGetOutputTensor",
        "TfLiteInterpreterOptionsCreate",
    ):
        getattr(library, name).restype = ctypes.c_void_p
    library.TfLiteTensorByteSize.restype = ctypes.c_size_t
    return library
