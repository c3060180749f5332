"""Scenes of the faces made of widgets, also for the tests that count what they cost."""

from watch.ui.analogue import Analogue
from watch.ui.canvas import rgb
from watch.ui.screen import Screen

DAY_MINUTES = 10 * 60 + 9
ORANGE, BLUE = rgb(0xFF6B4A), rgb(0x5B8CFF)


class AnalogueScreen(Screen):
    """The analogue face by itself."""

    name = "analogue"

    def __init__(self, ui, minutes=DAY_MINUTES, percent=82, charging=False, accent=ORANGE, day=15):
        super().__init__(ui)
        self.face = Analogue(ui, accent)
        for widget in self.face.widgets:
            self.add(widget)
        self.face.set_time(minutes)
        self.face.set_day(day)
        self.face.set_battery(percent, charging)


SCENES = (
    ("analogue", AnalogueScreen),
    ("analogue-charging", lambda ui: AnalogueScreen(ui, 4 * 60 + 33, 100, True, BLUE, 8)),
    ("analogue-low", lambda ui: AnalogueScreen(ui, 17, 8, False, BLUE, 31)),
)
