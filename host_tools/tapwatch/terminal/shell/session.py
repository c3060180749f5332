"""A card in a reader, and the transaction with it so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.terminal.channel import Channel
from tapwatch.terminal.emv import apdu, tlv
from tapwatch.terminal.outcome import CardProblem
from tapwatch.terminal.readers.port import CardLost, NoCard
from tapwatch.terminal.shell.values import TerminalValues
from tapwatch.terminal.show.trace import exchange_lines
from tapwatch.terminal.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Callable

    from tapwatch.terminal.readers.port import Reader


Packed = tuple[tuple[str, int | None], ...]
"""Tag and length of what is packed together; the last one may take what is left."""


@dataclass(frozen=True)
class LastAnswer:
    """What came back last, for expectations."""

    status: int
    values: dict[str, bytes]
    """Data objects in the answer."""
    text: str
    """As it was shown."""


class CardSession:
    """Sends commands and remembers what later ones need.

    Args:
        reader: where the card is.
        write: takes one line for the person.
        wait_s: how long to wait for a card.
    """

    def __init__(self, reader: Reader, write: Callable[[str], None], wait_s: float) -> None:
        self._reader = reader
        self._wait_s = wait_s
        self._channel: Channel | None = None
        self._trace = Trace(reader=reader.name)
        self.write = write
        self.terminal = TerminalValues()
        self.selected = ""
        """Name of the application, for the prompt: text or hex; empty if none is selected."""
        self.card: dict[str, bytes] = {}
        """Data objects of the selected application, as far as it has told them."""
        self.last: LastAnswer | None = None

    def connect(self) -> Channel:
        """Wait for a card; a fresh activation. Raises UserError if none comes."""
        self.leave()
        self.write(f"Waiting for a card at {self._reader.name}")
        try:
            info = self._reader.connect(self._wait_s)
        except (NoCard, CardLost) as error:
            hint = "put one there; `tapwatch sim --demo-wallet` gives you a watch"
            raise UserError(f"no card came within {self._wait_s:g} s: {error}", hint) from None
        self._trace = Trace(reader=self._reader.name)
        self._channel = Channel(self._reader, self._trace)
        self.write(f"Card  {info}")
        return self._channel

    def leave(self) -> None:
        """Let the card go and forget it."""
        self._channel = None
        self.selected = ""
        self.card = {}
        self._reader.disconnect()

    def send(self, command: apdu.Command) -> apdu.Answer:
        """Send a command, connecting first if need be; show command and answer. Raises UserError."""
        channel = self._channel or self.connect()
        try:
            answer = channel.send(command)
        except (CardLost, CardProblem) as error:
            self.leave()
            raise UserError("the card was lost", "the next command waits for a card again", EXIT_FAILED) from error
        lines = exchange_lines(command.name, self._trace.exchanges[-1])
        for line in lines:
            self.write(line)
        self.last = LastAnswer(answer.status, read_values(answer.data), "\n".join(lines))
        return answer

    def select(self, name: bytes, shown: str) -> None:
        """SELECT by name: a new transaction, whatever the card answers."""
        self.terminal.renew()
        answer = self.send(apdu.select(name, shown))
        if answer.ok:
            self.selected = shown
            self.card = {}
        self.learn(answer)

    def learn(self, answer: apdu.Answer, packed: Packed = ()) -> None:
        """Remember the data objects of the last answer; `packed` says what a format 1 answer (80) is made of."""
        if not answer.ok or self.last is None:
            return
        values = self.last.values
        rest = values.pop("80", b"") if packed else b""
        for tag, size in packed if rest else ():
            values[tag], rest = rest[:size], rest[len(rest) if size is None else size :]
        self.card.update(values)


def read_values(data: bytes) -> dict[str, bytes]:
    """Primitive data objects by tag, of several the last; none if the data is no BER-TLV."""
    try:
        nodes = tlv.parse(data)
    except tlv.TlvProblem:
        return {}
    return {item.tag: item.value for node in nodes for item in node.walk() if not item.constructed}
