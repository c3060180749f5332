"""Amounts are shown as given, and nothing from outside can hide, push out or crash what a screen says."""

import random

from tests.screens.app_scenes import Desk, face
from tests.screens.panel import Panel
from tests.screens.scenes import nothing
from watch.kernel.errors import InputError
from watch.screens import amount, message
from watch.screens.armed import ArmedScreen
from watch.screens.news import NewsScreen
from watch.screens.note import NoteScreen
from watch.screens.ringing import RingingScreen
from watch.screens.rows import Row, RowsScreen
from watch.services import inputs
from watch.ui import money
from watch.ui.card_art import CardFace
from watch.ui.context import Ui
from watch.ui.font import MISSING
from watch.ui.layout import line
from watch.ui.renderer import Renderer

_SIZES = ((410, 502, 115, 2), (240, 240, 0, 1))
_CURRENCIES = (156, 978, 392, 414, 840, 7, 48, 990)
_EXPONENTS = (
    # currency, amount in minor units, as ISO 4217 wants it written
    (392, 1234, "1,234"),
    (392, 0, "0"),
    (156, 5, "0.05"),
    (978, 123456789, "1,234,567.89"),
    (414, 1234, "1.234"),
    (48, 5, "0.005"),
    (990, 12, "0.0012"),
    (990, 12345678, "1,234.5678"),
    (927, 10000, "1.0000"),
)
_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
"""What makes text read in another order."""
_HOSTILE = (
    "",
    " ",
    "x",
    "W" * 40,
    "Green Tea House" * 20,
    "\u0645\u0637\u0639\u0645 \u0627\u0644\u0646\u064a\u0644",
    "\u202e00.1 DIAP\u202c",
    "Shop\x00\x1b[2J",
    "a\nb\rc",
    "\U0001f600" * 10,
    "龘靐齉",
    "付" * 60,
    "".join(chr(code) for code in range(0x4E00, 0x4E00 + 300)),
    "Ж" * 40 + "Ωψ",
    "—" * 50,
    "%s%d{n}{}",
    "Paid 0.01 EUR",
    "\u05e9\u05dc\u05d5\u05dd 12.34 EUR",
    "Shop\u2067 43.21\u2069 EUR",
    "\ud83d\ud800\udfff",
    "M" * 5000,
)


def _draw(ui, panel, screen):
    """Draw a whole screen and return the lines of text that reached the panel, from top to bottom."""
    renderer = Renderer(ui, panel)
    renderer.canvas.log = []
    screen.shown = True
    screen.open()
    ui.damage.everything()
    renderer.render(screen)
    lines = sorted((y, x, text) for text, x, y, _, _ in set(renderer.canvas.log))
    return [text for _, _, text in lines]


def _currency_screens(ui, minor, currency, merchant):
    yield amount.confirm(ui, minor, currency, nothing)
    yield amount.sent(ui, minor, currency, nothing)
    yield amount.approved(ui, minor, currency, merchant, nothing)
    yield amount.declined(ui, minor, currency, merchant, "51", nothing)


def test_the_amount_and_currency_drawn_are_those_given():
    random.seed(6)
    checked = 0
    for size in _SIZES:
        panel = Panel(*size)
        ui = Ui(panel, "firmware/assets")
        for digits in range(1, 13):
            minor = random.randint(10 ** (digits - 1), 10**digits - 1)
            currency = random.choice(_CURRENCIES)
            for screen in _currency_screens(ui, minor, currency, "Green Tea House"):
                drawn = _draw(ui, panel, screen)
                assert money.figures(minor, currency) in drawn, (minor, drawn)
                assert money.currency_name(currency) in drawn, (currency, drawn)
                checked += 1
        assert ui.clipped == 0
    print("NOTE amounts drawn and compared:", checked)


def test_every_number_of_decimals_is_drawn_as_the_standard_writes_it():
    for size in _SIZES:
        panel = Panel(*size)
        ui = Ui(panel, "firmware/assets")
        for currency, minor, written in _EXPONENTS:
            for screen in _currency_screens(ui, minor, currency, "Shop"):
                drawn = _draw(ui, panel, screen)
                assert written in drawn, (currency, minor, drawn)
        assert ui.clipped == 0


