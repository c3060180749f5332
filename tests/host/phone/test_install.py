"""Files for the watch: what is refused here, what the watch refuses, and that a bad file keeps no other back."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import io
import os
from typing import TYPE_CHECKING, Any

import ndef as ndeflib
import pytest

from tapwatch.bank.art import files as art
from tapwatch.cli import build_parser
from tapwatch.errors import EXIT_FAILED, EXIT_OK, UserError
from tapwatch.phone import kinds, ndef, run, tag
from tapwatch.phone.install import installed
from tapwatch.phone.progress import Bar
from tapwatch.phone.relay import CARD_ART, OWN_RECORD, Phone
from tapwatch.simulator.frames import LinkError
from tapwatch.simulator.messages import WatchRefused

if TYPE_CHECKING:
    from pathlib import Path

ART = art.file_of("visa-18")
MESSAGE = tag.message("https://example.org")


class Watch:
    """Takes one picture and any message for its tag."""

    def __init__(self, *problems: Exception) -> None:
        """`problems` come first, one for each message."""
        self.problems = list(problems)
        self.record = b""
        self.held = b""

    async def ask(self, kind: int, body: Any) -> object:
        if self.problems:
            raise self.problems.pop(0)
        if kind == OWN_RECORD:
            self.record = body
            return None
        assert kind == CARD_ART
        digest, offset, total, part = body
        if digest != hashlib.sha256(ART).digest():
            raise WatchRefused(kind, "wrong-state")
        if offset and offset != len(self.held):
            raise WatchRefused(kind, "bad-input")
        self.held = self.held[:offset] + part
        assert total == len(ART)
        return len(self.held)


def bring(watch: Watch, *paths: Path, shown: io.StringIO | None = None) -> list[dict]:
    phone = Phone(watch.ask, bank=None)  # type: ignore[arg-type]
    return asyncio.run(installed(phone, paths, shown or io.StringIO()))


def file(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_kinds_are_known_by_content(tmp_path: Path) -> None:
    watch = Watch()
    facts = bring(watch, file(tmp_path, "a.ndef", ART), file(tmp_path, "b.twa", MESSAGE))
    assert [fact["kind"] for fact in facts] == ["card art", "NDEF message"]
    assert all(fact["installed"] for fact in facts) and watch.held == ART and watch.record == MESSAGE


HOSTILE = {
    "empty": (b"", "empty"),
    "text": ("谢谢\n".encode(), "knows no file"),
    "magic alone": (b"TWA1", "cut short"),
    "art cut short": (ART[:-1], "cut short"),
    "art with more behind": (ART + b"\0", "bytes after"),
    "large art": (ART + bytes(30_000), "at most 24,576"),
    "message cut short": (MESSAGE[:-1], "longer than the message"),
    "large message": (b"\xc1\x01" + (600).to_bytes(4, "big") + b"T" + bytes(600), "more than 512"),
    "zip": (b"PK\x03\x04" + bytes(60), "signed bundles only"),
    "module": (b"M\x06\x00\x1f" + bytes(60), "signed bundles only"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_bad_file_is_not_sent_and_keeps_no_other_back(tmp_path: Path, name: str) -> None:
    data, why = HOSTILE[name]
    watch = Watch()
    bad, good = bring(watch, file(tmp_path, "bad", data), file(tmp_path, "good", MESSAGE))
    assert not bad["installed"] and why in bad["says"]
    assert good["installed"] and watch.record == MESSAGE and watch.held == b""


def test_what_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe")
    paths = (tmp_path, tmp_path / "pipe", tmp_path / "nothing", tmp_path / ("x" * 300))
    watch = Watch()
    says = [fact["says"] for fact in bring(watch, *paths) if not fact["installed"]]
    for found, word in zip(says, ("a folder", "no file", "No such file", "too long"), strict=True):
        assert word in found
    locked = file(tmp_path, "locked", MESSAGE)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    assert "Permission denied" in bring(watch, locked)[0]["says"] and watch.record == b""


def test_what_the_watch_refuses_is_said(tmp_path: Path) -> None:
    other = file(tmp_path, "other", art.file_of("mastercard-14"))
    record = file(tmp_path, "record", MESSAGE)
    (fact,) = bring(Watch(), other)
    assert "No card on the watch asks for this picture" in fact["says"] and "Add the card" in fact["says"]
    for status, word in (("locked", "passcode"), ("wrong-state", "main phone"), ("storage-full", "storage-full")):
        (fact,) = bring(Watch(WatchRefused(OWN_RECORD, status)), record)
        assert word in fact["says"] and not fact["installed"]


@pytest.mark.parametrize("problem", [UserError("The watch is out of reach."), LinkError("noise")])
def test_after_a_lost_watch_nothing_more_is_tried(tmp_path: Path, problem: Exception) -> None:
    record = file(tmp_path, "record", MESSAGE)
    first, second, third = bring(Watch(problem), record, record, file(tmp_path, "bad", b""))
    assert "watch" in first["says"] and "Not sent" in second["says"] and "empty" in third["says"]
    assert not any(fact["installed"] for fact in (first, second, third))


def test_a_watch_that_lost_the_first_parts_gets_them_again(tmp_path: Path) -> None:
    watch = Watch()
    path = file(tmp_path, "art", ART)

    async def forgetful(kind: int, body: Any) -> object:
        if body[1] and not seen:
            seen.append(body[1])
            watch.held = b""
        return await watch.ask(kind, body)

    seen: list[int] = []
    phone = Phone(forgetful, bank=None)  # type: ignore[arg-type]
    (fact,) = asyncio.run(installed(phone, [path], io.StringIO()))
    assert fact["installed"] and watch.held == ART and seen
    refused = Watch(*(WatchRefused(CARD_ART, "bad-input") for _ in range(2)))
    assert not bring(refused, path)[0]["installed"], "twice, not for ever"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_is_for_eyes_only(tmp_path: Path) -> None:
    path = file(tmp_path, "art", ART)
    plain, seen = io.StringIO(), Terminal()
    bring(Watch(), path, shown=plain)
    bring(Watch(), path, shown=seen)
    assert plain.getvalue() == "" and seen.getvalue().endswith("█ 100 %\n")
    Bar("x", seen).end()
    assert seen.getvalue().count("\n") == 1


def test_the_exit_code(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for done, code in ((True, EXIT_OK), (False, EXIT_FAILED)):

        async def act(_arguments: argparse.Namespace, done: bool = done) -> list[dict[str, object]]:
            return [{"file": "a", "installed": True}, {"file": "b", "installed": done}]

        monkeypatch.setattr(run, "act", act)
        assert run.run(argparse.Namespace(json=not done)) == code
    assert '"installed": false' in capsys.readouterr().out


def test_the_command_line() -> None:
    arguments = build_parser().parse_args(["phone", "install", "a", "b", "--watch", "Tapwatch", "--json"])
    assert [path.name for path in arguments.files] == ["a", "b"] and arguments.action == "install"
    with pytest.raises(SystemExit):
        build_parser().parse_args(["phone", "install", "--watch", "Tapwatch"])


def octets(records: list) -> bytes:
    """A message made by the other library."""
    return b"".join(ndeflib.message_encoder(records))  # type: ignore[arg-type]


MESSAGES = (
    [
        ndeflib.TextRecord("hello"),
        ndeflib.UriRecord("https://example.org"),
        ndeflib.Record("image/png", "1", b"x" * 300),
    ],
    [ndeflib.Record()],
    [ndeflib.SmartposterRecord("https://example.org", "Example")],
    [ndeflib.Record("urn:nfc:ext:example.org:x", "", b"y")],
    [ndeflib.TextRecord("x")] * 16,
)


def test_messages_of_another_library_are_taken() -> None:
    for records in MESSAGES:
        data = octets(records)
        assert ndef.looks_like(data) and ndef.check(data) == len(records)


def test_what_another_library_cannot_read_is_refused() -> None:
    """Every cut, and every other value of the first bytes: what is let through, ndeflib reads too."""
    whole = octets(MESSAGES[0][:2])
    tried = [whole[:at] for at in range(len(whole))]
    tried += [whole[:at] + bytes([value]) + whole[at + 1 :] for at in range(4) for value in range(256)]
    taken = [data for data in tried if data and ndef.looks_like(data) and passes(data)]
    for data in taken:
        with contextlib.suppress(ValueError):  # a type whose name it does not like; a wrong form is a DecodeError
            list(ndeflib.message_decoder(data, errors="strict", known_types={}))
    assert len(taken) < len(tried) // 2
    print(f"NOTE install: {len(taken)} of {len(tried)} damaged NDEF messages are well formed, to ndeflib too")
    for wrong in (octets([ndeflib.TextRecord("x")] * 17), whole + b"\0", b"\xd7\0\0"):
        assert not passes(wrong)


def passes(data: bytes) -> bool:
    try:
        ndef.check(data)
    except ndef.NdefProblem:
        return False
    return True


def test_rows_are_whole() -> None:
    """A row is known by a name of its own and says what the watch has then, unless its files are always refused."""
    assert len({kind.name for kind in kinds.KINDS}) == len(kinds.KINDS)
    assert [kind.name for kind in kinds.KINDS if not kind.done] == ["loose code"]
