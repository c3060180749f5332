"""`tapwatch voice test` itself, with a network of random numbers: what it writes, and what it says of mistakes."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("numpy", reason="numpy is not installed: `tapwatch voice test` was NOT tested")
pytest.importorskip("soundfile", reason="soundfile is not installed: `tapwatch voice test` was NOT tested")
pytest.importorskip("soxr", reason="soxr is not installed: `tapwatch voice test` was NOT tested")

from tapwatch.cli import main
from tapwatch.errors import EXIT_ENVIRONMENT, EXIT_FAILED, EXIT_OK, EXIT_USAGE
from tapwatch.voice.testing import ears as ears_module
from tapwatch.voice.testing import measured, tables
from tapwatch.voice.testing.ears import Ears, EarsFailed, Sound
from tapwatch.voice.testing.noises import BAD, NOISES
from tapwatch.voice.testing.recordings import SYNTHETIC
from tapwatch.voice.testing.sound import as_bytes, in_a_room, middle_of, read
from tapwatch.voice.weights_file import pack
from tapwatch.voice.words import WORDS
from tests.host.voice.networks import typical
from tests.tools.trees import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SPOKEN = ROOT / "tests/vectors/voice/spoken"


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "random.twv"
    path.write_bytes(pack(dataclasses.replace(typical(), words=WORDS)))
    return path


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights of a network to which all words are alike until the wearer teaches it."""
    model = typical()
    dense = [[0] * len(row) for row in model.dense]
    made = dataclasses.replace(model, words=WORDS, dense=dense, dense_bias=[0] * len(dense), pull=60 * 256, near=30_000)
    path = tmp_path_factory.mktemp("blank") / "blank.twv"
    path.write_bytes(pack(made))
    return path


