"""Codes in a picture, by zxing-cpp: what the camera of a scanner would have seen."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, UserError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

MAX_PIXELS = 40_000_000
"""More than any camera a till has."""


def read(source: Path | BinaryIO) -> str:
    """Return the text of the one QR code or Code 128 in a picture; a text that is there twice counts once.

    Raises UserError if the picture cannot be read, if there is no code or more than one, or without zxing-cpp.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        import zxingcpp
    except ImportError as error:
        hint = "run: pip install zxing-cpp, or give the code with --code or --qr"
        raise UserError("pictures are read by zxing-cpp, which is not installed", hint) from error
    name = "the picture" if isinstance(source, io.IOBase) else str(source)
    try:
        with Image.open(source) as file:
            if file.width * file.height > MAX_PIXELS:
                raise UserError(f"{name} has too many pixels", "give a smaller picture")
            picture = file.convert("L")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError, SyntaxError) as error:
        raise UserError(f"{name} cannot be read as a picture", "give a PNG file") from error
    formats = zxingcpp.BarcodeFormats((zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128))
    found = {code.text for code in zxingcpp.read_barcodes(picture, formats, text_mode=zxingcpp.TextMode.Plain)}
    if len(found) != 1:
        how_many = "no code" if not found else f"{len(found)} codes"
        raise UserError(f"there is {how_many} in {name}", "hold the scanner so that it sees one", EXIT_FAILED)
    return found.pop()
