"""Where one isolated utterance begins and ends, or why there is none: a state machine, one step each frame of 20 ms.

A frame is loud if its bands rise above the noise of the place. Loud frames make a part, with the short gaps that a word
has itself (the closures of "stop" and "eight"). A part of 140 to 1000 ms between quiet is an utterance. A shorter one
is passed over, since a button clicks and a sleeve rubs; a longer one ends the listening, as does a second one that
comes too soon: someone talks. Where the noise itself comes and goes (people talk at the next table), it takes more to
be loud, and only what stands far above is a part. If the quiet after a part is far below that before it, someone talked
there. Levels are those of the front end: `8 * log2(power)`, 0.376 dB a unit.
"""

from array import array

import micropython
from micropython import const

from watch.voice.heard import CLIPPED, HEARD, LONG, NOISE, SHORT, SILENCE, UNCLEAR

TYPE_CHECKING = const(0)

BANDS = const(32)
FRAME_MS = const(20)
SHORT_FRAMES = const(7)
"""Shorter parts are no utterance: 140 ms. With 120 ms, more of what knocks is one, and no more words are."""
_LEAST_LOUD_FRAMES = const(6)
"""An utterance has as many loud frames, and one in three: two clicks with a gap between them are none."""
_LEAST_LOUD_SHARE = const(3)
_CLICK_FRAMES = const(4)
"""Up to 80 ms is a click, such as that of the button that is let go, or the motor: nobody is told of it."""
LONG_FRAMES = const(50)
"""Longer parts are not a word: 1000 ms."""
GAP_FRAMES = const(8)
"""Quiet within a word: up to 160 ms."""
QUIET_FRAMES = const(15)
"""Quiet after an utterance: 300 ms."""
_BEFORE_FRAMES = const(8)
"""Quiet at the start of listening: 160 ms, after 40 ms in which the microphone is deaf. Who listens in the middle of
a speech hears a pause as quiet: with 60 ms, three times as many pieces of it were taken for words."""

_FIRST_BAND = const(2)
"""Bands below are not looked at: 270 Hz is above hum, steps and most of what rubs."""
_HIGH_BAND = const(6)  # from 590 Hz on
_DEAD = const(10)
"""Rises of a band up to 3.8 dB do not count: noise does that."""
_FAINTEST = const(16)
"""What is less in a band counts as this: a byte is more rounding than sound there. White noise of 1/4000 of full scale
gives as much in a band; someone who speaks at the wrist is 20 to 30 dB above (an estimate)."""
_RISE_MAX = const(64)
"""Nor what is more than 24 dB above: a pure tone is no voice."""
_BEGIN_RISE = const(60)
"""Sum over the bands from which on a part begins."""
_STAY_RISE = const(30)
"""From which on it goes on."""
_FADED = const(5)
"""Nor does it go on below 1/32 of its largest sum: that is the room, which answers."""
_LEARN_FRAMES = const(6)
"""The first frames teach what noise is, one alone says little: 120 ms, in which no part begins from less than this."""
_SUDDEN_RISE = const(250)
_RESTLESS_RISE = const(50)
"""Where sums between the parts come up to this, the noise comes and goes."""
_MOST_RESTLESS = const(120)
"""More than this is not believed: loud words of others would make the watch deaf for seconds."""
_STRONG_RISE = const(350)
"""Where it comes and goes, a part needs as much, begins anew with the frame that first has it, and goes on down to 1/4
of its largest."""
_SUNK = const(2)
_PRELUDE_FRAMES = const(10)
"""What a part has less than that for so long, before it has it, was noise that comes and goes: no word begins so."""
_FALL = const(480)
"""Sum of what the bands fall below the noise that shows that it was no noise: 6 dB in the mean."""
_FALL_FRAMES = const(3)
"""So long, one after the other: what a microphone loses is shorter."""
_HIGH_SHARE = const(8)
"""Percent of what rises that lies above 590 Hz in speech, at least."""
_CLIPPED_SHARE = const(3)
"""Percent of samples at full scale that an utterance may have. A frame has 320 samples of its own."""
_SAMPLES = const(320)
_PLACES = const(4)
"""Binary places of the noise of a band."""


