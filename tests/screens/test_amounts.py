"""The amount that is drawn is the amount that is signed, for thousands of random taps in currencies of every exponent.

What stands on the screen is read back from its pixels (`tests/screens/reading.py`). From what was read, and from no
number that the watch says, pyemv computes the cryptogram: it must be the one that the watch gave to the terminal.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator

import pyemv.mac
import pytest
from PIL import Image

from tapwatch.compiled import search_path
from tests.screens import reading
from tests.screens.drawing import SIZES
from tests.screens.micropython import MICROPYTHON, ROOT
from tests.screens.pictures import decode

LONG = os.environ.get("TAPWATCH_LONG") == "1"
TAPS = 2500 if LONG else 180
"""Of each panel; each is drawn twice, as a question and as sent."""
EXPONENTS = {392: 0, 704: 0, 978: 2, 840: 2, 999: 2, 414: 3, 48: 3, 990: 4}
"""ISO 4217: yen and dong, euro and dollar, no currency at all, dinars, unidad de fomento."""
LETTERS = {"JPY": 392, "EUR": 978, "USD": 840, "KWD": 414}
"""The others are shown by their number."""
MARGINS = {"large": (40, 150, 330), "small": (16, 72, 168)}
"""At the sides, and the rows between the headline and the text below: where the amount and its currency stand."""
FONTS = ("display", "figures", "title", "body", "caption")
KEY = bytes(range(1, 17))
"""Of tests/firmware/payment/card_kit.py, as are the values of the terminal below."""
COUNTRY, DATE, KIND, UNPREDICTABLE = "0276", "261122", "00", "a1b2c3d4"


def pictures(
    size: str, taps: int = TAPS, seed: int = 13
) -> Iterator[tuple[str, list[str], dict[str, str], Image.Image]]:
    """What `draw_amounts.py` sends."""
    width, height, _ = SIZES[size]
    command = [MICROPYTHON, "-X", "heapsize=16M", "tests/screens/draw_amounts.py", size, taps, seed, *EXPONENTS]
    environment = dict(os.environ, MICROPYPATH=search_path())
    with subprocess.Popen(
        [str(part) for part in command], cwd=ROOT, env=environment, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        while line := process.stdout.readline():
            kind, faults, tags = json.loads(line)
            yield kind, faults, tags, decode(process.stdout.read(2 * width * height), width, height)
    assert process.returncode == 0


def read_amount(picture: Image.Image, size: str) -> tuple[str, str]:
    """The figures and the currency on a picture. Raises AssertionError unless they are the only things there."""
    margin, top, low = MARGINS[size]
    found = reading.lines(picture.crop((margin, top, picture.width - margin, low)))
    assert len(found) == 2, f"{len(found)} lines"
    figures = reading.read(found[0], size, FONTS, "0123456789.,")
    name = reading.read(found[1], size, ("body", "caption"), "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    assert figures and name, "this cannot be read"
    return figures, name


def minor_units(figures: str, currency: int) -> int:
    """Minor units of `1,234.50`. Raises AssertionError unless it is written as it should be."""
    whole, _, decimals = figures.partition(".")
    assert len(decimals) == EXPONENTS[currency], (figures, currency)
    assert f"{int(whole.replace(',', '')):,}" == whole, figures
    return int(whole.replace(",", "") + decimals)


def cryptogram(minor: int, currency: int, tags: dict[str, str]) -> str:
    """The cryptogram of a tap of the Visa profile, by another library: EMV Book 2, section 8.1.1."""
    terminal = f"{minor:012d}{0:012d}{COUNTRY}{0:010d}{currency:04d}{DATE}{KIND}{UNPREDICTABLE}"
    message = bytes.fromhex(terminal + tags["0082"] + tags["9F36"] + tags["9F10"])
    return pyemv.mac.mac_iso9797_3(KEY[:8], KEY[8:], message, 2).hex()


@pytest.mark.parametrize("size", SIZES)
def test_the_amount_drawn_is_the_amount_signed(size: str) -> None:
    drawn = signed = 0
    asked: tuple[int, int] | None = None
    for kind, faults, tags, picture in pictures(size):
        figures, name = read_amount(picture, size)
        currency = LETTERS.get(name) or int(name)
        minor = minor_units(figures, currency)
        assert not faults, (figures, faults)
        drawn += 1
        if kind == "confirm":
            asked = minor, currency
            continue
        assert asked == (minor, currency), "asked about one amount, sent another"
        assert tags["9F26"] == cryptogram(minor, currency, tags), (figures, name)
        signed += 1
    assert drawn == 2 * signed == 2 * TAPS
    print(f"NOTE amounts, {size}: {drawn} drawn and read back from the pixels, {signed} cryptograms over what was read")


def test_another_amount_makes_another_cryptogram() -> None:
    _, (kind, _, tags, picture) = pictures("small", 1)
    figures, name = read_amount(picture, "small")
    currency = LETTERS.get(name) or int(name)
    minor = minor_units(figures, currency)
    assert kind == "sent" and tags["9F26"] == cryptogram(minor, currency, tags)
    assert tags["9F26"] not in (cryptogram(minor + 1, currency, tags), cryptogram(minor, currency + 1, tags))


def test_a_picture_with_a_changed_pixel_is_not_read() -> None:
    """The reader accepts nothing that only looks like a figure."""
    *_, picture = next(iter(pictures("small", 1)))
    margin, top, low = MARGINS["small"]
    read_amount(picture, "small")
    green = picture.getchannel("G")
    places = ((x, y) for x in range(margin, 240 - margin) for y in range(top, low))
    picture.putpixel(next(place for place in places if green.getpixel(place) == 255), (0, 0, 0))
    with pytest.raises(AssertionError, match="cannot be read"):
        read_amount(picture, "small")
