"""The fuel of apps: a tank lets a call use so much, ends what asks for more, and fills with time."""

from watch.apps import fuel
from watch.apps.api import spend
from watch.apps.fuel import LOOK_EVERY, OutOfFuel, Tank

CAP, PER_S = 20_000, 10_000


def used(tank, now, most):
    """Units that a call at this time gets, at most `most`; and what the end of the call says."""
    tank.open(now)
    count = 0
    try:
        while count < most:
            assert spend() is True
            count += 1
    except OutOfFuel:
        pass
    return count, tank.shut()


def raises():
    """True if `spend` raises now."""
    try:
        spend()
    except OutOfFuel:
        return True
    return False


def test_a_call_ends_where_the_tank_does():
    """Exactly as many units as it holds, and the end of the call tells of a call that asked for more."""
    tank = Tank(CAP, PER_S)
    assert used(tank, 0, CAP) == (CAP - 1, True), "the last unit"
    assert used(Tank(CAP, PER_S), 0, CAP - 1) == (CAP - 1, False), "all but the last unit"


def test_who_catches_it_gets_it_again():
    """Code that catches the error goes on without fuel: every other call raises too, and the end still tells."""
    tank = Tank(100, PER_S)
    tank.open(0)
    assert not raises()
    caught = 0
    for _ in range(1000):
        caught += raises()
    assert caught == 1000 - 98, caught
    assert tank.shut()


def test_no_app_can_name_it():
    """It is no Exception, and `except Exception` lets it through."""
    assert issubclass(OutOfFuel, BaseException) and not issubclass(OutOfFuel, Exception)
    try:
        try:
            spend()
        except Exception:
            raise AssertionError("caught as an ordinary error")
    except OutOfFuel:
        return
    raise AssertionError("not raised outside an open tank")


def test_it_fills_with_time():
    """Ten units a millisecond, up to the cap, also where ticks wrap; time spent in a call counts too."""
    tank = Tank(CAP, PER_S)
    assert used(tank, 5, 8000) == (8000, False)
    assert used(tank, 5, CAP)[0] == CAP - 8000 - 1
    assert used(tank, 105, CAP)[0] == 1000 - 1, "a tenth of a second"
    assert used(tank, 10_105, CAP)[0] == CAP - 1, "full again"
    assert used(tank, 2**30 - 50, CAP)[0] == CAP - 1
    assert used(tank, 50, CAP)[0] == 1000 - 1, "across the wrap of ticks"


def test_one_looks_now_and_then():
    """What `watch` was given is called every so often, and what it raises ends the call."""
    looks = []
    fuel.watch(lambda: looks.append(1))
    try:
        assert used(Tank(CAP, PER_S), 0, CAP) == (CAP - 1, True)
        assert len(looks) == (CAP - 1) // LOOK_EVERY, looks

        def full():
            raise MemoryError()

        fuel.watch(full)
        try:
            used(Tank(CAP, PER_S), 0, CAP)
        except MemoryError:
            return
        raise AssertionError("the guard was not heard")
    finally:
        fuel.watch(fuel._nothing)


def test_it_allocates_nothing():
    """Neither a unit nor the brackets of a call."""
    import micropython

    tank = Tank(CAP, PER_S)
    tank.open(0)
    spend()
    tank.shut()
    micropython.heap_lock()
    try:
        tank.open(2)
        for _ in range(3000):
            spend()
        dry = tank.shut()
    finally:
        micropython.heap_unlock()
    assert not dry
