"""Card art for tests, encoded here by docs/formats.md."""

_SIZES = ((160, 100), (320, 200))


def art_file(colours: bytes = b"\xf8\x00\x07\xe0") -> bytes:
    """A file with two colours in stripes of 16 pixels."""
    data = b"TWA1"
    for w, h in _SIZES:
        row = bytes((run % 2) << 4 | 15 for run in range(w // 16))
        runs = row * h
        data += w.to_bytes(2, "big") + h.to_bytes(2, "big") + bytes((len(colours) // 2,)) + colours
        data += len(runs).to_bytes(2, "big") + runs
    return data
