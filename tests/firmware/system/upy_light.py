"""The light of the screen: what turns it on, what keeps it on, and what an hour in the dark costs."""

import asyncio

from support import scrubbing
from support.world import World

from board.counting.devices import Motion as CountingMotion
from watch.access import states
from watch.kernel.loop import run, sleep_ms
from watch.kernel.virtual import VirtualTime
from watch.system.main import build

scrubbing.leave_out()
PASSCODE = b"246810"
_KEPT = []
_HOUR_MS = 3_600_000


class _Motion(CountingMotion):
    """A wrist that a test moves."""

    def __init__(self):
        super().__init__()
        self.wrist = self.moved = False

    def raised(self):
        wrist, self.wrist = self.wrist, False
        return wrist

    def moving(self):
        moved, self.moved = self.moved, False
        return moved


def _world():
    if not _KEPT:
        _KEPT.append(World().provision().set_passcode().add_card())
        _KEPT[0].services.save_clock()
    return World(_KEPT[0])


class _Worn:
    """A watch with a card, driven as its screen task would: inputs, then a tick."""

    def __init__(self, unlocked=True, **settings):
        self.board = _world().board
        self.board.motion = self.motion = _Motion()
        self.watch = build(self.board)
        self.light = self.watch.light
        for name, value in settings.items():
            self.watch.services.settings.set(name, value)
        if unlocked:
            asyncio.run(self.watch.services.guard.unlock(bytearray(PASSCODE)))
        self.step()

    @property
    def screen(self):
        return self.watch.stack.top.name

    def step(self):
        self.watch._take_input()
        self.watch.navigator.tick()

    def wait(self, seconds):
        for _ in range(seconds):
            self.board.clock.now_us += 1_000_000
            self.step()
        return self

    def touch(self):
        self.board.touch.events += [[1, 120, 120], [0, 120, 120]]
        self.step()

    def press(self, *ms):
        """Press for each of these times, 100 ms apart, and wait until it counts."""
        for held in ms:
            for bits, pause_ms in ((1, held), (0, 100)):
                self.board.buttons.events.append(bits)
                self.step()
                self.board.clock.now_us += pause_ms * 1000
        self.board.clock.now_us += 400_000
        self.step()

    def raise_wrist(self):
        self.motion.wrist = True
        self.step()


def test_full_then_dim_then_off_and_nothing_is_drawn_in_the_dark():
    one, seen = _Worn(), []
    for second in range(40):
        if not seen or seen[-1][1] != one.light.state:
            seen.append((second, one.light.state, one.board.display.level))
        one.wait(1)
    assert seen == [(0, "full", 153), (15, "dim", 38), (20, "off", 0)], seen
    assert one.board.display.asleep
    before = one.board.display.windows
    one.wait(600)
    assert one.board.display.windows == before, "drawn in the dark"
    one.press(60)
    assert one.light.state == "full" and not one.board.display.asleep
    assert one.board.display.level == 153 and one.board.display.windows > before


def test_the_wearers_choices_count():
    one = _Worn(screen_timeout_s=5, dim_before_off=False)
    assert one.wait(4).light.state == "full" and one.wait(1).light.state == "off"
    one = _Worn(wake_on_raise=False).wait(30)
    one.raise_wrist()
    assert one.light.state == "off"


def test_always_on_shows_the_minutes_and_only_those():
    one = _Worn(always_on=True).wait(25)
    assert one.light.state == "always-on" and not one.board.display.asleep and one.board.display.level == 20
    before = one.board.display.windows
    one.wait(30)
    assert one.board.display.windows - before <= 6, "one minute at most"
    one.touch()
    assert one.light.state == "full"


def test_a_touch_in_the_dark_wakes_and_does_nothing_else():
    one = _Worn(unlocked=False).wait(30)
    one.touch()
    assert one.light.state == "full" and one.screen == "face"
    one.touch()
    assert one.screen == "passcode"


def test_a_finger_that_wakes_means_nothing_until_it_is_lifted():
    one = _Worn(unlocked=False).wait(30)
    one.board.touch.events.append([1, 120, 120])
    one.step()
    one.board.touch.events.append([0, 120, 120])
    one.step()
    assert one.light.state == "full" and one.screen == "face"


def test_wake_is_not_unlock():
    one = _Worn(unlocked=False).wait(30)
    one.raise_wrist()
    assert one.light.state == "full" and one.screen == "face"
    one.touch()
    assert one.screen == "face", "a raised wrist and a sleeve opened the keypad"
    one.wait(30)
    assert one.light.dark, "touches that nobody meant kept the light on"
    one.raise_wrist()
    one.press(60)
    assert one.screen == "passcode"


def test_a_raised_wrist_of_an_open_watch_may_touch():
    one = _Worn().wait(30)
    one.raise_wrist()
    one.watch.stack.top.swipe("left")
    one.touch()
    assert one.screen == "card-menu"


def test_water_wakes_nothing_and_touches_nothing():
    one = _Worn(unlocked=False, water_mode=True).wait(30)
    one.touch()
    assert one.light.state == "off"
    assert one.board.touch.asleep, "nobody needs the controller in the dark"
    one.press(60)
    assert one.light.state == "full" and one.screen == "face" and not one.board.touch.asleep
    one.touch()
    assert one.screen == "water", "a touch is told what to do"
    one.wait(5).touch()
    assert one.screen == "face", "once: rain would keep it lit"
    one.press(60)
    assert one.screen == "water"
    one.press(60, 60)
    assert one.screen == "water", "nobody can enter a passcode in water"
    one.press(1000)
    assert one.screen == "face" and not one.watch.services.settings.get("water_mode")
    one.touch()
    assert one.screen == "passcode"


