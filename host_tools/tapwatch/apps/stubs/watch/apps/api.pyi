"""What an app of Tapwatch may use. Made by tools/app_stubs.py from the source of the watch: do not edit."""

from typing import Any, Callable, Generator, Iterable, Iterator, Optional, Protocol, Sequence, TypeVar

AnyWidget = TypeVar("AnyWidget", bound="Widget")

AMBER: int
ATTENTION: int
BLACK: int
CENTRE: int
CHOSEN: int
DEFAULT_ACCENT: int
FAILURE: int
FAINT: int
FREE: int
GREEN: int
GREY: int
HOUR: int
LEFT: int
OFF: int
ON: int
OVER: int
PAUSED: int
PI: float
PLAIN: int
PRESSED: int
RED: int
RIGHT: int
RUNNING: int
SKIES: Skies
SUCCESS: int
TICK: int
UNREAD: int
WHITE: int

def atan2(y: float, x: float) -> float:
    """The angle of a point seen from the origin, -PI to PI."""
    ...

def charge_ink(percent: int, charging: bool) -> int:
    """Grey in peace, green while charging, amber and red when it runs low."""
    ...

def cos(angle: float, /) -> float:
    """Of an angle in radians."""
    ...

def days_in_month(year: int, month: int, /) -> int:
    """28 to 31."""
    ...

def days_since_2000(year: int, month: int, day: int, /) -> int:
    """Days from 2000-01-01 to a Gregorian date."""
    ...

def line(font: Font, text: str) -> Run:
    """A single line."""
    ...

def mix(one: int, other: int, part: int, /) -> int:
    """The colour between two RGB565 colours, `part` 32nds of the way from `one` to `other`."""
    ...

def page_after(ui: Ui, page: int, /, step: int, pages: int) -> int:
    """The page that a stroke leads to, from 0; at either end the one there is, which the wearer feels."""
    ...

def parse_json(text: str) -> Any:
    """Dicts, lists, texts, numbers, bools and None out of a text of at most 16,384 characters.

    Raises ValueError for a text that is no JSON, InputError for what is too long or no text.
    """
    ...

def rgb(colour: int) -> int:
    """RGB565 of a colour given as 0xRRGGBB."""
    ...

def sin(angle: float, /) -> float:
    """Of an angle in radians."""
    ...

def sqrt(value: float, /) -> float:
    """The square root. Raises ValueError for a negative number."""
    ...

def text_pages(font: Font, text: str, width: int, lines: int) -> list[str]:
    """Cut a text so that each part takes at most `lines` lines of `width` px; what no page has room for is cut off."""
    ...

class AnalogueDial:
    """The widgets of the face, lowest first.

    Args:
        ui: the shared context.
        accent: colour of the mark at twelve, the pin, the second hand and the charge, RGB565.
        seconds: have a second hand; it is hidden until `set_second`.
    """
    x: int
    y: int
    radius: int
    font: Any
    width: int
    height: int
    second: Any
    widgets: list[Widget]
    def __init__(self, ui: Ui, accent: int, seconds: bool=False) -> None:
        ...
    def set_time(self, minutes: int) -> None:
        """Show minutes since midnight."""
        ...
    def set_second(self, second: int) -> None:
        """Let the second hand show 0 to 59, or hide it: -1. Without one nothing happens."""
        ...
    def set_day(self, day: int, /) -> None:
        """Show a day of the month."""
        ...
    def set_battery(self, percent: int, charging: bool) -> None:
        """Show a charge of 0 to 100."""
        ...
    def recolour(self, accent: int) -> None:
        """Take the colour of another card."""
        ...

class App:
    """Base of every app. Subclasses override the answers they care about; `watch` and `ui` are there from `open` on."""
    tick_ms: int
    """How often `tick` is called, 50 to 1000 ms. A slow app is a watch that lasts longer."""
    def __init__(self, screen: Place, /) -> None:
        """The system makes the app; `open` is where its own work begins. `screen` is to be handed on, and no more."""
        ...
    @property
    def ui(self) -> Ui:
        """Fonts, measures and the accent colour."""
        ...
    @property
    def watch(self) -> Watch:
        """What the app may use."""
        ...
    def add(self, widget: AnyWidget, /) -> AnyWidget:
        """Put a widget on top of the others and return it. Raises InputError beyond 96."""
        ...
    def target(self, name: str, x: int, y: int, w: int, h: int, action: Callable[[], None], /) -> None:
        """Make a rectangle touchable; `name` is for tests and screen readers. Raises InputError beyond 48."""
        ...
    def button(self, name: str, x: int, y: int, w: int, h: int, action: Callable[[], None], /, text: str='', icon: int=0, face: int=-1, repeats: bool=False) -> Button:
        """A button that shows when it is pressed; words or a picture, grey or of the colour `face`.

        What can be touched is at least 9 mm wide and high, with the button in its middle. `repeats`: held, it acts
        eight times a second.
        """
        ...
    def pace(self, tick_ms: int) -> None:
        """From now on call `tick` this often, 50 to 1000 ms: fast while something moves, slow again when it rests."""
        ...
    def follow_finger(self) -> None:
        """On this page `finger` tells where the finger is; there are no taps, holds, swipes and strokes back.

        Targets have names then, and do nothing by themselves. It ends with `clear`.
        """
        ...
    def image(self, name: str) -> Picture:
        """The picture `NAME.img` of the bundle that suits this panel, for an `Image`. Raises InputError without one.

        It is read from flash each time: keep it as long as it is shown.
        """
        ...
    def clear(self) -> None:
        """Take every widget and target away, to build another page."""
        ...
    def open(self, watch: Watch) -> None:
        """The app is in front: build its widgets."""
        ...
    def close(self) -> None:
        """The app is about to go: put what matters into `watch.settings`."""
        ...
    def background(self) -> None:
        """The time has come that was set by `watch.background`; called instead of `open`, on an app without a screen.

        `watch` has what the manifest asks for, without what needs a screen. The app ends when this returns.
        """
        ...
    def tick(self, now: int) -> None:
        """Time has passed; `now` in ticks of a millisecond. Should allocate nothing while nothing changes."""
        ...
    def tap(self, x: int, y: int) -> None:
        """A finger touched a place without a target."""
        ...
    def press(self, x: int, y: int) -> None:
        """A finger came down."""
        ...
    def release(self) -> None:
        """The finger is up again, or became a swipe."""
        ...
    def hold(self, x: int, y: int) -> None:
        """A finger stays on one place."""
        ...
    def finger(self, down: bool, /, x: int, y: int) -> None:
        """After `follow_finger`: the finger is here, or was lifted here. Should allocate nothing."""
        ...
    def second_button(self, down: bool, /) -> None:
        """The second button of a watch that has one went down, or up. The first one is the wearer's."""
        ...
    def swipe(self, direction: str, /) -> bool:
        """A finger moved `left`, `right`, `up` or `down`. True if that meant something; an unused `right` is `back`."""
        ...
    def back(self) -> bool:
        """The wearer wants to go back. True if the app has shown an earlier page; else it is left."""
        ...

