"""Words, dates and amounts."""

from watch.kernel import errors
from watch.kernel.errors import InputError
from watch.ui import layout, money, text
from watch.ui.canvas import rgb
from watch.ui.font import Font
from watch.ui.languages import en, zh
from watch.ui.theme import LEAST_LUMA, legible, luma

# (days since 2000-01-01, year, month, day): from `datetime.date.toordinal` of CPython.
_DATES = (
    (0, 2000, 1, 1),
    (58, 2000, 2, 28),
    (59, 2000, 2, 29),
    (60, 2000, 3, 1),
    (365, 2000, 12, 31),
    (366, 2001, 1, 1),
    (1520, 2004, 2, 29),
    (9822, 2026, 11, 22),
    (36524, 2099, 12, 31),
    (36583, 2100, 2, 28),
    (36584, 2100, 3, 1),
    (146096, 2399, 12, 31),
    (146097, 2400, 1, 1),
    (146156, 2400, 2, 29),
)
OF_DEVELOPERS = (
    errors.AppError,
    errors.BytecodeError,
    errors.VersionError,
    errors.TakenError,
    errors.QuotaError,
    errors.UpdateError,
    errors.ImageError,
    errors.ImageSignerError,
    errors.ImageVersionError,
    errors.ImageBoardError,
    errors.DeltaBaseError,
)
"""Why a bundle or a system image is not taken: whoever sent it is told the code (messages 16 and 27)."""
_AMOUNTS = (
    (0, 156, "0.00"),
    (5, 978, "0.05"),
    (99, 840, "0.99"),
    (100, 840, "1.00"),
    (1234, 156, "12.34"),
    (123450, 156, "1,234.50"),
    (98000, 392, "98,000"),
    (0, 410, "0"),
    (1, 414, "0.001"),
    (1234567, 414, "1,234.567"),
    (999999999999, 978, "9,999,999,999.99"),
    (999999999999, 392, "999,999,999,999"),
)


def test_languages_have_the_same_keys_and_gaps():
    assert sorted(en.TEXT) == sorted(zh.TEXT), "keys differ"
    for key in en.TEXT:
        assert en.TEXT[key].count("{n}") == zh.TEXT[key].count("{n}"), key
        assert zh.TEXT[key] and en.TEXT[key], key


def test_every_character_of_every_text_is_in_the_fonts():
    checked = 0
    for panel in ("large", "small"):
        for role in ("title", "body", "caption"):
            font = Font("firmware/assets/%s.%s.twf" % (role, panel))
            for table in (en, zh):
                for key, value in table.TEXT.items():
                    if role != "title" or key.endswith(".title"):
                        for code in layout.decode(value):
                            assert font.has(code), "%s.%s lacks U+%04X of %s" % (role, panel, code, key)
                            checked += 1
    print("NOTE characters of the catalogues looked up:", checked)


def test_a_missing_character_is_noticed():
    font = Font("firmware/assets/title.small.twf")
    assert not font.has(0x9F98)
    font.glyph(0x9F98)
    assert font.missing == 1


def test_every_error_code_has_words():
    words = text.Catalogue("zh")
    for name in dir(errors):
        found = getattr(errors, name)
        if isinstance(found, type) and issubclass(found, Exception) and found not in OF_DEVELOPERS:
            assert words.has("error." + found.code), found.code


def test_dates_in_both_languages():
    for days, year, month, day in _DATES:
        assert text.civil(days) == (year, month, day), (days, text.civil(days))
    minutes = 9822 * 1440 + 605
    assert text.Catalogue("en").date(minutes) == "Sun 22 Nov"
    assert text.Catalogue("zh").date(minutes) == "11月22日 周日"


def test_unknown_words_and_languages_are_refused():
    for bad in (lambda: text.Catalogue("en").get("nothing"), lambda: text.Catalogue("tlh")):
        try:
            bad()
        except InputError:
            continue
        raise AssertionError("accepted")


def test_amounts_follow_the_exponent_of_their_currency():
    for minor, currency, wanted in _AMOUNTS:
        assert money.figures(minor, currency) == wanted, (minor, currency, money.figures(minor, currency))
    assert money.currency_name(156) == "CNY" and money.currency_name(7) == "007"


def test_amounts_that_emv_cannot_carry_are_refused():
    for minor in (-1, 10**12):
        try:
            money.figures(minor, 156)
        except InputError:
            continue
        raise AssertionError(minor)


def test_a_dark_accent_becomes_light_enough_for_black():
    """Marks are at least 3:1 against black (relative luminance of WCAG 2), and a bright colour stays what it is."""
    for colour in (0, 0x000080, 0x300000, 0x101010, 0x5F5F5F, 0x0000FF, 0x7F007F, 0xD95F3B, 0xFFFFFF):
        ink = legible(colour)
        red, green, blue = ink >> 11, ink >> 5 & 63, ink & 31
        parts = [_linear(red / 31), _linear(green / 63), _linear(blue / 31)]
        luminance = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
        assert (luminance + 0.05) / 0.05 >= 3, (hex(colour), luminance)
        if luma(colour) >= LEAST_LUMA:
            assert ink == rgb(colour)


def _linear(value):
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