def test_water_mode_says_how_it_ends_and_two_presses_pay_in_it():
    one = _Worn()
    one.watch.services.settings.set("water_mode", True)
    one.step()
    assert one.screen == "water" and one.wait(5).screen == "face"
    one.press(60, 60)
    assert one.screen == "armed"
    one.touch()
    assert one.screen == "armed", "a hint covers no armed card"
    one.press(1000)
    assert one.watch.services.guard.unlocked() and one.screen == "armed", "it ends water mode and nothing else"


def test_a_touch_wakes_only_if_the_wearer_wants_it():
    one = _Worn().wait(30)
    assert one.light.dark and not one.board.touch.asleep
    one = _Worn(wake_on_touch=False).wait(30)
    assert one.board.touch.asleep
    one.touch()
    assert one.light.state == "off"
    fails = []

    def refuse(on):
        fails.append(on)
        raise OSError(5)

    rouse, one.board.touch.sleep = one.board.touch.sleep, refuse
    one.press(60)
    assert one.light.state == "full" and fails[-1] is False, "the bus fails, and the watch goes on"
    one.board.touch.sleep = rouse
    one.wait(1)
    assert not one.board.touch.asleep


def test_one_press_wakes_two_pay_and_a_long_one_locks():
    one = _Worn().wait(30)
    one.press(60)
    assert one.light.state == "full" and one.screen == "face"
    one.wait(30)
    assert one.light.dark
    one.press(60, 60)
    assert one.screen == "armed" and one.watch.services.guard.state == states.ARMED
    one.watch.stack.top.button("single")
    one.wait(30)
    one.press(1000)
    assert one.watch.services.guard.state == states.LOCKED


def test_an_armed_card_and_its_outcome_stay_lit():
    one = _Worn()
    one.press(60, 60)
    for _ in range(58):
        assert one.wait(1).light.state == "full" and one.screen == "armed"
    one.wait(2)
    assert one.screen == "face" and not one.light.locks.held()
    assert one.wait(14).light.state == "full" and one.wait(10).light.state == "off"
    one.watch.navigator._view.error("error")
    for _ in range(29):
        assert one.wait(1).light.state == "full"
    held = one.light.locks.held_ms()
    assert 58_000 <= held["armed"] <= 61_000 and 58_000 <= held["payment"] <= 61_000, held
    assert 28_000 <= held["outcome"] <= 31_000, held


def test_the_charger_and_news_wake():
    one = _Worn().wait(30)
    one.board.power.charging = lambda: True
    one.step()
    assert one.light.state == "full"
    one.wait(30)
    one.watch.navigator._view.error("error")
    one.step()
    assert one.light.state == "full" and one.screen == "error"


def test_a_session_that_ends_in_the_dark_wakes_nothing():
    one = _Worn().wait(601)
    assert one.watch.services.guard.state == states.LOCKED and one.light.state == "off"


def test_the_face_comes_back_from_a_screen_left_open():
    one = _Worn()
    one.watch.stack.top.swipe("left")
    assert one.wait(60).screen == "cards" and one.light.dark
    assert one.wait(61).screen == "face" and one.light.dark
    one = _Worn(always_on=True)
    one.watch.stack.top.swipe("left")
    one.wait(22)
    assert (one.screen, one.light.state) == ("face", "always-on")


def test_who_used_what_is_told():
    one = _Worn()
    one.watch.stack.top.swipe("left")
    one.wait(10)
    power = one.watch.describe()["power"]
    assert 9_000 <= power["used"]["cards"]["screen_ms"] <= 11_000, power
    one.wait(60)
    assert one.watch.describe()["power"]["used"]["cards"]["screen_ms"] <= 21_000, "counted in the dark"
    one.light.usage.served("nfc", 230)
    one.light.usage.worked("face", 1_700)
    one.light.usage.worked("face", 300)
    used = one.light.usage.table()
    assert used["nfc"] == {"screen_ms": 0, "radio_ms": 230, "processor_ms": 230} and used["face"]["processor_ms"] == 2


class _Counted(VirtualTime):
    """Virtual time that counts how often the loop wakes after a real wait."""

    def __init__(self):
        super().__init__(1_795_305_600)
        self.wakes = 0

    def wait(self, poll, delay_ms):
        if delay_ms:
            self.wakes += 1
        super().wait(poll, delay_ms)


def _idle_hour(unlocked, **settings):
    """Wakes of the whole loop in an hour after the screen has gone dark, and what is left of the session."""
    time, board = _Counted(), _world().board
    board.clock = time
    counts = []

    async def live():
        watch = build(board)
        for name, value in settings.items():
            watch.services.settings.set(name, value)
        task = asyncio.create_task(watch.run())
        if unlocked:
            await watch.services.guard.unlock(bytearray(PASSCODE))
        await sleep_ms(30_000)
        assert watch.light.dark
        counts.append(time.wakes)
        windows = board.display.windows
        await sleep_ms(_HOUR_MS)
        counts.append(time.wakes - 1)  # the end of this wait is ours
        counts.append(board.display.windows - windows)
        counts.append(watch.services.guard.state)
        task.cancel()

    run(live(), time)
    return counts[1] - counts[0], counts[2], counts[3]


def test_an_hour_in_the_dark():
    locked = _idle_hour(False)
    worn = _idle_hour(True)
    always = _idle_hour(False, always_on=True)
    print(
        "NOTE wake-ups of the loop in an hour with the screen off: locked", locked[0], "- worn until it locks", worn[0]
    )
    print("NOTE the same with the always-on face:", always[0], "for 60 minutes,", always[1], "windows drawn")
    assert locked == (0, 0, states.LOCKED)
    assert worn[0] <= 3 and worn[1] == 0 and worn[2] == states.LOCKED, worn
    assert 59 <= always[0] <= 61 and always[1] >= 59, always
