"""The stand-in for MicroPython's `bluetooth`, against a scripted host link."""

import errno
import struct

import bluetooth

from board.simulator import frames
from board.simulator.link import Link
from board.simulator.radio import wire
from board.simulator.radio.events import Events
from board.simulator.radio.radio import Radio
from board.simulator.radio.settings import Settings
from board.simulator.radio.values import Values
from tests.firmware.board.upy_simulator import Wire, frame

NUMBER = bluetooth.UUID("6e400002-b5a3-f393-e0a9-e50e24dcca9e")
SERVICES = ((bluetooth.UUID(0x180F), ((bluetooth.UUID(0x2A19), 0x12), (NUMBER, 0x08, ((bluetooth.UUID(0x2901), 1),)))),)


class Host:
    """Keeps what the radio sends, in place of a link."""

    def __init__(self):
        self.sent = []

    def handle(self, kind, function):
        """Nobody calls: tests do."""

    def send(self, kind, first, second=b"", size=0):
        """Keep a message."""
        assert kind == frames.RADIO
        self.sent.append(bytes(first) + bytes(second[:size]))


def a_radio(stock=False):
    """A radio that is on, its host, and what turns messages into events."""
    radio, host = Radio(bluetooth.UUID), Host()
    radio.attach(host, bytes(6), stock)
    radio.reset(True)
    return radio, host, Events(radio, bluetooth.UUID)


def a_ble():
    """A `BLE` of its own, on, with its host: the real one is for whoever runs beside this test."""
    ble, host = object.__new__(bluetooth.BLE), Host()
    ble._radio = Radio(bluetooth.UUID)
    ble._settings = Settings(ble._radio)
    ble._advertised = ble._responded = b""
    ble.attach(host, b"\xc2\1\2\3\4\5", False)
    ble.active(True)
    return ble, host


def number_of(function, *arguments, **options):
    """The errno that a call raises."""
    try:
        function(*arguments, **options)
    except OSError as problem:
        return problem.errno
    return 0


def message(number, form, *fields):
    """A message of the host."""
    return bytes((number,)) + struct.pack(form, *fields)


def test_uuids_are_bytes_that_compare_and_hash():
    """Least significant byte first, in every form."""
    short = bluetooth.UUID(0x180F)
    assert bytes(short) == b"\x0f\x18" and len(short) == 2
    assert bytes(NUMBER)[0] == 0x9E and bytes(NUMBER)[15] == 0x6E and len(NUMBER) == 16
    assert bluetooth.UUID(bytes(NUMBER)) == NUMBER and bluetooth.UUID(NUMBER) == NUMBER
    assert hash(bluetooth.UUID(0x180F)) == hash(short) and short != NUMBER and short != 0x180F
    assert repr(short) == "UUID(0x180f)" and "6e400002-b5a3" in repr(NUMBER)
    for bad in (
        -1,
        0x10000,
        "180f",
        "6e400002-b5a3-f393-e0a9-e50e24dcca9",
        b"123",
        "6e400002-b5a3-f393-e0a9-e50e24dccaxx",
    ):
        try:
            bluetooth.UUID(bad)
        except ValueError:
            continue
        raise AssertionError(bad)


def test_one_radio_which_is_nothing_without_a_board():
    """`BLE()` is one object; off the board it cannot be switched on."""
    assert bluetooth.BLE() is bluetooth.BLE()
    detached = object.__new__(bluetooth.BLE)
    detached._radio = Radio(bluetooth.UUID)
    assert number_of(detached.active, True) == errno.ENODEV
    assert number_of(detached.config, mtu=100) == errno.ENODEV
    assert number_of(detached.gap_advertise, 100) == errno.ENODEV


def test_handles_follow_declarations_values_and_subscriptions():
    """In the order of the rows and their descriptors, with room for what the stack adds."""
    assert Values().register(SERVICES) == ((18, 21, 22),)


