"""Messages over the USB stream, against a watch that answers by script."""

from __future__ import annotations

import asyncio

import pytest

from tapwatch.signing import cbor
from tapwatch.simulator.frames import LinkError
from tapwatch.simulator.messages import Messages, WatchRefused


def ask(answers, kind=1, body=None):
    """Ask one question of a watch that sends `answers` (values, or raw bytes); returns the body and what was sent."""

    async def main():
        stream, sent = asyncio.StreamReader(), []
        for answer in answers:
            data = answer if isinstance(answer, bytes) else cbor.encode(answer)
            stream.feed_data(len(data).to_bytes(2, "big") + data)
        stream.feed_eof()
        return await Messages(sent.append, stream).ask(kind, body), sent

    return asyncio.run(main())


def test_the_question_is_framed_as_the_formats_page_says():
    body, sent = ask([[5, 1, "ok", b"answer"]], 5, [b"token", b"key"])
    assert body == b"answer"
    message = sent[0][2:]
    assert int.from_bytes(sent[0][:2], "big") == len(message)
    assert cbor.decode(message) == [5, 1, [b"token", b"key"]]


def test_a_kept_package_has_no_body():
    assert ask([[6, 1, "kept", None]], 6, b"package")[0] is None


def test_a_refusal_carries_its_status():
    with pytest.raises(WatchRefused, match="locked") as problem:
        ask([[2, 1, "locked", None]], 2, {})
    assert problem.value.status == "locked"


def test_late_answers_to_older_questions_are_skipped():
    assert ask([[1, 0, "ok", 1], [1, 1, "ok", 2]])[0] == 2


@pytest.mark.parametrize(
    "answer",
    [b"", b"\xff", [1, 1, "ok"], {1: 2}, ["1", 1, "ok", None], [1, 1, 7, None], [2, 1, "ok", None]],
)
def test_nonsense_is_a_link_error(answer):
    with pytest.raises(LinkError):
        ask([answer])


def test_a_watch_that_goes_away_is_a_link_error():
    with pytest.raises(LinkError, match="went away"):
        ask([])


def test_a_message_that_is_too_long_is_not_sent():
    with pytest.raises(ValueError, match="4096"):
        ask([], 6, bytes(5000))
