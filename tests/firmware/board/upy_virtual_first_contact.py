"""What docs/first-contact.md tells a person to type works on the virtual T-Watch Ultra."""

from tests.firmware.board.virtual_kit import Bench

_AT_THE_BOARD = ("board.", "print(board.", "from ", "import ")


def _page():
    with open("docs/first-contact.md") as file:
        return file.read()


def _blocks(text):
    """The fenced Python blocks: before our system, and after its start."""
    return [part.split("```")[0] for part in text.split("```python\n")[1:]]


def _lines(text):
    """What a row says to type at the REPL of the T-Watch Ultra: its second cell, what is code there."""
    found = []
    for row in text.split("\n"):
        cells = row.split("|")
        if len(cells) == 6 and "T-Watch S3" not in cells[2] and "Waveshare" not in cells[2]:
            found += [code for code in cells[2].split("`")[1::2] if code.startswith(_AT_THE_BOARD)]
    return found


def _typed(code, names):
    """Run it as the REPL does; what it prints."""
    said = []
    names["print"] = lambda *words: said.append(words)
    exec(code, names)  # noqa: S102 (as the REPL does)
    return said


def test_before_our_system():
    """The scan finds the chips that have power, and the dump has every register up to the gauge."""
    with Bench():
        said = _typed(_blocks(_page())[0], {})
        assert "0x34" in said[0][0] and "0x51" in said[0][0], said
        assert len(said[1][0]) == 2 * 0xA5 and said[1][0][6:8] == "4a", said[1]


def test_the_lines_at_the_edges():
    """Four rectangles, each at its edge, on a panel that is awake."""
    with Bench() as bench:
        names = {"board": bench.build()}
        names["board"].display.sleep(True)
        bench.wait_ms(200)
        bench.shown.clear()
        _typed(_blocks(_page())[1], names)
        edges = {(x, y, w, h) for x, y, w, h in bench.shown}
        assert edges == {(0, 0, 410, 16), (0, 486, 410, 16), (0, 0, 16, 502), (394, 0, 16, 502)}, edges
        assert bench.misuse == [] and bench.lights[-1] == 120


def test_every_line_to_type():
    """Each by itself, in the order of the page; none raises, and none does what a chip forbids."""
    lines = _lines(_page())
    assert len(lines) >= 15, lines
    with Bench() as bench:
        names = {"board": bench.build()}
        said = {code: _typed(code, names) for code in lines}
        assert said["print(board.findings)"] == [([],)]
        assert said["print(board.nfc.kind)"] == [("ST25R3916",)]
        assert said['print(board.pmu.rail_mv("DLDO1"), board.nfc.kind)'] == [(3300, "ST25R3916")]
        examined = next(words for code, words in said.items() if "e.antenna_mv" in code)[0]
        assert examined[0] > 3000 and examined[1] == 0 and examined[2] > 0, examined
        assert bench.misuse == [], bench.misuse
    print("NOTE first contact: %d lines typed at the virtual watch" % len(lines))