def _told(ui, text):
    """What the phone tells, on every screen that shows it. The card of a notification and its list cut openly."""
    yield NewsScreen(ui, inputs.clean(text, 48), inputs.clean(text, 160), inputs.clean(text, 800), 3, nothing, nothing)
    yield NoteScreen(ui, inputs.clean(text, 160), "12:00", inputs.clean(text, 800), nothing, nothing)
    yield RowsScreen(ui, "notes", "Messages", [Row("1", text, text)], nothing, nothing)
    yield RingingScreen(ui, "ringing.alarm", "7:30", inputs.clean(text, 40), nothing, nothing)


def test_what_a_phone_sends_neither_raises_nor_turns_nor_is_cut_unseen():
    panel = Panel(*_SIZES[1])
    ui = Ui(panel, "firmware/assets", "en")
    for text in _HOSTILE:
        for screen in _told(ui, text):
            drawn = _draw(ui, panel, screen)
            assert not any(char in _TURNING or ord(char) < 0x20 for line in drawn for char in line), (text, drawn)
            if len(text) > 300 and screen.name != "note":  # a note has pages
                assert [line for line in drawn if line.endswith("…")], (screen.name, drawn)


def test_letters_of_the_right_are_boxes_in_the_order_they_came():
    ui = Ui(Panel(*_SIZES[1]), "firmware/assets")
    run = line(ui.body_font, "\u05d0\u05d1 12.34 \u202eEUR")
    box = ui.body_font.glyph(MISSING)
    assert [glyph is box for glyph in run.glyphs] == [True, True] + [False] * 7 + [True] + [False] * 3


def test_an_amount_that_cannot_be_shown_makes_no_screen():
    ui = Ui(Panel(*_SIZES[1]), "firmware/assets")
    for minor in (-5, 10**12):
        try:
            amount.confirm(ui, minor, 156, nothing)
        except InputError:
            continue
        raise AssertionError(minor)


def test_hostile_merchants_leave_the_amount_alone():
    for size in _SIZES:
        panel = Panel(*size)
        ui = Ui(panel, "firmware/assets", "zh", True)
        for text in _HOSTILE:
            for screen in _currency_screens(ui, 1234, 978, text):
                drawn = _draw(ui, panel, screen)
                assert "12.34" in drawn and "EUR" in drawn, (text, drawn)
                assert all(ord(char) >= 0x20 and char not in "\u202e\u202c" for line in drawn for char in line), drawn


def test_a_merchant_of_the_longest_allowed_form_is_shown_whole():
    for size in _SIZES:
        panel = Panel(*size)
        ui = Ui(panel, "firmware/assets")
        for text in (
            "W" * 20,
            "The Greengrocer and Sons of Upper Market",
            "茶" * 13,
            "醇香麒麟龙井茶馆西湖分店",
            "Чайный дом Ωψ",
        ):
            screen = amount.approved(ui, 1234, 978, text, nothing)
            assert text in screen.texts()
            whole = "".join(_draw(ui, panel, screen)).replace(" ", "")
            assert text.replace(" ", "") in whole, (size, whole)
        assert ui.clipped == 0


def test_text_that_does_not_fit_is_marked_and_counted():
    ui = Ui(Panel(*_SIZES[1]), "firmware/assets")
    screen = amount.approved(ui, 1234, 978, "Market " * 30, nothing)
    assert ui.clipped == 1
    drawn = _draw(ui, Panel(*_SIZES[1]), screen)
    assert [line for line in drawn if line.endswith("…")], drawn


def test_hostile_labels_and_errors_only_look_odd():
    for size in _SIZES:
        panel = Panel(*size)
        ui = Ui(panel, "firmware/assets")
        for text in _HOSTILE:
            card = CardFace(text, text[:4], 0xFFFFFF)
            desk = Desk()
            desk.glance.upcoming, desk.glance.card, desk.glance.percent = text, card, 0
            assert _draw(ui, panel, face(ui, "digital", desk))
            assert _draw(ui, panel, ArmedScreen(ui, card, lambda: 99, nothing, nothing))
            assert ui.text.get("error.error") in " ".join(message.error(ui, text, nothing).texts())
            assert _draw(ui, panel, amount.declined(ui, 1, 978, text, text, nothing))


def test_random_bytes_never_raise():
    random.seed(7)
    ui = Ui(Panel(*_SIZES[1]), "firmware/assets")
    for _ in range(60):
        data = bytes(random.getrandbits(8) for _ in range(random.randint(0, 60)))
        ui.text.get("passcode.wait", "x")
        from watch.ui.layout import wrapped

        wrapped(ui.body_font, data, random.randint(10, 240))
