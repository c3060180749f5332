"""What is in an image, against an independent reader; what is not; and what is refused."""

from __future__ import annotations

import hashlib
from pathlib import Path

import cbor2
import pytest
from pycose.headers import KID
from pycose.keys import EC2Key
from pycose.messages import Sign1Message

from tapwatch.errors import UserError
from tapwatch.images import boards, container, development, report
from tapwatch.images.build import Built, Plan, build, plan
from tapwatch.images.container import ImageProblem
from tapwatch.images.reach import reached
from tests.host.images import trees
from tests.host.images.reader import read
from tests.host.images.trees import BOARD, BUILT_S, plan_of

FACTS = f'''"""What this image is. Written by `tapwatch build`."""

BOARD = "trial"
VERSION = "1.4.0"
BUILT_S = {BUILT_S}
POSTURE = "development"
'''
PATHS = [
    "assets/OFL.txt",
    "assets/body.large.twf",
    "board/parts/power.mpy",
    "board/trial/board.mpy",
    "drivers/bus.mpy",
    "drivers/lamp.mpy",
    "facts.py",
    "main.py",
    "watch/__init__.mpy",
    "watch/kernel/errors.mpy",
    "watch/ui/viper.mpy",
]


def test_an_image_is_what_the_page_says(small: Built) -> None:
    pairs, payload, files = read(small.image)
    body = small.image[-payload[6] :]
    assert [payload[key] for key in (1, 2, 3, 4, 5, 9)] == [
        "trial",
        [1, 4, 0],
        [0, 0, 0],
        BUILT_S,
        "development",
        "xtensawin",
    ]
    assert payload[7] == hashlib.sha256(body).digest() and len(payload) == 9 and len(pairs) == 1
    assert files == small.files and b"".join(files.values()) == body[int(body[:8]) :]


def test_only_what_the_board_needs_is_in_it(small: Built) -> None:
    """Whatever is imported, also in a function; not what only type checkers read, nor other boards' parts and fonts."""
    _, _, files = read(small.image)
    assert list(files) == PATHS
    assert files["facts.py"].decode() == FACTS
    assert files["assets/body.large.twf"] == b"large" * 40


def test_modules_are_for_the_watch_and_bear_no_folder_of_this_computer(small: Built, small_tree: Path) -> None:
    module = small.files["watch/ui/viper.mpy"]
    assert module[:2] == b"M\x06" and module[2] >> 2 == 10, "xtensawin, py/persistentcode.h"
    assert module[3] == 31, "bits of small integers on the board"
    assert b"watch/ui/viper.py" in module
    assert not [path for path, data in small.files.items() if str(small_tree).encode() in data]


def test_pycose_finds_the_signatures_good(small: Built) -> None:
    """Of the image by the update key, of its certificate by the root; and bad with one bit changed."""
    pairs, _, _ = read(small.image)
    for data, key in zip(pairs[0], (development.root_key(), development.update_key()), strict=True):
        for wanted, said in ((True, data), (False, data[:-1] + bytes([data[-1] ^ 1]))):
            message = Sign1Message.from_cose_obj(cbor2.loads(said), allow_unknown_attributes=True)
            assert message.phdr[KID] == key.key_id
            message.key = EC2Key(crv="P_256", x=key.public[:32], y=key.public[32:])
            assert message.verify_signature() is wanted


def test_a_board_with_small_glass_gets_its_fonts(tmp_path: Path) -> None:
    tree = trees.small(tmp_path)
    facts = tree / f"board/{BOARD}/board.toml"
    facts.write_text(facts.read_text().replace("410x502", "240x240"))
    assert "assets/body.small.twf" in build(plan_of(tree)).files


def test_a_board_that_hears_gets_the_weights_of_the_voice_and_no_other(tmp_path: Path) -> None:
    tree = trees.small(tmp_path)
    (tree / "firmware/assets/voice.en.twv").write_bytes(b"TWV2")
    assert "assets/voice.en.twv" not in build(plan_of(tree)).files
    (tree / "firmware/drivers/pdm_microphone.py").write_text("HEARS = 1\n")
    own = tree / f"board/{BOARD}/board.py"
    own.write_text("import drivers.pdm_microphone\n" + own.read_text())
    assert build(plan_of(tree)).files["assets/voice.en.twv"] == b"TWV2"


@pytest.mark.parametrize("name", boards.names())
def test_boards_that_say_they_leave_the_microphone_out_carry_nothing_of_it(name: str) -> None:
    files = reached(boards.ROOT, ("firmware/main.py", f"board/{name}/board.py"))
    hears = "firmware/drivers/pdm_microphone.py" in files
    assert hears != any("microphone" in part for part in boards.read(name).left_out)
    print(f"NOTE image of {name}: {'hears' if hears else 'no microphone, no weights'}")


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("firmware/drivers/lamp.py", "from drivers import nothing_there\nimport drivers.none\n", "is not there"),
        ("firmware/drivers/lamp.py", "def f(:\n", "does not compile"),
        ("firmware/watch/ui/viper.py", "@micropython.viper\ndef f(a: ptr9): pass\n", "does not compile"),
        (f"board/{BOARD}/board.py", None, "board.py is not there"),
        ("firmware/main.py", None, "main.py is not there"),
        ("firmware/assets/body.large.twf", None, "no fonts for 410x502"),
    ],
)
def test_a_tree_that_lacks_something_is_refused(path: str, text: str | None, words: str, tmp_path: Path) -> None:
    tree = trees.small(tmp_path)
    if text is None:
        (tree / path).unlink()
    else:
        (tree / path).write_text(text)
    with pytest.raises(UserError, match=words):
        build(plan_of(tree))


