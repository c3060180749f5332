"""Online authorisation: the purchase message, its repeats, and the reversal when its answer is lost.

A reversal is written down before a purchase is sent and struck out when the purchase is declined or complete. Whatever
ends the terminal in between, the reversal is still there and goes first the next time.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tapwatch.acquiring.problems import AcquiringProblem, LinkProblem
from tapwatch.acquiring.spec import original_elements

if TYPE_CHECKING:
    from tapwatch.terminal.emv.kernel import Result
    from tapwatch.terminal.request import TapRequest
    from tapwatch.terminal.state import Fields, TerminalState

PURCHASE, PURCHASE_REPEAT, REVERSAL, REVERSAL_REPEAT = "0200", "0201", "0400", "0401"
ENTRY_MODE = "071"
"""Field 22: contactless chip; the terminal can take a PIN."""
APPROVED = "00"
_REPEATED = ("2", "3", "4", "12", "13", "32", "37", "41", "42", "49")  # fields a reversal has from its original

RESPONSE_CODES = {  # ISO 8583:1987 annex A, field 39
    APPROVED: "approved",
    "05": "do not honour",
    "12": "invalid transaction",
    "13": "invalid amount",
    "14": "no such card",
    "21": "nothing was done",
    "25": "original not found",
    "30": "format error",
    "41": "lost card",
    "43": "stolen card",
    "51": "not enough money",
    "54": "expired card",
    "57": "not permitted to this card",
    "58": "not permitted to this terminal",
    "59": "suspected fraud",
    "61": "over the amount limit",
    "62": "restricted card",
    "63": "cryptogram is not genuine",
    "65": "passcode needed first",
    "91": "issuer not available",
    "94": "duplicate",
    "96": "system malfunction",
}


class Acquirer(Protocol):
    """The bank's end of the wire; `tapwatch.acquiring.client.AcquirerClient` is one."""

    def exchange(self, fields: Fields) -> Fields:
        """Send a message and return its answer. Raises LinkProblem without one, MessageProblem for a wrong one."""
        ...


@dataclass(frozen=True)
class OnlineAnswer:
    """What came of a purchase at the bank."""

    approved: bool
    response_code: str
    """Field 39; empty without an answer."""
    authorisation: str
    """Field 38; empty unless approved."""
    reason: str


class Host:
    """The terminal's dealings with its bank."""

    def __init__(self, acquirer: Acquirer, state: TerminalState, repeats: int = 2) -> None:
        self._acquirer = acquirer
        self._state = state
        self._repeats = repeats
        self._open: Fields | None = None
        self.log: list[str] = []
        """What was said, for the trace: message types and response codes."""

    def authorise(self, purchase: Fields) -> OnlineAnswer:
        """Ask the bank. Without any answer the purchase is reversed and counts as declined.

        An approved purchase stays open, to be reversed, until `complete`.
        """
        self.flush()
        reversal = reversal_of(purchase, self._state.next_stan())
        self._state.add_pending(reversal)
        try:
            answer = self._ask(purchase, PURCHASE_REPEAT)
        except AcquiringProblem as problem:
            self.flush()
            return OnlineAnswer(False, "", "", f"no answer from the bank: {problem}")
        read = _read(answer)
        if read.approved:
            self._open = reversal
        else:
            self._state.drop_pending(reversal)
        return read

    def complete(self) -> None:
        """The last approved purchase is done: its reversal is not needed."""
        if self._open is not None:
            self._state.drop_pending(self._open)
            self._open = None

    def flush(self) -> None:
        """Send the reversals that wait. What the bank does not answer stays for the next time."""
        for reversal in self._state.pending:
            try:
                self._ask(reversal, REVERSAL_REPEAT)
            except AcquiringProblem as problem:
                self.log.append(f"the reversal of {reversal['37']} waits: {problem}")
                return
            self._state.drop_pending(reversal)

    def _ask(self, fields: Fields, repeat: str) -> Fields:
        """Send a message, and its repeats while nobody answers. Raises the last problem."""
        for _ in range(self._repeats):
            try:
                return self._send(fields)
            except LinkProblem:
                fields = {**fields, "t": repeat}
        return self._send(fields)

    def _send(self, fields: Fields) -> Fields:
        said = f"{fields['t']} {fields['37']}"
        try:
            answer = self._acquirer.exchange(fields)
        except AcquiringProblem as problem:
            self.log.append(f"{said}: {problem}")
            raise
        self.log.append(f"{said}: {answer['t']} {answer['39']} {_text(answer['39'])}")
        return answer


def purchase_message(request: TapRequest, result: Result, stan: int, field55: str) -> Fields:
    """The purchase for what a kernel returned."""
    fields = {**purchase_fields(request, stan, ENTRY_MODE), "2": result.pan, "14": result.expiry, "55": field55}
    if "5F34" in result.chip:
        fields["23"] = f"{int(result.chip['5F34'].hex()):03}"
    if result.track is not None:
        fields["35"] = result.track.text.replace("D", "=")
    return fields


def purchase_fields(request: TapRequest, stan: int, entry_mode: str) -> Fields:
    """What a purchase says of payment and terminal, whoever pays; `entry_mode` is field 22."""
    terminal, money = request.terminal, request.money
    return {
        "t": PURCHASE,
        "3": "000000",  # goods and services, default accounts
        "4": f"{money.minor:012}",
        "7": _transmission_time(),
        "11": f"{stan:06}",
        "12": request.at.strftime("%H%M%S"),
        "13": request.at.strftime("%m%d"),
        "18": f"{terminal.merchant_category:04}",
        "19": f"{terminal.country:03}",
        "22": entry_mode,
        "25": "00",  # normal presentment
        "32": str(terminal.acquirer),
        "37": reference_number(request.at, stan),
        "41": terminal.terminal_id.ljust(8),
        "42": terminal.merchant_id.ljust(15),
        "43": terminal.merchant_name.ljust(40),
        "49": f"{money.currency.numeric:03}",
    }


def reversal_of(purchase: Fields, stan: int) -> Fields:
    """The reversal of a purchase."""
    copied = {name: purchase[name] for name in _REPEATED}
    return {**copied, "t": REVERSAL, "7": _transmission_time(), "11": f"{stan:06}", "90": original_elements(purchase)}


def reference_number(at: datetime.datetime, stan: int) -> str:
    """Retrieval reference number: last digit of the year, day of the year, hour, trace number (12 digits)."""
    return f"{at.year % 10}{at.timetuple().tm_yday:03}{at.hour:02}{stan:06}"


def _transmission_time() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%m%d%H%M%S")


def _read(answer: Fields) -> OnlineAnswer:
    code = answer["39"]
    approved = code == APPROVED
    return OnlineAnswer(approved, code, answer.get("38", "").strip() if approved else "", _text(code))


def _text(code: str) -> str:
    return RESPONSE_CODES.get(code, f"response code {code}")
