"""The list of damaged rectangles covers what was marked, stays short and stays aligned."""

import random

from watch.ui.damage import CAPACITY, Damage


def _covered(damage, x, y):
    for index in range(damage.count):
        left, top = damage.left(index), damage.top(index)
        if left <= x < left + damage.width(index) and top <= y < top + damage.height(index):
            return True
    return False


def test_everything_marked_is_covered_and_aligned():
    random.seed(5)
    for _ in range(8):
        damage = Damage(410, 502, 2)
        marked = []
        for _ in range(2 * CAPACITY):
            x, y = random.randint(-20, 420), random.randint(-20, 510)
            w, h = random.randint(0, 60), random.randint(0, 60)
            damage.add(x, y, w, h, random.choice((0, 512)))
            if w and h:
                marked += [(x, y), (x + w - 1, y + h - 1)]
        assert damage.count <= CAPACITY
        for x, y in marked:
            if 0 <= x < 410 and 0 <= y < 502:
                assert _covered(damage, x, y), (x, y)
        for index in range(damage.count):
            edges = damage.left(index), damage.top(index), damage.width(index), damage.height(index)
            assert not any(edge % 2 for edge in edges), edges
            assert damage.left(index) >= 0 and damage.left(index) + damage.width(index) <= 410
            assert damage.top(index) >= 0 and damage.top(index) + damage.height(index) <= 502


def test_neighbours_merge_and_strangers_do_not():
    damage = Damage(240, 240, 1)
    damage.add(10, 10, 20, 20)
    damage.add(30, 10, 20, 20)
    assert damage.count == 1
    damage.add(200, 200, 20, 20)
    assert damage.count == 2


def test_the_marker_says_how_much_a_merge_may_waste():
    damage = Damage(240, 240, 1)
    damage.add(10, 10, 10, 10)
    damage.add(20, 20, 10, 10, 0)
    assert damage.count == 2, "merged, although that wastes 200 pixels"
    damage.add(40, 10, 10, 10)
    assert damage.count == 1, "apart, although merging costs less than a window"


def test_nothing_off_the_screen_is_kept():
    damage = Damage(240, 240, 1)
    damage.add(240, 0, 10, 10)
    damage.add(-10, -10, 10, 10)
    damage.add(5, 5, 0, 10)
    assert damage.count == 0
