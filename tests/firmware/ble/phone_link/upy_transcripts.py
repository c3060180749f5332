"""Conversations of Gadgetbridge, written down byte by byte, replayed in writes of 20 and of 128 bytes."""

import json

from tests.firmware.ble.phone_link.desk import Desk, settle
from tests.firmware.ble.phone_link.values import value_at

FOLDER = "tests/vectors/phone_link/"


def replay(name, piece):
    """Play one conversation; returns how many lines of it there are."""
    with open(FOLDER + name, "rb") as file:
        lines = file.read().split(b"\n")
    expected = []

    async def story(desk):
        desk.piece = piece
        for line in lines:
            mark, rest = line[:2], line[2:]
            if mark == b"> ":
                desk.bytes(rest.replace(b"^P", b"\x10") + b"\n")
                await settle()
                desk.known.clock.ms += 1_000
                desk.known.notifications.tick()
                expected.extend(desk.said())
            elif mark == b"< ":
                said, wanted = expected.pop(0), json.loads(rest)
                assert said == wanted, f"{said} is not {wanted}"
            elif mark == b"= ":
                assert not expected, expected
                path, wanted = str(rest, "utf-8").split(" ", 1)
                found = value_at(desk.known, path)
                assert found == json.loads(wanted), f"{path} is {found!r}"
        assert not expected, expected
        assert desk.service.dropped == 0

    desk = Desk()
    desk.play(story)
    return len(lines), desk.service


def test_a_morning():
    for piece in (20, 128):
        lines, service = replay("morning.txt", piece)
        assert (service.ignored, service.refused) == (1, 3), (service.ignored, service.refused)
    print(f"NOTE phone link: a morning of {lines} lines, in writes of 20 and 128 bytes")


def test_text_as_bitmaps():
    for piece in (20, 128):
        _, service = replay("pictures.txt", piece)
        assert service.refused == 0
