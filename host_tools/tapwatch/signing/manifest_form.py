"""What the manifest of a bundle and its files must be: docs/bundles.md, checked without the code that packs."""

from __future__ import annotations

import re
import struct
from typing import Any

from tapwatch.signing import cbor
from tapwatch.signing.forms import Check, Field, is_version, number, octets, problems, text
from tapwatch.signing.labels import is_label

API_LEVEL = 1
_PERMISSIONS = (
    "glance haptics light timers alarms calendar weather music find_phone activity loyalty dice gamepad location"
    " phone_files phone_intents storage notify background web motion sound payment complication"
)
PERMISSIONS = frozenset(_PERMISSIONS.split())
LANGUAGES = ("en", "zh")
MOST_MODULE_BYTES = 24_576
MOST_FILES = 24
WORDS, ICON_FILE = "words.cbor", "icon.img"
_MOST_HOSTS = 4
_ID = re.compile(r"[a-z][a-z0-9_]{1,23}")
_ENTRY = re.compile(r"(?=.{1,49}$)[a-z][a-z0-9_]{1,23}\.[A-Za-z_][A-Za-z0-9_]*")
_ICON = re.compile(r"[a-z0-9_]{0,24}")
_HOST = re.compile(r"(?=.{1,64}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_FILE = re.compile(r"[a-z][a-z0-9_]{1,23}\.(mpy|img)|words\.cbor")
_MPY = b"M\x06\x00"  # version 6, no architecture and no native code
_PICTURE = b"TWI1"
_PICTURES = 2  # for the small panel and for the large one
_MOST_SIDE = 502
_MOST_COLOURS = 16


def _matches(pattern: re.Pattern[str]) -> Check:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _rising(value: Any, most: int, check: Check) -> bool:
    return isinstance(value, list) and len(value) <= most and all(map(check, value)) and value == sorted(set(value))


def _are_names(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == set(LANGUAGES) and all(map(is_label, value.values()))


def _is_permission(value: Any) -> bool:
    return isinstance(value, str) and value in PERMISSIONS


def _are_files(value: Any) -> bool:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_FILES:
        return False
    if not all(isinstance(entry, list) and len(entry) == 3 for entry in value):
        return False
    names, lengths, digests = zip(*value, strict=True)
    sound = all(map(_matches(_FILE), names)) and all(map(number(), lengths)) and all(map(octets(32), digests))
    return sound and list(names) == sorted(set(names))


FIELDS: dict[int, Field] = {
    1: ("id", _matches(_ID)),
    2: ("version", is_version),
    3: ("kind", lambda value: value in ("app", "face")),
    4: ("API level", lambda value: number(API_LEVEL)(value) and value > 0),
    5: ("entry", _matches(_ENTRY)),
    6: ("names", _are_names),
    7: ("icon", _matches(_ICON)),
    8: ("colour", number(0xFFFFFF)),
    9: ("permissions", lambda value: _rising(value, len(PERMISSIONS), _is_permission)),
    10: ("hosts", lambda value: _rising(value, _MOST_HOSTS, _matches(_HOST))),
    11: ("files", _are_files),
    12: ("needs a licence", lambda value: isinstance(value, bool)),
    13: ("source", octets(32)),
    14: ("tools", text(120)),
}


def manifest_problems(manifest: Any) -> list[str]:
    """What is wrong with the payload of a manifest, in words; empty if nothing is."""
    found = problems(FIELDS, manifest)
    if found:
        return found
    names = [entry[0] for entry in manifest[11]]
    if manifest[5].split(".")[0] + ".mpy" not in names:
        found.append(f"the entry {manifest[5]} is in none of the modules")
    if not manifest[7] and ICON_FILE not in names:
        found.append(f"it has no icon of the watch and no {ICON_FILE}")
    if manifest[10] and "web" not in manifest[9]:
        found.append("it has hosts, but not the permission web")
    return found


def file_problems(name: str, data: bytes) -> list[str]:
    """What is wrong with a file of a bundle, as far as its form tells; the bytecode is not looked into."""
    if name.endswith(".mpy"):
        return _module_problems(data)
    if name.endswith(".img"):
        return [] if _is_picture_file(data) else ["it holds no pictures of the watch's form"]
    return [] if name == WORDS and _are_words(data) else ["it is no map of languages to texts"]


def _module_problems(data: bytes) -> list[str]:
    if len(data) > MOST_MODULE_BYTES:
        return [f"a module has at most {MOST_MODULE_BYTES} bytes"]
    return [] if data.startswith(_MPY) else ["it is not bytecode of version 6 without native code"]


def _are_words(data: bytes) -> bool:
    try:
        words = cbor.decode(data)
    except cbor.CborProblem:
        return False
    if not isinstance(words, dict) or not words or not set(words) <= set(LANGUAGES):
        return False
    tables = [table for table in words.values() if isinstance(table, dict)]
    pairs = [pair for table in tables for pair in table.items()]
    return len(tables) == len(words) and all(isinstance(word, str) for pair in pairs for word in pair)


def _is_picture_file(data: bytes) -> bool:
    head = len(_PICTURE) + 4 * _PICTURES
    if len(data) < head or not data.startswith(_PICTURE):
        return False
    lengths = struct.unpack(f">{_PICTURES}I", data[len(_PICTURE) : head])
    if head + sum(lengths) != len(data):
        return False
    starts = (head, head + lengths[0])
    return all(_is_picture(data[start : start + length]) for start, length in zip(starts, lengths, strict=True))


def _is_picture(data: bytes) -> bool:
    """Width, height, colours, their values, length of the runs, runs: as many pixels as it has, row by row."""
    if len(data) < 5:
        return False
    width, height, colours = struct.unpack(">HHB", data[:5])
    runs_at = 5 + 2 * colours + 4
    if not (0 < width <= _MOST_SIDE and 0 < height <= _MOST_SIDE and 0 < colours <= _MOST_COLOURS):
        return False
    runs = data[runs_at:]
    if len(data) < runs_at or int.from_bytes(data[runs_at - 4 : runs_at], "big") != len(runs):
        return False
    return all(run >> 4 < colours for run in runs) and _fill_rows(runs, width, height)


def _fill_rows(runs: bytes, width: int, height: int) -> bool:
    column = total = 0
    for run in runs:
        column, total = column + (run & 0x0F) + 1, total + (run & 0x0F) + 1
        if column > width:
            return False
        column %= width
    return total == width * height
