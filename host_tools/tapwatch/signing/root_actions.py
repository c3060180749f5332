"""What the actions of `tapwatch keys` do that need the root: certificates, revocation lists, rotation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_OK, EXIT_USAGE, UserError
from tapwatch.signing import actions, key_folder, passwords, private_file, revocations
from tapwatch.signing.actions import ask_of, folder_of
from tapwatch.signing.certify import RootDesk, Wish, read_certificate, read_list
from tapwatch.signing.key_file import KeyFile
from tapwatch.signing.key_folder import CERTIFICATE, KEY, PUBLIC, KeyFolder
from tapwatch.signing.output import day, parse_time, show
from tapwatch.signing.roles import ROLES, ROOT

if TYPE_CHECKING:
    from argparse import Namespace

_DIGEST_DIGITS = (2 * revocations.APP_BYTES, 64)
"""Hexadecimal digits that name an app."""


def certify(arguments: Namespace) -> int:
    """The root signs a certificate for a key of the folder, or for a public half that somebody has sent."""
    folder = folder_of(arguments)
    subject, target = _subject(folder, arguments)
    if target.exists():
        raise UserError(f"{target} is there already and is not replaced", "choose another --out")
    desk = _desk(folder, arguments)
    wish = Wish(arguments.title or subject.name, parse_time(arguments.begin), arguments.days, _attributes(arguments))
    certificate = desk.certify(subject, wish)
    private_file.create(target, certificate)
    show({**_said(certificate, str(target)), "file": str(target)}, arguments.json)
    return EXIT_OK


def revoke(arguments: Namespace) -> int:
    """The root signs a list with more entries."""
    folder = folder_of(arguments)
    desk = _desk(folder, arguments)
    serials, apps = set(), set()
    for what in arguments.what:
        found = _revoked(folder, what)
        (serials if isinstance(found, int) else apps).add(found)
    if not (serials or apps or arguments.drop):
        raise UserError("nothing to revoke", "name serial numbers, keys, certificates or bundles", EXIT_USAGE)
    data = desk.revoke(parse_time(arguments.begin), serials, apps, arguments.drop)
    if arguments.out:
        private_file.replace(Path(arguments.out), data)
    _show_list(folder, desk, data, arguments)
    return EXIT_OK


def show_revocations(arguments: Namespace) -> int:
    """The latest list of a root, or one from a file."""
    folder = folder_of(arguments)
    desk = _desk(folder, arguments)
    if not desk.list_path.exists():
        show({"number": 0, "serials": [], "apps": []}, arguments.json)
        return EXIT_OK
    data = private_file.read_public(desk.list_path, "the revocation list", "take it from a backup")
    _show_list(folder, desk, data, arguments)
    return EXIT_OK


def rotate(arguments: Namespace) -> int:
    """A new key and a new certificate in the place of a key that has one."""
    folder = folder_of(arguments)
    old = folder.read(arguments.name)
    if old.role == ROOT:
        raise UserError(
            "a root cannot be rotated: watches know its public key and nothing else",
            "read docs/keys.md, `When the root has leaked`",
            EXIT_USAGE,
        )
    was = read_certificate(folder.certificate(old.name), str(folder.file(old.name, CERTIFICATE)))
    fresh = actions.make(folder, old.role, arguments.to, arguments)
    said: dict[str, object] = {"old": old.name, "new": fresh.name, "public": str(folder.file(fresh.name, PUBLIC))}
    if arguments.root:
        desk = RootDesk(folder, folder.of_role(ROOT, arguments.root), passwords.asker(arguments.root_password_file))
        certificate = desk.certify(fresh, Wish(was.name, parse_time(None), arguments.days, was.attributes))
        private_file.create(folder.file(fresh.name, CERTIFICATE), certificate)
        said |= _said(certificate, fresh.name)
    said["next"] = ROLES[old.role].replaced
    said["old_serial"] = was.serial
    show(said, arguments.json)
    return EXIT_OK


def _desk(folder: KeyFolder, arguments: Namespace) -> RootDesk:
    return RootDesk(folder, folder.of_role(ROOT, arguments.root), ask_of(arguments))


def _subject(folder: KeyFolder, arguments: Namespace) -> tuple[KeyFile, Path]:
    """Whose key is certified, and the file where the certificate goes."""
    path = Path(arguments.name)
    if path.suffix == PUBLIC:
        subject, target = key_folder.read_public(path), path.with_suffix(CERTIFICATE)
    else:
        subject, target = folder.read(arguments.name), folder.file(arguments.name, CERTIFICATE)
    return subject, Path(arguments.out) if arguments.out else target


def _attributes(arguments: Namespace) -> dict[str, str]:
    pairs = [f"{name}={value}" for name in ("id", "url") if (value := getattr(arguments, name))]
    found: dict[str, str] = {}
    for pair in [*pairs, *arguments.attribute]:
        name, equals, value = pair.partition("=")
        if not name or not equals or name in found:
            raise UserError(f"{pair!r} is no attribute", "write --attribute name=value, each name once", EXIT_USAGE)
        found[name] = value
    return found


def _revoked(folder: KeyFolder, what: str) -> int | bytes:
    """A serial number, or the digest of an app: from digits, the name of a key, a certificate or a bundle."""
    if what.isascii() and what.isdigit() and len(what) < _DIGEST_DIGITS[0]:
        return int(what)
    if len(what) in _DIGEST_DIGITS:
        try:
            return bytes.fromhex(what)
        except ValueError:
            pass  # then it is the name of something
    path = Path(what)
    if path.suffix == CERTIFICATE:
        return read_certificate(private_file.read_public(path, "the certificate", "check the name"), what).serial
    if not path.exists() and folder.file(what, KEY).exists():
        return read_certificate(folder.certificate(what), what).serial
    return _app_digest(path)


def _app_digest(path: Path) -> bytes:
    from tapwatch.apps import bundle

    data = private_file.read_public(path, "the bundle", "name a serial number, a key, a certificate or a bundle")
    try:
        return bundle.read(data).digest
    except bundle.BundleProblem as problem:
        raise UserError(f"{path} is no bundle", str(problem), EXIT_USAGE) from problem


def _said(data: bytes, name: str) -> dict[str, object]:
    certificate = read_certificate(data, name)
    return {
        "role": certificate.role,
        "name": certificate.name,
        "serial": certificate.serial,
        "not_before": day(certificate.not_before),
        "not_after": day(certificate.not_after),
        "attributes": dict(certificate.attributes),
        "key_id": certificate.subject.hex(),
    }


def _show_list(folder: KeyFolder, desk: RootDesk, data: bytes, arguments: Namespace) -> None:
    listed = read_list(data, desk.root.public, str(desk.list_path))
    contents = folder.register(desk.root.name).read()
    names = {serial: row.name for serial in listed.serials if (row := contents.find(serial))}
    serials = list(listed.serials) if arguments.json else [f"{one} ({names.get(one, '?')})" for one in listed.serials]
    show(
        {
            "number": listed.number,
            "time": listed.time if arguments.json else day(listed.time),
            "serials": serials,
            "apps": [app.hex() for app in listed.apps],
            "file": str(desk.list_path),
        },
        arguments.json,
    )