class Arc(Widget):
    """A part of a ring with round ends, of which a share shines.

    Only what changed is marked: a per cent of a ring of 80 px is a few hundred bytes.

    Args:
        x: centre in px.
        y: the same centre.
        radius: outer radius in px.
        thickness: of the ring in px.
        ink: colour of the share.
        track: colour of the rest.
        start: where the share begins, in half degrees clockwise from twelve o'clock.
        sweep: length of the whole, in half degrees.
    """
    def __init__(self, x: int, y: int, radius: int, thickness: int, ink: int, track: int, start: int=0, sweep: int=..., /) -> None:
        ...
    def set(self, percent: int) -> None:
        """Let a share shine, 0 to 100."""
        ...
    def recolour(self, ink: int) -> None:
        """Change the colour of the share."""
        ...
    def draw(self, canvas: Canvas, /) -> None:
        """Draw the rest of the track, and the share, whose round ends lie above it."""
        ...

class BarCode:
    """One bar code at a time, in buffers that are allocated once."""
    size: int
    """Modules from the first bar to the last; 0 before the first text."""
    def __init__(self) -> None:
        ...
    def encode(self, text: str) -> None:
        """Make the bar code of a text. Raises InputError for an empty or long text, or one that is not printable ASCII.

        ASCII alone is taken, so every scanner reads the same text.
        """
        ...

class BarPicture(Widget):
    """A bar code as wide as whole pixels allow, as high as its white box but for a margin."""
    module_px: int
    """Pixels of one module; 0 if the box is too narrow even for one."""
    def __init__(self, x: int, y: int, w: int, h: int, code: BarCode, /, margin: int) -> None:
        """`margin`: px of white above and below the bars. `show` when `code` gets another text."""
        ...
    def show(self) -> None:
        """Take over what the code is now."""
        ...
    def draw(self, canvas: Canvas, /) -> None:
        """Draw it, neighbours of one colour in one go."""
        ...

class Bars(Widget):
    """Bars that stand on the lower edge of a rectangle, as high as their share of the most there may be.

    A bar without anything is a dot, so that one sees where it would be.

    Args:
        x, y, w, h: the rectangle.
        count: how many bars.
        ink: their colour, until `set` gives another.
    """
    pitch: int
    def __init__(self, x: int, y: int, w: int, h: int, count: int, ink: int) -> None:
        ...
    def set(self, values: Sequence[int], most: int, line: int=-1, inks: Sequence[int]=..., /) -> None:
        """Show these values.

        Args:
            values: one for each bar, not negative.
            most: what a bar of full height stands for, at least 1; higher ones are cut there.
            line: a value to mark by a dashed line across all bars; none if negative.
            inks: colour of each bar, if they differ.
        """
        ...
    def draw(self, canvas: Canvas, /) -> None:
        """Draw them."""
        ...

class Battery(Widget):
    """One line in the middle of the panel; grey in peace, green while charging, amber and red when it runs low."""
    def __init__(self, ui: Ui, y: int) -> None:
        ...
    def set(self, percent: int, charging: bool) -> None:
        """Show a charge of 0 to 100."""
        ...
    def draw(self, canvas: Canvas, /) -> None:
        """Draw it."""
        ...
    def texts(self) -> list[str]:
        """The charge as text."""
        ...

class Box(Widget):
    """A filled rectangle with round corners."""
    def __init__(self, x: int, y: int, w: int, h: int, radius: int, ink: int) -> None:
        ...
    def recolour(self, ink: int) -> None:
        """Change the colour."""
        ...
    def draw(self, canvas: Canvas, /) -> None:
        """Draw it."""
        ...

class Button(Widget):
    """A rounded key. It fills its rectangle; whoever places it keeps it at least as large as a touch target.

    Args:
        ui: the shared context.
        x, y, w, h: where.
        text: words, in the largest font that fits; empty for none.
        icon: code of a picture instead of words, or 0.
        face: its colour, with black words on it; grey with white words if negative.
    """
    def __init__(self, ui: Ui, x: int, y: int, w: int, h: int, text: str, icon: int=0, face: int=-1) -> None:
        ...
    def show(self, text: str, icon: int=0, face: int=-1) -> None:
        """Other words, another picture, another colour."""
        ...
    def holds(self, x: int, y: int) -> bool:
        """True if a point lies on it."""
        ...
    def press(self, on: bool, /) -> None:
        """Show that a finger is on it, or has left."""
        ...
    def draw(self, canvas: Canvas, /) -> None:
        """Draw it."""
        ...
    def texts(self) -> list[str]:
        """What is on it."""
        ...

class Canvas:
    """The one strip buffer and the window it shows at the moment."""
    log: Any
    """A list that collects (text, x, y, width, height) of each line drawn, or None. For tests."""
    width: int
    height: int
    def __init__(self) -> None:
        ...
    def touches(self, x: int, y: int, w: int, h: int) -> bool:
        """True if a rectangle reaches into the window."""
        ...
    def fill_rect(self, x: int, y: int, w: int, h: int, ink: int) -> None:
        """Fill a rectangle."""
        ...
    def gradient(self, x: int, y: int, w: int, h: int, top: int, bottom: int, /) -> None:
        """Fill a rectangle with a colour that changes from top to bottom."""
        ...
    def round_rect(self, x: int, y: int, w: int, h: int, radius: int, ink: int) -> None:
        """Fill a rectangle with round corners; `radius` at most half of either side."""
        ...
    def disc(self, x_16: int, y_16: int, radius_16: int, /, ink: int) -> None:
        """Fill a circle; centre and radius in 1/16 px."""
        ...
    def line(self, x_16: int, y_16: int, ux: int, uy: int, length_16: int, radius_16: int, /, ink: int) -> None:
        """Draw a line with round ends.

        Args:
            x_16: one end, in 1/16 px.
            y_16: the same end.
            ux: direction as a unit vector times 1024.
            uy: the same vector.
            length_16: between the centres of the ends, in 1/16 px.
            radius_16: half the thickness, in 1/16 px.
            ink: colour.
        """
        ...
    def ring(self, x_16: int, y_16: int, outer_16: int, inner_16: int, /, ink: int) -> None:
        """Fill the space between two circles inside the clip; centre and radii (at least 1 px) in 1/16 px."""
        ...
    def run(self, run: Run, x: int, y: int, ink: int) -> None:
        """Draw a line of text whose box begins at `x`, `y`."""
        ...

