"""A radio for tests: gives prepared frames, keeps what was sent."""


class FakePort:
    """`ports.Nfc` fed by a script. In the script bytes are a frame, 0 a timeout, -1 the loss of the field."""

    def __init__(self, script=()):
        self.script = list(script)
        self.sent = []
        self.halted = 0
        self.callback = None

    def listen(self, callback):
        """Keep the callback."""
        self.callback = callback

    def arm(self, uid, atqa, sak):
        """Nothing to do."""

    def disarm(self):
        """Nothing to do."""

    def field(self):
        """On while the script runs."""
        return bool(self.script)

    def receive(self, frame, timeout_us):
        """The next step of the script; the field is gone at its end."""
        step = self.script.pop(0) if self.script else -1
        if isinstance(step, int):
            return step
        frame[: len(step)] = step
        return len(step)

    def transmit(self, frame, length):
        """Keep the frame."""
        self.sent.append(bytes(frame[:length]))

    def halt(self):
        """Count it."""
        self.halted += 1


class QuietPort(FakePort):
    """Replays frames and drops what is sent, without allocating."""

    def __init__(self, frames):
        super().__init__()
        self._frames = frames
        self._next = 0
        self.sent_bytes = 0

    def rewind(self):
        """Start again."""
        self._next = 0

    def receive(self, frame, timeout_us):
        """The next frame; the field is gone at the end."""
        if self._next == len(self._frames):
            return -1
        step = self._frames[self._next]
        self._next += 1
        for i in range(len(step)):
            frame[i] = step[i]
        return len(step)

    def transmit(self, frame, length):
        """Count the bytes."""
        self.sent_bytes += length
