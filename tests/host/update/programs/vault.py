"""Writes the vault of a watch that has a passcode and no manufacturer yet, and its device secret, into two files.

Arguments: the passcode, the file of the vault, that of the secret.
"""

import sys

from support.world import World

from board.software_secret import SECRET_BYTES


def main(passcode: str, vault: str, secret: str) -> None:
    """The secret is that of the counting board; its clock stands still, so a passcode costs little."""
    world = World().set_passcode(passcode.encode())
    with open(vault, "wb") as file:
        file.write(world.board.flash._image)
    with open(secret, "wb") as file:
        file.write(bytes(range(SECRET_BYTES)))


main(*sys.argv[1:])
