"""A clock that tests move, and small helpers for the tests of this room."""


class FakeClock:
    """Ticks in `ms`; display time runs with them from a Wednesday noon, 2026-11-18 UTC."""

    START_S = 1_795_003_200

    def __init__(self):
        self.ms = 0
        self.set_to = None

    def ticks_ms(self):
        """As the watch's clock: wraps at 2^30."""
        return self.ms & 0x3FFFFFFF

    def display_s(self):
        """Seconds since 1970."""
        return self.START_S + self.ms // 1000

    def set_display(self, unix_s):
        """What a phone does."""
        self.set_to = unix_s


def refused(error, call, *arguments):
    """Assert that `call(*arguments)` raises this kind of error."""
    try:
        call(*arguments)
    except error:
        return
    raise AssertionError(f"accepted {arguments}: expected {error.__name__}")
