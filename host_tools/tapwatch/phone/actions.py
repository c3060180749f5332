"""What the actions of `tapwatch phone` do. Each returns facts to print; problems are UserErrors."""

from __future__ import annotations

import asyncio
import getpass
import os
import sys
import time
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, EXIT_USAGE, UserError
from tapwatch.phone import app_actions, buying, tag
from tapwatch.phone.customer import APPROVED, LIVE, CustomerDesk, Enrolment, TokenFacts
from tapwatch.phone.install import install

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Awaitable, Callable

    from tapwatch.phone.desk import PhoneDesk

    Facts = list[dict[str, object]]
    Action = Callable[[PhoneDesk, Namespace], Awaitable[Facts]]

PASSWORD = "TAPWATCH_BANK_PASSWORD"  # noqa: S105
"""Environment variable with the customer's password, for scripts; else it is asked for."""
_YES = "Say --yes where the digits are compared by other means."
_CODE = "Say --code DIGITS; each run has a new code sent."
_ERASE_S = 12.0
"""Longest wait for a watch to take the word: a search, a connection and one message."""
_STATES = {"suspend": "suspended", "resume": "active", "delete": "deleted"}
_WATCH_STATES = {"lost": "lost", "found": "found", "wipe": "wipe"}


async def _asked(question: str, without: str) -> str:
    """What somebody types. Raises UserError where nobody can; `without` says what to do there."""
    try:
        return (await asyncio.to_thread(input, question)).strip()
    except EOFError:
        raise UserError("There is nobody to answer that question.", without, EXIT_USAGE) from None


async def _pair(desk: PhoneDesk, arguments: Namespace) -> Facts:
    problems: list[UserError] = []

    async def compare(digits: str) -> bool:
        print(f"The watch must show these six digits: {digits[:3]} {digits[3:]}", flush=True)
        try:
            return arguments.yes or (await _asked("Does it? [y/N] ", _YES)).lower() in ("y", "yes")
        except UserError as problem:
            problems.append(problem)
            return False

    try:
        await desk.pair(compare)
    except UserError as problem:
        raise (problems or [problem])[0] from None
    hello = await desk.phone.hello()
    return [{"device": hello.device_id.hex(), "firmware": hello.firmware, "state": hello.state}]


async def _add_card(desk: PhoneDesk, arguments: Namespace) -> Facts:
    customer = await desk.desk()
    session = await _session(customer, arguments) if arguments.login else ""
    if arguments.card is not None:
        card: dict[str, object] = {"card": arguments.card}
    elif arguments.pan and arguments.expiry:
        card = {"pan": arguments.pan.replace(" ", ""), "expiry": arguments.expiry}
    else:
        raise UserError("Which card?", "Give --pan and --expiry, or --card and --login.", EXIT_USAGE)
    enrolment = await _step_up(customer, await customer.enrol(card, session), arguments)
    if enrolment.state != APPROVED or enrolment.token_id is None:
        raise UserError(f"The bank's answer is {enrolment.state}.", "Ask the bank.", EXIT_FAILED)
    there = await desk.phone.add_card(enrolment.token_id)
    await desk.phone.deliver_art()
    facts = _card(enrolment.token_id, await customer.tokens())
    return [facts | {"on the watch": "ready" if there else "at its next unlock"}]


async def _step_up(customer: CustomerDesk, enrolment: Enrolment, arguments: Namespace) -> Enrolment:
    """Prove with a one-time code that the card is the owner's, where the bank wants that."""
    if enrolment.state not in LIVE:
        return enrolment
    if not enrolment.methods:
        raise UserError("The bank knows no way to send a code.", "Ask the bank.", EXIT_FAILED)
    methods = dict(enrolment.methods)
    method = arguments.method or enrolment.methods[0][0]
    if method not in methods:
        ways = ", ".join(f"{name} ({address})" for name, address in enrolment.methods)
        raise UserError(f"A code cannot be sent by {method}.", f"The bank can send it by: {ways}.", EXIT_USAGE)
    enrolment = await customer.send_code(enrolment, method)
    print(f"The bank has sent a code by {method} to {methods[method]}.", flush=True)
    while enrolment.state in LIVE:
        code = arguments.code or await _asked(f"Code ({enrolment.tries_left} tries left): ", _CODE)
        enrolment = await customer.answer_code(enrolment, code)
        arguments.code = None
    return enrolment


async def _refill(desk: PhoneDesk, arguments: Namespace) -> Facts:
    """Everything the watch waits for: keys, pictures, the bank's words; and its receipts to the bank."""
    customer = await desk.desk()
    await desk.phone.collect_receipts()
    await desk.phone.deliver_notices()
    there = {card.token_id: card for card in await desk.phone.wallet()}
    tokens = await customer.tokens()
    found: Facts = []
    for token in tokens:
        card = there.get(token.token_id)
        if token.state == "active" and (card is None or card.wants_refill):
            done = await desk.phone.add_card(token.token_id)
            found.append(_card(token.token_id, tokens) | {"keys": "new" if done else "at the next unlock"})
    await desk.phone.deliver_art()
    return found


