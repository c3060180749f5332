"""Card art: the committed files, what they look like under the words of a card, and broken files."""

from __future__ import annotations

import asyncio
import hashlib
import random
from typing import TYPE_CHECKING

import pytest

from tapwatch.bank.art import build, files, form
from tapwatch.bank.art.form import ArtProblem, Picture
from tapwatch.bank.problems import UnknownProblem
from tapwatch.bank.products import PRODUCTS
from tests.host.bank.test_servers import call, serving

if TYPE_CHECKING:
    from tests.host.bank.world import World

AIM_BYTES = 10_000
READABLE = 4.5
"""Contrast of normal text, WCAG 2.2 success criterion 1.4.3."""
BRIGHT = 140  # ITU-R BT.601 luma from which the watch writes black on a card, and white below
LABEL = (0.05, 0.04, 0.95, 0.23)
NUMBER = (0.05, 0.7, 0.65, 0.9)
"""Where the watch writes, as shares of width and height: left, top, right, bottom."""


def luminance(colour: int) -> float:
    """Relative luminance of RGB565 (WCAG 2.2)."""
    parts = ((colour >> 11) / 31, (colour >> 5 & 63) / 63, (colour & 31) / 31)
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, two: float) -> float:
    """WCAG 2.2 contrast ratio."""
    return (max(one, two) + 0.05) / (min(one, two) + 0.05)


def colours_in(picture: Picture, box: tuple[float, float, float, float]) -> set[int]:
    """The colours of a part of a picture."""
    left, right = int(box[0] * picture.width), int(box[2] * picture.width)
    rows = range(int(box[1] * picture.height), int(box[3] * picture.height))
    return {
        picture.colours[index]
        for row in rows
        for index in picture.pixels[row * picture.width + left : row * picture.width + right]
    }


def test_the_files_are_what_the_program_draws() -> None:
    """With the Pillow of `requirements`; another one may round a colour otherwise."""
    drawn = build.build()
    assert {name: hashlib.sha256(data).hexdigest() for name, data in drawn.items()} == {
        name: files.hash_of(name).hex() for name in PRODUCTS
    }
    assert sorted(path.stem for path in files.FOLDER.glob("*" + files.SUFFIX)) == sorted(PRODUCTS)


@pytest.mark.parametrize("name", PRODUCTS)
def test_form(name: str) -> None:
    data = files.file_of(name)
    pictures = form.decode(data)
    assert form.encode(pictures) == data
    assert [(picture.width, picture.height) for picture in pictures] == [(160, 100), (320, 200)]
    assert all(len(set(picture.pixels)) == len(picture.colours) <= 16 for picture in pictures)
    print(f"NOTE bank: art of {name} is {len(data)} bytes")
    assert len(data) <= AIM_BYTES


@pytest.mark.parametrize("name", PRODUCTS)
def test_label_and_number_can_be_read(name: str) -> None:
    accent = PRODUCTS[name].accent
    luma = ((accent >> 16) * 299 + (accent >> 8 & 0xFF) * 587 + (accent & 0xFF) * 114) // 1000
    ink = 0.0 if luma > BRIGHT else 1.0
    lowest = min(
        contrast(ink, luminance(colour))
        for picture in form.decode(files.file_of(name))
        for box in (LABEL, NUMBER)
        for colour in colours_in(picture, box)
    )
    print(f"NOTE bank: words on the art of {name} have a contrast of {lowest:.1f} at least")
    assert lowest >= READABLE


def test_dark_words_on_a_dark_picture_would_be_noticed() -> None:
    dark = Picture(160, 100, (0x2104,), bytes(16_000))
    (colour,) = colours_in(dark, LABEL)
    assert contrast(0.0, luminance(colour)) < READABLE < contrast(1.0, luminance(colour))
    assert round(contrast(luminance(0xFFFF), luminance(0)), 3) == 21


def test_no_two_cards_look_alike() -> None:
    assert len({files.hash_of(name) for name in PRODUCTS}) == len(PRODUCTS)
    assert len({product.accent for product in PRODUCTS.values()}) == len(PRODUCTS)


def test_broken_files() -> None:
    """Cut at every 50th byte, extended, and changed at random: a picture of the right size, or ArtProblem."""
    good = files.file_of("visa-18")
    for broken in (*(good[:length] for length in range(0, len(good), 50)), good + b"\x00", b"TWA1", bytes(24_577)):
        with pytest.raises(ArtProblem):
            form.decode(broken)
    rng, accepted = random.Random(23), 0
    for _ in range(100):
        data = bytearray(good)
        data[rng.randrange(len(data) if rng.random() < 0.7 else 50)] ^= 1 << rng.randrange(8)
        try:
            pictures = form.decode(bytes(data))
        except ArtProblem:
            continue
        accepted += 1
        assert [len(picture.pixels) for picture in pictures] == [16_000, 64_000]
    print(f"NOTE bank: 100 changed art files: {100 - accepted} refused, {accepted} of other colours, 0 crashed")


def test_a_run_ends_with_its_row() -> None:
    """Runs that fill the picture, each row's last one going on in the next row."""
    small = b"\x00\xa0\x00\x64\x01\xff\xff"
    large = form.encode(form.decode(files.file_of("visa-18")))
    large = large[large.index(b"\x01\x40\x00\xc8") :]
    even = bytes([0x0F]) * 1000
    odd = bytes([0x07]) + bytes([0x0F]) * 999 + bytes([0x07])
    assert form.decode(b"TWA1" + small + len(even).to_bytes(2, "big") + even + large)[0].pixels == bytes(16_000)
    with pytest.raises(ArtProblem, match="end of its row"):
        form.decode(b"TWA1" + small + len(odd).to_bytes(2, "big") + odd + large)


def test_what_cannot_be_encoded() -> None:
    small, large = form.decode(files.file_of("visa-18"))
    with pytest.raises(ArtProblem, match="160 by 100"):
        form.encode((large, small))
    with pytest.raises(ArtProblem, match="colours"):
        form.encode((small, Picture(320, 200, (0,), bytes([1]) * 64_000)))
    noise = random.Random(1).choices(range(16), k=64_000)
    with pytest.raises(ArtProblem, match="at most"):
        form.encode((small, Picture(320, 200, tuple(range(16)), bytes(noise))))


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_package_names_art_that_the_bank_has(world: World, name: str) -> None:
    digest = world.card(name).content[23]
    assert hashlib.sha256(world.bank.art(digest)).digest() == digest
    with pytest.raises(UnknownProblem):
        world.bank.art(bytes(32))


def test_art_over_http(world: World) -> None:
    async def run() -> None:
        async with serving(world) as session:
            digest = files.hash_of("closed-loop")
            assert await call(session, "GET", f"/v1/art/{digest.hex()}") == (200, {"art": files.file_of("closed-loop")})
            assert (await call(session, "GET", f"/v1/art/{bytes(32).hex()}"))[0] == 404
            assert (await call(session, "GET", "/v1/art/00"))[0] == 400

    asyncio.run(run())
