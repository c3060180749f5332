"""How often apps may do what costs others something: each for itself, however many apps come and go."""

from watch.system.apps.budgets import MOST_APPS, Budget

SHARE = "mutants"
GAP_MS, MOST = 1000, 3


class Time:
    """Clock and calendar."""

    def __init__(self):
        self.now_ms, self.day = 0, 1

    def budget(self, gap_ms=0):
        """One that looks at them."""
        return Budget(lambda: self.now_ms, lambda: self.day, gap_ms, MOST)


def test_each_has_its_own():
    time = Time()
    budget = time.budget(GAP_MS)
    assert budget.take("one") and not budget.take("one"), "too soon"
    assert budget.take("other")
    for _ in range(MOST - 1):
        time.now_ms += GAP_MS
        assert budget.take("one")
    time.now_ms += GAP_MS
    assert not budget.take("one"), "too often"
    time.day += 1
    assert budget.take("one"), "another day"


def test_more_apps_than_there_are_places():
    """Hundreds come and go on one day: each may do what it may, and no table grows."""
    time = Time()
    budget = time.budget()
    for number in range(10 * MOST_APPS):
        assert all(budget.take("app%d" % number) for _ in range(MOST))
        assert not budget.take("app%d" % number)
        assert len(budget._spent) <= MOST_APPS


def test_who_goes_is_of_another_day_or_idle():
    """Whoever is there goes on counting: its place is taken by no newcomer while others have rested longer."""
    time = Time()
    budget = time.budget()
    budget.take("yesterday")
    time.day += 1
    budget.take("resting")
    for number in range(MOST_APPS - 2):
        budget.take("app%d" % number)
    assert budget.take("busy") and "yesterday" not in budget._spent
    for number in range(MOST_APPS):
        assert budget.take("new%d" % number)
        if number < MOST - 1:
            assert budget.take("busy")
        if number == 0:
            assert "resting" not in budget._spent
        if number < MOST_APPS // 2:
            assert not (budget._spent["busy"].count == MOST and budget.take("busy")), "it began anew"
