"""What the actions of `tapwatch bank` do. Each takes the parsed arguments and returns an exit code."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.bank import demo_customer, key_actions, passwords
from tapwatch.bank.commands import DEFAULT_NAME
from tapwatch.bank.http_views import ledger_facts, token_facts
from tapwatch.bank.problems import SetupProblem
from tapwatch.bank.service import Bank
from tapwatch.errors import EXIT_FAILED, EXIT_OK, EXIT_USAGE, UserError
from tapwatch.signing.keys import PrivateKey
from tapwatch.terminal import amount

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Mapping

_STATES = {"suspend": "suspended", "resume": "active", "delete": "deleted"}


def _key(arguments: Namespace) -> int:
    return _print(arguments, key_actions.make(_made_folder(arguments)))


def _init(arguments: Namespace) -> int:
    if arguments.certificate is not None:
        return _init_certified(arguments)
    root = PrivateKey.load(arguments.root)
    folder = _made_folder(arguments)
    bank = Bank.create(
        _database(arguments), folder / "keys", root, arguments.name, arguments.country, public_url=arguments.url
    )
    return _print(arguments, {"folder": str(folder), "issuer_id": bank.issuer_id.hex()})


def _init_certified(arguments: Namespace) -> int:
    """With a certificate there is no root key here, only its public half."""
    if arguments.url or arguments.name != DEFAULT_NAME:
        raise UserError(
            "Name and address stand in the certificate.", "Say --title and --url to `keys certify`.", EXIT_USAGE
        )
    root, folder = key_actions.read_root(Path(arguments.root)), _folder(arguments)
    certificate = key_actions.read(arguments.certificate)
    bank = Bank.create_certified(_database(arguments), folder / "keys", certificate, root, arguments.country)
    return _print(arguments, {"folder": str(folder), "issuer_id": bank.issuer_id.hex()})


def _keys(arguments: Namespace) -> int:
    if arguments.certificate is not None:
        folder = _folder(arguments)
        key_actions.renew(folder, arguments.certificate, key_actions.read_root(folder / "keys" / "root.pub"))
    return _print(arguments, key_actions.about(_open(arguments)))


def _revocations(arguments: Namespace) -> int:
    return _print(arguments, {"number": _open(arguments).set_revocations(key_actions.read(arguments.file))})


def _serve(arguments: Namespace) -> int:
    bank = Bank(
        _database(arguments), _folder(arguments) / "keys", receipts=arguments.receipts, public_url=arguments.url
    )
    if arguments.demo:
        _print(arguments, dict(demo_customer.ensure(bank)))
    asyncio.run(_serve_until_stopped(bank, arguments))
    return EXIT_OK


async def _serve_until_stopped(bank: Bank, arguments: Namespace) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await bank.start(arguments.http_port, arguments.iso_port)
    _print(arguments, {"http_port": bank.http_port, "iso_port": bank.iso_port, "issuer_id": bank.issuer_id.hex()})
    if arguments.demo:
        base = f"http://localhost:{bank.http_port}"
        _print(arguments, {"wallet": f"{base}/wallet", "messages": base + bank.messages_path})
    await stopped.wait()
    await bank.stop()


def _account(arguments: Namespace) -> int:
    money = amount.parse(arguments.opening, arguments.currency)
    bank = _open(arguments)
    customer = bank.customers.number_of(arguments.customer) if arguments.customer else None
    number = bank.open_account(arguments.holder, money.currency.numeric, money.minor)
    if customer is not None:
        bank.customers.give_account(customer, number)
    return _print(arguments, {"account": number, "holder": arguments.holder, "balance": str(money)})


def _card(arguments: Namespace) -> int:
    number = _open(arguments).order_card(arguments.account, arguments.product, arguments.label)
    return _print(arguments, {"card": number})


def _token(arguments: Namespace) -> int:
    token_id = _open(arguments).issue_token(arguments.card, _identifier(arguments.device))
    return _print(arguments, {"token": token_id.hex()})


def _tokens(arguments: Namespace) -> int:
    facts = [_readable(token_facts(token)) for token in _open(arguments).tokens()]
    if arguments.json:
        print(json.dumps(facts))
        return EXIT_OK
    for token in facts:
        print("  ".join(str(token[name]) for name in ("token_id", "state", "product", "token_pan", "expiry")))
    return EXIT_OK


def _change_state(arguments: Namespace) -> int:
    token_id, state = _identifier(arguments.token), _STATES[arguments.action]
    _open(arguments).set_state(token_id, state)
    return _print(arguments, {"token": token_id.hex(), "state": state})


def _lost(arguments: Namespace) -> int:
    device_id = _identifier(arguments.device)
    _open(arguments).lost(device_id, arguments.text)
    return _print(arguments, {"device": device_id.hex(), "state": "lost"})


def _found(arguments: Namespace) -> int:
    device_id = _identifier(arguments.device)
    _open(arguments).found(device_id)
    return _print(arguments, {"device": device_id.hex(), "state": "found"})


def _wipe(arguments: Namespace) -> int:
    device_id = _identifier(arguments.device)
    _open(arguments).wipe(device_id)
    return _print(arguments, {"device": device_id.hex(), "state": "wipe"})


def _merchant(arguments: Namespace) -> int:
    number = _open(arguments).open_merchant(arguments.name, amount.currency(arguments.currency).numeric)
    return _print(arguments, {"merchant": number, "name": arguments.name})


def _merchant_code(arguments: Namespace) -> int:
    minor = amount.parse(arguments.amount, arguments.currency).minor if arguments.amount else 0
    asked = (arguments.merchant, minor, amount.currency(arguments.currency).numeric)
    code = _open(arguments).merchant_code(*asked, once=bool(arguments.amount) and not arguments.reusable)
    return _print(arguments, {"code": code})


def _customer(arguments: Namespace) -> int:
    password = passwords.made()
    number = _open(arguments).customers.create(arguments.name, password, arguments.sms, arguments.email)
    return _print(arguments, {"customer": number, "name": arguments.name, "password": password})


def _messages(arguments: Namespace) -> int:
    found = [asdict(message) for message in _open(arguments).customers.messages()]
    if arguments.json:
        print(json.dumps(found))
        return EXIT_OK
    for message in reversed(found):
        print(f"{message['method']} to {message['address']} ({message['customer']}): {message['text']}")
    return EXIT_OK


def _ledger(arguments: Namespace) -> int:
    facts = ledger_facts(_open(arguments))
    if arguments.json:
        print(json.dumps(facts))
    else:
        for line in facts["lines"]:
            who = f"{line['account']:>6}  {line['kind']:<8}  {line['owner']:<32}"
            print(f"{who}  {line['balance_minor']:>14} {line['currency']:03}")
        print("balanced" if facts["balanced"] else "NOT BALANCED")
    return EXIT_OK if facts["balanced"] else EXIT_FAILED


ACTIONS: Mapping[str, Callable[[Namespace], int]] = {
    "key": _key,
    "init": _init,
    "keys": _keys,
    "revocations": _revocations,
    "serve": _serve,
    "account": _account,
    "card": _card,
    "token": _token,
    "tokens": _tokens,
    "suspend": _change_state,
    "resume": _change_state,
    "delete": _change_state,
    "ledger": _ledger,
    "lost": _lost,
    "found": _found,
    "wipe": _wipe,
    "merchant": _merchant,
    "merchant-code": _merchant_code,
    "customer": _customer,
    "messages": _messages,
}
"""By name of the action."""


def _folder(arguments: Namespace) -> Path:
    if arguments.state:
        return Path(arguments.state)
    base = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(base).expanduser() / "tapwatch" / "bank"


def _made_folder(arguments: Namespace) -> Path:
    folder = _folder(arguments)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SetupProblem(f"the folder {folder} cannot be made", "choose another folder") from error
    return folder


def _database(arguments: Namespace) -> str:
    return arguments.database or f"sqlite:///{_folder(arguments) / 'bank.db'}"


def _open(arguments: Namespace) -> Bank:
    return Bank(_database(arguments), _folder(arguments) / "keys")


def _identifier(text: str) -> bytes:
    try:
        value = bytes.fromhex(text)
    except ValueError:
        value = b""
    if len(value) != 8:
        raise UserError(f"{text!r} is not an id", "ids are 16 hex digits", EXIT_USAGE)
    return value


def _readable(facts: dict[str, object]) -> dict[str, object]:
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in facts.items()}


def _print(arguments: Namespace, facts: dict[str, object]) -> int:
    text = json.dumps(facts) if arguments.json else "\n".join(f"{name:<10} {value}" for name, value in facts.items())
    print(text, flush=True)
    return EXIT_OK
