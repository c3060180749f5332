"""The bank's side of a tap: the message, repeats, reversals, and what is left for the next time."""

from __future__ import annotations

import datetime
import json
import socket
import threading
import time
from pathlib import Path

import pytest

from tapwatch.acquiring import framing, spec
from tapwatch.acquiring.client import AcquirerClient
from tapwatch.acquiring.problems import LinkProblem, MessageProblem
from tapwatch.errors import UserError
from tapwatch.terminal import amount
from tapwatch.terminal.online import reference_number
from tapwatch.terminal.outcome import Outcome
from tapwatch.terminal.request import TapRequest, Terminal
from tapwatch.terminal.session import TapSession
from tapwatch.terminal.state import MAX_STAN, TerminalState
from tests.host.terminal.cards import VISA_PAN, MastercardCard, VisaCard
from tests.host.terminal.direct import AT, DirectReader, pay
from tests.tools.children import PATIENCE_S


class ScriptedBank:
    """Follows a script: a response code, or a problem to raise."""

    def __init__(self, *script: str | Exception) -> None:
        self._script = list(script)
        self.messages: list[dict[str, str]] = []

    def exchange(self, fields: dict[str, str]) -> dict[str, str]:
        """The next step of the script."""
        self.messages.append(spec.decode(spec.encode(fields)))
        step = self._script.pop(0)
        if isinstance(step, Exception):
            raise step
        return {"t": spec.ANSWERS[fields["t"]], "38": "000042", "39": step}

    @property
    def types(self) -> list[str]:
        """The message types so far."""
        return [message["t"] for message in self.messages]


LOST = LinkProblem("nobody answers")


def session(bank: ScriptedBank, state: TerminalState | None = None) -> TapSession:
    return TapSession(DirectReader(VisaCard().apdu), bank, state)


def request(text: str = "12.34") -> TapRequest:
    return TapRequest(amount.parse(text, "CNY"), at=AT)


def test_the_purchase_message() -> None:
    bank = ScriptedBank("00")
    receipt = pay(VisaCard().apdu, "12.34", bank).receipt
    (message,) = bank.messages
    fixed = {
        "t": "0200", "2": VISA_PAN, "3": "000000", "4": "000000001234", "12": "093000", "13": "1122", "14": "3012",
        "18": "5411", "19": "156", "22": "071", "23": "001", "25": "00", "32": "12345678901", "49": "156",
    }  # fmt: skip
    assert {name: message[name] for name in fixed} == fixed
    assert message["35"] == VISA_PAN + "=301220100000123456"
    assert (message["41"], message["42"].strip()) == ("TAPW0001", "TAPWATCHSHOP001")
    assert message["37"] == receipt.rrn == "6326" + "09" + message["11"] and receipt.stan == message["11"]
    assert (receipt.approved, receipt.response_code, receipt.authorisation) == (True, "00", "000042")


def test_declined_by_the_bank() -> None:
    for code, why in (("51", "money"), ("59", "fraud"), ("65", "passcode"), ("Z9", "Z9")):
        result = pay(MastercardCard().apdu, "12.34", ScriptedBank(code))
        assert result.outcome is Outcome.DECLINED and why in result.receipt.reason
        assert (result.receipt.approved, result.receipt.response_code, result.receipt.authorisation) == (
            False,
            code,
            "",
        )


@pytest.mark.parametrize("losses", [1, 2])
def test_a_lost_answer_is_asked_for_again(losses: int) -> None:
    bank, state = ScriptedBank(*[LOST] * losses, "00"), TerminalState()
    result = session(bank, state).tap(request())
    assert result.receipt.approved and bank.types == ["0200"] + ["0201"] * losses and state.pending == []
    first, *rest = ({**message, "t": ""} for message in bank.messages)
    assert all(message == first for message in rest)


def test_no_answer_means_a_reversal() -> None:
    bank, state = ScriptedBank(LOST, LOST, LOST, "00"), TerminalState()
    result = session(bank, state).tap(request())
    assert result.outcome is Outcome.DECLINED and "no answer" in result.receipt.reason and state.pending == []
    assert bank.types == ["0200", "0201", "0201", "0400"]
    purchase, reversal = bank.messages[0], bank.messages[3]
    for name in ("2", "4", "13", "32", "37", "41", "42", "49"):
        assert reversal[name] == purchase[name]
    assert reversal["11"] != purchase["11"]
    assert reversal["90"] == f"0200{purchase['11']}{purchase['7']}12345678901" + "0" * 11