async def _list(desk: PhoneDesk, arguments: Namespace) -> Facts:
    """What the watch knows; the names are the bank's, and missing while it cannot be asked."""
    cards = await desk.phone.wallet()
    tokens: list[TokenFacts] = []
    try:
        tokens = await desk.known_desk().tokens() if cards else []
    except UserError as problem:
        print(f"tapwatch: names are missing: {problem.message}", file=sys.stderr)
    return [
        _card(card.token_id, tokens) | {"state": card.state, "keys": card.keys_left, "refill": card.wants_refill}
        for card in cards
    ]


async def _set_state(desk: PhoneDesk, arguments: Namespace) -> Facts:
    customer = desk.known_desk()
    token = _chosen(arguments.card, await customer.tokens())
    await customer.set_state(token.token_id, _STATES[arguments.action])
    told = await _told(desk)
    return [_card(token.token_id, [token]) | {"state": _STATES[arguments.action], "watch": told}]


async def _set_watch_state(desk: PhoneDesk, arguments: Namespace) -> Facts:
    customer = desk.known_desk()
    session = await _session(customer, arguments)
    await customer.set_watch_state(session, _WATCH_STATES[arguments.action], getattr(arguments, "text", "") or "")
    told = _erased(desk) if arguments.action == "wipe" else _told(desk)
    return [{"watch": _WATCH_STATES[arguments.action], "told": await told}]


async def _notices(desk: PhoneDesk, arguments: Namespace) -> Facts:
    await desk.registration()
    return [
        {str(key): value.hex() if isinstance(value, bytes) else value for key, value in payload.items()}
        for payload in await desk.phone.deliver_notices()
    ]


async def _set_time(desk: PhoneDesk, arguments: Namespace) -> Facts:
    now, offset_min = int(time.time()), time.localtime().tm_gmtoff // 60
    await desk.phone.set_clock(now, offset_min)
    return [{"time": time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(now)), "minutes east of UTC": offset_min}]


async def _tag(desk: PhoneDesk, arguments: Namespace) -> Facts:
    if arguments.clear:
        await desk.phone.set_own_record(None)
        return [{"tag": "empty", "bytes": 0}]
    message = tag.message(arguments.text)
    await desk.phone.set_own_record(message)
    return [{"tag": arguments.text.strip(), "bytes": len(message)}]


async def _told(desk: PhoneDesk) -> str:
    """Bring the bank's words to the watch if it is in reach; they wait otherwise."""
    try:
        await desk.phone.deliver_notices()
    except UserError as error:
        return f"not yet: {error.message}"
    return "told"


async def _erased(desk: PhoneDesk) -> str:
    """The same for the word that erases it: a watch that obeys switches its radio off, with or without an answer."""
    try:
        async with asyncio.timeout(_ERASE_S):
            return await _told(desk)
    except TimeoutError:
        return "the watch has gone: look whether its screen says that it is erased"


async def _session(customer: CustomerDesk, arguments: Namespace) -> str:
    if not arguments.login:
        raise UserError("The bank must know who you are.", "Give --login NAME.", EXIT_USAGE)
    password = os.environ.get(PASSWORD) or await asyncio.to_thread(getpass.getpass, "Password at the bank: ")
    return await customer.log_in(arguments.login, password)


def _card(token_id: bytes, tokens: list[TokenFacts]) -> dict[str, object]:
    """Names of a card; its id alone if the bank does not know it any more."""
    known = {token.token_id: token for token in tokens}.get(token_id)
    names = {"card": known.label, "last four": known.last_four} if known else {"card": "", "last four": ""}
    return {"token": token_id.hex(), **names}


def _chosen(name: str, tokens: list[TokenFacts]) -> TokenFacts:
    """The one card whose token id begins so, or whose last four digits or label these are. Raises UserError."""
    found = [
        token
        for token in tokens
        if token.token_id.hex().startswith(name.lower()) or name in (token.last_four, token.label)
    ]
    if len(found) != 1:
        names = ", ".join(f"{token.label} {token.last_four} ({token.token_id.hex()})" for token in tokens) or "none"
        raise UserError(f"{len(found)} cards are called {name!r}.", f"There are: {names}.", EXIT_USAGE)
    return found[0]


ACTIONS: dict[str, Action] = {
    "pair": _pair,
    "add-card": _add_card,
    "refill": _refill,
    "list": _list,
    "suspend": _set_state,
    "resume": _set_state,
    "delete": _set_state,
    "lost": _set_watch_state,
    "found": _set_watch_state,
    "wipe": _set_watch_state,
    "notices": _notices,
    "set-time": _set_time,
    "tag": _tag,
    "install": install,
    "apps": app_actions.apps,
    "remove": app_actions.remove,
    "buy": buying.buy,
    "licence": buying.licence,
    "give-back": buying.give_back,
    "orders": buying.orders,
}
