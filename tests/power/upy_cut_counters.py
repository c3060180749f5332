"""Cuts in counters and settings: no count is lost, none goes back, no setting is mixed."""

from tests.firmware.storage.norflash import NorFlash
from tests.power.campaign import Campaign, Failed
from tests.power.stories import before_copy, prepared
from watch.storage import records
from watch.storage.counters import Counter, RisingNumber
from watch.storage.journal import Journal
from watch.storage.settings import Settings

SHARE = "cuts and faults"


def tries(journal):
    return Counter(journal, records.TRIES)


class NeverBack(Campaign):
    """Checks as well that a counter reads what was promised when the power went, or one more."""

    promised = 0

    def _play(self, flash):
        self.promised = 0
        return Campaign._play(self, flash)

    def _mounted_state(self, journal, where):
        state = Campaign._mounted_state(self, journal, where)
        if not self.promised <= tries(journal).value() <= self.promised + 1:
            raise Failed(f"{where}: {self.promised} tries promised, {tries(journal).value()} found")
        return state


def test_cut_tries():
    campaign = NeverBack(before_copy(5, 6, 100, 900), [])

    def count(journal):
        campaign.promised = tries(journal).increment()

    campaign.steps = [count] * 12
    campaign.run()
    print(f"NOTE cuts, passcode tries: {campaign.points()}, 0 counters going back")


def test_cut_tries_reset():
    flash = prepared(4, [])
    steps = [lambda journal: tries(journal).increment()] * 3 + [lambda journal: tries(journal).reset()]
    steps.append(lambda journal: tries(journal).increment())
    campaign = Campaign(flash, steps)
    campaign.run()
    print(f"NOTE cuts, tries and their reset: {campaign.points()}, 0 lost or mixed")


def test_cut_rising_number():
    steps = [lambda journal, to=to: RisingNumber(journal, 7).raise_to(to) for to in (1, 255, 256, 65535, 65536)]
    campaign = Campaign(NorFlash(4), steps)
    campaign.run()
    print(f"NOTE cuts, rising number: {campaign.points()}, 0 lost or mixed")


def change(name, value):
    """A step that changes one setting as the settings screen does."""

    def step(journal):
        settings = Settings(journal)
        settings.load()
        settings.set(name, value)

    return step


def test_cut_settings():
    steps = [change("language", "zh"), change("brightness_percent", 5), change("language", "en")]
    campaign = Campaign(prepared(4, [{1: b"beside"}]), steps)
    campaign.run()
    for state in campaign.states:
        assert state[1] == b"beside"
    journal = Journal(prepared(4, [campaign.states[-1]]))
    journal.mount()
    settings = Settings(journal)
    settings.load()
    assert (settings.get("brightness_percent"), settings.get("language")) == (5, "en")
    print(f"NOTE cuts, settings: {campaign.points()}, 0 lost or mixed")
