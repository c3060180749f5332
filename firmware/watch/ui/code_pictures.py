"""QR codes and bar codes as widgets: black on white, in whole pixels, with the quiet zone a scanner needs."""

import micropython
from micropython import const

from watch.ui import code128, qr
from watch.ui.theme import BLACK, WHITE
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.canvas import Canvas
    from watch.ui.code128 import BarCode
    from watch.ui.qr import QrCode


class QrPicture(Widget):
    """A QR code as large as whole pixels allow, in the middle of a white box."""

    def __init__(self, x: int, y: int, w: int, h: int, code: "QrCode", radius: int = 0) -> None:
        """`code` has been given a text; `show` when it gets another one. `radius` of the box's corners."""
        super().__init__(x, y, w, h)
        self._code = code
        self._radius = radius
        self.module_px = 0
        """Pixels of one module; 0 if the box is too small even for one."""
        self._left = self._top = 0
        self.show()

    def show(self) -> None:
        """Take over what the code is now."""
        size = self._code.size
        self.module_px = min(self.w, self.h) // (size + 2 * qr.QUIET)
        self._left = self.x + (self.w - size * self.module_px) // 2
        self._top = self.y + (self.h - size * self.module_px) // 2
        self.mark()

    @micropython.native
    def draw(self, canvas: "Canvas") -> None:
        """Draw the rows of modules that fall into the window; neighbours of one colour in one go."""
        canvas.round_rect(self.x, self.y, self.w, self.h, self._radius, WHITE)
        px, size, left = self.module_px, self._code.size, self._left
        if not px:
            return
        modules = self._code.modules()
        row = max((canvas.top - self._top) // px, 0)
        low = min((canvas.top + canvas.height - self._top + px - 1) // px, size)
        while row < low:
            at = row * size
            x = 0
            while x < size:
                start = x
                while x < size and modules[at + x]:
                    x += 1
                if x > start:
                    canvas.fill_rect(left + start * px, self._top + row * px, (x - start) * px, px, BLACK)
                x += 1
            row += 1


class BarPicture(Widget):
    """A bar code as wide as whole pixels allow, as high as its white box but for a margin."""

    def __init__(self, x: int, y: int, w: int, h: int, code: "BarCode", margin: int) -> None:
        """`margin`: px of white above and below the bars. `show` when `code` gets another text."""
        super().__init__(x, y, w, h)
        self._code = code
        self._margin = margin
        self.module_px = 0
        """Pixels of one module; 0 if the box is too narrow even for one."""
        self._left = 0
        self.show()

    def show(self) -> None:
        """Take over what the code is now."""
        size = self._code.size
        self.module_px = self.w // (size + 2 * code128.QUIET)
        self._left = self.x + (self.w - size * self.module_px) // 2
        self.mark()

    @micropython.native
    def draw(self, canvas: "Canvas") -> None:
        """Draw it, neighbours of one colour in one go."""
        canvas.fill_rect(self.x, self.y, self.w, self.h, WHITE)
        code, px, left = self._code, self.module_px, self._left
        top, height = self.y + self._margin, self.h - 2 * self._margin
        x = 0
        while px and x < code.size:
            start = x
            while x < code.size and code.dark(x):
                x += 1
            if x > start:
                canvas.fill_rect(left + start * px, top, (x - start) * px, height, BLACK)
            x += 1
