"""All that an app imports: `from watch.apps.api import App, Label, ...`. API level 1.

docs/apps.md is the reference, docs/bundles.md says what an app may not do. The module that `app.toml` calls the entry
holds a subclass of `App`, or of `Face` for a watch face:

    class Torch(App):
        def open(self, watch):
            watch.light.full(True)      # a field for each permission that app.toml asks for

An app lives while it is in front. It builds its widgets in `open`, changes them in its answers, and keeps what it wants
to find again in `watch.settings`. What it raises ends it. The side button is the wearer's: it leaves the app, pays or
locks, and no app can change that.

An app of several pages clears the old one and builds the next; `back` leads the other way. `RowList` fills a page with
rows to touch, `TimeChooser` with a time to set; `text_pages`, `page_after` and `PageDots` are for what is longer than a
page; a `button` that repeats acts as long as it is held. Colours are RGB565; measures are px of the panel; `ui.large`
tells the panels apart.
"""

from micropython import const

from watch.apps.capabilities import (
    ATTENTION,
    FAILURE,
    FREE,
    OVER,
    PAUSED,
    RUNNING,
    SUCCESS,
    TICK,
    Entry,
    Settings,
    Watch,
)
from watch.apps.chooser import TimeChooser
from watch.apps.fuel import spend
from watch.apps.plain import PI, atan2, cos, parse_json, sin, sqrt
from watch.apps.words import Words
from watch.ui import icons
from watch.ui.analogue import Analogue as AnalogueDial
from watch.ui.arcs import Arc
from watch.ui.bars import Bars
from watch.ui.battery import Battery
from watch.ui.button import Button
from watch.ui.canvas import Canvas, mix, rgb
from watch.ui.card_chip import CardChip
from watch.ui.code128 import BarCode
from watch.ui.code_pictures import BarPicture, QrPicture
from watch.ui.dial import Dial
from watch.ui.facts import SKIES, Facts, charge_ink
from watch.ui.figures import TimeFigures
from watch.ui.hands import Hand, Hands
from watch.ui.image import Image
from watch.ui.layout import line
from watch.ui.month import Month, days_in_month, days_since_2000
from watch.ui.pages import PageDots, page_after, text_pages
from watch.ui.qr import QrCode
from watch.ui.rows import CHOSEN, OFF, ON, PLAIN, UNREAD, Row, RowList
from watch.ui.theme import AMBER, BLACK, DEFAULT_ACCENT, FAINT, GREEN, GREY, HOUR, PRESSED, RED, WHITE
from watch.ui.widget import CENTRE, LEFT, RIGHT, Box, Icon, Label, Paragraph, Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, TypeVar

    from watch.apps.owner import Place
    from watch.ui.context import Ui
    from watch.ui.picture import Picture

    AnyWidget = TypeVar("AnyWidget", bound=Widget)

__all__ = (
    "AMBER",
    "ATTENTION",
    "BLACK",
    "CENTRE",
    "CHOSEN",
    "DEFAULT_ACCENT",
    "FAILURE",
    "FAINT",
    "FREE",
    "GREEN",
    "GREY",
    "HOUR",
    "LEFT",
    "OFF",
    "ON",
    "OVER",
    "PAUSED",
    "PI",
    "PLAIN",
    "PRESSED",
    "RED",
    "RIGHT",
    "RUNNING",
    "SKIES",
    "SUCCESS",
    "TICK",
    "UNREAD",
    "WHITE",
    "AnalogueDial",
    "App",
    "Arc",
    "BarCode",
    "BarPicture",
    "Bars",
    "Battery",
    "Box",
    "Button",
    "Canvas",
    "CardChip",
    "Dial",
    "Entry",
    "Face",
    "Facts",
    "Hand",
    "Hands",
    "Icon",
    "Image",
    "Label",
    "Month",
    "PageDots",
    "Paragraph",
    "QrCode",
    "QrPicture",
    "Row",
    "RowList",
    "Settings",
    "TimeChooser",
    "TimeFigures",
    "Watch",
    "Widget",
    "Words",
    "atan2",
    "charge_ink",
    "cos",
    "days_in_month",
    "days_since_2000",
    "icons",
    "line",
    "mix",
    "page_after",
    "parse_json",
    "rgb",
    "sin",
    "spend",
    "sqrt",
    "text_pages",
)


