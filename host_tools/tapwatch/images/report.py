"""How large an image is, room by room: a table for people, JSON for programs, and what must fit on the flash."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tapwatch.images.boards import Board

INDEX_ROOM = "index and signatures"
IMAGES_AT_ONCE = 3
"""Both slots, and the image that is being made or checked (docs/updates.md, "An update")."""
FILES_BYTES = 1 << 20
"""Of `vfs`, for what the watch keeps for apps and cards, a delta that arrives, and littlefs itself."""
_BLOCK_BYTES = 4_096
"""Of littlefs, which gives a file whole blocks."""
_BAR = 24
"""Characters of the longest bar."""

Rooms = dict[str, tuple[int, int]]
"""Number of files and bytes, by room."""


def room_of(path: str) -> str:
    """The room of a file of an image: `watch.kernel`, `drivers`, `fonts` and so on."""
    folders = path.split("/")[:-1]
    if not folders:
        return "start"
    return ".".join(folders[:2]) if folders[0] == "watch" else {"assets": "fonts"}.get(folders[0], folders[0])


def by_room(files: Mapping[str, bytes], image_bytes: int) -> Rooms:
    """Files and bytes of each room, the largest first; what is no file is a room too."""
    rooms: Rooms = {}
    for path, data in files.items():
        count, size = rooms.get(room_of(path), (0, 0))
        rooms[room_of(path)] = count + 1, size + len(data)
    rooms[INDEX_ROOM] = 0, image_bytes - sum(size for _, size in rooms.values())
    return dict(sorted(rooms.items(), key=lambda room: (-room[1][1], room[0])))


def table(rooms: Rooms) -> list[str]:
    """A printable line for each room, with its share of the image as a bar."""
    total = sum(size for _, size in rooms.values())
    most = max(size for _, size in rooms.values())
    width = max(map(len, rooms))
    lines = [f"{'room':<{width}}{'files':>7}{'bytes':>12}{'share':>8}"]
    for room, (count, size) in rooms.items():
        bar = "█" * round(_BAR * size / most)
        lines.append(f"{room:<{width}}{count or '':>7}{size:>12,}{100 * size / total:>6.1f} %  {bar}".rstrip())
    return [*lines, f"{'all':<{width}}{sum(count for count, _ in rooms.values()):>7}{total:>12,}"]


def facts(rooms: Rooms, files: Mapping[str, bytes]) -> dict[str, object]:
    """The same for programs, with length and SHA-256 of every file."""
    return {
        "rooms": [{"room": room, "files": count, "bytes": size} for room, (count, size) in rooms.items()],
        "files": {path: [len(data), hashlib.sha256(data).hexdigest()] for path, data in sorted(files.items())},
    }


def room_left(image_bytes: int, board: Board) -> int:
    """Bytes of `vfs` that are left when three such images and the watch's files lie there; negative if they do not."""
    blocks = -(-image_bytes // _BLOCK_BYTES)
    return board.vfs_bytes - FILES_BYTES - IMAGES_AT_ONCE * blocks * _BLOCK_BYTES


def check_room(image_bytes: int, board: Board) -> None:
    """Raise UserError if an update of this size could not be installed on the board."""
    left = room_left(image_bytes, board)
    if left < 0:
        raise UserError(
            f"the image has {image_bytes:,} bytes: three of them and {FILES_BYTES:,} bytes of files do not fit into "
            f"the {board.vfs_bytes:,} bytes of vfs on {board.title}",
            f"take {-left // IMAGES_AT_ONCE + 1:,} bytes out of it: the table of rooms says where they are",
            EXIT_FAILED,
        )
