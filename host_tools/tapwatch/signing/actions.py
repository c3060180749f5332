"""What the actions of `tapwatch keys` do with one key. Each takes the parsed arguments and returns an exit code."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_OK, EXIT_USAGE, UserError
from tapwatch.signing import key_file, key_folder, passwords, private_file, token
from tapwatch.signing.certify import read_certificate
from tapwatch.signing.key_file import KeyFile
from tapwatch.signing.key_folder import CERTIFICATE, KEY, PUBLIC, KeyFolder
from tapwatch.signing.keys import PrivateKey
from tapwatch.signing.output import day, fingerprint, show, table
from tapwatch.signing.roles import ROLES, ROOT

if TYPE_CHECKING:
    from argparse import Namespace

    from tapwatch.signing.passwords import Ask

_TRIAL = "tapwatch/publication"
"""A type of which nobody takes null."""


def folder_of(arguments: Namespace) -> KeyFolder:
    """The folder that the arguments name."""
    path = Path(arguments.keys) if arguments.keys else key_folder.default_folder()
    return KeyFolder(path, arguments.module or "")


def ask_of(arguments: Namespace) -> Ask:
    """How the password or PIN of a key is asked for."""
    return passwords.asker(arguments.password_file)


def new(arguments: Namespace) -> int:
    """Make a key, in a file or in a token."""
    folder = folder_of(arguments)
    folder.make()
    key = make(folder, arguments.role, arguments.name, arguments)
    show(facts(folder, key), arguments.json)
    return EXIT_OK


def make(folder: KeyFolder, role: str, name: str, arguments: Namespace) -> KeyFile:
    """A new key in the folder. Raises UserError."""
    if folder.file(name, KEY).exists():
        raise UserError(f"there is a key {name} already; it is not replaced", "choose another name")
    made = time.strftime("%Y-%m-%d", time.gmtime())
    if arguments.token:
        signer = token.make_key(arguments.token, ask_of(arguments), arguments.module or "")
        signer.close()
        key = KeyFile(name, role, signer.public, made, token=arguments.token)
    else:
        password = _new_password(role, name, arguments)
        private = PrivateKey.generate()
        key = KeyFile(name, role, private.public, made, pem=private.pem(password))
    folder.add(key)
    if role == ROOT:
        folder.register(name, create=True)
    return key


def _new_password(role: str, name: str, arguments: Namespace) -> bytes | None:
    if arguments.no_password or (not ROLES[role].locked and not (arguments.password or arguments.password_file)):
        return None
    return passwords.new(name, arguments.password_file)


def show_key(arguments: Namespace) -> int:
    """What a key is, from its file; a password is asked for only with --open."""
    folder = folder_of(arguments)
    path = Path(arguments.name)
    if path.suffix == PUBLIC:
        key = key_folder.read_public(path)
        show({"name": key.name, "role": key.role, **_numbers(key)}, arguments.json)
        return EXIT_OK
    key = folder.read(arguments.name)
    if not folder.file(key.name, PUBLIC).exists():
        private_file.create(folder.file(key.name, PUBLIC), key_file.public_form(key))
    said = facts(folder, key)
    if arguments.open:
        with folder.opened(key, ask_of(arguments)) as signer:
            signer.sign_bytes(_TRIAL, b"\xf6")  # checked by another library, and thrown away
        said["opens"] = True
    show(said, arguments.json)
    return EXIT_OK


def list_keys(arguments: Namespace) -> int:
    """All keys of the folder, and what each root has certified."""
    folder = folder_of(arguments)
    keys = [folder.read(name) for name in folder.names()]
    if arguments.json:
        show({"folder": str(folder.path), "keys": [facts(folder, key) for key in keys]}, True)
        return EXIT_OK
    rows = [("name", "role", "key id", "kept", "serial", "good until")]
    for key in keys:
        said = facts(folder, key)
        rows.append((key.name, key.role, key.key_id.hex(), _kept(key), str(said["serial"]), str(said["not_after"])))
    table(rows)
    for key in keys:
        if key.role == ROOT:
            _list_issued(folder, key)
    return EXIT_OK


def _list_issued(folder: KeyFolder, root: KeyFile) -> None:
    contents = folder.register(root.name).read()
    rows = [("serial", "role", "name", "good until", "")]
    for one in contents.issued:
        rows.append(
            (str(one.serial), one.role, one.name, day(one.not_after), "" if one.certificate else "never finished")
        )
    print(f"\nCertificates of {root.name}; latest revocation list: {contents.list_number or 'none'}")
    table(rows)


def password(arguments: Namespace) -> int:
    """Give a key file another password."""
    folder = folder_of(arguments)
    key = folder.read(arguments.name)
    if key.token:
        raise UserError(f"{key.name} is in a token", "change its PIN with the tool of its maker", EXIT_USAGE)
    if arguments.no_password and not arguments.force and ROLES[key.role].locked:
        raise UserError(f"a key for {key.role} needs a password", "add --force if you mean it", EXIT_USAGE)
    private = folder.opened_file(key, ask_of(arguments))
    fresh = None if arguments.no_password else passwords.new(key.name, arguments.new_password_file)
    folder.change(replace(key, pem=private.pem(fresh)))
    show(facts(folder, folder.read(key.name)), arguments.json)
    return EXIT_OK


def to_token(arguments: Namespace) -> int:
    """Bring a key from its file into a token; the file is left as a backup under another name."""
    folder = folder_of(arguments)
    key = folder.read(arguments.name)
    if key.token:
        raise UserError(f"{key.name} is in a token already", "", EXIT_USAGE)
    private = folder.opened_file(key, ask_of(arguments))
    private_file.create(Path(arguments.backup), key_file.secret_form(key))
    pin = passwords.asker(arguments.pin_file)
    token.bring_key(arguments.token, private, pin, arguments.module or "").close()
    moved = replace(key, pem=b"", token=arguments.token)
    folder.change(moved)
    show(facts(folder, moved), arguments.json)
    return EXIT_OK


def facts(folder: KeyFolder, key: KeyFile) -> dict[str, object]:
    """What there is to say of a key."""
    said: dict[str, object] = {"name": key.name, "role": key.role, **_numbers(key), "made": key.made}
    said |= {"kept": _kept(key), "token": key.token, "file": str(folder.file(key.name, KEY))}
    path = folder.file(key.name, CERTIFICATE)
    if not path.exists():
        return said | {"serial": "", "not_before": "", "not_after": "", "attributes": {}}
    certificate = read_certificate(folder.certificate(key.name), str(path))
    if certificate.public != key.public:
        raise UserError(f"{path} is the certificate of another key", "let the root certify this one")
    return said | {
        "serial": certificate.serial,
        "not_before": day(certificate.not_before),
        "not_after": day(certificate.not_after),
        "attributes": dict(certificate.attributes),
    }


def _numbers(key: KeyFile) -> dict[str, object]:
    return {"key_id": key.key_id.hex(), "public": key.public.hex(), "fingerprint": fingerprint(key.public)}


def _kept(key: KeyFile) -> str:
    if key.token:
        return "token"
    return "file, password" if key.locked else "file, no password"
