"""Write firmware/watch/crypto/p256_generator.py, the comb table of the P-256 generator, with python-ecdsa.

Run: python tests/host/crypto/generate_p256_table.py
"""

from pathlib import Path

from ecdsa.curves import NIST256p

TARGET = Path(__file__).parents[3] / "firmware/watch/crypto/p256_generator.py"
TEETH = 8
COLUMNS = 32
PRIME = int(NIST256p.curve.p())

_HEAD = '''"""The comb table of the P-256 generator.

Written by tests/host/crypto/generate_p256_table.py; not for editing.
128 entries in the form of `p256_point`, in the order of `p256_comb`.
"""

'''


def comb_table(point: object) -> bytes:
    """The table that `watch.crypto.p256_comb.build` makes for the same point."""
    out = bytearray()
    for place in range(1 << (TEETH - 1)):
        scalar = 1 << (COLUMNS * (TEETH - 1))
        for tooth in range(TEETH - 1):
            scalar += (1 if place >> tooth & 1 else -1) << (COLUMNS * tooth)
        total = (point * scalar).to_affine()
        for coordinate in (total.x(), total.y()):
            number = int(coordinate) * 2**260 % PRIME
            for limb in range(20):
                out += (number >> 13 * limb & 0x1FFF).to_bytes(2, "little")
    return bytes(out)


def text() -> str:
    """The whole module."""
    data = comb_table(NIST256p.generator)
    rows = [data[i : i + 28] for i in range(0, len(data), 28)]
    lines = "".join('    b"' + "".join(f"\\x{byte:02x}" for byte in row) + '"\n' for row in rows)
    return f"{_HEAD}TABLE = bytearray(  # starts on a word boundary, as viper needs it\n{lines})\n"


if __name__ == "__main__":
    TARGET.write_text(text())
