"""What a class of the API makes is an object of its own, made once: no app makes another thing of a shared one."""

from tests.screens.panel import Panel
from watch.apps import api
from watch.apps.api import App, Box, Canvas, Entry, Hand, Hands, Label, QrCode, Watch, Widget, Words
from watch.apps.owner import Place
from watch.apps.seal import ONCE
from watch.apps.sweep import Sweep
from watch.apps.verifier import vocabulary
from watch.kernel.errors import InputError
from watch.ui.context import Ui

SHARE = "apps"
STATIONS = ((-10, 5), (100, 5))


def _refused(call, *values):
    try:
        call(*values)
    except InputError:
        return True
    return False


def _sealed_ui():
    Sweep()
    return Ui(Panel(240, 240, 0, 1), "firmware/assets")


def test_a_shared_object_is_not_made_into_something_else():
    ui = _sealed_ui()
    text, count = ui.text, 0
    shared = (ui, ui.metrics, ui.body_font, ui.text, App, Label, api.icons, Canvas())
    for one in shared:
        before = dict(one.__dict__)
        for call, values in (
            (Entry.__init__, (one, 0, 0, False, "mine", "mine", "mine")),
            (Words.__init__, (one, {}, ui.text)),
            (Widget.__init__, (one, 0, 0, 0, 0)),
            (Label.__init__, (one, ui, ui.body_font, 0, 0, 9, "x", 0)),
            (QrCode.__init__, (one,)),
            (Canvas.__init__, (one,)),
            (Hand.__init__, (one, 0, 0, STATIONS, 4, 0, 0)),
        ):
            assert _refused(call, *values), (one, call)
            count += 1
        assert dict(one.__dict__) == before
    assert ui.text is text
    print("NOTE own objects: %d ways to make a shared object anew refused" % count)


def test_what_machine_code_believes_is_made_once():
    _sealed_ui()
    hands = [Hand(50, 50, STATIONS, 4, 1, 2) for _ in range(2)]
    pair, code = Hands(50, 50, 50, hands[0], hands[1], 3, 1), QrCode(1)
    longer = tuple([(i * 10, 5) for i in range(300)])
    assert _refused(Hand.__init__, hands[0], 50, 50, longer, 4, 1, 2)
    assert _refused(Hands.__init__, pair, 50, 50, 50, hands[0], hands[1], 3, 1)
    assert _refused(QrCode.__init__, code, 20)
    pair.set(77)
    for name, first in ONCE.items():
        assert first in {"Hand": hands[0], "Hands": pair, "QrCode": code, "Canvas": Canvas()}[name].__dict__, name


def test_a_class_of_an_app_is_made_as_before():
    class Mine(Box):
        def __init__(self, ink):
            Box.__init__(self, 1, 2, 3, 4, 0, ink)

    ui = _sealed_ui()
    _sealed_ui()
    assert Mine(5).w == 3 and Label(ui, ui.body_font, 0, 0, 90, text="warm", ink=1).texts() == ["warm"]


def test_stations_of_a_hand_are_pairs():
    assert _refused(Hand, 0, 0, ((100, 5),) + ((),) * 9 + ((0, 5),), 4, 0, 0)


def test_no_app_chooses_the_fields_of_a_watch():
    watch = Watch(0, 0, 0, 0, 0, {"memory": 4096})
    assert not watch.__dict__, "a watch with fields of an app's choice"


def test_what_an_app_is_made_with_leads_nowhere():
    place = Place(object())
    for group in (vocabulary.EXPORTS, vocabulary.MEMBERS, vocabulary.OVERRIDES, vocabulary.WRITABLE):
        assert not [name for name in vocabulary.names(group) if name[:2] != "__" and hasattr(place, name)]
