"""`tapwatch power`: the arithmetic, the labels, and what happens to wrong arguments."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from tapwatch import cli
from tapwatch.power import commands, days
from tapwatch.power.days import DAYS, Day
from tapwatch.power.figures import AWAKE, BOARDS, FOLDERS, Trust
from tapwatch.power.model import RADIOS, estimate
from tapwatch.power.page import LABEL

FIRMWARE = Path(__file__).parents[3] / "firmware/watch"
NOTHING = Day(raises=0, uses=0, use_s=0, taps=0, notifications=0, steps=0)
ULTRA = BOARDS["twatch-ultra"]


def charges(board, day, radio, **options) -> dict[str, float]:
    return {part.name: part.mah for part in estimate(board, day, radio, **options).parts}


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert cli.main(["power", *arguments]) == 0
    return capsys.readouterr().out


def test_a_day_calculated_by_hand():
    day = Day(raises=90, uses=10, use_s=60, taps=4, notifications=20, steps=6_000)
    found = charges(ULTRA, day, "windows", touch_wakes=False)
    # lit: 110 looks of 20 s, 10 uses of 60 s, 4 taps of 50 s = 3,000 s. 60 wakes of 0.3 s = 18 s. Dark: 83,382 s.
    assert found["screen"] == pytest.approx(30 * 3000 / 3600) == pytest.approx(25.0)
    assert found["processor, screen on"] == pytest.approx(27.5)
    # at work: a fifth of 3,000 s, and 2 s for each tap = 608 s, at 81 - 33 mA
    assert found["processor, at work"] == pytest.approx(48 * 608 / 3600)
    assert found["processor, short wake-ups"] == pytest.approx(81 * 18 / 3600)
    # 96 windows of 20 s = 1,920 s, of which 83,382 / 86,400 fall on the dark
    assert found["radio"] == pytest.approx(57 * 1920 / 3600) == pytest.approx(30.4)
    dark_radio_s = 1920 * 83_382 / 86_400
    assert found["processor, awake for the radio"] == pytest.approx(33 * dark_radio_s / 3600)
    assert found["board, asleep"] == pytest.approx(2.1 * (83_382 - dark_radio_s) / 3600)
    assert found["NFC, in a field"] == pytest.approx(16 * 8 / 3600)
    assert found["vibration"] == pytest.approx(80 * 24 * 0.3 / 3600)
    assert found["motion sensor"] == pytest.approx(4.8)


def test_what_is_said_calculated_by_hand():
    spoken = replace(NOTHING, pushes=50)
    # 50 pushes of 5 s: screen 30, processor 33 and 0.4 of 81 - 33, microphone 0.6 = 82.8 mA for 250 s
    for board, ma in (("twatch-ultra", 82.8), ("twatch-s3", 97.8)):
        found = charges(BOARDS[board], spoken, "off")
        assert found["voice, screen and all"] == pytest.approx(ma * 250 / 3600)
        asleep = BOARDS[board].asleep.value + BOARDS[board].touch_asleep.value
        assert found["board, asleep"] + found["touch panel, waiting"] == pytest.approx(asleep * 86_150 / 3600)
    assert found["screen"] == 0
    assert "voice, screen and all" not in charges(BOARDS["amoled-206"], spoken, "off"), "it has no ears"
    assert "voice, screen and all" not in charges(ULTRA, NOTHING, "off")


def test_the_command_prints_what_the_docs_say_of_voice(capsys):
    text = run(capsys, "--pushes", "50", "--radio", "off")
    (row,) = [line.split() for line in text.splitlines() if line.startswith("voice, screen and all")]
    docs = (FIRMWARE.parents[1] / "docs/voice.md").read_text()
    assert f"50 pushes of 5 s a day take {row[4]} mAh" in docs, row
    assert "50 spoken words" in text and "voice, screen" not in run(capsys, "--pushes", "0")
    with pytest.raises(SystemExit):
        cli.main(["power", "--pushes", "-1"])
    assert "up to 3 digits" in capsys.readouterr().err


def test_a_day_in_a_drawer_is_what_the_vendor_measured_asleep():
    found = charges(ULTRA, NOTHING, "off", touch_wakes=True)
    assert found["board, asleep"] + found["touch panel, waiting"] == pytest.approx(4.6 * 24)


@pytest.mark.parametrize("board", BOARDS)
@pytest.mark.parametrize("day", DAYS)
def test_the_sum_is_the_sum_of_the_parts_and_more_radio_costs_more(board, day):
    totals = []
    for radio in RADIOS:
        one = estimate(BOARDS[board], DAYS[day], radio)
        assert one.total_mah == pytest.approx(sum(part.mah for part in one.parts))
        assert all(part.mah >= 0 for part in one.parts)
        assert one.days * one.total_mah == pytest.approx(one.usable_mah)
        totals.append(one.total_mah)
    assert totals == sorted(totals) and totals[0] < totals[1] < totals[2]


def test_every_hour_is_counted_once():
    for radio in RADIOS:
        parts = {part.name: part.seconds for part in estimate(ULTRA, DAYS["busy"], radio).parts}
        states = (
            "board, asleep",
            "processor, screen on",
            "voice, screen and all",
            "processor, short wake-ups",
            "processor, awake for the radio",
        )
        assert sum(parts.get(state, 0) for state in states) == pytest.approx(days.DAY_S)


def test_a_busier_day_and_each_option_cost_more():
    totals = [estimate(ULTRA, DAYS[day], "off").total_mah for day in ("quiet", "typical", "busy")]
    assert totals == sorted(totals)
    plain = estimate(ULTRA, DAYS["typical"], "off", touch_wakes=False).total_mah
    assert plain < totals[1] < estimate(ULTRA, DAYS["typical"], "off", always_on=True).total_mah


def test_a_board_without_nfc_lives_a_day_without_taps():
    day = DAYS["busy"]
    assert BOARDS["twatch-s3"].nfc_field is None
    assert charges(BOARDS["twatch-s3"], day, "off") == charges(BOARDS["twatch-s3"], replace(day, taps=0), "off")


def test_impossible_days_and_radios_are_refused():
    with pytest.raises(ValueError, match="radio is one of"):
        estimate(ULTRA, NOTHING, "sometimes")
    with pytest.raises(ValueError, match="24 hours"):
        estimate(ULTRA, replace(NOTHING, raises=5_000), "off")


def test_looks_last_as_long_as_the_firmware_keeps_the_light_on():
    settings = (FIRMWARE / "storage/settings.py").read_text()
    light = (FIRMWARE / "system/light.py").read_text()
    assert re.findall(r'"screen_timeout_s", (\d+)', settings) == [str(days.SCREEN_TIMEOUT_S)]
    assert re.findall(r"_DIM_MS = const\((\d+)\)", light) == [str(days.DIM_S * 1000)]
    schedule = (FIRMWARE / "system/radio_plan.py").read_text()
    assert re.findall(r"^WINDOW_MS = const\((\d+)\)", schedule, re.M) == [str(days.WINDOW_S * 1000)]
    assert re.findall(r"^PERIOD_MS = const\((\d+)\)", schedule, re.M) == [str(days.DAY_S // days.WINDOWS * 1000)]


def test_every_figure_has_a_source_and_a_trust():
    for board in BOARDS.values():
        assert all(figure.source and isinstance(figure.trust, Trust) for figure in board.figures().values())
    assert {figure.trust for figure in ULTRA.figures().values()} == set(Trust)


def test_the_page_shows_all_radios_side_by_side_and_says_what_it_is(capsys):
    text = run(capsys)
    assert all(f"radio {radio}" in text for radio in RADIOS) and LABEL in text and "█" in text
    shown = {row.split("  ")[0] for row in text.splitlines()}
    assert {part.name for part in estimate(ULTRA, DAYS["typical"], "windows").parts} <= shown
    assert "radio off" not in run(capsys, "--radio", "windows")


def test_the_page_names_the_settings_and_the_vendor_s_figure_of_a_watch_that_is_off(capsys):
    text = run(capsys)
    assert "Radio windows: on for 20 s every 15 minutes" in text and "Radio connected: always on" in text
    assert "Switched off: 0.077 mA (measured by others), 476 days." in text
    assert "Switched off" not in run(capsys, "--board", "amoled-206")


def test_a_board_that_does_not_sleep_yet_is_said_to(capsys):
    for name in BOARDS:
        facts = tomllib.loads((FIRMWARE.parents[1] / "board" / FOLDERS[name] / "board.toml").read_text())
        assert (name in AWAKE) == ("light sleep" in facts.get("left_out", [])), name
        assert ("does not let this board sleep yet" in run(capsys, "--board", name)) == (name in AWAKE)


def test_json_carries_numbers_and_sources(capsys):
    told = json.loads(run(capsys, "--json", "--board", "amoled-206", "--day", "quiet"))
    assert told["label"] == LABEL and [one["radio"] for one in told["estimates"]] == list(RADIOS)
    for one in told["estimates"]:
        assert one["total_mah"] == pytest.approx(sum(part["mah"] for part in one["parts"]))
    assert told["figures"]["busy"]["trust"] == "datasheet"


@pytest.mark.parametrize("wrong", [("--board", "x"), ("--day", ""), ("--radio", "on"), ("--speed",)])
def test_wrong_arguments_are_told(capsys, wrong):
    with pytest.raises(SystemExit) as end:
        cli.main(["power", *wrong])
    told = capsys.readouterr().err
    assert end.value.code == 2 and "tapwatch" in told and ("choose from" in told or "unrecognized" in told)


def test_the_command_knows_what_there_is():
    assert set(commands._DAYS) == set(DAYS) and set(commands._BOARDS) == set(BOARDS) and commands._RADIOS == RADIOS
