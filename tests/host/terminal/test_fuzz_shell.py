"""The APDU shell with anything typed and anything answered: only errors that a person can read."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tapwatch.errors import UserError
from tapwatch.terminal.shell.session import CardSession
from tapwatch.terminal.shell.shell import Shell
from tapwatch.terminal.shell.verbs import VERBS
from tests.fuzz.campaign import count
from tests.host.terminal.cards import template
from tests.host.terminal.direct import DirectReader

WORDS = (*VERBS, "set", "unset", "values", "amount", "expect", "decode", "echo", "help")
ARGUMENTS = st.lists(
    st.one_of(
        st.sampled_from(
            ["9F36", "8C", "94", "A0000000031010", "empty", "=", "/x/", "/(/", "1234", "0", "12.34", "EUR", "#"]
        ),
        st.binary(max_size=8).map(bytes.hex),
        st.text(max_size=6),
    ),
    max_size=4,
)
LINES = st.one_of(
    st.text(max_size=40),
    st.tuples(st.sampled_from(WORDS), ARGUMENTS).map(lambda parts: " ".join([parts[0], *parts[1]])),
)
WILLING = template("77", {"94": b"\x08\x01\x02\x00", "8C": b"\x9f\x02\x06", "8D": b"\x91\x0a\x8a\x02"}) + b"\x90\x00"
"""What a card answers that agrees to everything."""
TRANSACTION = ("select A0000000031010", "gpo", "records", "ac1", "ac2", "get-data 9F36", "verify 1234", "record 1 1")


def type_in(shell: Shell, lines: tuple[str, ...] | list[str]) -> int:
    """Type lines; how many were refused."""
    refused = 0
    for line in lines:
        try:
            shell.run(line)
        except UserError as error:
            assert error.message
            refused += 1
    return refused


@settings(max_examples=count(300, 10), deadline=None)
@given(st.lists(LINES, max_size=5))
def test_any_line_is_done_or_refused(lines: list[str]) -> None:
    type_in(Shell(CardSession(DirectReader(lambda command: WILLING), lambda line: None, 1.0)), lines)


@settings(max_examples=count(300, 10), deadline=None)
@given(st.lists(st.binary(max_size=40), min_size=1, max_size=8), st.binary(max_size=6))
def test_any_answer_can_be_shown_and_remembered(answers: list[bytes], afl: bytes) -> None:
    left = [bytes([0x77, len(afl) + 6, 0x82, 2, 0, 0, 0x94, len(afl)]) + afl, *answers]

    def card(command: bytes) -> bytes:
        return (left.pop(0) + b"\x90\x00") if left else b"\x6d\x00"

    shell = Shell(CardSession(DirectReader(card), lambda line: None, 1.0))
    type_in(shell, TRANSACTION)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=20))
def test_any_answer_without_a_status_word_ends_the_card(raw: bytes) -> None:
    shell = Shell(CardSession(DirectReader(lambda command: raw), lambda line: None, 1.0))
    assert type_in(shell, ["select A0000000031010"]) == (len(raw) < 2)
