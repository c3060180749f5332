"""Apps come onto a whole watch, are listed, opened, replaced and removed; whatever is wrong ends with a word."""

from support import scrubbing
from support.bundles import signed
from support.visitor import FOLDER, Visitor, app_files

from watch.apps.shelf import file_tree
from watch.crypto.hashes import sha256
from watch.exchange import messages
from watch.services.offers import PLACES, Removal
from watch.system.apps.draft import PATIENCE_MS
from watch.system.apps.list import AppList

scrubbing.leave_out()
SHARE = "flash and update"
INSTALLED = ["installed", "", "counter"]


def test_an_app_comes_is_listed_opened_and_goes():
    one = Visitor()
    data = one.bundle()
    assert one.state(data)[0] == "unknown"
    assert one.send(data) == ("ok", len(data)) and one.state(data)[0] == "checking"
    one.settle()
    assert one.screen == "install" and one.state(data) == ["asked", "", "counter"]
    assert "Not checked by anyone" in one.texts() and "By Ada" in one.texts() and "Keeps the light on" in one.texts()
    assert one.installed() == [], "before the wearer has agreed"
    one.wait(1).answer("yes").settle()
    assert one.state(data) == INSTALLED and one.screen == "installed"
    (row,) = one.ask(messages.APPS, 0)[1]
    assert [row[key] for key in (1, 2, 3, 4, 6, 9)] == ["counter", "1.0.0", "app", "developer", len(data), "Counter"]
    assert one.ask(messages.APPS, 1) == one.ask(messages.APPS, 9) == ("ok", []), "one that has gone since is no error"
    assert one.ask(messages.APPS, -1)[0] == "bad-input"
    assert one.ask(messages.APP_OPEN, "counter") == ("ok", None)
    one.step()
    assert one.screen == "app-counter" and one.services.guard.state == "foreign"
    assert one.ask(messages.APP_REMOVE, "counter") == ("ok", None)
    one.step()
    assert one.screen == "remove"
    one.wait(1).answer("yes")
    assert one.screen == "passcode", "an app of a developer has ended the session"
    one.prove()
    one.wait(1).answer("yes").settle()
    assert one.installed() == [] and not file_tree.names(FOLDER + "/apps")


def test_whatever_is_wrong_with_a_bundle_is_told_and_leaves_nothing():
    one = Visitor()
    good = one.bundle()
    wrong = {
        "app-damaged": good[:-1] + bytes((good[-1] ^ 1,)),
        "app-signer": signed(one.cast.other, app_files()),
        "app-name": one.bundle(names={"en": "Settings", "zh": "\u8bbe\u7f6e"}),
        "app-version": one.bundle(id="torch"),
    }
    for status, data in wrong.items():
        assert one.send(data)[0] == "ok"
        one.settle()
        state, text, _ = one.state(data)
        assert state == status and text, (status, state, text)
        assert one.screen == "face" and one.installed() == [] and not file_tree.names(FOLDER + "/apps")
    assert one.state(good)[0] == "unknown" and one.install(good) == INSTALLED
    print("NOTE installs: %d kinds of bad bundles, each with a word, none left behind" % len(wrong))


def test_an_update_shows_what_is_new_and_an_older_one_is_refused():
    one = Visitor()
    assert one.install(one.bundle()) == INSTALLED
    newer = one.bundle(version=[1, 1, 0])
    one.send(newer)
    one.settle()
    assert "1.0.0 → 1.1.0" in one.texts() and "Nothing new" in one.texts()
    one.wait(1).answer("yes").settle()
    assert one.state(newer) == INSTALLED
    older = one.bundle(version=[1, 0, 9])
    one.send(older)
    one.settle()
    assert one.state(older)[0] == "app-version" and one.screen != "install"
    assert one.ask(messages.APPS, 0)[1][0][2] == "1.1.0"


def test_an_app_that_is_replaced_while_it_runs_ends_first():
    one = Visitor()
    one.install(one.bundle())
    one.ask(messages.APP_OPEN, "counter")
    one.step()
    running = one.watch.stack.top
    assert running.name == "app-counter" and running.running
    newer = one.bundle(version=[2, 0, 0])
    one.send(newer)
    one.settle()
    one.wait(1).answer("yes")
    one.prove()
    one.wait(1).answer("yes").settle()
    assert one.state(newer) == INSTALLED and not running.running


def test_a_damaged_app_stands_in_the_settings_and_can_be_removed():
    one = Visitor()
    one.install(one.bundle())
    one.wait(1)
    (name,) = file_tree.names(FOLDER + "/apps")
    with open("%s/apps/%s" % (FOLDER, name), "wb") as file:
        file.write(b"torn")
    AppList(one.watch.navigator._view, one.watch.navigator._care).open()
    assert "This app is damaged." in one.texts(), "what came onto the watch is listed first"
    one.answer("counter")
    assert one.screen == "app" and "Remove from the watch" in one.texts()
    one.answer("remove").wait(1).answer("yes")
    assert one.installed() == [] and one.screen == "apps" and not file_tree.names(FOLDER + "/apps")