def test_a_reversal_nobody_takes_goes_first_next_time(tmp_path: Path) -> None:
    path = tmp_path / "terminal.json"
    state, down = TerminalState(path), ScriptedBank(*[LOST] * 6)
    assert session(down, state).tap(request()).outcome is Outcome.DECLINED
    assert down.types == ["0200", "0201", "0201", "0400", "0401", "0401"]
    state.close()
    state, up = TerminalState(path), ScriptedBank("00", "00")
    assert len(state.pending) == 1
    assert session(up, state).tap(request()).receipt.approved
    assert up.types == ["0400", "0200"] and up.messages[0] == down.messages[3] and state.pending == []
    state.close()


def test_a_terminal_that_dies_before_the_answer_reverses_when_it_comes_back(tmp_path: Path) -> None:
    class Dies(ScriptedBank):
        def exchange(self, fields: dict[str, str]) -> dict[str, str]:
            super().exchange(fields)
            raise KeyboardInterrupt

    path = tmp_path / "terminal.json"
    state, dies = TerminalState(path), Dies("00")
    with pytest.raises(KeyboardInterrupt):
        session(dies, state).tap(request())
    state.close()
    state, up = TerminalState(path), ScriptedBank("00", "00")
    session(up, state).tap(request())
    assert up.types == ["0400", "0200"] and up.messages[0]["90"][4:10] == dies.messages[0]["11"]


def test_an_approval_that_cannot_be_completed_is_reversed(monkeypatch: pytest.MonkeyPatch) -> None:
    state, bank = TerminalState(), ScriptedBank("00", "00", "00")
    with monkeypatch.context() as broken:
        broken.setattr("tapwatch.terminal.session._receipt", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            session(bank, state).tap(request())
    assert len(state.pending) == 1
    assert session(bank, state).tap(request()).receipt.approved
    assert bank.types == ["0200", "0400", "0200"] and state.pending == []


def test_an_answer_that_cannot_be_understood_is_no_approval() -> None:
    bank = ScriptedBank(MessageProblem("garbage"), "00")
    assert session(bank).tap(request()).outcome is Outcome.DECLINED
    assert bank.types == ["0200", "0400"]


def test_over_a_socket_with_a_bank_that_hangs_up() -> None:
    """Real client and framing: the first connection is dropped, the second answered."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(PATIENCE_S)

    def serve() -> None:
        for answers in (False, True):
            connection, _ = listener.accept()
            with connection:
                asked = spec.decode(framing.read_from_socket(connection, time.monotonic() + PATIENCE_S))
                if answers:
                    echoed = {name: asked[name] for name in ("3", "4", "11", "32", "37", "41", "49")}
                    connection.sendall(framing.wrap(spec.encode({**echoed, "t": "0210", "38": "000001", "39": "00"})))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    client = AcquirerClient(*listener.getsockname(), timeout_s=PATIENCE_S)
    receipt = pay(VisaCard().apdu, "12.34", client).receipt
    thread.join(PATIENCE_S)
    listener.close()
    assert receipt.approved and receipt.authorisation == "000001"


def test_no_bank_at_all() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    receipt = pay(VisaCard().apdu, "12.34", AcquirerClient("127.0.0.1", port)).receipt
    assert not receipt.approved and "no bank at" in receipt.reason


def test_state_file(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "terminal.json"
    state = TerminalState(path)
    first = state.next_stan()
    with pytest.raises(UserError, match="another terminal"):
        TerminalState(path)
    state.close()
    again = TerminalState(path)
    assert again.next_stan() == first % MAX_STAN + 1
    again.close()
    assert path.stat().st_mode & 0o077 == 0
    path.write_text(json.dumps({"stan": MAX_STAN, "pending": []}))
    last = TerminalState(path)
    assert [last.next_stan(), last.next_stan()] == [1, 2]
    last.close()
    for damaged in ("", "{}", "[]", '{"stan": "x", "pending": []}'):
        path.write_text(damaged)
        with pytest.raises(UserError, match="damaged"):
            TerminalState(path)


def test_state_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written"):
        TerminalState(tmp_path / "file" / "terminal.json")


def test_reference_number_is_the_usual_form() -> None:
    assert reference_number(datetime.datetime(2026, 1, 2, 3, 4, 5), 42) == "600203000042"


def test_the_longest_chip_data_fit_the_message() -> None:
    track = bytes.fromhex(VISA_PAN + "D" + "3012201" + "0" * 13 + "F")
    card = VisaCard(change={"GPO": {"9F10": bytes(32), "9F6E": bytes(32), "57": track}})
    assert pay(card.apdu, "1", ScriptedBank("00")).receipt.approved


def test_long_merchant_data_fit_the_message() -> None:
    terminal = Terminal("T" * 8, "M" * 15, "N" * 40, acquirer=99999999999)
    assert pay(
        VisaCard().apdu, "9999999999.99", ScriptedBank("00"), terminal=terminal, cvm_limit_minor=0
    ).receipt.approved
