"""The question before a merchant's code is paid: what is drawn is what is signed, or there is no question."""

import random

from tests.screens.code_scenes import CARD, nothing
from tests.screens.panel import Panel
from watch.kernel.errors import InputError
from watch.screens.merchant_code import MerchantCodeScreen
from watch.ui import money
from watch.ui.context import Ui
from watch.ui.renderer import Renderer

SIZES = ((410, 502, 115, 2), (240, 240, 0, 1))
HOSTILE = (
    "",
    " ",
    "\x00",
    "Shop\x00",
    "a\nb",
    "a\tb",
    "Shop\x1b[2J",
    "\x7f",
    "a\u0085b",
    "\u202e00.1 DIAP\u202c",
    "\u2066x\u2069",
    "Tea\u200bHouse",
    "Tea\u00adHouse",
    "\u0645\u0637\u0639\u0645",
    "\u05d0\u05d1",
    "\U0001f600",
    "\ufffd",
    "龘靐齉",
    "茶龘",
    "龙井\u3000茶馆",
    "龙" * 60,
    "е\u0301",
    "\u1f00",
    "W" * 100,
    "x" * 100,
    "Green Tea House " * 6,
    "i" * 300,
    "\ud800",
    "\ue123",
)
GOOD = (
    "x",
    "Tea House",
    "The Greengrocer & Sons of Upper Market St",
    "Café Zürich",
    "I" * 40,
    "A-1 (24h) 100% / $5",
    "龙井茶馆（西湖店）",
    "囊齄亍啊鼾、丽号店",
    "茶" * 13,
    "Καφενείο Ωδή",
    "Чайный дом №5",
    "Łódź Ćwikła",
    "お茶カフェ",
    "Paid 0.01 EUR",
    "{n}%s",
)


def drawn(ui, panel, screen):
    """Lines of text that reached the panel, from top to bottom."""
    renderer = Renderer(ui, panel)
    renderer.canvas.log = []
    screen.shown = True
    ui.damage.everything()
    renderer.render(screen)
    return [text for _, _, text in sorted((y, x, text) for text, x, y, _, _ in set(renderer.canvas.log))]


def asked(size, name, minor=1234, currency=978):
    """Lines that are drawn, or None if the question is not asked."""
    panel = Panel(*size)
    ui = Ui(panel, "firmware/assets", "en", True)
    try:
        screen = MerchantCodeScreen(ui, name, minor, currency, CARD, nothing)
    except InputError:
        return None
    assert screen.drawn == (name, minor, currency)
    lines = drawn(ui, panel, screen)
    assert ui.clipped == 0 and ui.missing == 0
    return lines


def test_good_names_are_drawn_whole():
    for size in SIZES:
        for name in GOOD:
            lines = asked(size, name)
            assert lines, (size, name)
            assert name.replace(" ", "") in "".join(lines).replace(" ", ""), lines
            assert "12.34" in lines and "EUR" in lines


def test_hostile_names_are_refused_or_drawn_whole():
    refused = 0
    for size in SIZES:
        for name in HOSTILE:
            lines = asked(size, name)
            if lines is None:
                refused += 1
                continue
            assert name.replace(" ", "") in "".join(lines).replace(" ", ""), (name, lines)
            assert not [line for line in lines if line.endswith("…")]
    print("NOTE hostile merchant names:", 2 * len(HOSTILE), "refused:", refused, "drawn otherwise than sent: 0")
    assert refused > len(HOSTILE)


def test_amounts_drawn_are_those_given():
    random.seed(10)
    for size in SIZES:
        for digits in range(1, 13):
            minor = random.randint(10 ** (digits - 1), 10**digits - 1)
            currency = random.choice((156, 978, 392, 414, 7))
            lines = asked(size, "Tea House", minor, currency)
            assert lines and money.figures(minor, currency) in lines and money.currency_name(currency) in lines
    assert asked(SIZES[0], "Tea House", -1) is None and asked(SIZES[0], "Tea House", 10**12) is None


def test_how_it_is_refused():
    heard = []
    ui = Ui(Panel(*SIZES[1]), "firmware/assets")
    screen = MerchantCodeScreen(ui, "Tea House", 1, 156, None, lambda: heard.append(1))
    screen.button("double")
    screen.tap(100, 100)
    assert heard == [], "a touch by accident decides nothing"
    screen.button("single")
    screen.swipe("left")
    assert heard == [1, 1]