class CardChip(Widget):
    """A tiny card or a lock, with a few words beside it, centred."""
    def __init__(self, ui: Ui, y: int) -> None:
        ...
    def set(self, text: str, colour: int, locked: bool) -> None:
        """Show the words beside a lock, or beside a card of this colour (RGB565; 0 for no picture)."""
        ...
    def draw(self, canvas: Canvas, /) -> None:
        """Draw it."""
        ...
    def texts(self) -> list[str]:
        """The words."""
        ...

class Dial(Widget):
    """A ring of sixty ticks, the first at twelve o'clock, of which the first `lit` shine.

    Changing `lit` by one sends one tick: some hundred bytes.
    """
    corner: int
    def __init__(self, ui: Ui, ink: int, lit: int=0, /) -> None:
        ...
    def set(self, lit: int, /) -> None:
        """Let the first `lit` ticks shine, 0 to 60."""
        ...
    def recolour(self, ink: int) -> None:
        """Change the colour of the ticks that shine."""
        ...
    def draw(self, canvas: Canvas, /) -> None:
        """Draw the ticks in the window."""
        ...

class Entry:
    """One event of the calendar. Minutes are local, since 2000-01-01 00:00, as `Time.minutes`."""
    start: int
    end: int
    all_day: bool
    title: str
    place: str
    text: str

class Face(App):
    """Base of every watch face: the home of the watch. Swipes, holds and locked taps belong to the system.

    A face makes its widgets in `build` and fills them in `tick`. It is built again whenever the watch goes to its
    always-on picture or comes back from it, and asked to `tick` right after.
    """
    dimmed: bool
    """True while nobody is meant to look: then a face shows less, in grey, without seconds. At most a tenth of the
    pixels should be lit, and `tick` comes once a minute."""
    complications: int
    """How many of `glance.complications` it shows, 0 to 3: for so many places the wearer may choose what they say."""
    def open(self, watch: Watch) -> None:
        """The face has been chosen."""
        ...
    def build(self) -> None:
        """Make the widgets of the picture, or of the reduced one while `dimmed`."""
        ...
    def dim(self, on: bool, /) -> None:
        """Go to the always-on picture, or come back."""
        ...

class Facts(Widget):
    """As many places as it is made for, of which those in use stand beside each other in the middle.

    Args:
        ui: the shared context.
        y: top of the line.
        places: how many facts there may be.
        x: left of the room for them.
        w: width of that room; without it as much is free on the right as on the left.
    """
    def __init__(self, ui: Ui, y: int, places: int, x: int, w: int=0) -> None:
        ...
    def set(self, place: int, icon: int, text: str, ink: int=...) -> None:
        """Show a small icon (without its size) and a text in a place; no text for no fact."""
        ...
    def set_battery(self, place: int, percent: int, charging: bool) -> None:
        """Show a charge of 0 to 100 in a place. Nothing happens while it is the same."""
        ...
    def draw(self, canvas: Canvas, /) -> None:
        """Draw it."""
        ...
    def texts(self) -> list[str]:
        """The texts."""
        ...

class Hand:
    """One hand: a convex outline, and the half of it that lies in the shade.

    Args:
        x: centre in px.
        y: the same centre.
        stations: its outline.
        piece: length of the pieces it is marked by, in px.
        ink: colour of the lit half.
        shade: colour of the other half, clockwise of the middle.
        slack: unchanged pixels that may be sent to spare a window.

    Raises:
        InputError: a station is not two numbers.
    """
    slack: int
    def __init__(self, x: int, y: int, stations: Any, piece: int, ink: int, shade: int, /, slack: int=...) -> None:
        ...
    def recolour(self, ink: int, shade: int, /) -> None:
        """Take other colours from the next turn on."""
        ...

class Hands(Widget):
    """An hour and a minute hand on one pin, and over them a second hand if there is one.

    A changed minute marks, along each hand, small rectangles around its old and its new place; so does a second.

    Args:
        x: centre in px.
        y: the same centre.
        reach: radius of the circle that all hands stay in, in px.
        hour: the lowest hand.
        minute: the hand above it.
        pin: radius of the pin in px.
        ink: colour of the pin.
        second: the uppermost hand, hidden until `set_second`.
    """
    def __init__(self, x: int, y: int, reach: int, hour: Hand, minute: Hand, pin: int, /, ink: int, second: Optional[Hand]=None) -> None:
        ...
    def set(self, minutes: int) -> None:
        """Show minutes since midnight or since noon."""
        ...
    def set_second(self, second: int) -> None:
        """Show a second, 0 to 59; below 0 the hand is hidden. Without a second hand nothing happens."""
        ...
    def recolour(self, ink: int) -> None:
        """Change the colour of the pin and of the second hand."""
        ...
    def draw(self, canvas: Canvas, /) -> None:
        """Draw what falls into the window."""
        ...

class Icon(Widget):
    """One picture of the icon font, in its natural size."""
    def __init__(self, ui: Ui, code: int, /, x: int, y: int, ink: int) -> None:
        ...
    def draw(self, canvas: Canvas, /) -> None:
        """Draw it."""
        ...

class Image(Widget):
    """A picture at a place. Colour 0 of a picture lets through what is behind it."""
    def __init__(self, x: int, y: int, picture: Picture, /) -> None:
        """`picture` of `App.image`."""
        ...
    def draw(self, canvas: Canvas, /) -> None:
        """Draw each run of one colour that falls into the window. Allocates nothing."""
        ...

class Label(Widget):
    """One line of text. It may be cut with an ellipsis: for text that nobody approves.

    Args:
        ui: for its counters.
        font: the font.
        x, y, w: where; the height is that of the font's line.
        text: what.
        ink: colour.
        align: `LEFT`, `CENTRE` or `RIGHT`.
    """
    def __init__(self, ui: Ui, font: Font, x: int, y: int, w: int, text: str, ink: int, align: int=...) -> None:
        ...
    def set(self, text: str, ink: int=-1) -> None:
        """Show another text, or another colour; nothing happens when neither changed."""
        ...
    def draw(self, canvas: Canvas, /) -> None:
        """Draw it."""
        ...
    def texts(self) -> list[str]:
        """The text as given, also where it is drawn cut."""
        ...

