"""Talks to the watch through stock pyscard; runs inside a box, see test_pcsc.py.

Its argument is the issuer master key of the contact card, in hex. Prints one JSON line per step:
{"step": name, tag or field: hex, ...}.
"""

import json
import statistics
import sys
import time
from typing import Any

from smartcard.CardRequest import CardRequest
from smartcard.CardType import ATRCardType

from tests.interop.nfc import issuer
from tests.interop.nfc.reader import Terminal

ATR = [0x3B, 0x80, 0x80, 0x01, 0x01]
TIMEOUT_S = 15
PROFILES = ("visa", "mastercard")
IN_CHINA = {"9F1A": "0156", "5F2A": "0156"}
"""The cards of the demo wallet are in CNY; in another currency they would ask their wearer first."""
GET_UID = "FFCA000000"
GET_COUNTER = "80CA9F3600"
GET_LAST_ONLINE = "80CA9F1300"
GET_TRIES = "80CA9F1700"
PIN, WRONG_PIN = "1234", "9999"
TC = 0x40
APPROVED = b"00"
SELECT_MASTERCARD = "00A4040007A000000004101000"
WRONG = {
    "unknown application": "00A4040007A000000099999900",
    "name too short": "00A4040004A000000300",
    "unknown instruction": "80FE000000",
    "secure messaging": "8CCA9F3600",
    "unknown data": "80CA9F1700",
    "cut short": "80AE",
    "cryptogram before options": "80AE800005000000000000",
    "extended length": "00A40400000007A0000000041010",
}
ROUNDS = 300


def report(step: str, **fields: Any) -> None:
    """One line for the test."""
    print(json.dumps({"step": step, **fields}), flush=True)


class Card:
    """A connected card."""

    def __init__(self) -> None:
        self._service: Any = CardRequest(timeout=TIMEOUT_S, cardType=ATRCardType(ATR)).waitforcard()
        self.connection = self._service.connection  # lives as long as the service
        self.connection.connect()

    def exchange(self, command: bytes) -> bytes:
        """Data and status word."""
        data, sw1, sw2 = self.connection.transmit(list(command))
        return bytes([*data, sw1, sw2])

    def hex(self, command: str) -> str:
        """The same in hex."""
        return self.exchange(bytes.fromhex(command)).hex().upper()


def latency(card: Card, command: str) -> list[float]:
    """Round trips in microseconds, sorted."""
    data = bytes.fromhex(command)
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        card.exchange(data)
        times.append((time.perf_counter() - start) * 1e6)
    return sorted(times)


def contact(card: Card, step: str, key: bytes, damage: int) -> None:
    """A whole transaction as contact terminals have it; the bank's proof is changed by `damage`."""
    terminal = Terminal(card.exchange, **IN_CHINA)
    terminal.select(terminal.contact_application())
    terminal.options()
    terminal.records()
    wrong, tries = terminal.verify(WRONG_PIN), card.hex(GET_TRIES)
    right = terminal.verify(PIN)
    terminal.generate()
    first = dict(terminal.tags)
    proof = issuer.proof("contact-test", first, APPROVED, key)
    terminal.tags |= {"91": bytes((proof[0] ^ damage,)) + proof[1:], "8A": APPROVED}
    terminal.generate(TC, "8D")
    report(step, first=hexed(first), second=hexed(terminal.tags), pins=[wrong.hex(), tries, right.hex()])
    report(f"{step} data", answers=[card.hex(command) for command in (GET_COUNTER, GET_LAST_ONLINE, GET_TRIES)])


def hexed(tags: dict[str, bytes]) -> dict[str, str]:
    """For JSON."""
    return {tag: value.hex() for tag, value in tags.items()}


def main() -> None:
    """A transaction with each application, then wrong commands, then the clock."""
    key = bytes.fromhex(sys.argv[1])
    card = Card()
    report("connected", atr=bytes(card.connection.getATR()).hex(), uid=card.hex(GET_UID))
    for profile in PROFILES:
        start = time.perf_counter()
        tags = Terminal(card.exchange, **IN_CHINA).pay(profile)
        report(profile, ms=(time.perf_counter() - start) * 1000, tags=hexed(tags))
        report(f"{profile} counter", answer=card.hex(GET_COUNTER))
    contact(card, "contact", key, damage=0)
    contact(card, "contact without proof", key, damage=1)
    for what, command in WRONG.items():
        card.hex(SELECT_MASTERCARD)
        report("wrong", what=what, answer=card.hex(command))
    card.hex(SELECT_MASTERCARD)
    for what, command in (("short", GET_COUNTER), ("long", SELECT_MASTERCARD)):
        times = latency(card, command)
        report("latency", what=what, median_us=statistics.median(times), p99_us=times[len(times) * 99 // 100])
    card.connection.disconnect()


if __name__ == "__main__":
    main()
