"""A developer's key on a whole watch: asked for by passcode, marked for good while it counts, gone with its apps."""

from support import scrubbing
from support.visitor import FOLDER, Visitor, app_files

from watch.apps.shelf import file_tree
from watch.exchange import messages
from watch.screens.parts import is_marked

scrubbing.leave_out()
SHARE = "apps"


def asked(one, name="Ada"):
    """What the watch answers to a developer."""
    return one.ask(messages.DEVELOPER, [one.cast.maker.public, name])


def enrol(one):
    """The wearer agrees, with the passcode."""
    assert asked(one) == ("ok", "asked") and one.settle().screen == "enrol"
    one.wait(1).answer("yes").prove().wait(1).answer("yes").settle()
    return one


def test_a_key_is_enrolled_and_the_watch_is_marked():
    one = Visitor(enrolled=False)
    app_files()
    data = one.bundle()
    one.send(data)
    one.settle()
    assert one.state(data)[0] == "app-signer" and not one.watch.stack.top.ui.developer_mark
    enrol(one)
    assert one.screen == "enrolled" and asked(one) == ("ok", "enrolled")
    ui = one.watch.stack.top.ui
    assert ui.developer_mark and is_marked(ui)
    one.watch.navigator.button("double")
    one.step()
    assert one.screen == "armed" and "TEST · DEV" in one.texts()
    one.watch.navigator.button("single")
    assert one.install(data)[0] == "installed"


def test_asking_again_only_tells_how_it_went():
    one = Visitor(enrolled=False)
    for _ in range(3):
        assert asked(one) == ("ok", "asked")
    assert len(one.services.offers) == 1
    one.settle().wait(1).answer("no")
    assert asked(one) == ("ok", "declined"), "told once"
    assert asked(one) == ("ok", "asked"), "and then asked anew"
    one.settle().wait(61)
    assert asked(one) == ("ok", "declined") and not one.services.shelf.developers.all()


def test_names_and_keys_of_a_wrong_form():
    one = Visitor(enrolled=False)
    public = one.cast.maker.public
    for body in (
        [public, ""],
        [public, "\u200b\u202e"],
        [bytes(64), "Ada"],
        [public[:63], "Ada"],
        [public],
        [public, 7],
    ):
        assert one.ask(messages.DEVELOPER, body)[0] == "bad-input", body
    asked(one, "x" * 200)
    (offer,) = one.services.offers._waiting
    assert len(offer.name.encode()) <= 40
    one.wait(61)


def test_a_key_that_is_thrown_away_takes_its_apps_along():
    one = enrol(Visitor(enrolled=False))
    one.install(one.bundle())
    view, flow = one.watch.navigator._view, one.watch.navigator
    view.home()
    flow._ways["down"]()
    for row in ("security", "developers"):
        one.wait(1)
        turn_to(one, row)
        one.answer(row)
    turn_to(one, one.services.shelf.developers.all()[0].maker)
    one.wait(1).answer(one.services.shelf.developers.all()[0].maker)
    one.wait(1)
    turn_to(one, "forget")
    one.answer("forget")
    assert one.screen == "dismiss"
    one.wait(2).answer("yes")
    assert not one.services.shelf.developers.all() and one.installed() == []
    assert not one.watch.stack.top.ui.developer_mark and not file_tree.names(FOLDER + "/apps")


def turn_to(one, row):
    """Turn pages until a row is there."""
    for _ in range(6):
        if row in [target[0] for target in one.watch.stack.top.targets()]:
            return
        one.watch.stack.top.swipe("up" if one.screen != "quick" else "left")
    raise AssertionError(row + " is not on " + one.screen)


def test_the_mark_is_there_after_a_restart():
    one = enrol(Visitor(enrolled=False))
    world = one.board
    from watch.system.main import build

    assert build(world).stack.top.ui.developer_mark
