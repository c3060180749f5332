"""Which device secret a board has: the key in its eFuses, else a file that is made at the first start."""

from errno import EIO, ENOENT
from os import rename

from micropython import const

from board.parts.efuse_secret import EfuseSecret
from board.software_secret import SECRET_BYTES, from_file

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from board.parts.efuse_secret import Memory
    from board.ports import Entropy, Secret


def device_secret(memory: "Memory", block: "Optional[int]", path: str, entropy: "Entropy") -> "Secret":
    """The secret in key block `block`, None if this watch has none there; else that of the file at `path`.

    The file is written whole or not at all, and only while the source of entropy runs. Raises OSError, ValueError.
    """
    if block is not None:
        return EfuseSecret(memory, block)
    try:
        return from_file(path)
    except OSError as error:
        if error.errno != ENOENT:
            raise
    _make(path, entropy)
    return from_file(path)


def _make(path: str, entropy: "Entropy") -> None:
    secret = bytearray(SECRET_BYTES)
    try:
        if not entropy.running():
            raise OSError(EIO)
        entropy.read(secret)
        if not any(secret) or not entropy.running():
            raise OSError(EIO)
        with open(path + ".new", "wb") as file:
            file.write(secret)
        rename(path + ".new", path)
    finally:
        for index in range(SECRET_BYTES):
            secret[index] = 0
