"""Runs inside MicroPython: draws scenes as the watch would, with the fonts loaded once, and looks them over."""

import binascii
import hashlib

from tests.screens.panel import Panel
from watch.ui.context import Ui
from watch.ui.renderer import Renderer

SIZES = {"large": (410, 502, 115, 2), "small": (240, 240, 0, 1)}
"""Width, height, radius of the round corners and alignment of each panel, in px."""
NINE_MM_PX = {"large": 111, "small": 78}
"""9 mm at 12.4 and 8.7 px/mm, rounded down."""
THEMES = (
    ("normal", ()),
    ("contrast", ("high_contrast",)),
    ("large-text", ("large_text",)),
    ("still", ("reduced_motion",)),
)
"""Name of each theme, and the switches of `Ui` that it turns on."""
HASH_CHARACTERS = 16
BOX = "\ufffd"
"""What stands in a line for a character that would not show, such as a control character."""


class Picture:
    """What came out of one scene in one theme."""

    def __init__(self, screen, digest, lines, faults):
        self.screen = screen
        self.digest = digest
        """SHA-256 of the pixels as the panel holds them: RGB565, big-endian, row by row; the first 16 hex digits."""
        self.lines = lines
        """(text, x, y, width, height) of every line of text that was drawn."""
        self.faults = faults
        """What is wrong with it, in words."""


class Studio:
    """One panel and one language. Every scene finds the context as a watch has it after its start."""

    def __init__(self, size, language, test_mark=True):
        self.size = size
        self.panel = Panel(*SIZES[size])
        self.ui = Ui(self.panel, "firmware/assets", language, test_mark)
        self._renderer = Renderer(self.ui, self.panel)
        self._fresh = dict(self.ui.__dict__)
        self._dark = _beyond_the_corners(*SIZES[size][:3])
        self._black = bytes(2 * self.panel.width)

    def draw(self, build, switches=(), odd=False):
        """Build a scene and draw it. `odd`: it may hold characters that no font has, and too many of them."""
        ui = self.ui
        for name, value in self._fresh.items():
            setattr(ui, name, value)
        for name in switches:
            setattr(ui, name, True)
        missing = ui.missing
        self._renderer.canvas.log = []
        screen = build(ui)
        screen.shown = True
        screen.open()
        ui.damage.everything()
        self._renderer.render(screen)
        lines = sorted(line for line in set(self._renderer.canvas.log) if line[0])
        missing = ui.missing - missing + sum(line[0].count(BOX) for line in lines)
        faults = [] if odd else self._counted(missing)
        faults += self._off_glass(lines) + self._small_targets(screen) + self._lit_corners()
        return Picture(screen, self._digest(), lines, faults)

    def _digest(self):
        digest = hashlib.sha256(self.panel.pixels).digest()
        return binascii.hexlify(digest).decode()[:HASH_CHARACTERS]

    def _counted(self, missing):
        faults = ["%d texts are clipped" % self.ui.clipped] if self.ui.clipped else []
        return faults + (["%d characters are missing" % missing] if missing else [])

    def _off_glass(self, lines):
        """Lines of text whose box, without the quarter above and below the letters, leaves the glass."""
        faults = []
        for text, x, y, w, h in lines:
            quarter = h // 4
            for px, py in ((x, y + quarter), (x + w, y + quarter), (x, y + h - quarter), (x + w, y + h - quarter)):
                if not self._on_glass(px, py):
                    faults.append("'%s' leaves the glass at %d, %d" % (text, px, py))
                    break
        return faults

    def _on_glass(self, x, y):
        width, height, radius, _ = SIZES[self.size]
        if not (0 <= x <= width and 0 <= y <= height):
            return False
        dx = max(radius - x, x - (width - radius), 0)
        dy = max(radius - y, y - (height - radius), 0)
        return dx * dx + dy * dy <= radius * radius

    def _small_targets(self, screen):
        """Targets that a finger misses, or that leave the panel."""
        faults = []
        for name, x, y, w, h in screen.targets():
            if min(w, h) < NINE_MM_PX[self.size]:
                faults.append("target %s is %d x %d px" % (name, w, h))
            if x < 0 or y < 0 or x + w > self.panel.width or y + h > self.panel.height:
                faults.append("target %s leaves the panel" % name)
        return faults

    def _lit_corners(self):
        pixels, black = memoryview(self.panel.pixels), self._black
        for start, end in self._dark:
            if pixels[start:end] != black[: end - start]:
                return ["a pixel is lit beyond the round corners, near row %d" % (start // len(black))]
        return []


def _beyond_the_corners(width, height, radius):
    """Pieces of the frame buffer that no one sees, as byte offsets: pixels that lie wholly beyond the round corners.

    The right end of each row goes on as the left end of the next.
    """
    if not radius:
        return []
    pieces = []
    inset = radius
    for row in range(height):
        rest = max(radius - row - 1, row - (height - radius), 0)
        before, inset = inset, int(radius - (radius * radius - rest * rest) ** 0.5)
        start = row * width * 2
        pieces.append((max(start - before * 2, 0), start + inset * 2))
    pieces.append((height * width * 2 - inset * 2, height * width * 2))
    return [(start, end) for start, end in pieces if end > start]
