"""Text from anywhere becomes lines that fit and hide nothing."""

from watch.ui import layout
from watch.ui.font import MISSING, Font

_FONT = "firmware/assets/body.small.twf"
_HIDING = (
    b"a\x00b",
    b"a\x1bb",
    b"a\nb",
    b"a\x7fb",
    b"a\xc2\x85b",
    b"a\xc2\xadb",
    b"a\xe2\x80\x8bb",
    b"a\xe2\x80\xaeb",
    b"a\xe2\x81\xa7b",
    b"a\xef\xbb\xbfb",
    b"a\xffb",
    b"a\xc0\x80b",
    b"a\xe0\x80\x80b",
    b"a\xed\xa0\x80b",
    b"a\xf0\x9f\x98\x80b",
    b"a\xee\x80\x80b",
)
"""One character each that would not show: control, direction mark, zero width, broken or overlong UTF-8, surrogate,
beyond the basic plane, private use."""


def test_what_would_not_show_becomes_a_box():
    for data in _HIDING:
        codes = layout.decode(data)
        assert codes[0] == 0x61 and codes[-1] == 0x62, data
        assert len(codes) > 2 and all(code == MISSING for code in codes[1:-1]), data


def test_what_only_chooses_the_form_of_a_sign_is_left_out():
    heart = layout.decode("I \u2764 U")
    for text in (
        "I \u2764\ufe0f U",
        "I \u2764\ufe0e U",
        "I \u2764\u200d U",
        "\ufe0fI \u2764\ufe0f\u200d\ufe0f U\ufe0e",
    ):
        assert list(layout.decode(text)) == list(heart), text
    assert len(layout.decode("\ufe0f")) == 0 and not layout.wrapped(
        Font("firmware/assets/body.small.twf"), "\u200d", 90
    )
    for cut in (b"\xef\xb8", b"\xe2\x80"):
        assert all(code == MISSING for code in layout.decode(cut)), cut


def test_truncated_sequences_do_not_read_behind_the_end():
    for data in (b"\xe4", b"\xe4\xb8", b"\xf0\x9f\x98", b"\xc3"):
        assert all(code == MISSING for code in layout.decode(data)), data


def test_ordinary_text_comes_through():
    text = "Zoë pays ¥12.34, 付款。"
    assert "".join(chr(code) for code in layout.decode(text)) == text


def test_long_text_is_capped_and_says_so():
    codes = layout.decode(b"x" * 10000)
    assert len(codes) == layout.MAX_CHARACTERS and codes[-1] == layout.ELLIPSIS


def test_no_line_is_too_wide_and_nothing_is_lost():
    font = Font(_FONT)
    chinese = "密码连续错误十次。重新添加卡片后即可付款。"
    texts = ("Hold near the reader again to pay.", chinese, "x" * 60, "Donaudampfschiff " * 4)
    for text in texts:
        for width in (40, 97, 200, 400):
            runs = layout.wrapped(font, text, width)
            assert all(run.width <= width for run in runs), (text, width)
            assert "".join(run.text for run in runs).replace(" ", "") == text.replace(" ", ""), text


def test_balanced_lines_tear_no_word_that_fits_a_line():
    font = Font(_FONT)
    for text in (
        "An Energieversorgungsunternehmen",
        "Contactless Benachrichtigungszentrale",
        "a Kraftfahrzeughaftpflicht b",
    ):
        longest = max(layout.line(font, word).width for word in text.split())
        for width in range(longest, longest + 80, 5):
            words = " ".join(run.text for run in layout.wrapped(font, text, width)).split()
            assert words == text.split(), (width, words)
    assert len(layout.wrapped(font, "x" * 60, 100)) > 1, "a word that fits nowhere is torn all the same"


def test_chinese_punctuation_never_begins_a_line():
    font = Font(_FONT)
    for width in range(60, 220, 7):
        for run in layout.wrapped(font, "输入密码后，再次靠近读卡器。请稍候，谢谢。", width):
            assert run.text[0] not in "，。", width


def test_elided_text_fits_and_ends_with_an_ellipsis():
    font = Font(_FONT)
    run = layout.elided(font, "A very long appointment with many people", 120)
    assert run.width <= 120 and run.text.endswith("…")
    assert layout.elided(font, "Short", 120).text == "Short"


def test_figures_are_tabular():
    for role in ("display", "figures", "title", "body", "caption"):
        for panel in ("large", "small"):
            font = Font("firmware/assets/%s.%s.twf" % (role, panel))
            widths = {layout.line(font, digit * 4).width for digit in "0123456789"}
            assert len(widths) == 1, (role, panel, widths)


def test_labels_align_left_centre_and_right():
    from tests.screens.panel import Panel
    from watch.ui import widget
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui

    ui = Ui(Panel(240, 240, 0, 1), "firmware/assets")
    canvas = Canvas()
    canvas.window(0, 0, 240, 30)
    canvas.log = []
    for align in (widget.LEFT, widget.CENTRE, widget.RIGHT):
        widget.Label(ui, ui.body_font, 20, 0, 200, "12.34", 0xFFFF, align).draw(canvas)
    width = canvas.log[0][3]
    assert [entry[1] for entry in canvas.log] == [20, 20 + (200 - width) // 2, 220 - width]


def test_letters_are_kerned():
    font = Font("firmware/assets/title.large.twf")
    apart = layout.line(font, "A").width + layout.line(font, "V").width
    assert layout.line(font, "AV").width < apart