def test_writes_are_cut_and_appended_as_stock_does():
    """Nobody is told of what does not fit; what the program writes makes room for itself."""
    values = Values()
    values.register(SERVICES)
    values.receive(21, bytes(30))
    assert values.read(21) == bytes(20)
    values.resize(21, 8, True)
    values.receive(21, b"12345")
    values.receive(21, b"67890")
    assert values.read(21) == b"12345678" and values.read(21) == b""
    values.write(18, bytes(40))
    values.receive(18, bytes(39))
    assert len(values.read(18)) == 39
    assert number_of(values.read, 99) == errno.EINVAL


def test_what_a_handler_says_to_a_write_is_the_error_unless_stock():
    """And the value stands before the event."""
    for stock, said in ((False, 8), (True, 0)):
        radio, host, events = a_radio(stock)
        radio.values.register(SERVICES)
        seen = []
        radio.handler = lambda event, data, radio=radio, seen=seen: (
            seen.append((event, data, radio.values.read(21))) or 8
        )
        events.happen(message(wire.WRITTEN, ">HHH", 7, 0, 21) + b"ring")
        assert seen == [(3, (0, 21), b"ring")]
        assert host.sent == [message(wire.WRITE_ANSWER, ">HB", 7, said)]


def test_a_read_is_answered_or_refused_by_the_handler():
    """None and 0 let it pass; without a handler as well."""
    radio, host, events = a_radio()
    radio.values.register(SERVICES)
    radio.values.write(21, b"value")
    for result, answer in ((None, b"\0value"), (0, b"\0value"), (5, b"\5")):
        radio.handler = lambda event, data, result=result: result
        events.happen(message(wire.READ, ">HHH", 1, 0, 21))
        assert host.sent.pop()[3:] == answer
    radio.handler = None
    events.happen(message(wire.READ, ">HHH", 1, 0, 21))
    assert host.sent.pop()[3:] == b"\0value"


def test_secrets_are_lent_for_the_call_alone():
    """Who keeps the view of a key or a value finds zeros in it."""
    radio, host, events = a_radio()
    kept = []

    def handler(event, data):
        kept.extend(item for item in data if isinstance(item, memoryview))
        return data[2] if event == 29 else data[2] is not None

    radio.handler = handler
    events.happen(message(wire.SECRET_WANTED, ">HBB", 3, 1, 0) + b"address")
    assert host.sent.pop() == message(wire.SECRET_ANSWER, ">HB", 3, 1) + b"address"
    events.happen(message(wire.SECRET_NEW, ">HBB", 4, 1, 7) + b"address" + b"value")
    assert host.sent.pop() == message(wire.SECRET_ANSWER, ">HB", 4, 1)
    assert [bytes(view) for view in kept] == [bytes(7), bytes(7), bytes(5)]
    events.happen(message(wire.SECRET_NEW, ">HBB", 5, 1, 7) + b"address")
    assert host.sent.pop() == message(wire.SECRET_ANSWER, ">HB", 5, 0), "None is a secret to forget"
    events.happen(message(wire.SECRET_WANTED, ">HBB", 6, 2, 3))
    assert host.sent.pop() == message(wire.SECRET_ANSWER, ">HB", 6, 0)


def test_events_have_the_shapes_of_micropython():
    """Numbers, tuples and types."""
    radio, _, events = a_radio()
    seen = []
    radio.handler = lambda event, data: seen.append(
        (event, [bytes(v) if isinstance(v, memoryview) else v for v in data])
    )
    address = b"\xc1\2\3\4\5\6"
    events.happen(message(wire.CONNECTED, ">HB", 0, 1) + address)
    events.happen(message(wire.ENCRYPTION, ">HBBBB", 0, 1, 0, 1, 16))
    events.happen(message(wire.PASSKEY, ">HBI", 0, 4, 123456))
    events.happen(message(wire.MTU_CHANGED, ">HH", 0, 247))
    events.happen(message(wire.CHARACTERISTIC, ">HHHB", 0, 9, 8, 0x10) + bytes(NUMBER))
    events.happen(message(wire.NOTIFIED, ">HH", 0, 8) + b"news")
    events.happen(message(wire.DISCONNECTED, ">HB", 0, 1) + address)
    assert seen == [
        (1, [0, 1, address]),
        (28, [0, True, False, True, 16]),
        (31, [0, 4, 123456]),
        (21, [0, 247]),
        (11, [0, 9, 8, 0x10, NUMBER]),
        (18, [0, 8, b"news"]),
        (2, [0, 1, address]),
    ]
    assert radio.links == 0