class Month(Widget):
    """Weeks from Monday to Sunday, below each other; they share the height, be they four, five or six.

    Args:
        ui: the shared context.
        font: of the days.
        x, y: where the first Monday is.
        w, h: of the whole table.
        disc: radius of the disc behind today, in px.
    """
    def __init__(self, ui: Ui, font: Font, x: int, y: int, w: int, h: int, disc: int) -> None:
        ...
    def set(self, year: int, month: int, today: int, marks: bytes | bytearray, /) -> None:
        """Show a month. `today`: its day that is today, 0 for none; `marks`: for each day, not 0 if it has a dot."""
        ...
    def draw(self, canvas: Canvas, /) -> None:
        """Draw the days that reach into the window."""
        ...
    def texts(self) -> list[str]:
        """The numbers of the days."""
        ...

class PageDots(Widget):
    """A centred row of dots."""
    gap: int
    width: int
    def __init__(self, ui: Ui, y: int, pages: int, page: int, /) -> None:
        """`pages` in all; `page` from 0."""
        ...
    def draw(self, canvas: Canvas, /) -> None:
        """Draw them."""
        ...

class Paragraph(Widget):
    """Text that is never cut: it wraps, and takes the first font of a ladder in which it fits its box.

    If it does not even fit in the last one, the lines that fit end with an ellipsis and `ui.clipped` counts it.

    Args:
        ui: for its counters.
        ladder: fonts, largest first.
        x, y, w, h: the box; lines are centred in it.
        text: what.
        ink: colour.
        lines: most lines.
        cut: it may be cut, and is not counted: for text that nobody approves.
    """
    font: Any
    """The font it took."""
    def __init__(self, ui: Ui, ladder: tuple[Font, ...], x: int, y: int, w: int, h: int, text: str, ink: int, lines: int=9, cut: bool=False) -> None:
        ...
    def set(self, text: str, ink: int=-1) -> None:
        """Show another text, or another colour."""
        ...
    @property
    def height(self) -> int:
        """Height of the lines there are, in px."""
        ...
    def draw(self, canvas: Canvas, /) -> None:
        """Draw it."""
        ...
    def texts(self) -> list[str]:
        """The text as given."""
        ...

class QrCode:
    """One symbol at a time, in buffers that are allocated once: about 20 KB for version 20, 9 KB for version 12."""
    size: int
    level: int
    def __init__(self, most_version: int=..., /) -> None:
        """Raises InputError for a version beyond 20."""
        ...
    def encode(self, text: Any, level: int=..., least_version: int=1, /) -> None:
        """Make the symbol of a text, or of bytes. Raises InputError if it is too long.

        The mode is the tightest that has all characters: digits, capitals, or bytes (text as UTF-8).
        """
        ...

class QrPicture(Widget):
    """A QR code as large as whole pixels allow, in the middle of a white box."""
    module_px: int
    """Pixels of one module; 0 if the box is too small even for one."""
    def __init__(self, x: int, y: int, w: int, h: int, code: QrCode, /, radius: int=0) -> None:
        """`code` has been given a text; `show` when it gets another one. `radius` of the box's corners."""
        ...
    def show(self) -> None:
        """Take over what the code is now."""
        ...
    def draw(self, canvas: Canvas, /) -> None:
        """Draw the rows of modules that fall into the window; neighbours of one colour in one go."""
        ...

class Row(AppMark):
    """One thing to touch.

    Args:
        key: what `on_choose` gets.
        name: first line.
        detail: second line, may be empty.
        ink: colour of the second line.
        mark: `PLAIN`, `OFF`, `ON`, `CHOSEN` or `UNREAD`.
        icon: which picture stands before the words, from `watch.ui.icons`, or `NO_ICON`.
        colour: of the disc behind the picture, 0xRRGGBB.
    """
    key: str
    name: str
    detail: str
    ink: int
    mark: int
    def __init__(self, key: str, name: str, detail: str='', ink: int=..., mark: int=..., icon: int=..., colour: int=...) -> None:
        ...

class RowList:
    """Rows in pages that snap. It builds itself into a screen or an app and owns everything on it.

    Args:
        page: what it is built into.
        title: the headline.
        rows: what there is; with none, `empty` is shown instead.
        on_choose: called with the key of the row that was touched.
        empty: words for an empty list.
        first: index of a row on the page that is shown first.
        on_switch: called with the key of the row whose switch was touched; without it a switch is part of its row.
    """
    number: int
    """Of the page that is shown, from 0."""
    def __init__(self, page: Page, title: str, rows: Sequence[Row], on_choose: Callable[[str], None], empty: str='', first: int=0, /, on_switch: Optional[Callable[[str], None]]=None) -> None:
        ...
    @property
    def pages(self) -> int:
        """How many there are, at least one."""
        ...
    def show(self, rows: Sequence[Row], /, title: str='') -> None:
        """Show other rows, and another headline if one is given; the page stays, as far as there is one."""
        ...
    def swipe(self, direction: str, /) -> bool:
        """Turn the page on `up` and `down`. False for other directions; at the ends nothing moves, which is felt."""
        ...

class Settings:
    """Small values that an app finds again: texts, whole numbers, truth values and lists of them, 2 KB in all."""
    def get(self, name: str, default: Any) -> Any:
        """A value, or the default if there is none of the default's type."""
        ...
    def set(self, name: str, value: Any, /) -> None:
        """Change a value; all are written to flash when the app ends. Raises InputError; nothing changes then."""
        ...

class TimeChooser:
    """Fills an app's page. Hour or minute shines: the one that minus and plus change; a touch picks the other.

    Args:
        app: whose page it takes; it has to be cleared for whatever comes after.
        minute: of the day, to begin with.
        on_done: called with the minute of the day when the last key is touched.
    """
    def __init__(self, app: App, minute: int, on_done: Callable[[int], None], /) -> None:
        ...

class TimeFigures(Widget):
    """Hours and minutes across the middle of the panel.

    Args:
        ui: the shared context.
        y: top of the line.
        ink: colour.
    """
    font: Any
    width: int
    def __init__(self, ui: Ui, y: int, ink: int) -> None:
        ...
    def set(self, minutes: int) -> None:
        """Show minutes since midnight, 0 to 1439; on a clock of 12 hours from 1:00 to 12:59."""
        ...
    def draw(self, canvas: Canvas, /) -> None:
        """Draw it."""
        ...
    def texts(self) -> list[str]:
        """The time as text."""
        ...

