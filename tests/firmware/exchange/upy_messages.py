"""Messages and frames: whole answers for whole messages, and a status text for everything else."""

from watch.crypto import cbor
from watch.exchange.frames import Frames, framed
from watch.exchange.messages import MAX_BYTES, Answer, Exchange, expect, expect_list
from watch.kernel.errors import InputError, LockedError


def _locked(_body):
    raise LockedError("locked")


def _exchange():
    return Exchange({1: lambda body: [body, "seen"], 2: _locked, 3: lambda _: Answer("kept", None)})


def test_answers_carry_kind_and_sequence():
    answer = cbor.decode(_exchange().answer(cbor.encode([1, 77, b"x"])))
    assert answer == [1, 77, "ok", [b"x", "seen"]]


def test_errors_become_status_texts():
    exchange = _exchange()
    assert cbor.decode(exchange.answer(cbor.encode([2, 5, None]))) == [2, 5, "locked", None]
    assert cbor.decode(exchange.answer(cbor.encode([3, 6, None]))) == [3, 6, "kept", None]
    assert cbor.decode(exchange.answer(cbor.encode([9, 7, None]))) == [9, 7, "bad-input", None]


def test_malformed_messages_get_bad_input():
    exchange = _exchange()
    malformed = (b"", b"\xff", b"\x80", cbor.encode([1, 2]), cbor.encode({1: 2}), cbor.encode([-1, 2, None]))
    malformed += (cbor.encode([1, 1 << 20, None]), cbor.encode([True, 1, None]), bytes(MAX_BYTES + 1))
    for message in malformed:
        assert cbor.decode(exchange.answer(message)) == [0, 0, "bad-input", None], message[:8]


def test_an_unknown_error_is_not_hidden():
    exchange = Exchange({1: lambda body: body.missing})
    try:
        exchange.answer(cbor.encode([1, 1, None]))
    except AttributeError:
        return
    assert False, "a bug must reach the supervisor"


def test_expect():
    assert expect(5, int, "n") == 5 and expect_list([1, 2], 2, "pair") == [1, 2]
    for value, kind in ((True, int), ("5", int), (None, bytes)):
        try:
            expect(value, kind, "n")
            assert False, "accepted"
        except InputError:
            pass


def test_frames_in_any_pieces():
    messages = [b"", b"a", bytes(range(256)), bytes(MAX_BYTES)]
    stream = b"".join(framed(message) for message in messages)
    for piece in (1, 2, 3, 255, 4096):
        frames = Frames()
        found = []
        at = 0
        while at < len(stream):
            part = stream[at : at + min(piece, frames.room())]
            frames.add(part)
            at += len(part)
            message = frames.next()
            while message is not None:
                found.append(message)
                message = frames.next()
        assert found == messages, piece


def test_a_length_over_the_maximum_breaks_the_stream_until_reset():
    frames = Frames()
    frames.add(b"\xff\xff" + framed(b"hidden"))
    assert frames.next() is None and frames.broken
    frames.reset()
    frames.add(framed(b"after"))
    assert frames.next() == b"after"