@pytest.mark.parametrize("version", ["1", "1.2", "1.2.3.4", "v1.2.3", "1.2.10000", "01.2.3", "1.2.-3", "1.2.3 "])
def test_a_version_is_three_numbers(version: str, small_tree: Path) -> None:
    with pytest.raises(UserError, match="is no version"):
        plan_of(small_tree, version=version)


def test_a_floor_above_the_version_is_refused(small_tree: Path) -> None:
    assert plan_of(small_tree, floor="1.4.0").floor == (1, 4, 0)
    with pytest.raises(UserError, match="the floor is above"):
        plan_of(small_tree, floor="1.4.1")


def test_the_version_is_that_of_the_project(small_tree: Path) -> None:
    assert plan(small_tree, BOARD).version == (1, 4, 0)


def test_an_image_that_fills_the_flash_is_refused(small: Built, small_tree: Path) -> None:
    """Three of them and the files of the watch must fit; one block more and they do not."""
    board = plan_of(small_tree).board
    most = (board.vfs_bytes - report.FILES_BYTES) // 3 // 4096 * 4096
    report.check_room(most, board)
    with pytest.raises(UserError, match="do not fit into") as caught:
        report.check_room(most + 1, board)
    assert caught.value.hint.startswith("take ") and report.room_left(len(small.image), board) > 0


def test_the_report_counts_every_byte(small: Built) -> None:
    assert sum(size for _, size in small.rooms.values()) == len(small.image)
    assert sum(count for count, _ in small.rooms.values()) == len(small.files)
    lines = report.table(small.rooms)
    assert len({line.index("%") for line in lines[1:-1]}) == 1
    assert "watch.kernel" in "\n".join(lines) and lines[-1].endswith(f"{len(small.image):,}")


@pytest.mark.parametrize("path", ["", "/main.py", "../main.py", "a b", "a//b", "a\n", "a/", ".hidden", "a/é", "a" * 97])
def test_a_path_that_may_not_be_is_refused(path: str) -> None:
    with pytest.raises(ImageProblem, match="is no path"):
        container.write_body({path: b""})


def test_a_body_has_a_most(tmp_path: Path) -> None:
    """What a watch takes at most; the whole file then has 4 MiB."""
    room = container.MOST_BODY_BYTES - len(container.write_body({"a": bytes(4_000_000)})) + 4_000_000
    assert len(container.write_body({"a": bytes(room)})) == container.MOST_BODY_BYTES
    with pytest.raises(ImageProblem, match="at most 4190208"):
        container.write_body({"a": bytes(room + 1)})
    tree = trees.small(tmp_path)
    (tree / "firmware/assets/body.large.twf").write_bytes(bytes(room))
    with pytest.raises(UserError, match="no watch could take"):
        build(plan_of(tree))


def test_an_index_has_a_most() -> None:
    with pytest.raises(ImageProblem, match="at most 65536"):
        container.write_body({f"file{number:05d}": b"" for number in range(5_000)})


@pytest.mark.parametrize("count", [1, 9, 10, 11, 99, 100, 101, 1000])
def test_the_index_counts_itself_whatever_its_length(count: int) -> None:
    """Lengths at which offsets get another digit."""
    files = {f"f{number}": bytes(number % 13) for number in range(count)}
    body = container.write_body(files)
    index = container.read_index(body)
    assert {path: body[start : start + size] for path, (start, size) in index.items()} == files


def test_a_wrong_index_is_refused() -> None:
    good = container.write_body({"a": b"12", "b": b"345"})
    assert list(container.read_index(good)) == ["a", "b"]
    changed = [good.replace(b"a 23 2", text) for text in (b"c 23 2", b"a 24 2", b"a 23 3", b"a 23  ", b"/ 23 2")]
    for wrong in (*changed, good[:-1], good + b"1", good[1:], b"", b"00000009", b"00000009\n1", b"0000000x\n"):
        with pytest.raises(ImageProblem):
            container.read_index(wrong)


def test_a_release_is_of_a_commit_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a checkout; a tree without git is taken as it is."""
    monkeypatch.setattr("tapwatch.images.build._git", lambda _root, *words: " M firmware/main.py" if words else None)
    tree = trees.small(tmp_path)
    with pytest.raises(UserError, match=r"firmware/main\.py is not as it was committed"):
        build(Plan(**{**vars(plan_of(tree)), "posture": "release"}))
