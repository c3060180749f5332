"""What the system hands to the calculator, the game, the phone finder, the activity and the loyalty cards."""

from tests.firmware.services.kit import Known
from tests.screens.app_scenes import MINUTES, Desk
from tests.screens.known import SEEN
from watch.apps.capabilities import Haptics, Light
from watch.services.activity import Activity
from watch.storage import records
from watch.system.apps.grants import MINUTES_1970_TO_2000

_DAY_MIN = 1440


class _Journal:
    """Keeps nothing."""

    def get(self, _record):
        return None

    def commit(self, _changes):
        pass


class _Dice:
    """Random bytes from a known sequence, the same for every picture."""

    def __init__(self, seed=7):
        self._state = seed

    def bytes(self, count):
        out = bytearray(count)
        for place in range(count):
            self._state = (self._state * 1103 + 12345) % 65521
            out[place] = self._state >> 4 & 255
        return bytes(out)


class ToolKnown(Known):
    """The services of the kit, with steps, dice and a guard."""

    def __init__(self, now):
        super().__init__()
        self.now = now
        self.activity = Activity(_Journal())
        self.random = _Dice()
        self.guard = self
        self.open = True
        self.goals = []
        self.counts_steps = True

    def unlocked(self):
        """The guard's part."""
        return self.open

    def local_minutes(self):
        """Minutes since 1970."""
        return self.now

    def set_goal(self, steps):
        """As `Services.set_goal`."""
        self.goals.append(steps)
        self.activity.goal = steps

    def walk(self, ago, hours):
        """Steps of a date, hour by hour from midnight."""
        number = self.now // _DAY_MIN - ago
        day = self.activity._days[number % records.STEP_DAYS]
        day.start(number)
        for hour, steps in enumerate(hours):
            day.steps[hour] = steps
        self.activity.changes += 1


class ToolDesk(Desk):
    """Grants what these apps ask for, by the classes that the system uses."""

    def __init__(self):
        super().__init__()
        self.known = ToolKnown(MINUTES + MINUTES_1970_TO_2000)

    def grant(self, screen):
        granted = {}
        for name in screen.manifest.permissions:
            if name == "haptics":
                granted[name] = Haptics(self.played.append)
            elif name == "light":
                granted[name] = Light(screen, self._shine)
            else:
                granted[name] = SEEN[name](self.known)
        return self.watch(screen, granted)