def test_errors_are_those_of_the_stack():
    """Too long, too many, too busy, nobody there."""
    ble, host = a_ble()
    assert number_of(ble.gap_advertise, 100_000, bytes(32)) == errno.EINVAL
    assert number_of(ble.gap_advertise, 100_000, b"", resp_data=bytes(32)) == errno.EINVAL
    assert number_of(ble.gatts_register_services, SERVICES * 9) == 7, "E2BIG"
    assert ble.gatts_register_services(SERVICES) == ((18, 21, 22),)
    ble.gap_advertise(100_000, b"\2\1\6", resp_data=b"\2\x0a\0")
    assert host.sent[-1] == message(wire.ADVERTISE, ">IBB", 100_000, 1, 3) + b"\2\1\6\2\x0a\0"
    ble.gap_advertise(200_000)
    assert host.sent[-1][7:] == b"\2\1\6\2\x0a\0", "data that are not given stay"
    assert number_of(ble.gatts_register_services, SERVICES) == 16, "EBUSY"
    assert number_of(ble.gatts_notify, 0, 18, b"x") == errno.ENOTCONN
    assert ble.gap_disconnect(0) is False
    for link in range(4):
        ble._radio.joined(link)
    assert number_of(ble.gap_advertise, 100_000) == errno.ENOMEM
    assert number_of(ble.gap_advertise, 100_000, connectable=False) == 0
    assert number_of(ble.config, mtu=22) == errno.EINVAL
    assert number_of(ble.config, gap_name="x" * 32) == errno.EINVAL
    assert ble.config("mac") == (1, b"\xc2\1\2\3\4\5")
    for name in ("irk", "bond"):
        try:
            ble.config(name)
        except ValueError:
            continue
        raise AssertionError(name)
    ble.config(mtu=100)
    ble.active(False)
    assert number_of(ble.config, "mtu") == errno.ENODEV
    ble.active(True)
    assert ble.config("mtu") == 256, "switching off forgets"
    assert ble._radio.links == 0


def test_the_queue_of_a_link_is_bounded():
    """Twelve wait; each that leaves makes room for one; other links are not held up."""
    ble, _ = a_ble()
    ble.gatts_register_services(SERVICES)
    ble._radio.joined(0)
    ble._radio.joined(1)
    for _ in range(12):
        ble.gatts_notify(0, 18, b"x")
    assert number_of(ble.gatts_notify, 0, 18, b"x") == errno.ENOMEM
    assert number_of(ble.gatts_notify, 1, 18, b"x") == 0
    ble._radio.sent(0)
    assert number_of(ble.gatts_notify, 0, 18) == 0
    assert number_of(ble.gatts_notify, 0, 18) == errno.ENOMEM


def test_a_handler_may_call_in_the_middle_of_a_call():
    """The answer to the call outside comes first, and waits for it."""
    replies = frame(frames.REPLY, b"\0outer") + frame(frames.REPLY, b"\0inner")
    link = Link(Wire(frame(frames.RADIO, b"event") + replies))
    got = []
    link.handle(frames.RADIO, lambda payload: got.append(bytes(link.call(frames.FLASH_READ, bytes(8)))))
    assert bytes(link.call(frames.FLASH_READ, bytes(8))) == b"outer"
    assert got == [b"inner"]


def test_an_error_reaches_the_call_that_it_belongs_to():
    """Also when the call outside fails and the one inside does not."""
    replies = frame(frames.REPLY, bytes([errno.EIO])) + frame(frames.REPLY, b"\0inner")
    link = Link(Wire(frame(frames.RADIO, b"event") + replies))
    got = []
    link.handle(frames.RADIO, lambda payload: got.append(bytes(link.call(frames.FLASH_READ, bytes(8)))))
    assert number_of(link.call, frames.FLASH_READ, bytes(8)) == errno.EIO
    assert got == [b"inner"]