class Watch:
    """What one app may use. A field that its manifest did not ask for is not there. `watch_of` makes one."""
    time: Time
    settings: Settings
    text: Words
    close: Callable[[], None]
    """Leave the app."""
    log: Callable[..., None]
    """Write values into the log that `tapwatch app logs` shows, with a space between them."""
    glance: Glance
    haptics: Haptics
    light: Light
    timers: Timers
    alarms: Alarms
    calendar: Calendar
    weather: Weather
    music: Music
    find_phone: FindPhone
    activity: Activity
    loyalty: Loyalty
    dice: Dice
    gamepad: Gamepad
    location: Location
    phone_files: PhoneFiles
    phone_intents: PhoneIntents
    storage: Storage
    notify: Notify
    background: Deadline
    web: AppWeb
    motion: Motion
    sound: Sound
    payment: AppPayment
    complication: Complication

class Widget:
    """A rectangle of the screen, in px."""
    x: int
    y: int
    w: int
    h: int
    def __init__(self, x: int, y: int, w: int, h: int) -> None:
        ...
    def mark(self) -> None:
        """Have the whole widget drawn again."""
        ...
    def mark_part(self, x: int, y: int, w: int, h: int, slack: int=...) -> None:
        """Have a part of the screen drawn again, if the screen is the one that is shown; `slack` as in `Damage.add`."""
        ...
    def draw(self, canvas: Canvas, /) -> None:
        """Draw into the canvas's window."""
        ...
    def texts(self) -> list[str]:
        """The texts it shows."""
        ...

class Words:
    """The app's own catalogue, and what the watch can say about dates."""
    language: str
    days: Sequence[str]
    """Short names, Monday and January first."""
    months: Sequence[str]
    """Short names, Monday and January first."""
    def get(self, key: str, n: Any='', /) -> str:
        """The text of a key, with `n` in its gap. Raises InputError for an unknown key."""
        ...
    def date(self, minutes: int) -> str:
        """Day and date, short. `minutes` since 2000-01-01 00:00 local time."""
        ...
    def half(self, minutes: int) -> str:
        """What belongs beside large figures on a clock of 12 hours: `AM`, `PM`; empty on one of 24."""
        ...
    def time(self, minutes: int) -> str:
        """The time of day, as the wearer wants it told. `minutes`: of the day, or since any midnight."""
        ...

class icons:
    SMALL: int
    MEDIUM: int
    LARGE: int
    CHECK: int
    CROSS: int
    CONTACTLESS: int
    LOCK: int
    CARD: int
    DELETE: int
    WARNING: int
    BOLT: int
    SENT: int
    TORCH: int
    STOPWATCH: int
    TIMER: int
    CALCULATOR: int
    TILES: int
    FACE: int
    PLAY: int
    PAUSE: int
    FLAG: int
    AGAIN: int
    PLUS: int
    MINUS: int
    ALARM: int
    CALENDAR: int
    CLOUDS: int
    SUN: int
    RAIN: int
    DRIZZLE: int
    SNOW: int
    FOG: int
    STORM: int
    MUSIC: int
    PREVIOUS: int
    NEXT: int
    QUIETER: int
    LOUDER: int
    PHONE: int
    STEPS: int
    BARCODE: int
    GAME: int
    SETTINGS: int
    MOON: int
    DROP: int
    BELL: int
    BELL_OFF: int
    BLUETOOTH: int
    MESSAGE: int
    SHIELD: int
    GLOBE: int
    CLOCK: int
    INFO: int
    UPDATE: int
    LINK: int
    REPLY: int
    TRASH: int
    HAND: int
    STORE: int
    VIBRATE: int
    BOOK: int
    COMPUTER: int
    TERMINAL: int
    TV: int
    AIRPLANE: int
    UP: int
    DOWN: int
    LEFT: int
    RIGHT: int
    HOME: int
    MENU: int
    POWER: int
    MUTE: int
    CENTRE: int
    HANDSET: int
    HANG_UP: int
    NAVIGATE: int

class Skies:
    """Pictures of the skies. Apps have it: it can be asked, and not changed."""
    def get(self, sky: str, default: int) -> int:
        """The picture of a sky that `Glance.sky` names, or another one."""
        ...

class Ui:
    """Handed to every screen.

    Args:
        display: the panel, for its measures only; `Renderer` is who writes to it.
        assets: folder of the font files, ending without a slash.
        language: `en` or `zh`.
        test_mark: show the permanent mark of a development board or a software key on payment screens.

    Raises:
        StorageError: a font cannot be read.
        InputError: the language is unknown.
    """
    width: int
    height: int
    corner: int
    metrics: Metrics
    panel: Any
    pages: Any
    display_font: Font
    figures_font: Font
    title_font: Font
    body_font: Font
    caption_font: Font
    icons: Font
    text: Any
    accent: int
    """Colour of the active card, RGB565."""
    clock_24h: bool
    high_contrast: bool
    """How the wearer wants to see things; for screens built from now on."""
    large_text: bool
    """How the wearer wants to see things; for screens built from now on."""
    reduced_motion: bool
    """Nothing moves for its own sake: what would be animated stands still."""
    def __init__(self, display: Any, assets: str, language: str='en', test_mark: bool=False, /) -> None:
        ...
    @property
    def large(self) -> bool:
        """True on the 410 x 502 panel, False on the 240 x 240 one."""
        ...
    def ink(self, colour: int) -> int:
        """The colour a text is drawn in: with high contrast nothing is grey."""
        ...
    def ladder(self, fonts: tuple[Font, ...], /) -> tuple[Font, ...]:
        """The fonts a text may take, largest first: with large text what is small grows where it fits.

        The headline font has the letters of headlines only, so body text stays as it is.
        """
        ...

class Place:
    """What an app is made with: its screen, out of its reach. No name that an app may use leads to it."""

class Picture:
    """One picture: runs of one colour each, row by row."""
    width: int
    height: int
    def __init__(self, w: int, h: int, palette: Any, runs: bytes, /) -> None:
        """`palette`: colours as the panel wants their bytes. Raises InputError unless the runs fill all rows."""
        ...

class Run:
    """One line of text, ready to draw: glyphs and their pen positions in px.

    The glyphs are the run's own, so drawing it neither allocates nor asks whether a cache still has them.
    """
    font: Any
    text: Any
    width: int
    """Width of the line in px."""
    def __init__(self, font: Any, codes: Any, /, start: int, end: int) -> None:
        ...