class App:
    """Base of every app. Subclasses override the answers they care about; `watch` and `ui` are there from `open` on."""

    tick_ms = 1000
    """How often `tick` is called, 50 to 1000 ms. A slow app is a watch that lasts longer."""

    def __init__(self, screen: "Place") -> None:
        """The system makes the app; `open` is where its own work begins. `screen` is to be handed on, and no more."""
        self._screen = screen.screen_of_app

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
        repeats: bool = False,
    ) -> Button:
        """A button that shows when it is pressed; words or a picture, grey or of the colour `face`.

        What can be touched is at least 9 mm wide and high, with the button in its middle. `repeats`: held, it acts
        eight times a second.
        """
        ui = self.ui
        wide, high = max(w, ui.metrics.target), max(h, ui.metrics.target)
        left = min(max(x - (wide - w) // 2, 0), ui.width - wide)
        top = min(max(y - (high - h) // 2, 0), ui.height - high)
        target = self._screen.target(name, left, top, wide, high, action)
        target.button, target.repeats = self.add(Button(ui, x, y, w, h, text, icon, face)), repeats
        return target.button

    def pace(self, tick_ms: int) -> None:
        """From now on call `tick` this often, 50 to 1000 ms: fast while something moves, slow again when it rests."""
        self._screen.pace(tick_ms)

    def follow_finger(self) -> None:
        """On this page `finger` tells where the finger is; there are no taps, holds, swipes and strokes back.

        Targets have names then, and do nothing by themselves. It ends with `clear`.
        """
        self._screen.follows_finger = True

    def image(self, name: str) -> "Picture":
        """The picture `NAME.img` of the bundle that suits this panel, for an `Image`. Raises InputError without one.

        It is read from flash each time: keep it as long as it is shown.
        """
        return self._screen.picture(name)

    def clear(self) -> None:
        """Take every widget and target away, to build another page."""
        self._screen.clear()

    def open(self, watch: Watch) -> None:
        """The app is in front: build its widgets."""

    def close(self) -> None:
        """The app is about to go: put what matters into `watch.settings`."""

    def background(self) -> None:
        """The time has come that was set by `watch.background`; called instead of `open`, on an app without a screen.

        `watch` has what the manifest asks for, without what needs a screen. The app ends when this returns.
        """

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

    def finger(self, down: bool, x: int, y: int) -> None:
        """After `follow_finger`: the finger is here, or was lifted here. Should allocate nothing."""

    def second_button(self, down: bool) -> None:
        """The second button of a watch that has one went down, or up. The first one is the wearer's."""

    def swipe(self, direction: str) -> bool:
        """A finger moved `left`, `right`, `up` or `down`. True if that meant something; an unused `right` is `back`."""
        return False

    def back(self) -> bool:
        """The wearer wants to go back. True if the app has shown an earlier page; else it is left."""
        return False


class Face(App):
    """Base of every watch face: the home of the watch. Swipes, holds and locked taps belong to the system.

    A face makes its widgets in `build` and fills them in `tick`. It is built again whenever the watch goes to its
    always-on picture or comes back from it, and asked to `tick` right after.
    """

    dimmed = False
    """True while nobody is meant to look: then a face shows less, in grey, without seconds. At most a tenth of the
    pixels should be lit, and `tick` comes once a minute."""

    complications = 0
    """How many of `glance.complications` it shows, 0 to 3: for so many places the wearer may choose what they say."""

    def open(self, watch: Watch) -> None:
        """The face has been chosen."""
        self.build()

    def build(self) -> None:
        """Make the widgets of the picture, or of the reduced one while `dimmed`."""

    def dim(self, on: bool) -> None:
        """Go to the always-on picture, or come back."""
        self.dimmed = on
        self.clear()
        self.build()
