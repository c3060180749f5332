"""`tapwatch update` against a watch on paper: what it sends, what it waits for, and every way in which it may end."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tapwatch import cli
from tapwatch.errors import EXIT_FAILED, EXIT_OK, UserError
from tapwatch.images import container, delta
from tapwatch.phone import update_desk
from tapwatch.phone.update_desk import Incoming, UpdateDesk, WatchSystem
from tapwatch.simulator.messages import WatchRefused
from tapwatch.update import course as course_room
from tapwatch.update import links
from tapwatch.update.candidate import Candidate
from tapwatch.update.course import Course
from tests.host.flashing import kit

if TYPE_CHECKING:
    from pathlib import Path

PART = update_desk.PART_BYTES
OLD = kit.system(size=20_000)
NEW = kit.system(size=20_000, seed=4, **{"more.py": b"pass\n"})
BOARD = kit.BOARD


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOOK_S", "BUSY_S", "LINK_PAUSE_S"):
        monkeypatch.setattr(course_room, name, 0.0)


class PaperWatch:
    """Answers as a watch does. `states`: what it says of the file once that is whole; then it restarts."""

    def __init__(self, states: tuple[str, ...] = ("checking", "asked", "writing", "restarting")) -> None:
        self.version, self.posture, self.floor, self.board = "1.2.3", "development", "1.0.0", BOARD
        self.runs, self.trial = hashlib.sha256(OLD).digest(), 0
        """Image that runs, and how many more questions it is on trial."""
        self.states = list(states)
        self.early: list[str] = []
        """What it says first of a file that is not whole; then it asks its wearer."""
        self.goes_back = False
        self.held, self.digest, self.total = bytearray(), b"", 0
        self.refuses: list[str] = []
        self.breaks: set[int] = set()
        """Messages, by number, whose answer is lost."""
        self.asked = 0

    async def ask(self, kind: int, body: object) -> object:
        """One message."""
        self.asked += 1
        answer = {25: self._state, 26: self._part, 27: self._go}[kind](body)
        if self.asked in self.breaks:
            raise UserError("the watch went away")
        return answer

    def _state(self, _body: object) -> dict[int, object]:
        incoming = [self.digest, len(self.held), self.total] if self.held else None
        self.trial, state = max(0, self.trial - 1), "trial" if self.trial else "proved"
        digest = self.runs[:8]
        return {
            1: self.version,
            2: self.posture,
            3: "a",
            4: state,
            5: digest,
            6: incoming,
            7: self.board,
            8: self.floor,
        }

    def _part(self, body: object) -> int:
        assert isinstance(body, list)
        digest, offset, total, part = body
        assert len(part) <= PART
        if self.refuses:
            raise WatchRefused(26, self.refuses.pop(0))
        if offset == 0:
            self.held, self.digest, self.total = bytearray(), digest, total
        if (digest, offset) != (self.digest, len(self.held)):
            raise WatchRefused(26, "bad-input")
        self.held += part
        return len(self.held)

    def _go(self, body: object) -> list[object]:
        if body != self.digest or not self.held:
            return ["unknown", 0]
        if len(self.held) < self.total:
            return [self.early.pop(0) if self.early else "asked", 50]
        state = self.states.pop(0) if self.states else "restarting"
        if state == "restarting" and not self.states:
            assert hashlib.sha256(self.held).digest() == self.digest
            self.held, self.trial = bytearray(), 2
            self.runs = self.runs if self.goes_back else hashlib.sha256(NEW).digest()
        return [state, 100]


def candidate(*bases: bytes) -> Candidate:
    """The new system."""
    return Candidate(NEW, container.read(NEW), bases)


def bring(watch: PaperWatch, *bases: bytes) -> tuple[WatchSystem, list[str]]:
    """The whole course; what runs then, and what was told."""

    async def main() -> tuple[WatchSystem, list[str]]:
        told: list[str] = []
        desk = UpdateDesk(watch.ask)
        system, new = await desk.system(), candidate(*bases)
        new.expect_fit(system)
        return await Course(desk, new, told.append, lambda done, total: None).run(system, new.parcel(system)), told

    return asyncio.run(main())


def test_all_of_it() -> None:
    watch = PaperWatch()
    now, told = bring(watch)
    assert now.state == "proved" and told == ["asked", "checking", "asked", "writing", "restarting", "trial"]


def test_the_question_is_told_when_it_is_asked_and_not_when_all_has_come() -> None:
    """The wearer has a minute, and all of an image takes longer: docs/updates.md."""
    watch, held = PaperWatch(), []
    watch.early = ["coming", "checking", "checking"]
    desk, new = UpdateDesk(watch.ask), candidate()

    def told(state: str) -> None:
        held.append((state, len(watch.held)))

    async def main() -> None:
        await Course(desk, new, told, lambda done, total: None).run(
            await desk.system(), new.parcel(await desk.system())
        )

    asyncio.run(main())
    first = next(count for state, count in held if state == "asked")
    assert first == -(-course_room.HEAD_BYTES // PART) * PART + 3 * PART < len(NEW), held
    assert watch.asked < len(NEW) // PART + 20, "once it was told, no part is followed by a question"


def test_a_watch_without_a_passcode_is_told_in_plain_words_at_once() -> None:
    watch = PaperWatch()
    watch.refuses = ["no-passcode"] * 9
    with pytest.raises(UserError, match="no passcode is chosen on the watch") as refused:
        bring(watch)
    assert (refused.value.exit_code, watch.asked) == (EXIT_FAILED, 2)
    assert "choose a passcode on the watch first" in refused.value.hint


def test_a_delta_is_sent_where_its_base_runs_and_it_pays() -> None:
    system = WatchSystem.read(PaperWatch()._state(None))
    assert candidate(NEW).parcel(system).kind == "image", "the base does not run there"
    parcel = candidate(NEW, OLD).parcel(system)
    assert parcel.kind == "delta" and delta.apply(OLD, parcel.data) == NEW
    begun = replace(system, incoming=Incoming(hashlib.sha256(NEW).digest(), 9, len(NEW)))
    assert candidate(OLD).parcel(begun).kind == "image", "the watch has some of it already"
    noise = kit.system(size=20_000, seed=99)
    runs = replace(system, digest=hashlib.sha256(noise).digest()[:8])
    assert Candidate(NEW, container.read(NEW), [noise]).parcel(runs).kind == "image", "it does not pay"


def test_a_broken_link_and_a_part_that_was_taken_all_the_same() -> None:
    """Each message in turn loses its answer: all of it goes on from where the watch is."""
    watch = PaperWatch()
    bring(watch)
    for number in range(2, watch.asked):  # the first one asks whether there is a watch at all
        other = PaperWatch()
        other.breaks = {number}
        now, _ = bring(other)
        assert now.runs(hashlib.sha256(NEW).digest()), number
    print(f"NOTE update: the answer to each of {watch.asked} messages lost, 0 updates lost")


def test_it_goes_on_where_an_earlier_command_ended() -> None:
    whole, watch = PaperWatch(), PaperWatch()
    bring(whole)
    watch.held, watch.digest, watch.total = bytearray(NEW[:4096]), hashlib.sha256(NEW).digest(), len(NEW)
    bring(watch)
    assert watch.asked == whole.asked - 4096 // PART, "nothing was sent twice"


def test_a_watch_that_pays_is_waited_for() -> None:
    watch = PaperWatch()
    watch.refuses = ["wrong-state"] * 3
    assert bring(watch)[0].state == "proved"


@pytest.mark.parametrize(
    ("states", "words"),
    [
        (("declined",), "said no"),
        (("asked", "declined"), "said no"),
        (("update-signer",), "too few"),
        (("asked", "writing", "update-damaged"), "damaged"),
        (("storage-full",), "no room"),
        (("something-new",), "something-new"),
    ],
)
def test_what_the_watch_refuses_is_said(states: tuple[str, ...], words: str) -> None:
    with pytest.raises(UserError, match=words) as refused:
        bring(PaperWatch(states))
    assert refused.value.exit_code == EXIT_FAILED


def test_a_system_that_went_back_is_no_success() -> None:
    watch = PaperWatch()
    watch.goes_back = True
    with pytest.raises(UserError, match=r"did not start well; version 1\.2\.3 is back") as ended:
        bring(watch)
    assert ended.value.exit_code == EXIT_FAILED


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"board": "other"}, "for the board"),
        ({"posture": "release"}, "takes no other"),
        ({"version": "1.2.4"}, "older than 1.2.4"),
        ({"floor": "2.0.0"}, "older than 2.0.0"),
    ],
)
def test_what_does_not_fit_is_not_sent(changes: dict[str, str], words: str) -> None:
    watch = PaperWatch()
    vars(watch).update(changes)
    with pytest.raises(UserError, match=words):
        bring(watch)
    assert watch.asked == 1


@pytest.mark.parametrize("body", [None, {}, {1: "1"}, {**dict.fromkeys(range(1, 9), "x")}, [1]])
def test_an_answer_that_makes_no_sense(body: object) -> None:
    with pytest.raises(UserError, match="did not say what runs"):
        WatchSystem.read(body)


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    watch, image = PaperWatch(), tmp_path / "new.twi"
    image.write_bytes(NEW)

    class _Opened:
        async def __aenter__(self) -> UpdateDesk:
            return UpdateDesk(watch.ask)

        async def __aexit__(self, *_: object) -> None:
            """Nothing to close."""

    monkeypatch.setattr(links, "opened", lambda arguments, board: _Opened())
    assert cli.main(["update", str(image), "--check", "--json"]) == EXIT_OK
    assert '"sent": "image"' in capsys.readouterr().out and not watch.held
    assert cli.main(["update", str(image)]) == EXIT_OK
    heard = capsys.readouterr()
    assert "Answer on the watch." in heard.err and "has proved itself" in heard.out
    assert cli.main(["update", str(image)]) == EXIT_OK
    assert "it runs already" in capsys.readouterr().out
    image.write_bytes(b"TWI1")
    assert cli.main(["update", str(image)]) == EXIT_FAILED
    assert "no system image" in capsys.readouterr().err