class Font:
    """One font at one size.

    Args:
        path: the font file.
        pages: where to look for what the file lacks.

    Raises:
        StorageError: the file cannot be read.
        CorruptError: it is not a font, or is cut short.
    """
    line_height: int
    baseline: int
    digit_height: int
    def __init__(self, path: str, /, pages: Any | None=None) -> None:
        ...

class AppMark:
    """Icon and colour of an app.

    Args:
        icon: which picture, from `watch.ui.icons`.
        colour: behind it, 0xRRGGBB.
        picture: gives one of the app's own when it is to be shown, or None; then `icon` is shown.
    """
    icon: int
    colour: int
    def __init__(self, icon: int, colour: int, picture: Optional[Callable[[], Optional[Picture]]]=None, /) -> None:
        ...

class Page(Protocol):
    """What a list is built into: a screen or an app."""
    @property
    def ui(self) -> Ui:
        """The shared context."""
        ...
    def clear(self) -> None:
        """Take every widget and target away."""
        ...
    def add(self, widget: Widget, /) -> Widget:
        """Put a widget on top."""
        ...
    def target(self, name: str, x: int, y: int, w: int, h: int, action: Callable[[], None], /) -> object:
        """Make a rectangle touchable."""
        ...

class Time:
    """What time it is for the wearer. The system sets the fields once a second, so looking at them costs nothing."""
    minutes: int
    """Minutes since 2000-01-01 00:00 local time."""
    second: int
    """0 to 59."""
    ticks_ms: Callable[[], int]
    """Milliseconds, wrapping at 2^30."""
    def since_ms(self, ticks: int, /) -> int:
        """Milliseconds since an earlier `ticks_ms()`, up to six days."""
        ...
    def minute_of_day(self) -> int:
        """0 to 1439."""
        ...
    def date(self) -> tuple[int, int, int, int]:
        """Year, month, day, and day of the week from Monday = 0."""
        ...

class Glance:
    """What a face may show of the watch. The system changes the fields; a face looks at them on every tick."""
    percent: int
    charging: bool
    locked: bool
    card: CardFace | None
    """The active card. Another object when it changes."""
    upcoming: str
    """The next thing of the day, one line."""
    steps: int
    """Of today; -1 on a watch that does not count them."""
    goal_percent: int
    """Part of the wearer's goal that these steps are; may be above 100."""
    hours: tuple[int, ...]
    """Steps of each hour of today. Another object when something changes."""
    unread: int
    """Messages that nobody has read."""
    temp_c: int | None
    """Degrees Celsius outside; None unless the phone said it lately, and so for the next two."""
    high_c: int | None
    low_c: int | None
    sky: str
    """`clear`, `clouds`, `drizzle`, `rain`, `snow`, `fog`, `storm`, or empty."""
    place: str
    """Where that weather is."""
    alarm: int
    """When the next alarm rings, as `Time.minutes`; -1 if none does."""
    phone: bool
    """The phone is connected."""
    complications: tuple[tuple[str, int, str], ...]
    """App, icon (one of `icons`) and text of up to three apps that have something to say on a face, in the order of
        its places. A place that shall be empty has an empty text. Another object when something changes."""
    chosen: bool
    """The wearer has chosen what these places say: a face without room for more shows them before `upcoming`."""

class Haptics:
    """The motor."""
    def play(self, pattern: int, /) -> None:
        """Play `TICK`, `SUCCESS`, `FAILURE` or `ATTENTION`; anything else is a tick."""
        ...

class Light:
    """The panel that stays on, at its brightest or not, for as long as the app is in front."""
    def full(self, on: bool, /) -> None:
        """Full light that does not go out, or what the wearer has chosen."""
        ...
    def keep(self, on: bool, /) -> None:
        """Light that does not go out, or only for as long as the wearer has chosen. Allocates nothing."""
        ...

class Timers(News):
    """Eight timers, numbered from 0, and `stopwatch`."""
    places: tuple
    stopwatch: Stopwatch
    def start(self, seconds: int, label: str='') -> int:
        """Start a timer of 1 to `MOST_S` seconds; returns its number.

        Raises InputError, StateError if all places are in use.
        """
        ...
    def pause(self, number: int) -> None:
        """Hold a running timer. Does nothing to any other. Raises InputError for a number that is none."""
        ...
    def resume(self, number: int) -> None:
        """Let a paused timer go on. Does nothing to any other. Raises InputError."""
        ...
    def again(self, number: int) -> None:
        """Start one that is in use from its beginning. Does nothing to a free one. Raises InputError."""
        ...
    def cancel(self, number: int) -> None:
        """Free the place. Raises InputError."""
        ...
    def left_ms(self, number: int) -> int:
        """Milliseconds left, 0 once it is over and for a free place. Allocates nothing. Raises InputError."""
        ...
    def clear(self) -> None:
        """Free every place and put the stopwatch back to zero."""
        ...

class Alarms:
    """The alarms of the watch, also those that the phone has set."""
    @property
    def changes(self) -> int:
        """Counts up with every change."""
        ...
    def all(self) -> list[tuple[int, int, int, str, bool]]:
        """Number, minute of the day, weekdays, label and whether it is on, by time of day.

        Weekdays: Monday is 1, Tuesday 2, Sunday 64; 0 is once.
        """
        ...
    def full(self) -> bool:
        """True if no other alarm can be added."""
        ...
    def next_due(self) -> int:
        """The local minute since 2000 at which the next one rings; -1 if none will. Allocates nothing."""
        ...
    def add(self, minute: int, /, days: int, label: str) -> int:
        """Set another alarm; returns its number, or -1 if it could not be kept."""
        ...
    def change(self, number: int, minute: int, /, days: int, label: str) -> bool:
        """Set an alarm anew and switch it on. False if that could not be kept."""
        ...
    def enable(self, number: int, on: bool, /) -> bool:
        """Switch an alarm on or off. False if that could not be kept."""
        ...
    def remove(self, number: int) -> bool:
        """Forget an alarm. False if it is still there."""
        ...

class Calendar:
    """The coming events, as the phone has told them."""
    @property
    def changes(self) -> int:
        """Counts up with every change."""
        ...
    def events(self) -> list[Entry]:
        """All that is known, soonest first."""
        ...
    def ask(self) -> bool:
        """Ask the phone for what is not known yet. False if there is none, or if it has not taken the last word yet."""
        ...

class Weather:
    """The weather, as the phone said it last."""
    @property
    def changes(self) -> int:
        """Counts up with every change."""
        ...
    def age_min(self) -> int:
        """Minutes since the phone said it; -1 if nothing is known."""
        ...
    def fresh(self) -> bool:
        """True while it is new enough to count."""
        ...
    def now(self) -> WeatherNow:
        """The weather: None, or an empty text, for what the phone did not say."""
        ...

