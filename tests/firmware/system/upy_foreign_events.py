"""What happens to a watch while code of a third party is in front; and in what order the state is entered.

After each event: foreign code ran in the state *foreign* and beside a silent radio only, the state is that of who is in
front, and the wearer finds what the table says.
"""

from support import scrubbing
from support.guests import GuestWatch, in_order

from watch.access import guard as guard_room
from watch.access import session, states
from watch.kernel.errors import LockedError
from watch.services.offers import Removal

scrubbing.leave_out()
SHARE = "mutants"
LEVELS = ("reviewed", "developer")
APPS = ("guest", "stranger")
ISSUER = b"issuer-1"
FRONT = {"guest": "app-guest", "stranger": "face"}
_GOES_ON = object()
"""The app or the face is in front, and runs."""


def _stillness(one):
    one.board.clock.now_us += (session.STILL_MS + 1) * 1000


def _battery(one):
    one.board.power.percent = lambda: 4


def _alarm(one):
    now = one.services.local_minutes()
    due = (now + 1) % 1440
    one.services.alarms.add(due // 60, due % 60, 0, now)
    one.wait(60)


def _question(one):
    offers = one.services.offers
    offers.put(Removal(offers.next_number(), lambda answer: None, "Guest"))


def _call(one):
    one.watch.phone.receive({"t": "call", "cmd": "incoming", "name": "Ada", "number": "1"})


EVENTS = {
    # what happens: what is in front two seconds later, of a reviewed app and face, of a developer's app and face
    "lost": (lambda one: one.guard.lose(ISSUER, "", {}), "lost", "lost", "lost", "lost"),
    "wiped": (lambda one: one.guard.wipe(), "wiped", "wiped", "wiped", "wiped"),
    "locked by hand": (lambda one: one.watch.navigator.button("long"), "face", _GOES_ON, _GOES_ON, "stays-locked"),
    "ten minutes still": (_stillness, "face", _GOES_ON, "face", _GOES_ON),
    "charger": (lambda one: one.guard.charger(True), "face", _GOES_ON, _GOES_ON, _GOES_ON),
    "low battery": (_battery, _GOES_ON, "battery-low", _GOES_ON, "battery-low"),
    "a call": (_call, "call", "call", "call", "call"),
    "a message": (lambda one: one.post(), _GOES_ON, "news", _GOES_ON, "news"),
    "a timer": (lambda one: one.services.timers.start(1), "ringing", "ringing", "ringing", "ringing"),
    "an alarm": (_alarm, "ringing", "ringing", "ringing", "ringing"),
    "a question": (_question, "remove", "remove", "remove", "remove"),
    "a double press": (lambda one: one.watch.navigator.button("double"), "armed", "armed", "passcode", "passcode"),
    "a press": (lambda one: one.watch.navigator.button("single"), "face", _GOES_ON, "face", "stays-locked"),
    "an error": (lambda one: one.watch.navigator._view.error("timeout"), "error", "error", "error", "error"),
}


def _in_order(one, where):
    runs = in_order(one, where)
    assert one.board.nfc.armed == (one.guard.state not in (states.FOREIGN, states.WIPING)), where
    return runs


def test_whatever_happens_meanwhile():
    tried = 0
    for name, (deed, *expected) in EVENTS.items():
        for turn, level in enumerate(LEVELS):
            for place, app in enumerate(APPS):
                one, wanted = GuestWatch(level).open(app), expected[2 * turn + place]
                one.watch.phone.link(True)
                where = "%s, %s %s" % (name, level, app)
                deed(one)
                one.wait(2)
                goes_on = _in_order(one, where)
                wanted = FRONT[app] if wanted is _GOES_ON else wanted
                assert one.screen == wanted, "%s: %s" % (where, one.screen)
                assert goes_on == (wanted == FRONT[app] and (app == "stranger" or wanted != "face")), where
                if level == "developer":
                    assert not one.guard.unlocked(), where
                tried += 1
    print("NOTE foreign: %d events met %d apps and faces" % (len(EVENTS), tried))


def test_the_session_behind_a_reviewed_app_outlives_a_payment():
    for app in APPS:
        one = GuestWatch().open(app)
        one.called()
        one.watch.navigator.button("double")
        assert one.screen == "armed" and one.guard.unlocked()
        assert one.called() == (["close"] if app == "guest" else []), "it has ended first, or rests"
        one.watch.navigator.button("single")
        one.wait(1)
        assert one.screen == "face" and one.guard.unlocked() and one.guard.state != states.ARMED
        _in_order(one, app)


def test_after_a_loss_or_a_charger_it_works_again():
    for level in LEVELS:
        one = GuestWatch(level).open("guest")
        one.guard.lose(ISSUER, "", {})
        one.wait(1)
        assert one.screen == "lost" and _in_order(one, level) is False
        one.guard.found(ISSUER, {})
        one.wait(1)
        assert one.screen == "face" and one.guard.state == states.LOCKED
        one.unlock()
        one.open("guest")
        assert one.screen == "app-guest" and _in_order(one, level)


def _traced(one, order):
    """Each step on the way, as it happens."""

    def note(holder, name, word):
        plain = getattr(holder, name)

        def noted(*arguments):
            result = plain(*arguments)
            order.append(word)
            return result

        setattr(holder, name, noted)

    note(one.board.nfc, "disarm", "radio off")
    note(one.guard._session, "end", "session ended")
    note(guard_room, "scrub", "scrubbed")
    plain = one.runner.load

    def load(screen):
        order.append("first line")
        assert not one.board.nfc.armed and one.guard.state == states.FOREIGN
        assert not one.services.wallet.armed and one.services.express.card is None
        try:
            one.guard.vault_key()
        except LockedError:
            return plain(screen)
        raise AssertionError("the vault key can be had")

    one.runner.load = load


def test_radio_and_keys_are_gone_before_the_first_line_of_code_runs():
    """Modules of a bundle run when it is loaded: nothing of it may be before that."""
    plain, told = guard_room.scrub, []
    for level in LEVELS:
        for app in APPS:
            one, order = GuestWatch(level), []
            try:
                _traced(one, order)
                one.open(app)
            finally:
                guard_room.scrub = plain
            before = order[: order.index("first line")]
            assert order.count("first line") == 1 and before[-2:] == ["radio off", "scrubbed"], order
            ended = "session ended" in before
            assert ended == (level == "developer") == (not one.guard.unlocked()), order
            assert not ended or before.index("session ended") < before.index("radio off"), order
            told.append("%s %s: %s" % (level, app, ", ".join(order)))
            one.called()
    print("NOTE foreign, in order: %s" % "; ".join(told))
