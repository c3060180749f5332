"""What apps bring with them and leave behind: manifests and records of settings, damaged and invented."""

import json
import random

from tests.fuzz.campaign import Campaign
from tests.fuzz.mutate import mutated, mutated_value, noise
from watch.apps import plain
from watch.apps.settings import MAX_BYTES, AppSettings
from watch.apps.shelf.manifest import Manifest
from watch.kernel.errors import BundleError, FullError, InputError
from watch.storage import records

GOOD = {
    1: "torch",
    2: [1, 0, 12],
    3: "app",
    4: 1,
    5: "app.n3",
    6: {"en": "Torch", "zh": "\u624b\u7535\u7b52"},
    7: "",
    8: 0xFFB627,
    9: ["haptics", "light", "web"],
    10: ["api.example.com"],
    11: [["app.mpy", 1200, bytes(32)], ["icon.img", 90, bytes(32)], ["words.cbor", 60, bytes(32)]],
    12: False,
    13: bytes(32),
    14: "tapwatch 0.1.0",
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

    share = Campaign("manifests", take, BundleError).run(make, 10_000)
    assert 0.1 < share < 0.9


def test_json():
    """A text for `parse_json`: values, or one of the errors that end an app."""
    random.seed(20261206)
    good = '{"list": [1, -2.5e3, true, null, "x\\u00e9\\n"], "map": {"": {}}, "deep": [[[[[[0]]]]]]}'

    def make():
        return mutated(good.encode()).decode() if random.getrandbits(3) else "[" * random.getrandbits(14)

    def safe():
        while True:
            try:
                return make()
            except UnicodeError:
                continue

    share = Campaign("JSON of apps", plain.parse_json, (ValueError, TypeError, InputError)).run(safe, 2_000)
    assert 0.01 < share < 0.9


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