class Music:
    """What the phone plays, and the keys of its player."""
    @property
    def changes(self) -> int:
        """Counts up with every change."""
        ...
    @property
    def phone(self) -> bool:
        """True while the phone is there to hear a key."""
        ...
    def now(self) -> MusicNow:
        """Track, artist, album, length in seconds (0 if unknown) and state: `play`, `pause`, `stop` or empty."""
        ...
    def position_s(self) -> int:
        """Seconds into the track. Allocates nothing."""
        ...
    def command(self, name: str) -> bool:
        """Press a key: `playpause`, `next`, `previous`, `volumeup`, `volumedown`. False if no phone hears it.

        Raises InputError.
        """
        ...

class FindPhone:
    """Lets the phone ring, and tells when the phone looks for the watch."""
    @property
    def connected(self) -> bool:
        """True while the phone is there to hear."""
        ...
    @property
    def ringing(self) -> bool:
        """True while the phone rings."""
        ...
    @property
    def wanted(self) -> bool:
        """True while somebody looks for the watch."""
        ...
    def left_percent(self) -> int:
        """Part of the minute of ringing that is left. Allocates nothing."""
        ...
    def start(self) -> bool:
        """Let the phone ring, a minute at most. False if no phone hears it."""
        ...
    def stop(self) -> None:
        """Let the phone be quiet."""
        ...
    def found(self) -> None:
        """The wearer has the watch in hand: it need not buzz any more."""
        ...

class Activity:
    """The wearer's steps of eight days, and the daily goal."""
    counted: bool
    """False on a watch without a step counter."""
    @property
    def changes(self) -> int:
        """Counts up with every step that becomes known."""
        ...
    @property
    def goal(self) -> int:
        """Steps a day that the wearer has set."""
        ...
    def steps(self, ago: int=0, /) -> int:
        """Steps of today, or of the date up to seven days `ago`. Allocates nothing."""
        ...
    def hours(self) -> list[int]:
        """Steps of today, hour by hour."""
        ...
    def metres(self, steps: int) -> int:
        """About how far that is: to be shown as an estimate."""
        ...
    def set_goal(self, steps: int) -> bool:
        """Change the goal, 1000 to 40000. False if that could not be kept."""
        ...

class Loyalty:
    """The wearer's cards of shops. They say who the wearer is: there are none while the watch is locked."""
    @property
    def changes(self) -> int:
        """Counts up with every change."""
        ...
    def cards(self) -> list[tuple[int, str, str, str]]:
        """Number, name, kind (`code128` or `qr`) and text of each card, by name."""
        ...
    def remove(self, number: int) -> bool:
        """Forget a card. False if it is still there."""
        ...

class Dice:
    """Numbers that nobody can guess."""
    def below(self, count: int) -> int:
        """A number from 0 to `count` - 1; `count` at most 65,536, so none is likelier than another by 1 in 65,536."""
        ...

class Gamepad:
    """Keeps the radio on; when the app ends, the system lets go of it and of every button. Nothing here allocates."""
    @property
    def state(self) -> int:
        """0 if no television is paired, 1 while none is there, 2 while one is."""
        ...
    def press(self, name: str, on: bool, /) -> None:
        """Press a button of the gamepad or a key of the remote, or let it go. Raises InputError for an unknown name.

        Buttons: a b c x y z l1 r1 l2 r2 select start. Keys: up down left right ok home back menu power louder quieter
        mute play next previous.
        """
        ...
    def hat(self, direction: int, /) -> None:
        """Press the direction pad: 1 up, 3 right, 5 down, 7 left, even numbers between them, 0 none."""
        ...
    def stick(self, x: int, y: int) -> None:
        """Move the stick, -127 to 127; right and down are positive."""
        ...
    def tilt(self, x: int, y: int) -> None:
        """Move the second stick, which is for the way the watch is held, likewise."""
        ...
    def release(self) -> None:
        """Let go of everything."""
        ...
    def acceleration(self, into: list[int], /) -> bool:
        """Store x, y, z in milli-g; 0, 0, 1000 lying on a table. False if the watch cannot know."""
        ...

class Location:
    """Where the phone is. It is asked only while an app wants to know; when the app ends, that ends too."""
    @property
    def changes(self) -> int:
        """Counts up with every position."""
        ...
    def want(self, on: bool, /) -> bool:
        """Ask, or ask no longer. False if no phone hears it."""
        ...
    def now(self) -> Optional[Position]:
        """Where it is; None while nothing new enough is known."""
        ...

class PhoneFiles:
    """Files in the folder of Gadgetbridge on the phone. Nothing can be read back."""
    def write(self, name: str, content: str, /) -> bool:
        """Keep a file anew: at most 1,024 bytes, a name of small letters, digits and `-_.`. False if it cannot be."""
        ...
    def append(self, name: str, content: str, /) -> bool:
        """Let it grow by at most 1,024 bytes. False if it cannot."""
        ...

class PhoneIntents:
    """Starts things on an Android phone, and shows a line there."""
    @property
    def failed(self) -> int:
        """How many the phone could not send: its own switch for them is off at first."""
        ...
    def say(self, level: str, text: str) -> bool:
        """Show a line: `info`, `warn` or `error`. False if there was one in the last ten seconds."""
        ...
    def send(self, target: str, action: str, extra: dict[str, str], /) -> bool:
        """Start an `activity`, `service`, `foregroundservice` or `broadcastreceiver`. False if it cannot be sent."""
        ...

class Storage:
    """Whole files by name: at most 32,768 bytes in 16 files, 300 changes and 262,144 bytes a day.

    A name has 1 to 32 small letters, digits, `_`, `.` and `-`, and no `.` first. Every method raises InputError for
    another one.
    """
    def names(self) -> list[str]:
        """Names of the files, rising."""
        ...
    def read(self, name: str) -> bytes | None:
        """A whole file; None if there is none of that name, or if it cannot be read."""
        ...
    def write(self, name: str, data: bytes | bytearray, /) -> bool:
        """Put bytes in the place of a file, or make one. False if there is no room, or too much was written today.

        The file has its old bytes or the new ones, whenever the power goes. Raises InputError for what are no bytes.
        """
        ...
    def remove(self, name: str) -> bool:
        """Delete a file, if there is one. False if it is still there."""
        ...