@pytest.fixture(scope="module")
def ears(weights: Path) -> Iterator[Ears]:
    with Ears(weights, 1) as ears:
        yield ears


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four words by two speakers, one other word, one file of noise."""
    for word in ("seven", "five", "timer", "alarm"):
        for speaker in ("puck", "lily"):
            for take in range(4):
                name = f"{word}_{speaker}"
                target = tmp_path / "said" / word / f"{speaker}_{take}.opus"
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(SPOKEN / f"{name}_1.opus", target)
    for kind in ("other", "continuous"):
        (tmp_path / "said" / kind).mkdir()
        shutil.copy(SPOKEN / "weather_rms_1.opus", tmp_path / "said" / kind / "mirror_1.opus")
    return tmp_path / "said"


def run(*arguments: object) -> int:
    return main(["voice", "test", *map(str, arguments), "--jobs", "1"])


def test_the_report(folder: Path, weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"Before\n{tables.BEGIN}\nformer table\n{tables.END}\nafter\n")
    few = ("--noisy", 3, "--levels", 2, "--bad", 1, "--draws", 2)
    outputs = ("--json", tmp_path / "out/report.json", "--pictures", tmp_path / "out", "--docs", page)
    assert run(folder, "--weights", weights, *few, *outputs) == EXIT_OK
    printed = capsys.readouterr().out
    report = json.loads((tmp_path / "out/report.json").read_text())
    words = report["words"]["all"]["speakers"]["best"]
    assert words["all"]["of"] == 32
    assert set(words["rows"]) == {"puck", "lily"}
    assert report["enrolled"]["all"]["speakers"]["best"]["all"]["of"] == 2 * 8
    assert set(report["noise"]) == {"clean"} | {f"{name}, {snr} dB" for name in NOISES for snr in (20, 10, 5)}
    noisy = report["noise"]["babble, 5 dB"]["all"]["best"]
    assert noisy["of"] == 3 and noisy["worst"]["name"] in ("puck", "lily")
    risks = report["words"]["all"]["risks"]
    assert [(row["recorded"], len(row["words"])) for row in risks.values()] == [
        (["five", "seven"], 18),
        (["timer", "alarm"], 12),
        ([], 4),
    ]
    assert risks["low"]["wrong"]["all"]["of"] == 16 and "wrong" not in risks["high"]
    assert {row["instead"]["all"]["of"] for row in risks.values()} == {32}
    wrong = report["words"]["all"]["speakers"]["wrong"]["all"]["hits"]
    assert sum(row["instead"]["all"]["hits"] for row in risks.values()) == wrong > 0
    assert set(report["bad"]) == set(BAD)
    assert report["continuous"]["all"]["presses"] >= 1
    assert (tmp_path / "out/confusion-digits.png").read_bytes().startswith(b"\x89PNG")
    assert "former table" not in page.read_text()
    assert page.read_text().startswith("Before") and page.read_text().endswith("after\n")
    assert measured.mark(weights) in tables.between(page.read_text())
    promises = printed.partition("PROMISES")[2]
    assert f"{len(weights.read_bytes())} bytes; at most 32768" in promises
    for name in ("multiplications of a decision", "digits, taught: best word", "commands out of bad sounds"):
        assert name in promises
    told = {row["name"]: row for row in report["promises"]}
    assert told["cycles of a decision"]["kept"] and 0 < told["cycles of a decision"]["value"] < 36_000_000
    assert told["digits: best word"]["kept"] is False, "chance keeps no promise"
    assert told["digits: beside PocketSphinx"]["kept"] is None
    for name, row in told.items():
        line = next(line for line in promises.splitlines() if name in line)
        assert {True: "kept", False: "BROKEN", None: "not measured"}[row["kept"]] in line
    written = tables.between(page.read_text())
    for line in ("| 0 of 4 | not known | not known | ", "in brackets the worst one", "| BROKEN |"):
        assert line in written
    assert ", 0 of 4 words recorded; nothing is known of saying them; did one when another was said" in printed


def test_what_programs_say_is_told_and_judged_by_no_promise(
    folder: Path, weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / SYNTHETIC).touch()
    few = ("--noisy", 0, "--levels", 0, "--bad", 0, "--draws", 0)
    outputs = ("--language", "zh", "--json", tmp_path / "report.json")
    assert run(folder, "--weights", weights, *few, *outputs) == EXIT_OK
    printed = capsys.readouterr().out
    assert "word: 32 of these files are said by programs" in printed and measured.SYNTHETIC in printed
    report = json.loads((tmp_path / "report.json").read_text())
    assert measured.SYNTHETIC in tables.table(report)
    kept = {row["name"]: row["kept"] for row in report["promises"]}
    assert kept["digits: best word"] is None and kept["weights"] is True


def test_what_is_wrong_is_said(folder: Path, weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "nowhere", "--weights", weights) == EXIT_ENVIRONMENT
    assert run(folder, "--weights", tmp_path / "none.twv") == EXIT_ENVIRONMENT
    broken = tmp_path / "broken.twv"
    broken.write_bytes(weights.read_bytes()[:-1] + b"x")
    assert run(folder, "--weights", broken) == EXIT_FAILED
    (folder / "timer/rubbish_1.wav").write_bytes(b"RIFF")
    assert run(folder, "--weights", weights) == EXIT_ENVIRONMENT
    said = capsys.readouterr().err
    for part in ("no folder", "no weights", "CorruptError", "rubbish_1.wav cannot be read"):
        assert part in said


def test_languages_have_tables_of_their_own(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    other = tables.BEGIN.replace("measured", "measured zh"), tables.END.replace("measured", "measured zh")
    prose = f"Lines `{tables.BEGIN}` and `{other[0]}` begin tables."
    page.write_text(f"{prose}\n{tables.BEGIN}\nEnglish\n{tables.END}\n{other[0]}\nold\n{other[1]}\nafter\n")
    tables.write(page, {"weights": "none"}, "zh")
    assert tables.between(page.read_text()) == "English"
    assert tables.between(page.read_text(), "zh").startswith("Weights none.")
    assert page.read_text().startswith(prose) and page.read_text().endswith(f"{other[1]}\nafter\n")


def test_the_peer_knows_english_alone(folder: Path, weights: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "--weights", weights, "--language", "zh", "--peer", 3) == EXIT_USAGE
    assert "English alone" in capsys.readouterr().err


def test_a_package_that_is_missing_is_said(
    folder: Path, weights: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "soundfile", None)
    assert run(folder, "--weights", weights) == EXIT_ENVIRONMENT
    assert "tools/setup.sh voice" in capsys.readouterr().err


def test_it_hears_the_same_each_time_and_once(ears: Ears) -> None:
    samples = read(SPOKEN / "payment_puck_1.opus")
    sound = Sound(as_bytes(in_a_room(samples, "x")), int(0.5 * 16_000) + middle_of(samples))
    first, second = ears.hear([sound, sound])
    (listening,) = first.listenings
    assert listening.result is not None and first.middle is not None
    assert bytes(listening.result.logits) == bytes(second.listenings[0].result.logits)
    assert listening.end_s < len(sound.data) / 32_000
    again = next(iter(ears.hear([dataclasses.replace(sound, again=True)])))
    assert len(again.listenings) > 1
    assert again.listenings[-1].end_s >= len(sound.data) / 32_000 - 0.1


def test_who_teaches_is_understood(blank: Path) -> None:
    """A wearer's shots make the same sounds those words; the next wearer's watch knows nothing of them."""
    names = ("timer", "alarm", "wallet")
    sounds = [Sound(as_bytes(in_a_room(read(SPOKEN / f"{name}_puck_1.opus"), name))) for name in names]
    with Ears(blank, 1) as ears:
        results = [result for heard in ears.hear(sounds) if (result := heard.listenings[0].result) is not None]
        taught = {"payment": results[:1], "yes": results[1:2], "seven": results[2:]}
        first, second = ears.decide([(taught, results), ({}, results)])
    assert [result.best["all"] for result in first] == ["payment", "yes", "seven"]
    assert first[1].best["dialog"] == "yes"
    assert first[2].score["digits"] > 1 / len(WORDS)
    assert [result.decided["all"] for result in second] == ["", "", ""]
    assert [bytes(result.logits) for result in first] == [bytes(result.logits) for result in results]


def test_other_weights_have_another_mark(weights: Path, blank: Path) -> None:
    assert len({measured.mark(path).split(",")[0] for path in (weights, blank)}) == 2


def test_what_hangs_or_dies_is_an_error(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ears_module, "_PATIENCE_S", 0.5)
    for ending, reason in (("while True: pass", "SIGKILL"), ("raise ValueError(5)", "ValueError: 5")):
        monkeypatch.setattr(ears_module, "_MAIN", f"print('{HELLO}')\n{ending}")
        with Ears(weights, 1) as ears, pytest.raises(EarsFailed) as caught:
            list(ears.hear([Sound(bytes(1000))]))
        assert reason in caught.value.explain()


HELLO = json.dumps(
    {
        "words": ["a"],
        "masks": [["all", ["a"]]],
        "risks": [0],
        "thresholds": [0, 0, 0],
        "scale": 1,
        "reasons": [""],
        "embedding": 1,
    }
)
