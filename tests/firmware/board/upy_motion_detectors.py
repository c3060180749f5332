"""Movement, the raised wrist and steps from made-up traces of acceleration, and how often they are wrong."""

import random

import micropython

from board.parts.movement import Movement
from board.parts.pedometer import Pedometer
from board.parts.wrist import WristRaise
from tests.firmware.board import motion_traces as traces

PACES_HZ = (1.4, 1.7, 2.0, 2.4, 2.8)
HEIGHTS_MG = (160, 280, 450)


def raises(trace):
    """How often the wrist is taken for raised."""
    wrist = WristRaise()
    return sum(wrist.look(held) for held in trace)


def movements(trace):
    """How often the watch is taken for moved."""
    movement = Movement()
    return sum(movement.look(held) for held in trace)


def steps(*parts):
    """Steps counted."""
    pedometer = Pedometer()
    for trace in parts:
        for held in trace:
            pedometer.look(held)
    return pedometer.steps


def test_a_raised_wrist_is_seen():
    random.seed(1)
    tried = seen = 0
    others = ((-950, 100, 150), (300, -800, 500), (0, 950, 200), (200, 300, -900))
    for before in (traces.HANGING,) + others:
        for after in (traces.FACING, (-200, 600, 780), (300, 100, 950)):
            for seconds in (0.25, 0.5, 0.8):
                tried += 1
                found = raises(traces.look(seconds, before, after))
                assert found <= 1, "once and not more"
                seen += found
    print("NOTE raised wrist: %d of %d seen" % (seen, tried))
    assert seen >= tried * 95 // 100


def test_a_wrist_that_is_not_raised():
    random.seed(2)
    half_minute = (
        ("table", traces.still(traces.TABLE, 30), 0),
        ("typing", traces.typing(30), 0),
        ("standing", traces.still(traces.HANGING, 30, 30), 0),
        ("too slow a turn", traces.look(20.0), 0),
        ("swung up and down", (held for _ in range(19) for held in traces.swing()), 1),
        ("walking, arm down", traces.walk(60, 2.0, 300), 0),
        ("walking, wide swing", traces.walk(60, 2.0, 300, swing=0.7), 0),
        ("running, arm bent", traces.walk(75, 2.7, 900, held=(300, 940, 100)), 0),
        ("walking with a look at it", traces.walk(60, 2.0, 250, 0.1, traces.FACING), 0),
        ("talking with the hands", traces.gestures(30), 1),
    )
    for name, trace, most in half_minute:
        found = raises(trace)
        print("NOTE raised wrist, %s: %d false in 30 s" % (name, found))
        assert found <= most, (name, found)


def test_it_is_seen_again_only_after_it_was_lowered():
    random.seed(3)
    wrist = WristRaise()
    found = sum(wrist.look(held) for held in traces.turn(traces.HANGING, traces.HANGING, 1))
    found += sum(wrist.look(held) for held in traces.turn(traces.HANGING, traces.FACING, 0.5))
    found += sum(wrist.look(held) for held in traces.still(traces.FACING, 20, 30))
    assert found == 1
    for _ in range(3):
        assert sum(wrist.look(held) for held in traces.look(0.5)) == 1


def test_steps_are_counted_within_a_tenth():
    random.seed(4)
    worst = 0
    for pace_hz in PACES_HZ:
        for height_mg in HEIGHTS_MG:
            counted = steps(traces.still(traces.HANGING, 2), traces.walk(100, pace_hz, height_mg))
            worst = max(worst, abs(counted - 100))
            assert 90 <= counted <= 110, (pace_hz, height_mg, counted)
    print("NOTE steps: %d walks of 100 steps, at most %d wrong" % (len(PACES_HZ) * len(HEIGHTS_MG), worst))


def test_walks_of_other_lengths_and_ways_to_hold_the_arm():
    random.seed(5)
    for count in (20, 50, 300):
        counted = steps(traces.walk(count, 1.9, 260))
        assert abs(counted - count) <= max(2, count // 10), (count, counted)
    for held in ((0, 950, 200), (100, 400, 900), (-900, 300, 200)):
        counted = steps(traces.walk(100, 1.9, 260, 0.2, held))
        assert 90 <= counted <= 110, (held, counted)
    counted = steps(*[part for _ in range(4) for part in (traces.walk(25, 1.8, 250), traces.still(traces.HANGING, 4))])
    assert 90 <= counted <= 110, counted


def test_what_is_no_walk():
    random.seed(6)
    for name, trace, most in (
        ("table", traces.still(traces.TABLE, 60), 0),
        ("standing", traces.still(traces.HANGING, 60, 30), 0),
        ("typing", traces.typing(60), 0),
        ("six steps", traces.walk(6, 1.9, 300), 0),
        ("ten looks", (held for _ in range(10) for held in traces.look(0.5)), 0),
        ("talking with the hands", traces.gestures(60), 10),
    ):
        counted = steps(trace)
        print("NOTE steps, %s: %d false in a minute" % (name, counted))
        assert counted <= most, (name, counted)


def test_movement_begins_late_and_goes_on_early():
    movement = Movement()
    assert not movement.look([0, 0, 1000]), "the first look is none"
    assert not movement.look([80, 0, 1000]) and not movement.look([0, -80, 920])
    assert movement.look([81, 0, 1000]), "from 81 mg on"
    assert not movement.look([121, 0, 1000]) and movement.look([122, 0, 1000]), "then from 41 mg on"
    for _ in range(25):
        assert not movement.look([122, 0, 1000])
    assert not movement.look([202, 0, 1000]) and movement.look([203, 0, 1000]), "and after a second 81 again"


def test_a_slow_turn_is_a_movement_and_a_table_is_none():
    random.seed(7)
    assert movements(traces.turn(traces.TABLE, traces.FACING, 60, 5)) >= 4
    assert movements(traces.still(traces.TABLE, 300)) == 0
    assert movements(traces.still(traces.TABLE, 60, 15)) == 0, "somebody types at this table"
    assert movements(traces.still(traces.FACING, 60, 60)) > 0, "a hand trembles"
    print("NOTE movement: 0 in six minutes on a table")


def test_looking_allocates_nothing():
    held = [0, 0, 0]
    parts = (Movement(), WristRaise(), Pedometer())
    trace = [tuple(values) for values in traces.walk(12, 2.0, 400)] + [tuple(v) for v in traces.look(0.4)]
    micropython.heap_lock()
    try:
        for values in trace:
            held[0], held[1], held[2] = values[0], values[1], values[2]
            for part in parts:
                part.look(held)
    finally:
        micropython.heap_unlock()
    assert parts[2].steps > 8


def test_extreme_values_stay_small():
    pedometer, wrist = Pedometer(), WristRaise()
    for held in ([0, 0, 0], [32767] * 3, [-32768] * 3, [0, 0, 0], [1, 0, 0]) * 20:
        pedometer.look(held)
        wrist.look(held)
        assert 250 <= pedometer._root <= 8000