class Endpoint:
    """Fed frame by frame, `frame` says when there is nothing more to wait for."""

    def __init__(self) -> None:
        """Waits for `start`."""
        self._noise = array("H", bytes(2 * BANDS))
        self.start(0)

    def start(self, limit_frames: int) -> None:
        """Begin anew; at most `limit_frames` are listened to."""
        self.reason = SILENCE
        """"" when there is an utterance, else why there is none (yet)."""
        self.begin = -1
        """First frame of the utterance, counted from `start`; -1 if there is none."""
        self.end = -1
        """The frame after its last."""
        self.over = limit_frames <= 0
        """Nothing that comes can change the answer."""
        self._limit = limit_frames
        self._frames = 0
        self._opened = -1  # first frame of the part that goes on, -1 if there is none
        self._loud = -1  # its last loud frame
        self._louds = 0  # how many of its frames are
        self._peak = 0  # its largest sum
        self._clipped = 0  # samples of it at full scale
        self._rises = 0  # what rose in it, of the bands that are looked at
        self._high = 0  # and of the high ones
        self._sharp = True  # the utterance is not clipped
        self._usual = -1  # how far the noise rises above itself, -1 before there was any sound
        self._falls = 0  # frames far below the noise, one after the other
        for band in range(BANDS):
            self._noise[band] = 0

    def sounding(self) -> bool:
        """True within a part, or between an utterance and the quiet that it needs."""
        return self._opened >= 0 or self.begin >= 0

    def frame(self, bands: bytearray, offset: int, clipped: int = 0) -> bool:
        """Take one frame: 32 bands at `bands[offset]`, and how many of its samples are at full scale. True when over.

        Allocates nothing.
        """
        if self.over:
            return True
        now = self._frames
        self._frames += 1
        high = rise(bands, offset, self._noise, _HIGH_BAND, BANDS)
        total = high + rise(bands, offset, self._noise, _FIRST_BAND, _HIGH_BAND)
        if now < _LEARN_FRAMES and self._usual < 0:
            learn(bands, offset, self._noise, 0)
            self._usual = 0 if total else -1
        elif total >= self._enough(now):
            self._sound(now, total, high, clipped)
        else:
            self._quiet(now, total, bands, offset)
        if self._frames >= self._limit:
            self.expire()
        return self.over

    def expire(self) -> None:
        """The time is over: a sound that goes on, or one that was not followed by quiet, is "unclear"."""
        if not self.over:
            self._finish(UNCLEAR if self.sounding() else self.reason)

    def clear(self) -> None:
        """Forget what was heard."""
        self.start(0)

    def _enough(self, now: int) -> int:
        """The sum from which on a frame is loud."""
        if now < _LEARN_FRAMES:
            return _SUDDEN_RISE
        usual = self._usual
        if self._opened < 0:
            return _BEGIN_RISE if usual < _BEGIN_RISE // 2 else usual << 1
        peak = self._peak
        enough = peak >> (_SUNK if usual >= _RESTLESS_RISE and peak >= _STRONG_RISE else _FADED)
        return max(_STAY_RISE, usual * 7 >> 2, enough)

    def _weak(self) -> bool:
        """True for a part that is no more than noise that comes and goes."""
        return self._usual >= _RESTLESS_RISE and self._peak < _STRONG_RISE

    def _sound(self, now: int, total: int, high: int, clipped: int) -> None:
        """A loud frame."""
        if self._opened < 0:
            self._open(now)
        elif self._peak < _STRONG_RISE <= total:
            if now - self._opened >= _PRELUDE_FRAMES:
                self._usual = max(self._usual, min(_MOST_RESTLESS, self._rises // self._louds))
            if self._weak():
                self._open(now)
        self._loud = now
        self._louds += 1
        self._falls = 0
        if total > self._peak:
            self._peak = total
        self._clipped += clipped
        self._rises += total
        self._high += high
        if now - self._opened >= LONG_FRAMES:
            self._finish(LONG)

    def _open(self, now: int) -> None:
        """A part begins."""
        self._opened = now
        self._clipped = self._rises = self._high = self._louds = self._peak = 0

    def _quiet(self, now: int, total: int, bands: bytearray, offset: int) -> None:
        """A frame that is not loud."""
        if fall(bands, offset, self._noise, _FIRST_BAND, BANDS) >= _FALL:
            self._falls += 1
            if self._falls == _FALL_FRAMES:
                self._fallen(now, bands, offset)
        else:
            self._falls = 0
            if self._opened < 0:
                self._learn(now, total, bands, offset)
        if self._opened >= 0 and now - self._loud > GAP_FRAMES:
            self._close()
        if self.begin >= 0 and self._opened < 0 and now - self.end >= QUIET_FRAMES - 1:
            self._finish(HEARD if self._sharp else CLIPPED)

    def _learn(self, now: int, total: int, bands: bytearray, offset: int) -> None:
        """A frame of nothing but noise."""
        first = now < _LEARN_FRAMES
        usual = self._usual
        slow = 5 if total <= usual else 0 if first else 1
        self._usual = usual + ((min(total, _MOST_RESTLESS) - usual) >> slow)
        learn(bands, offset, self._noise, 1 if first else 4)

    def _fallen(self, now: int, bands: bytearray, offset: int) -> None:
        """What was taken for the noise has ended: someone spoke before the watch listened, perhaps."""
        spoken = self.begin >= 0 or (self._opened >= 0 and self._loud - self._opened >= _CLICK_FRAMES)
        self._opened = -1
        self._usual = self._falls = 0
        learn(bands, offset, self._noise, 0)
        if spoken:
            self._finish(UNCLEAR)
        elif now >= _CLICK_FRAMES + _FALL_FRAMES:
            self._note(UNCLEAR)

    def _close(self) -> None:
        """The part has ended: judge it."""
        begin, self._opened = self._opened, -1
        end = self._loud + 1
        frames = end - begin
        if frames <= _CLICK_FRAMES:
            return
        if frames < SHORT_FRAMES or self._louds < _LEAST_LOUD_FRAMES or self._louds * _LEAST_LOUD_SHARE < frames:
            self._note(SHORT)
        elif self._weak():
            self._note(UNCLEAR)
        elif self.begin >= 0:
            self._finish(LONG)
        elif begin < _BEFORE_FRAMES:
            self._note(UNCLEAR)
        elif self._high * 100 < self._rises * _HIGH_SHARE:
            self._note(NOISE)
        else:
            self.begin = begin
            self.end = end
            self._sharp = self._clipped * 100 <= _SAMPLES * frames * _CLIPPED_SHARE

    def _note(self, reason: str) -> None:
        """Keep the reason for the case that nothing better comes; "short" says least."""
        if reason != SHORT or self.reason == SILENCE:
            self.reason = reason

    def _finish(self, reason: str) -> None:
        """Whatever comes now changes nothing."""
        self.over = True
        self.reason = reason
        if reason != HEARD:
            self.begin = self.end = -1


@micropython.viper
def rise(bands: ptr8, offset: int, noise: ptr16, first: int, last: int) -> int:
    """By how much the bands `first` to `last - 1` are above the noise together, each at most `_RISE_MAX`."""
    total = 0
    band = first
    while band < last:
        usual = int(noise[band]) >> _PLACES
        if usual < _FAINTEST:
            usual = _FAINTEST
        above = int(bands[offset + band]) - usual - _DEAD
        if above > _RISE_MAX:
            above = _RISE_MAX
        if above > 0:
            total += above
        band += 1
    return total


@micropython.viper
def fall(bands: ptr8, offset: int, noise: ptr16, first: int, last: int) -> int:
    """By how much the bands `first` to `last - 1` are below the noise together."""
    total = 0
    band = first
    while band < last:
        found = int(bands[offset + band])
        if found < _FAINTEST:
            found = _FAINTEST
        below = (int(noise[band]) >> _PLACES) - found
        if below > 0:
            total += below
        band += 1
    return total


@micropython.viper
def learn(bands: ptr8, offset: int, noise: ptr16, slow: int):  # noqa: ANN201 - viper knows no None
    """Move the noise of every band towards a frame: all the way for `slow` 0, half for 1, a quarter for 2."""
    band = 0
    while band < BANDS:
        old = int(noise[band])
        noise[band] = old + (((int(bands[offset + band]) << _PLACES) - old) >> slow)
        band += 1
