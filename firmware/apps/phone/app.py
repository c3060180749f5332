"""One big key: it lets the phone ring, and a ring around it shows how long it still will."""

from micropython import const

from watch.apps.api import FAILURE, FAINT, GREY, SUCCESS, TICK, WHITE, App, Arc, Button, Paragraph, icons

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Watch

AWAY, READY, RINGING, WANTED = "away", "ring", "ringing", "wanted"
_LAYOUT = {
    # y of the centre, radius of the key, radius and thickness of the ring, y and height of the words, of those below
    "large": (190, 92, 116, 10, 316, 48, 366, 72),
    "small": (76, 52, 66, 6, 148, 34, 184, 48),
}


class PhoneFinder(App):
    """Shows what the phone is up to, and changes it by a touch."""

    def open(self, watch: "Watch") -> None:
        """Show how things stand."""
        self._find = watch.find_phone
        self._called = self._find.wanted
        self._build(self._now())

    def tick(self, now: int) -> None:
        """Follow what happens, and count down."""
        state = self._now()
        if state != self._state:
            self._follow(state)
        elif state == RINGING:
            self._arc.set(self._find.left_percent())

    def _now(self) -> str:
        find = self._find
        if find.wanted:
            return WANTED
        if find.ringing:
            return RINGING
        return READY if find.connected else AWAY

    def _follow(self, state: str) -> None:
        """Show what has changed; an app that came by itself, because the watch was looked for, goes by itself."""
        if self._called:
            self.watch.close()
        else:
            self._build(state)

    def _build(self, state: str) -> None:
        self.clear()
        self._state = state
        ui, words = self.ui, self.watch.text
        middle, radius, ring, thickness, title_y, title_h, more_y, more_h = _LAYOUT[ui.metrics.panel]
        x = ui.width // 2
        self._arc = Arc(x, middle, ring, thickness, ui.accent, FAINT)
        if state == RINGING:
            self.add(self._arc)
            self._arc.set(self._find.left_percent())
        icon = icons.LARGE + (icons.BELL if state == WANTED else icons.PHONE)
        if state == AWAY:
            self.add(Button(ui, x - radius, middle - radius, 2 * radius, 2 * radius, "", icon))
        else:
            self.button(state, x - radius, middle - radius, 2 * radius, 2 * radius, self._act, "", icon, ui.accent)
        margin = ui.metrics.margin
        width = ui.width - 2 * margin
        fonts = (ui.body_font, ui.caption_font)
        self._title = self.add(Paragraph(ui, fonts, margin, title_y, width, title_h, words.get(state), WHITE, 1))
        more = words.get(state + "-more")
        self._more = self.add(Paragraph(ui, (ui.caption_font,), margin, more_y, width, more_h, more, GREY, 2))

    def _act(self) -> None:
        find, felt = self._find, TICK
        if self._state == WANTED:
            find.found()
            felt = SUCCESS
        elif self._state == RINGING:
            find.stop()
        elif not find.start():
            felt = FAILURE
            self._title.set(self.watch.text.get("full"))
            self._more.set(self.watch.text.get("full-more"))
        self.watch.haptics.play(felt)
        if self._now() != self._state:
            self._follow(self._now())
