"""From what listens no way leads to a card: the attributes of everything in it, on the running watch.

Walked are instance and class attributes, and what lists, tuples, sets and dictionaries hold. MicroPython does not show
what a function has closed over, or what a method is bound to. Voice holds one such function of the watch, that of the
clock, whose object is walked as well; `tests/rules/test_voice_reach.py` reads in the source that it gets no other.
"""

import gc

from support import scrubbing

from tests.firmware.system.voice_kit import Spoken
from watch.kernel.errors import WatchError
from watch.voice.heard import Heard

scrubbing.leave_out()
SHARE = "system"

PLAIN = (int, str, bytes, bytearray, float, bool, type(None), complex)
FUNCTIONS = (type(lambda: None), type(Heard("", "").__init__), type(len), type([].append))
CALLABLE = ("ticks_ms",)
"""Attributes that hold functions of the watch: the clock, which counts."""
FORBIDDEN = ("Wallet", "Vault", "Guard", "Paying", "Consent", "Presenting", "KeyStore", "MerchantPayments") + (
    "Express",
    "PasscodeLock",
    "WornSession",
    "DeviceKeys",
    "DeviceRecords",
    "Journal",
    "Services",
    "Navigator",
    "Watch",
    "View",
    "Stack",
    "Screen",
    "Actions",
    "Places",
    "PushToTalk",
)


class Front:
    """Stands for the front end, whose buffers hold nothing but bytes."""


class Net:
    """A network of eight values."""

    def __init__(self):
        self.words = ("payment",)
        self.embedding_size = 8


def children(thing):
    """What an object leads to: attribute or place, and what is there."""
    if isinstance(thing, dict):
        return [(str(key), thing[key]) for key in thing] + [("key", key) for key in thing]
    if isinstance(thing, (list, tuple, set, frozenset)):
        return [(str(at), one) for at, one in enumerate(thing)]
    found = []
    for name in set(dir(type(thing))) | set(getattr(thing, "__dict__", ())):
        if name[:2] != "__":
            found.append((name, taken(thing, name)))
    return found


def taken(thing, name):
    """An attribute; None for a property that cannot be read now."""
    try:
        return getattr(thing, name)
    except WatchError:
        return None


def walk(start):
    """Every object that can be reached: `{id: (thing, way)}`, and the names of functions that were met."""
    seen, functions, rest = {}, set(), [(start, "voice")]
    while rest:
        thing, way = rest.pop()
        if isinstance(thing, PLAIN) or id(thing) in seen:
            continue
        if isinstance(thing, FUNCTIONS) or not hasattr(thing, "__class__"):
            functions.add(way)
            continue
        seen[id(thing)] = (thing, way)
        for name, child in children(thing):
            rest.append((child, way + "." + name))
    return seen, functions


def listens():
    """A watch with the listener that its engine builds, over a network that weighs nothing."""
    from watch.system.voice import engine as room
    from watch.voice.decision import Recogniser
    from watch.voice.listener import Listener
    from watch.voice.prototypes import Prototypes

    one = Spoken()
    engine = one.engine
    drawer = one.watch.services.recorded.load("en")
    recogniser = Recogniser(Net(), Prototypes(drawer, "en", b"\xff" * 8))
    microphone = Microphone()
    engine._listener = Listener(microphone, recogniser, room.Ticks(one.watch.services.clock), Front())
    return one, engine._listener


class Microphone:
    """Hears nothing."""

    def start(self):
        """Begin."""

    def read(self, into):
        """Nothing."""
        return 0

    def stop(self):
        """End."""


def found_in(start):
    """Names of forbidden classes that can be reached, with the way."""
    seen, _ = walk(start)
    return [(type(seen[one][0]).__name__, seen[one][1]) for one in seen if type(seen[one][0]).__name__ in FORBIDDEN]


def test_no_attribute_leads_from_what_listens_to_a_card():
    one, listener = listens()
    seen, functions = walk(listener)
    ids = set(seen)
    services = one.watch.services
    for thing in (services, services.wallet, services.vault, services.guard, services.journal, services.sealed):
        assert id(thing) not in ids, thing
    for thing in (one.watch.navigator, one.watch.navigator.paying, one.watch.stack, one.watch, services.merchants):
        assert id(thing) not in ids, thing
    assert found_in(listener) == []
    held = {way.split(".")[-1] for way in functions}
    print("NOTE voice: %d objects can be reached from the listener, none leads to a card" % len(seen))
    assert held & set(CALLABLE) == set(CALLABLE), held
    assert found_in(services.clock) == [], "what the clock's function is bound to"
    gc.collect()


def test_a_mutant_that_hands_voice_something_more_is_found():
    """The same walk sees a wallet that hides in a list of a dictionary of the drawer, and others."""
    one, listener = listens()
    listener._recogniser.prototypes._keep.extra = {"x": [(1, one.watch.services.wallet)]}
    assert ("Wallet", "voice._recogniser.prototypes._keep.extra.x.0.1") in found_in(listener), found_in(listener)
    one, listener = listens()
    listener._clock = one.watch.navigator
    assert any(row[0] == "Guard" for row in found_in(listener))
    one, listener = listens()
    listener._recogniser.prototypes._keep = one.watch.services.recorded
    assert {row[0] for row in found_in(listener)} >= {"Journal", "DeviceRecords"}
