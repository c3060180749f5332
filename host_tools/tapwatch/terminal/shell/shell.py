"""The shell: from a line of text to what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_USAGE, UserError
from tapwatch.terminal.shell import expect, hexadecimal
from tapwatch.terminal.shell.verbs import VERBS, Verb, raw
from tapwatch.terminal.show.decode import decode
from tapwatch.terminal.show.tree import leaf

if TYPE_CHECKING:
    from tapwatch.terminal.shell.session import CardSession

QUIT = ("quit", "exit")
_COMMENT = "#"
_WIDTH = 22
_MORE_HELP = (
    ("HEX", "any command, byte by byte"),
    ("expect SW [SW...]", "fail unless the last status word was one of these; x stands for any digit: 63Cx"),
    ("expect TAG = HEX", "fail unless the last answer had this value"),
    ("expect /RE/", "fail unless the last exchange, as it was shown, matches the regular expression"),
    ("quit or exit", "leave; # begins a comment"),
)


class Shell:
    """Runs lines on one card session."""

    def __init__(self, session: CardSession) -> None:
        self._session = session
        self._verbs = {**VERBS, **self._own_verbs()}

    @property
    def words(self) -> list[str]:
        """Every word a line may begin with, for completion."""
        return sorted([*self._verbs, "expect", *QUIT])

    @property
    def prompt(self) -> str:
        """The selected application."""
        return f"{self._session.selected or 'no application'}> "

    def run(self, line: str) -> bool:
        """Do what a line says; False if it says to stop. Raises UserError."""
        text = line.strip()
        word, _, rest = text.partition(" ")
        if word.lower() == "expect":  # what it expects may hold spaces and anything else
            expect.check(rest.strip(), self._session.last)
            return True
        words = text.split(_COMMENT, 1)[0].split()
        if not words:
            return True
        if words[0].lower() in QUIT:
            return False
        verb = self._verbs.get(words[0].lower())
        if verb is None:
            self._run_hex(words)
        else:
            self._run_verb(verb, words[1:])
        return True

    def _run_hex(self, words: list[str]) -> None:
        if not hexadecimal.is_hex("".join(words)):
            raise UserError(f"there is no {words[0]!r} here", "`help` lists what there is", EXIT_USAGE)
        raw(self._session, words)

    def _run_verb(self, verb: Verb, words: list[str]) -> None:
        if not verb.least <= len(words) <= verb.most:
            raise UserError("that is not how it is written", f"write {verb.usage}", EXIT_USAGE)
        verb.run(self._session, words)

    def _own_verbs(self) -> dict[str, Verb]:
        many = 99
        return {
            "set": Verb(_set, 2, many, "set TAG HEX", "what the terminal says when a list asks for TAG"),
            "unset": Verb(_unset, 1, 1, "unset TAG", "the test terminal's own value again"),
            "values": Verb(_values, 0, 0, "values", "everything the terminal can say"),
            "amount": Verb(_amount, 1, 2, "amount 12.34 [EUR]", "what is to be paid (default currency CNY)"),
            "decode": Verb(_decode, 1, many, "decode HEX", "show a command, an answer or BER-TLV in words"),
            "echo": Verb(_echo, 0, many, "echo TEXT", "print text"),
            "help": Verb(self._help, 0, 1, "help [WORD]", "this list, or one line of it"),
        }

    def _help(self, session: CardSession, words: list[str]) -> None:
        wanted = [word.lower() for word in words] or list(self._verbs)
        for word in wanted:
            verb = self._verbs.get(word)
            if verb is None:
                raise UserError(f"there is no {word!r} here", "`help` lists what there is", EXIT_USAGE)
            session.write(f"{verb.usage:<{_WIDTH}} {verb.help}")
        for usage, text in _MORE_HELP if not words else ():
            session.write(f"{usage:<{_WIDTH}} {text}")


def _set(session: CardSession, words: list[str]) -> None:
    session.terminal.set(hexadecimal.tag(words[0]), hexadecimal.read(words[1:]))


def _unset(session: CardSession, words: list[str]) -> None:
    session.terminal.unset(hexadecimal.tag(words[0]))


def _values(session: CardSession, words: list[str]) -> None:
    for tag, value in session.terminal.all().items():
        for line in leaf(tag, value, ""):
            session.write(line)


def _amount(session: CardSession, words: list[str]) -> None:
    session.terminal.pay(words[0], words[1] if len(words) > 1 else "CNY")


def _decode(session: CardSession, words: list[str]) -> None:
    for line in decode(hexadecimal.read(words)):
        session.write(line)


def _echo(session: CardSession, words: list[str]) -> None:
    session.write(" ".join(words))
