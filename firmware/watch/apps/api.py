"""All that an app imports: `from watch.apps.api import App, Label, ...`. API level 1.

An app is a folder `apps/NAME` with three files: `__init__.py` holds `MANIFEST`, `words.py` holds `TEXT` (by language,
then by key), and the module that the manifest calls its entry holds a subclass of `App`, or of `Face` for a watch face.

    MANIFEST = {
        "id": "torch",                          # the folder's name
        "version": "1.0.0",
        "kind": "app",                          # or "face"
        "api": 1,
        "entry": "app.Torch",                   # module and class
        "name": {"en": "Torch", "zh": "手电筒"},  # at most 24 characters
        "icon": "torch",                        # one of watch.ui.icons.NAMES
        "colour": 0xFFB627,                     # behind the icon, 0xRRGGBB
        "permissions": ("light",),              # fields of the object that `open` gets, besides the four all apps have
    }

An app lives while it is in front. It builds its widgets in `open`, changes them in its answers, and keeps what it wants
to find again in `watch.settings`. What it raises ends it. The side button is the wearer's: it leaves the app, pays or
locks, and no app can change that. Colours are RGB565; measures are px of the panel; `ui.large` tells the panels apart.
"""

from micropython import const

from watch.apps.capabilities import ATTENTION, FAILURE, FREE, OVER, PAUSED, RUNNING, SUCCESS, TICK, Watch
from watch.ui import icons
from watch.ui.analogue import Analogue as AnalogueDial
from watch.ui.arcs import Arc
from watch.ui.battery import Battery
from watch.ui.button import Button
from watch.ui.canvas import Canvas, mix, rgb
from watch.ui.card_chip import CardChip
from watch.ui.dial import Dial
from watch.ui.figures import TimeFigures
from watch.ui.hands import Hand, Hands
from watch.ui.layout import line
from watch.ui.pages import PageDots
from watch.ui.theme import AMBER, BLACK, DEFAULT_ACCENT, FAINT, GREEN, GREY, HOUR, PRESSED, RED, WHITE
from watch.ui.widget import CENTRE, LEFT, RIGHT, Box, Icon, Label, Paragraph, Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, TypeVar

    from watch.apps.host import AppScreen
    from watch.ui.context import Ui

    AnyWidget = TypeVar("AnyWidget", bound=Widget)

__all__ = (
    "AMBER",
    "ATTENTION",
    "BLACK",
    "CENTRE",
    "DEFAULT_ACCENT",
    "FAILURE",
    "FAINT",
    "FREE",
    "GREEN",
    "GREY",
    "HOUR",
    "LEFT",
    "OVER",
    "PAUSED",
    "PRESSED",
    "RED",
    "RIGHT",
    "RUNNING",
    "SUCCESS",
    "TICK",
    "WHITE",
    "AnalogueDial",
    "App",
    "Arc",
    "Battery",
    "Box",
    "Button",
    "Canvas",
    "CardChip",
    "Dial",
    "Face",
    "Hand",
    "Hands",
    "Icon",
    "Label",
    "PageDots",
    "Paragraph",
    "TimeFigures",
    "Watch",
    "Widget",
    "icons",
    "line",
    "mix",
    "rgb",
)


class App:
    """Base of every app. Subclasses override the answers they care about; `watch` and `ui` are there from `open` on."""

    tick_ms = 1000
    """How often `tick` is called, 50 to 1000 ms. A slow app is a watch that lasts longer."""

    def __init__(self, screen: "AppScreen") -> None:
        """The system makes the app; `open` is where its own work begins."""
        self._screen = screen

    @property
    def ui(self) -> "Ui":
        """Fonts, measures and the accent colour."""
        return self._screen.ui

    @property
    def watch(self) -> Watch:
        """What the app may use."""
        return self._screen.watch

    def add(self, widget: "AnyWidget") -> "AnyWidget":
        """Put a widget on top of the others and return it. Raises InputError beyond 96."""
        return self._screen.add(widget)

    def target(self, name: str, x: int, y: int, w: int, h: int, action: "Callable[[], None]") -> None:
        """Make a rectangle touchable; `name` is for tests and screen readers. Raises InputError beyond 48."""
        self._screen.target(name, x, y, w, h, action)

    def button(
        self,
        name: str,
        x: int,
        y: int,
        w: int,
        h: int,
        action: "Callable[[], None]",
        text: str = "",
        icon: int = 0,
        face: int = -1,
    ) -> Button:
        """A button that shows when it is pressed; words or a picture, grey or of the colour `face`.

        What can be touched is at least 9 mm wide and high, with the button in its middle.
        """
        ui = self.ui
        wide, high = max(w, ui.metrics.target), max(h, ui.metrics.target)
        left = min(max(x - (wide - w) // 2, 0), ui.width - wide)
        top = min(max(y - (high - h) // 2, 0), ui.height - high)
        self.target(name, left, top, wide, high, action)
        return self.add(Button(self.ui, x, y, w, h, text, icon, face))

    def clear(self) -> None:
        """Take every widget and target away, to build another page."""
        self._screen.clear()

    def open(self, watch: Watch) -> None:
        """The app is in front: build its widgets."""

    def close(self) -> None:
        """The app is about to go: put what matters into `watch.settings`."""

    def tick(self, now: int) -> None:
        """Time has passed; `now` in ticks of a millisecond. Should allocate nothing while nothing changes."""

    def tap(self, x: int, y: int) -> None:
        """A finger touched a place without a target."""

    def press(self, x: int, y: int) -> None:
        """A finger came down."""

    def release(self) -> None:
        """The finger is up again, or became a swipe."""

    def hold(self, x: int, y: int) -> None:
        """A finger stays on one place."""

    def swipe(self, direction: str) -> bool:
        """A finger moved `left`, `right`, `up` or `down`. True if that meant something; an unused `right` leaves."""
        return False


class Face(App):
    """Base of every watch face: the home of the watch. Swipes, holds and locked taps belong to the system."""
