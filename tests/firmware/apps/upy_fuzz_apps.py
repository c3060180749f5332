"""What apps bring with them and leave behind: manifests and records of settings, damaged and invented."""

import json
import random

from tests.fuzz.campaign import Campaign
from tests.fuzz.mutate import mutated, mutated_value, noise
from watch.apps.manifest import Manifest
from watch.apps.settings import MAX_BYTES, AppSettings
from watch.kernel.errors import FullError, InputError
from watch.storage import records

GOOD = {
    "id": "torch",
    "version": "1.0.0",
    "kind": "app",
    "api": 1,
    "entry": "app.Torch",
    "name": {"en": "Torch", "zh": "\u624b\u7535\u7b52"},
    "icon": "torch",
    "colour": 0xFFB627,
    "permissions": ["light", "haptics"],
}


class _Journal:
    """Records in RAM."""

    def __init__(self, kept):
        self.kept = kept

    def get(self, number):
        return self.kept.get(number)

    def commit(self, changes):
        self.kept.update(changes)


def test_manifests():
    """A manifest is taken with all it asks for, or refused with a reason."""
    random.seed(20261125)

    def take(fields):
        one = Manifest(fields)
        assert 0 < len(one.id) <= 24 and one.kind in ("app", "face") and one.api == 1
        assert one.name("zh") and one.name("tlh") == one.name("en")
        assert 0 <= one.colour <= 0xFFFFFF

    def make():
        return mutated_value(GOOD) if random.randrange(8) else GOOD

    share = Campaign("manifests", take, InputError).run(make, 1_000)
    assert 0.1 < share < 0.9


def test_settings_records():
    """A record that is not the app's is nobody's; what is set afterwards is found again, or there is no place."""
    random.seed(20261126)
    good = json.dumps({"app": "torch", "values": {"step": 3, "on": True}}).encode()

    def take(kept):
        journal = _Journal(kept)
        one = AppSettings(journal, "torch")
        assert type(one.get("step", 7)) is int and type(one.get("on", False)) is bool
        one.set("step", 11)
        one.end()
        assert AppSettings(journal, "torch").get("step", 0) == 11
        assert all(len(record) <= MAX_BYTES for record in kept.values())
        kept.clear()

    def make():
        places = [records.APP_SETTINGS + place for place in range(records.APP_PLACES)]
        kept = {place: mutated(good) if random.randrange(4) else noise(random.randrange(60)) for place in places}
        for place in places[: random.randrange(3)]:
            del kept[place]
        if not random.randrange(3):
            kept[random.choice(places)] = good
        return kept

    share = Campaign("settings of apps", take, FullError).run(make, 300)
    assert 0.05 < share < 0.95
