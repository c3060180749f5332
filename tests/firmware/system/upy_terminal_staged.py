"""What the wearer was shown by Bluetooth is what is paid: every staged byte is changed at every step up to the press.

The command runs through the payment service's task over a link that is not there; each step is one in which other tasks
of the watch could run. R10 of the targets.
"""

import asyncio
import os

from tests.firmware.ble.upy_payment_service import FakeLink, cut
from tests.firmware.system.terminal_kit import AMOUNT, BOND, HOME, SCHEMES, Bench, payment, signed
from watch.ble.payment_service import PaymentService
from watch.kernel.loop import run, stop
from watch.kernel.virtual import VirtualTime

SHARE = "fuzz"
LONG = bool(os.getenv("TAPWATCH_LONG"))
TIMEOUT_S = 240
STEPS = ("kept", "shown", "read")
"""The sheet has just come up; one second on; in the moment before the press, which signs without another await."""
EVERY = 1 if LONG else 3
BENCH = Bench()


def _flip(value, at, bit):
    """The same with one bit of byte `at` changed."""
    if isinstance(value, int):
        return value ^ 1 << 8 * at + bit
    if isinstance(value, str):
        return value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :]
    if isinstance(value, bytearray):
        value[at] ^= 1 << bit
        return value
    return value[:at] + bytes((value[at] ^ 1 << bit,)) + value[at + 1 :]


def _field(holder, name, at, bit=0):
    def change(one, service):
        where = holder(one, service)
        setattr(where, name, _flip(getattr(where, name), at, bit))

    return change


def _place(holder, name, place, at):
    """One item of a tuple."""

    def change(one, service):
        where = holder(one, service)
        items = list(getattr(where, name))
        items[place] = _flip(items[place], at, 0)
        setattr(where, name, tuple(items))

    return change


def _question(one, service):
    return one.question


def _changes(length):
    """Name of what is changed, and how: bytes of the staged command first, then all that was read from it or shown."""
    bits = range(8) if LONG else (0,)
    terminals = lambda one, service: one.terminals  # noqa: E731
    visit = lambda one, service: one.terminals._visit  # noqa: E731
    sheet = lambda one, service: one.question.sheet  # noqa: E731
    found = [("command", _field(terminals, "_staged", at, bit)) for at in range(length) for bit in bits]
    found += [("asked", _place(_question, "asked", 0, at)) for at in range(6)]
    found += [("asked", _place(_question, "asked", 1, at)) for at in range(2)]
    found += [("digest", _field(_question, "_digest", at)) for at in range(0, 32, EVERY)]
    found += [("length", _field(_question, "length", 0, bit)) for bit in range(8)]
    for place, size in ((0, 6), (1, 11), (2, 6), (3, 2)):
        found += [("drawn", _place(sheet, "drawn", place, at)) for at in range(size)]
    for name, size in (("device", 6), ("terminal", 11)):
        found += [("name", _field(holder, name, at)) for holder in (_question, visit) for at in range(size)]
    return found


def _pay(token_id, scheme, change=None, step=""):
    """The answer to the command that asks for a cryptogram, None if there was none."""
    one = BENCH.armed(token_id)
    service = PaymentService(one.terminals)
    link = FakeLink(BOND, room=244)
    answers = []

    async def main():
        serving = asyncio.create_task(service.serve())
        service.joined(link)
        service.written(link, service.rows[2], memoryview(b"Corner Shop"))
        for command in payment(scheme, AMOUNT, HOME):
            for part in cut(command, 244):
                service.written(link, service.rows[0], memoryview(part))
            await asyncio.sleep_ms(20)
            answers[:] = [link.answer()]
        assert one.question is not None and answers == [b""]
        if step == "kept":
            change(one, service)
        one.wait(1)
        if step == "shown":
            change(one, service)
        await asyncio.sleep_ms(1)
        if step == "read":
            change(one, service)
        one.press()
        await asyncio.sleep_ms(20)
        answers[:] = [link.answer()]
        await stop(serving)

    run(main(), VirtualTime())
    service.left(link)
    answer = answers[0]
    return (answer[:-2], answer[-2] << 8 | answer[-1]) if answer else None


def test_undisturbed_it_signs():
    for token_id, scheme in SCHEMES:
        assert signed(_pay(token_id, scheme)), scheme


def test_nothing_changed_between_question_and_press_is_signed():
    tried = made = 0
    kinds = set()
    for token_id, scheme in SCHEMES:
        changes = _changes(len(payment(scheme)[-1]))
        for number, (kind, change) in enumerate(changes):
            for step in STEPS if LONG else (STEPS[number % 3],):
                made += signed(_pay(token_id, scheme, change, step))
                tried += 1
                kinds.add(kind)
    print("NOTE R10, Bluetooth: %d changes of %s at %d steps, %d signed" % (tried, sorted(kinds), len(STEPS), made))
    assert made == 0 and tried > 300


def test_another_command_in_the_services_buffer_changes_nothing():
    """The command is copied once: what the terminal sends later, or writes over its buffer, is never looked at."""

    def overwrite(one, service):
        data = service._terminals[0].parts.data
        for at in range(len(data)):
            data[at] ^= 0x55

    for token_id, scheme in SCHEMES:
        BENCH.at_face(token_id, fresh=True)
        plain = _pay(token_id, scheme)
        for step in STEPS:
            BENCH.at_face(token_id, fresh=True)
            assert _pay(token_id, scheme, overwrite, step) == plain and signed(plain)
