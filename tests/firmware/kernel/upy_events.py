"""Topics and wake locks."""

import micropython

from watch.kernel.errors import StateError
from watch.kernel.events import Topic
from watch.kernel.loop import deadline, run, sleep_ms
from watch.kernel.power import WakeLocks
from watch.kernel.virtual import VirtualTime


class Ear:
    """A subscriber that keeps what it hears."""

    def __init__(self):
        self.last = None
        self.count = 0

    def hear(self, value):
        self.last = value
        self.count += 1


def silent(name, error):
    raise AssertionError(name)


def test_subscribers_hear_in_order():
    heard = []
    topic = Topic("battery", silent)
    topic.subscribe(lambda value: heard.append(("first", value)))
    topic.subscribe(lambda value: heard.append(("second", value)))
    topic.publish(17)
    assert heard == [("first", 17), ("second", 17)]


def test_subscribing_twice_and_leaving_twice_change_nothing():
    ear, topic = Ear(), Topic("battery", silent)
    topic.subscribe(ear.hear)
    topic.subscribe(ear.hear)
    topic.publish(1)
    topic.unsubscribe(ear.hear)
    topic.unsubscribe(ear.hear)
    topic.publish(2)
    assert (ear.last, ear.count) == (1, 1)


def test_a_failing_subscriber_does_not_hurt_the_others():
    errors, ear = [], Ear()

    def bad(value):
        raise KeyError(value)

    topic = Topic("battery", lambda name, error: errors.append((name, type(error))))
    topic.subscribe(bad)
    topic.subscribe(ear.hear)
    topic.publish(3)
    assert ear.last == 3 and errors == [("battery", KeyError)]


def test_subscribers_may_come_and_go_while_news_is_told():
    ear, topic = Ear(), Topic("battery", silent)

    def once(value):
        topic.unsubscribe(once)
        topic.subscribe(ear.hear)

    topic.subscribe(once)
    topic.publish(1)
    assert ear.count == 0
    topic.publish(2)
    assert (ear.last, ear.count) == (2, 1)


def test_publishing_allocates_nothing():
    ear, topic = Ear(), Topic("battery", silent)
    topic.subscribe(ear.hear)
    topic.publish(1)
    micropython.heap_lock()
    try:
        topic.publish(2)
    finally:
        micropython.heap_unlock()
    assert ear.last == 2


def _no_time():
    return 0


def test_wake_locks_count_by_owner():
    locks = WakeLocks(_no_time)
    assert not locks.held()
    locks.acquire("nfc")
    locks.acquire("nfc")
    locks.acquire("ble")
    assert locks.holds("ble") and locks.holds("nfc")
    locks.release("nfc")
    locks.release("ble")
    assert locks.holds("nfc") and not locks.holds("ble")
    locks.release("nfc")
    assert not locks.held()


def test_releasing_what_is_not_held_is_an_error():
    locks = WakeLocks(_no_time)
    locks.acquire("nfc")
    try:
        locks.release("ble")
    except StateError:
        assert locks.holds("nfc") and not locks.holds("ble")
        return
    raise AssertionError("released a lock nobody held")


def test_hold_releases_on_error_and_on_cancellation():
    locks = WakeLocks(_no_time)

    async def body():
        with locks.hold("tap"):
            assert locks.held()
            await sleep_ms(1000)

    async def main():
        try:
            await deadline(10, body())
        except Exception:
            pass
        assert not locks.held()

    run(main(), VirtualTime())
    try:
        with locks.hold("tap"):
            raise ValueError
    except ValueError:
        assert not locks.held()
