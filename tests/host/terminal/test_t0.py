"""Commands over T=0, against a card that answers as contact cards do."""

from __future__ import annotations

import pytest

from tapwatch.terminal.readers import t0

SELECT = bytes.fromhex("00A4040007A000000003101000")
READ = bytes.fromhex("00B2010C00")
GET_RESPONSE = bytes.fromhex("00C00000")


class Card:
    """Gives its answers one after the other."""

    def __init__(self, *answers: str) -> None:
        self._answers = [bytes.fromhex(answer) for answer in answers]
        self.commands: list[bytes] = []

    def send(self, command: bytes) -> bytes:
        """The next answer; the last one again and again."""
        self.commands.append(command)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


def test_data_are_fetched() -> None:
    card = Card("6105", "0102030405" + "9000")
    assert t0.exchange(card.send, SELECT).hex() == "0102030405" + "9000"
    assert card.commands == [SELECT[:-1], GET_RESPONSE + b"\x05"]


def test_data_in_several_parts() -> None:
    card = Card("6104", "01020304" + "6102", "0506" + "9000")
    assert t0.exchange(card.send, SELECT).hex() == "010203040506" + "9000"


def test_the_right_length_is_taken_at_the_second_try() -> None:
    card = Card("6C03", "0102039000")
    assert t0.exchange(card.send, READ).hex() == "0102039000"
    assert card.commands == [READ, READ[:-1] + b"\x03"]


def test_the_right_length_of_a_fetch() -> None:
    card = Card("6100", "6C02", "01029000")
    assert t0.exchange(card.send, SELECT).hex() == "01029000"
    assert card.commands[1:] == [GET_RESPONSE + b"\x00", GET_RESPONSE + b"\x02"]


@pytest.mark.parametrize("answer", ["9000", "6A82", "6985", "6C05"])
def test_a_plain_status_is_handed_on(answer: str) -> None:
    card = Card(answer)
    assert t0.exchange(card.send, SELECT).hex().upper() == answer
    assert len(card.commands) == 1


def test_commands_without_data_stay_as_they_are() -> None:
    for command in (READ, READ[:4]):
        card = Card("9000")
        t0.exchange(card.send, command)
        assert card.commands == [command]


def test_an_endless_answer_ends() -> None:
    card = Card("016101")
    answer = t0.exchange(card.send, SELECT)
    assert answer[-2:].hex() == "6101" and len(card.commands) == t0.MAX_PARTS + 1
