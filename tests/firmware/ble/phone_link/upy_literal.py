"""JavaScript literals: what they mean, what is refused, and how long a piece of work takes."""

from tests.firmware.services.kit import refused
from watch.ble.phone_link import literal
from watch.ble.phone_link.literal import parse
from watch.kernel import loop
from watch.kernel.errors import InputError

MEANS = (
    (b"{}", {}),
    (b'{"t":"notify","id":-5,"reply":true}', {"t": "notify", "id": -5, "reply": True}),
    (b"{t:'find',n:false,}", {"t": "find", "n": False}),
    (b"[1,2.5,-3e2,null,undefined,]", [1, 2.5, -300.0, None, None]),
    (rb'"\0\7\20\1774\v\x41\u00e9\q\8"', "\0\x07\x10\x7f4\x0bA\u00e9q8"),
    (rb'"\08"', "\x008"),
    (rb'"\400"', " 0"),
    (b'"\xe9\xff"', "\u00e9\u00ff"),
    (rb'"\ud83d\ude00"', "\U0001f600"),
    (rb'"\ud83dx\ude00\ud83d"', "\ufffdx\ufffd\ufffd"),
    (b'atob("aGnp")', "hi\u00e9"),
    (b"atob ( '' )", ""),
    (b' \t{ "a" : [ ] } ', {"a": []}),
    (b"'\"'", '"'),
    (b"[[[[[[[[]]]]]]]]", [[[[[[[[]]]]]]]]),
)
REFUSED = (
    b"", b"{", b"[", b'"', b'"\\', b"{]", b"[}", b"{a}", b"{a:}", b"{,}", b"[,]", b"[1,,2]", b"[1 2]", b"1 2", b"012",
    b"0x10", b"1e999", b"-", b"--1", b"1.2.3", b"e5", b"NaN", b"Infinity", b"-Infinity", b"eval('1')", b"atob(1)",
    b"atob('a'", b"atob('a')", b"atob", b"a.b", b"`a`", b"{['a']:1}", b"{1:2}", b"\"\\x4\"", b"\"\\u12g4\"", b"(1)",
    b'"a\nb"', b"1+1", b"new Date()", b"[[[[[[[[[]]]]]]]]]", b"9" * 26, b"x" * 41, b"true1", b"/a/", b"//",
)  # fmt: skip


def test_meaning():
    for data, value in MEANS:
        found = parse(data)
        assert found == value, f"{data!r} is {found!r}"
        assert type(found) is type(value)


def test_refused():
    for data in REFUSED:
        refused(InputError, parse, data)


def test_bounds():
    longest = b'"' + b"a" * (literal.MOST_BYTES - 2) + b'"'
    assert len(parse(longest)) == literal.MOST_BYTES - 2
    refused(InputError, parse, longest + b" ")
    most = b"[" + b"1," * (literal.MOST_VALUES - 1) + b"]"
    assert len(parse(most)) == literal.MOST_VALUES - 1
    refused(InputError, parse, b"[1," + most[1:])
    assert parse(b'GB({"a":1})', 3, 10) == {"a": 1}


def test_a_step_is_small():
    """The worst line takes many steps, and the others run between them."""
    line = b'"' + rb"\0" * 12_287 + b'"'
    reader = literal.LiteralReader(line)
    steps = 1
    while not reader.step():
        steps += 1
    assert reader.value == "\0" * 12_287 and steps > 50, steps
    others = []

    async def other():
        while True:
            others.append(1)
            await loop.sleep_ms(0)

    async def main():
        import asyncio

        task = asyncio.create_task(other())
        assert await literal.read(line) == "\0" * 12_287
        task.cancel()

    loop.run(main())
    assert len(others) >= 5, len(others)
