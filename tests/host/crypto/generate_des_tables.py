"""Write firmware/watch/crypto/des_tables.py from the S-boxes and permutations of pyDes.

Run: python tests/host/crypto/generate_des_tables.py
"""

import struct
from pathlib import Path

import pyDes

TARGET = Path(__file__).parents[3] / "firmware/watch/crypto/des_tables.py"

SOURCE = vars(pyDes.des)

# S-boxes in the order of the bytes of the two round words, most significant first.
ODD = (0, 2, 4, 6)
EVEN = (1, 3, 5, 7)

_HEAD = '''"""DES tables, written by tests/host/crypto/generate_des_tables.py; not for editing. FIPS 46-3.

`SP` joins each S-box with the permutation P: 512 little-endian words, 64 per box, boxes 1 3 5 7 2 4 6 8, each word
rotated left by three bits as the cipher keeps its state. `KEY_BITS` holds, per round and box 1 3 5 7 2 4 6 8, the
position in the 64-bit key (0 = most significant) of each of the six round key bits.
"""

'''


def sp_words() -> list[int]:
    """The 512 words of `SP`."""
    return [_sp_word(box, value) for box in ODD + EVEN for value in range(64)]


def _sp_word(box: int, value: int) -> int:
    row = value >> 4 & 2 | value & 1
    column = value >> 1 & 15
    word = SOURCE["_des__sbox"][box][row * 16 + column] << (28 - 4 * box)
    permutation = SOURCE["_des__p"]
    permuted = sum((word >> (31 - source) & 1) << (31 - i) for i, source in enumerate(permutation))
    return (permuted << 3 | permuted >> 29) & 0xFFFFFFFF


def key_bits() -> list[int]:
    """The 768 entries of `KEY_BITS`."""
    pc1 = SOURCE["_des__pc1"]
    pc2 = SOURCE["_des__pc2"]
    shift = 0
    bits = []
    for left in SOURCE["_des__left_rotations"]:
        shift += left
        for box in ODD + EVEN:
            for source in pc2[6 * box : 6 * box + 6]:
                half = source // 28 * 28
                bits.append(pc1[half + (source - half + shift) % 28])
    return bits


def _literal(name: str, data: bytes) -> str:
    rows = [data[i : i + 24] for i in range(0, len(data), 24)]
    lines = "".join('    b"' + "".join(f"\\x{byte:02x}" for byte in row) + '"\n' for row in rows)
    return f"{name} = (\n{lines})\n"


def text() -> str:
    """The whole module."""
    return _HEAD + _literal("SP", struct.pack("<512I", *sp_words())) + _literal("KEY_BITS", bytes(key_bits()))


if __name__ == "__main__":
    TARGET.write_text(text())
