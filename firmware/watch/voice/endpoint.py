"""Where one isolated utterance begins and ends, or why there is none: a state machine, one step each frame of 20 ms.

Levels are those of the front end: `8 * log2(power)`, 0.376 dB a unit.
"""

from micropython import const

from watch.voice.heard import SILENCE

BANDS = const(32)
FRAME_MS = const(20)


class Endpoint:
    """Fed frame by frame, `frame` says when there is nothing more to wait for."""

    def __init__(self) -> None:
        """Waits for `start`."""
        self.reason = SILENCE
        """"" when there is an utterance, else why there is none (yet)."""
        self.begin = 0
        """First frame of the utterance, counted from `start`."""
        self.end = 0
        """The frame after its last."""
        self.over = False
        """Nothing that comes can change the answer."""

    def start(self, limit_frames: int) -> None:
        """Begin anew; at most `limit_frames` are listened to."""
        self.reason = SILENCE
        self.begin = self.end = 0
        self.over = limit_frames <= 0

    def frame(self, level: int, bands: bytearray, offset: int, clipped: int = 0) -> bool:
        """Take one frame: its level, 32 bands at `bands[offset]`, samples of it at full scale. True when over.

        Allocates nothing.
        """
        return self.over

    def clear(self) -> None:
        """Forget what was heard."""
        self.start(0)
