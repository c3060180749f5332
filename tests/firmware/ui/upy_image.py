"""Pictures of apps: drawn where they lie, what is see-through lets through, and no file that is damaged is taken."""

from tests.screens.panel import Panel
from watch.kernel.errors import InputError
from watch.ui import image
from watch.ui.canvas import rgb
from watch.ui.context import Ui
from watch.ui.renderer import Renderer
from watch.ui.screen import Screen
from watch.ui.widget import Box

RED, BLUE = rgb(0xFF0000), rgb(0x0000FF)


def part(w, h, colours, runs):
    """One picture."""
    head = w.to_bytes(2, "big") + h.to_bytes(2, "big") + bytes([len(colours)])
    return head + b"".join(one.to_bytes(2, "big") for one in colours) + len(runs).to_bytes(4, "big") + runs


SMALL = part(4, 2, (0, RED), bytes((0x11, 0x01, 0x13)))
"""Two red pixels and two that let through; four red ones."""
LARGE = part(20, 1, (0, RED, BLUE), bytes((0x1F, 0x23)))
FILE = b"TWI1" + len(SMALL).to_bytes(4, "big") + len(LARGE).to_bytes(4, "big") + SMALL + LARGE


class Ground(Screen):
    """A blue ground with the picture on it."""

    def __init__(self, ui, picture):
        super().__init__(ui)
        self.add(Box(0, 0, ui.width, ui.height, 0, BLUE))
        self.add(image.Image(10, 20, picture))


def _pixel(panel, x, y):
    at = (y * panel.width + x) * 2
    return panel.pixels[at] << 8 | panel.pixels[at + 1]


def test_each_panel_has_its_own():
    small, large = image.parse(FILE, False), image.parse(FILE, True)
    assert (small.width, small.height, large.width, large.height) == (4, 2, 20, 1)


def test_what_is_see_through_lets_through():
    panel = Panel(240, 240, 0, 1)
    ui = Ui(panel, "firmware/assets")
    screen = Ground(ui, image.parse(FILE, False))
    screen.shown = True
    ui.damage.everything()
    Renderer(ui, panel).render(screen)
    drawn = [[_pixel(panel, x, y) for x in range(9, 15)] for y in (20, 21)]
    assert drawn == [[BLUE, RED, RED, BLUE, BLUE, BLUE], [BLUE, RED, RED, RED, RED, BLUE]], drawn


def test_no_damaged_file_is_taken():
    """Every byte changed to some others, cut and extended at each length: refused, or a picture that can be drawn."""
    refused = drawn = 0
    files = [FILE[:at] for at in range(len(FILE))] + [FILE + b"\0", b"", b"TWA1" + FILE[4:]]
    for at in range(len(FILE)):
        for value in (0, 1, 0x7F, 0xFF, FILE[at] ^ 1):
            if value != FILE[at]:
                files.append(FILE[:at] + bytes((value,)) + FILE[at + 1 :])
    for file in files:
        try:
            picture = image.parse(file, False)
        except InputError:
            refused += 1
        else:
            assert 0 < picture.width <= 502 and 0 < picture.height <= 502 and len(picture.rows) == picture.height
            drawn += 1
    print("NOTE image: %d damaged files, %d refused, %d of other pixels" % (len(files), refused, drawn))
    assert refused > drawn
