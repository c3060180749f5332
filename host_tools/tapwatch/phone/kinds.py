"""The kinds of file that `tapwatch phone install` knows: one row each, told apart by what is in them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.apps import bundle
from tapwatch.bank.art import form
from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.phone import ndef
from tapwatch.phone.app_desk import ASKED
from tapwatch.simulator.messages import WatchRefused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from tapwatch.phone.relay import Phone, Progress

    Bring = Callable[[Phone, bytes, Progress], Awaitable[None]]

_WRITE_TAG = "Write it with a program for NFC tags, or give a text: `tapwatch phone tag TEXT`."
_PACK = "Make one from the app's folder: `tapwatch app pack`."
_TAKES = "It takes apps (TWB1), card art (TWA1) and an NDEF message for its tag: docs/formats.md."


@dataclass(frozen=True)
class Kind:
    """A kind of file: how to know it, what to look at before it is sent, how it goes, and what to say."""

    name: str
    is_it: Callable[[bytes], bool]
    check: Callable[[bytes], None]
    """Raises UserError for a file that the watch would not take."""
    bring: Bring
    """Hand it to the watch. Raises WatchRefused, LinkError, UserError."""
    done: str
    """What the watch has then."""
    refusals: Mapping[str, tuple[str, str]]
    """By status of the watch: what happened, and what to do."""


def kind_of(data: bytes) -> Kind:
    """The row for the content of a file. Raises UserError if there is none."""
    if not data:
        raise UserError("The file is empty.", "Was it copied whole?", EXIT_FAILED)
    for kind in KINDS:
        if kind.is_it(data):
            return kind
    raise UserError("The watch knows no file like this.", _TAKES, EXIT_FAILED)


def _is_art(data: bytes) -> bool:
    return data.startswith(form.MAGIC)


def _check_art(data: bytes) -> None:
    if len(data) > form.MAX_BYTES:
        raise UserError(f"Card art has at most {form.MAX_BYTES:,} bytes.", "Use fewer colours and larger areas.")
    try:
        form.decode(data)
    except form.ArtProblem as problem:
        raise UserError(f"The card art is damaged: {problem}.", "Get the file again from the bank.") from problem


async def _bring_art(phone: Phone, data: bytes, progress: Progress) -> None:
    await phone.bring_art(data, progress)


def _check_message(data: bytes) -> None:
    try:
        ndef.check(data)
    except ndef.NdefProblem as problem:
        raise UserError(f"The watch takes no such NDEF message: {problem}.", _WRITE_TAG) from problem


async def _bring_message(phone: Phone, data: bytes, progress: Progress) -> None:
    await phone.set_own_record(data)
    progress(len(data), len(data))


_LOOSE_MAGICS = (b"PK\x03\x04", b"M\x06")
"""A zip archive, and a compiled module of MicroPython (py/persistentcode.h, version 6)."""


def _is_bundle(data: bytes) -> bool:
    return data.startswith(bundle.MAGIC)


def _check_bundle(data: bytes) -> None:
    try:
        bundle.read(data)
    except bundle.BundleProblem as problem:
        raise UserError(f"The bundle is damaged: {problem}.", "Get the file again, or pack it again.") from problem


async def _bring_bundle(phone: Phone, data: bytes, progress: Progress) -> None:
    def told(state: str) -> None:
        if state == ASKED:
            print("Answer on the watch.", file=sys.stderr, flush=True)

    await _bring_list(phone)
    await phone.apps.install(data, progress, told)


async def _bring_list(phone: Phone) -> None:
    """The newest revocation list first. Who has no network installs by the list that the watch has."""
    try:
        await phone.bring_revocations()
    except WatchRefused:
        raise
    except UserError as problem:
        print(f"tapwatch: no new revocation list: {problem.message}", file=sys.stderr, flush=True)


def _is_loose(data: bytes) -> bool:
    return data.startswith(_LOOSE_MAGICS)


def _no_loose(_data: bytes) -> None:
    raise UserError("The watch takes apps as signed bundles only.", _PACK)


async def _never(_phone: Phone, data: bytes, _progress: Progress) -> None:
    _no_loose(data)


KINDS = (
    Kind(
        "card art",
        _is_art,
        _check_art,
        _bring_art,
        "the card that asks for it shows it",
        {
            "wrong-state": (
                "No card on the watch asks for this picture, or this device may not bring it.",
                "Add the card first, and use the watch's main phone or a computer.",
            ),
        },
    ),
    Kind(
        "NDEF message",
        ndef.looks_like,
        _check_message,
        _bring_message,
        "its tag gives this away by NFC",
        {
            "wrong-state": ("The watch takes a message for its tag only from its main phone.", "Use that phone."),
            "locked": ("The watch is locked.", "Enter the passcode on the watch."),
        },
    ),
    Kind(
        "app",
        _is_bundle,
        _check_bundle,
        _bring_bundle,
        "it is among the apps, or the faces, of the watch",
        {
            "wrong-state": (
                "Another app is being installed, or this device may not bring apps.",
                "Try again in two minutes, from the main phone or a computer.",
            ),
            "no-passcode": ("No passcode is chosen on the watch yet.", "Choose one on the watch, then try again."),
            "bad-input": ("The watch takes no such file.", "Is it a watch of this version?"),
        },
    ),
    Kind("loose code", _is_loose, _no_loose, _never, "", {}),
)