def test_no_is_no_and_so_is_silence():
    one = Visitor()
    data = one.bundle()
    one.send(data)
    one.settle().wait(1).answer("no")
    assert one.state(data)[0] == "declined" and one.installed() == []
    one.send(data)
    one.settle().wait(61)
    assert one.state(data)[0] == "declined" and not file_tree.names(FOLDER + "/apps")


def test_one_at_a_time_and_a_sender_that_goes_silent_is_forgotten():
    one = Visitor()
    first, second = one.bundle(), one.bundle(id="other", names={"en": "Other", "zh": "\u53e6\u4e00\u4e2a"})
    part = [sha256(first), 100, len(first), first[100:200]]
    assert one.ask(messages.APP_PART, part)[0] == "bad-input", "a part without the first"
    part = [sha256(first), 0, len(first), first[:100]]
    assert one.ask(messages.APP_PART, part) == ("ok", 100)
    assert one.state(first)[0] == "coming"
    assert one.ask(messages.APP_PART, [sha256(second), 0, len(second), second[:100]])[0] == "wrong-state"
    one.wait(PATIENCE_MS // 1000)
    assert one.state(first)[0] == "unknown" and not file_tree.names(FOLDER + "/apps")
    assert one.send(second)[0] == "ok"
    assert one.send(first)[0] == "wrong-state", "one is checked"
    assert one.send(second) == ("ok", len(second)), "sent again it is here already"
    one.settle()
    assert one.send(first)[0] == "wrong-state", "one is asked about"
    one.wait(1).answer("yes").settle()
    assert one.installed() == ["other"] and one.install(first) == INSTALLED


def test_the_last_four_ends_are_kept():
    one = Visitor()
    seen = []
    for patch in range(5):
        data = one.bundle(id="torch", version=[1, 0, patch])
        one.send(data)
        one.settle()
        seen.append(data)
    states = [one.state(data)[0] for data in seen]
    assert states == ["unknown"] + ["app-version"] * 4, states


def test_parts_of_a_wrong_form():
    one = Visitor()
    digest = bytes(32)
    wrong = [[digest, 0, 131_073, b"x"], [digest, 0, 0, b"x"], [digest, 0, 10, b""], [digest, -1, 10, b"x"]]
    wrong += [[digest, 0, 10, bytes(11)], [bytes(31), 0, 10, b"x"], [digest, 0, 4000, bytes(2049)], [digest, 0, 10]]
    wrong += [[digest, True, 10, b"x"], [digest, 0, "10", b"x"], [None, 0, 10, b"x"], None]
    for body in wrong:
        assert one.ask(messages.APP_PART, body)[0] == "bad-input", body
    assert not file_tree.names(FOLDER + "/apps")


def test_a_watch_without_room_takes_no_app():
    one = Visitor()
    one.watch.navigator.install_flow.installs._draft._folder = None
    data = one.bundle()
    assert one.send(data)[0] == "wrong-state"


def test_too_many_questions_end_it_with_a_word():
    one = Visitor()
    offers = one.services.offers
    for _ in range(PLACES):
        offers.put(Removal(offers.next_number(), print, "x"))
    data = one.bundle()
    one.send(data)
    one.settle()
    assert one.state(data)[0] == "wrong-state" and not file_tree.names(FOLDER + "/apps")


def test_what_is_not_there_cannot_be_removed_or_opened():
    one = Visitor()
    for kind in (messages.APP_REMOVE, messages.APP_OPEN):
        for app in ("torch", "counter", "", "../x", 7):
            assert one.ask(kind, app)[0] == "bad-input", (kind, app)


def test_a_locked_watch_opens_no_app_of_a_developer():
    one = Visitor()
    one.install(one.bundle())
    one.services.guard.lock()
    one.step()
    assert one.ask(messages.APP_OPEN, "counter")[0] == "locked"
    one.unlock()
    one.services.wallet.arm()
    assert one.ask(messages.APP_OPEN, "counter")[0] == "wrong-state", "while it pays"
    one.services.wallet.disarm()
    assert one.ask(messages.APP_OPEN, "counter")[0] == "ok"
    one.step()
    assert not one.services.guard.unlocked()
    assert one.ask(messages.APP_OPEN, "counter")[0] == "ok", "in its own place it may start again"


def test_a_watch_that_erases_itself_forgets_what_was_coming():
    one = Visitor()
    data = one.bundle()
    one.ask(messages.APP_PART, [sha256(data), 0, len(data), data[:100]])
    one.services.guard.wipe()
    assert not file_tree.names(FOLDER + "/apps")
    assert one.ask(messages.APP_PART, [sha256(data), 100, len(data), data[100:200]])[0] == "wiped"