class Notify:
    """Posts messages: one in ten seconds, twenty a day.

    Args:
        notifications: where they go.
        app: its id.
        name: what the wearer calls it.
        budget: how often it may.
    """
    def post(self, title: str, text: str='') -> bool:
        """Post a message; the wearer is told as of one of the phone. False if there were too many.

        Raises InputError for an empty title, one of more than 80 characters, or a text of more than 400.
        """
        ...

class Deadline:
    """The capability `background`: one time at which the system calls `App.background`."""
    @property
    def due(self) -> int:
        """The minute that was set, as `Time.minutes`; -1 for none, and in `App.background` itself."""
        ...
    def at(self, minute: int, /) -> None:
        """Work at this minute, in place of what was set before. Raises InputError unless it is 1 to 527,040 min away.

        A watch that is off, locked or busy then does it later, once.
        """
        ...
    def after(self, minutes: int) -> None:
        """Work so many minutes from now, likewise."""
        ...
    def cancel(self) -> None:
        """Do not work in the background."""
        ...

class AppWeb:
    """One request at a time. The answer waits here until it is asked for, and goes with the app.

    Args:
        web: what carries requests to the phone.
        app, hosts: of the manifest.
        budget: how often an app may ask.
    """
    waiting: bool
    """An answer is awaited."""
    failed: bool
    """The last request brought no answer: no network, nothing in time, or more than 6 KB."""
    def get(self, url: str, /) -> bool:
        """Ask for a text. False if that is not possible now: no phone, another request, or too often.

        Raises InputError for an address that the manifest does not allow.
        """
        ...
    def post(self, url: str, body: str, /) -> bool:
        """Send a text of at most 2,048 bytes, and ask for the answer, likewise."""
        ...
    def answer(self) -> Optional[str]:
        """The answer, at most 6 KB, once; None while there is none. What it says is as trustworthy as the host."""
        ...

class Motion:
    """How the watch is held, and whether it moves."""
    def acceleration(self, into: list[int], /) -> bool:
        """Store x, y, z in milli-g into a list of three; 0, 0, 1000 lying on a table. Allocates nothing.

        False if the watch cannot know. Raises InputError for anything but a list of three.
        """
        ...
    def moving(self) -> bool:
        """True if the watch has moved since the last question. It looks about once a second. Allocates nothing."""
        ...

class Sound:
    """Plays one tone at a time, unless the wearer wants silence."""
    def tone(self, hz: int, ms: int, volume: int=50, /) -> bool:
        """Play a tone in place of the one that plays. False if the watch is silent or has no speaker.

        Args:
            hz: 50 to 8000.
            ms: 1 to 2000.
            volume: percent, 0 to 100.

        Raises InputError for other numbers.
        """
        ...

class AppPayment:
    """The capability `payment` of an app whose review names a payee; without one every question is refused."""
    @property
    def currency(self) -> int:
        """ISO 4217 number of the currency in which this app is paid; 0 if it cannot be paid."""
        ...
    def request(self, amount_minor: int, purpose: str) -> bool:
        """Ask the wearer to pay: the app is left for the question and starts again after it; then see `outcome`.

        False if nobody can be asked now: another question waits, ten seconds have not passed, there were fifty today,
        payments wait for the bank, or the store has named no payee. Raises InputError for an amount or a purpose
        (1 to 25 characters) that cannot be.
        """
        ...
    def outcome(self) -> Optional[PurchaseOutcome]:
        """What became of the last question; None if there was none. One that was refused is forgotten at a restart."""
        ...

class Complication:
    """The capability `complication`: a word that faces show with a picture."""
    def show(self, text: str, icon: int) -> None:
        """Show a text of 1 to 8 characters and one of the `icons` that app.toml may name. Raises InputError."""
        ...
    def clear(self) -> None:
        """Show nothing."""
        ...

class Metrics:
    """Pixels of one panel class. Everything stands on a grid of 8 px, or 4 px on the small panel."""
    panel: str
    """Part of the font file names: `large` or `small`."""
    target: int
    """Side of the smallest touch target: 9 mm on the glass."""
    margin: int
    """From the edge of the panel to text."""
    gap: int
    """One step of the grid."""
    def __init__(self, panel: str, target: int, margin: int, gap: int, dial: tuple[int, ...], /) -> None:
        ...

class CardFace:
    """What a screen needs to know of a card.

    Args:
        label: name of the card.
        last_four: last four digits of the number printed on the plastic card.
        colour: accent, 0xRRGGBB.
        art: the bank's picture of the card, or None for a drawn one.
    """
    label: str
    last_four: str
    colour: int
    ink: int
    """The accent as marks and words on black have it, RGB565."""
    def __init__(self, label: str, last_four: str, colour: int, art: Picture | None=None, /) -> None:
        ...

class News:
    """What every service here has: `listen`, and `changes` for a screen that looks once a second."""
    changes: int
    """Counts up with every change; a screen that has seen this number has nothing to draw."""

class Stopwatch:
    """Starts, stops, goes on, takes laps. All of it in RAM: it ends with a restart."""
    running: bool
    laps: tuple[int, ...]
    """Time at the end of each lap, in ms since the start."""
    def start(self) -> None:
        """Count from here on. Does nothing while it runs."""
        ...
    def stop(self) -> None:
        """Hold the time; `start` goes on from there."""
        ...
    def lap(self) -> bool:
        """End a lap. False if it does not run or there is no place for another."""
        ...
    def reset(self) -> None:
        """Back to zero, stopped, without laps."""
        ...
    def elapsed_ms(self) -> int:
        """Milliseconds counted so far, at most `MOST_MS`. Allocates nothing."""
        ...
    def tick(self) -> None:
        """To be called now and then, at least every day: it stops by itself at `MOST_MS`."""
        ...

class WeatherNow:
    """See docs/apps.md."""
    temp_c: Optional[int]
    high_c: Optional[int]
    low_c: Optional[int]
    humidity_percent: Optional[int]
    rain_percent: Optional[int]
    uv: Optional[int]
    wind_kmh: Optional[int]
    wind_deg: Optional[int]
    sky: str
    text: str
    place: str

class MusicNow:
    """See docs/apps.md."""
    track: str
    artist: str
    album: str
    length_s: int
    state: str

class Position:
    """See docs/apps.md."""
    latitude: float
    longitude: float
    altitude_m: Optional[float]
    speed_kmh: Optional[float]
    course_deg: Optional[float]
    satellites: Optional[int]

class PurchaseOutcome:
    """What an app may know of its last question."""
    state: str
    """`refused`, `sent`, `approved`, `declined` or `failed`."""
    amount_minor: int
    currency: int
    purpose: str
