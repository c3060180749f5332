"""Pages, one above the other: today as a ring to the goal, its hours, the last seven days, and the goal itself."""

from micropython import const

from watch.apps.api import (
    BLACK,
    FAINT,
    GREEN,
    GREY,
    LEFT,
    TICK,
    WHITE,
    App,
    Arc,
    Bars,
    Icon,
    Label,
    PageDots,
    Paragraph,
    icons,
    mix,
    page_after,
)

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Watch

TODAY, HOURS, WEEK, GOAL = const(0), const(1), const(2), const(3)
_PAGES = const(4)
_RING = {
    # y of the centre, outer radius and thickness; y of the icon, of the steps, of the goal, of the distance
    "large": (214, 166, 26, 92, 164, 248, 398),
    "small": (102, 96, 14, 32, 72, 122, 206),
}
_CHART = {
    # y of title and of the number; left edge, y and height of the bars; y of what stands below them
    "large": (38, 66, 44, 150, 216, 376),
    "small": (4, 26, 14, 80, 116, 200),
}
_GOAL = {
    # y of the headline and of the number; y, side and gap of the keys
    "large": (96, 150, 280, 112, 40),
    "small": (16, 50, 124, 80, 24),
}
_DAYS = const(7)
_DAY_MIN = const(1440)
_HOUR_MIN = const(60)
_MARKED_HOURS = (0, 6, 12, 18)
_STEP = const(500)
_LEAST, _MOST = const(1000), const(40000)
_WHOLE = const(100)
_LEAST_HOUR = const(500)
"""Steps of a bar of full height in a quiet day's hours: a few steps do not look like many."""
_M_PER_TENTH = const(100)
_MOST_TENTHS = const(1000)
_DIM = const(16)  # 32nds


class ActivityApp(App):
    """Swipe up and down."""

    def open(self, watch: "Watch") -> None:
        """Show today."""
        self._activity = watch.activity
        self._goal = self._activity.goal
        self._page = TODAY
        self._build()

    def close(self) -> None:
        """Keep the goal."""
        self._keep_goal()

    def tick(self, now: int) -> None:
        """Follow the steps, and the date."""
        if self._activity.changes != self._seen or self.watch.time.minutes // _DAY_MIN != self._date:
            self._show()

    def swipe(self, direction: str) -> bool:
        """Turn the page."""
        if direction not in ("up", "down") or not self._activity.counted:
            return False
        self._keep_goal()
        page = page_after(self.ui, self._page, 1 if direction == "up" else -1, _PAGES)
        if page != self._page:
            self._page = page
            self._build()
        return True

    def _keep_goal(self) -> None:
        """Written once the wearer has made up their mind, not with every touch."""
        if self._goal != self._activity.goal and not self._activity.set_goal(self._goal):
            self._goal = self._activity.goal

    def _build(self) -> None:
        self.clear()
        ui = self.ui
        if not self._activity.counted:
            width = ui.width - 2 * ui.metrics.margin
            words = self.watch.text.get("none")
            self.add(Paragraph(ui, (ui.body_font,), ui.metrics.margin, 0, width, ui.height, words, WHITE))
        else:
            (self._build_today, self._build_hours, self._build_week, self._build_goal)[self._page]()
            y = ui.height - (ui.metrics.margin + ui.metrics.gap) // 2
            self.add(PageDots(ui, y, _PAGES, self._page))
        self._show()

    def _build_today(self) -> None:
        ui = self.ui
        middle, radius, thickness, icon_y, steps_y, goal_y, far_y = _RING[ui.metrics.panel]
        self._ring = self.add(Arc(ui.width // 2, middle, radius, thickness, ui.accent, FAINT))
        icon = self.add(Icon(ui, icons.MEDIUM + icons.STEPS, 0, icon_y, GREY))
        icon.x = (ui.width - icon.w) // 2
        width = 2 * (radius - thickness) * 14 // 16
        x = (ui.width - width) // 2
        fonts = (ui.figures_font, ui.title_font, ui.body_font)
        self._steps = self.add(Paragraph(ui, fonts, x, steps_y, width, fonts[0].line_height, "", WHITE, 1))
        self._of = self.add(Label(ui, ui.caption_font, x, goal_y, width, "", GREY))
        margin = ui.width // 6
        self._far = self.add(Label(ui, ui.caption_font, margin, far_y, ui.width - 2 * margin, "", GREY))

    def _build_hours(self) -> None:
        self._build_chart(24)
        ui, low_y = self.ui, _CHART[self.ui.metrics.panel][5]
        for hour in _MARKED_HOURS:
            x = self._bars.x + hour * self._bars.pitch
            self.add(Label(ui, ui.caption_font, x, low_y, 6 * self._bars.pitch, str(hour), GREY, LEFT))

    def _build_week(self) -> None:
        self._build_chart(_DAYS)
        ui, low_y = self.ui, _CHART[self.ui.metrics.panel][5]
        self._days = [
            self.add(
                Label(ui, ui.caption_font, self._bars.x + day * self._bars.pitch, low_y, self._bars.pitch, "", GREY)
            )
            for day in range(_DAYS)
        ]

    def _build_chart(self, count: int) -> None:
        ui = self.ui
        title_y, number_y, x, y, h, _ = _CHART[ui.metrics.panel]
        inset = ui.metrics.margin * 2 if ui.large else ui.metrics.margin
        title = self.watch.text.get("hours" if self._page == HOURS else "week")
        self.add(Label(ui, ui.caption_font, inset, title_y, ui.width - 2 * inset, title, GREY))
        self._number = self.add(Label(ui, ui.title_font, inset, number_y, ui.width - 2 * inset, "", WHITE))
        self._bars = self.add(Bars(x, y, ui.width - 2 * x, h, count, ui.accent))

    def _build_goal(self) -> None:
        ui = self.ui
        title_y, number_y, y, side, gap = _GOAL[ui.metrics.panel]
        margin = ui.metrics.margin
        width = ui.width - 2 * margin
        self.add(Label(ui, ui.body_font, margin, title_y, width, self.watch.text.get("goal"), GREY))
        self._number = self.add(Label(ui, ui.figures_font, margin, number_y, width, "", WHITE))
        x = (ui.width - 2 * side - gap) // 2
        self.button("less", x, y, side, side, self._less, icon=icons.MEDIUM + icons.MINUS, repeats=True)
        self.button("more", x + side + gap, y, side, side, self._more, icon=icons.MEDIUM + icons.PLUS, repeats=True)

    def _less(self) -> None:
        self._change(-_STEP)

    def _more(self) -> None:
        self._change(_STEP)

    def _change(self, step: int) -> None:
        self._goal = min(max(self._goal + step, _LEAST), _MOST)
        self.watch.haptics.play(TICK)
        self._show()

    def _show(self) -> None:
        """Bring the page up to date."""
        self._seen = self._activity.changes
        self._date = self.watch.time.minutes // _DAY_MIN
        if self._activity.counted:
            (self._show_today, self._show_hours, self._show_week, self._show_goal)[self._page]()

    def _show_today(self) -> None:
        words, steps = self.watch.text, self._activity.steps()
        reached = steps >= self._goal
        self._ring.recolour(GREEN if reached else self.ui.accent)
        self._ring.set(steps * _WHOLE // self._goal)
        self._steps.set(_grouped(steps))
        self._of.set(words.get("reached") if reached else words.get("of", _grouped(self._goal)))
        self._far.set(words.get("km", _kilometres(self._activity.metres(steps))))

    def _show_hours(self) -> None:
        hours = self._activity.hours()
        now = self.watch.time.minute_of_day() // _HOUR_MIN
        past = mix(self.ui.accent, BLACK, _DIM)
        inks = [self.ui.accent if hour == now else past for hour in range(24)]
        self._bars.set(hours, max(_LEAST_HOUR, *hours), -1, inks)
        self._number.set(_grouped(sum(hours)))

    def _show_week(self) -> None:
        days = [self._activity.steps(_DAYS - 1 - place) for place in range(_DAYS)]
        past = mix(self.ui.accent, BLACK, _DIM)
        inks = [GREEN if steps >= self._goal else past for steps in days]
        if days[-1] < self._goal:
            inks[-1] = self.ui.accent
        self._bars.set(days, max(self._goal * 9 // 8, *days), self._goal, inks)
        known = sum([steps > 0 for steps in days])  # a watch is not worn every day
        self._number.set(_grouped(sum(days) // max(known, 1)))
        names, today = self.watch.text.get("days"), self.watch.time.date()[3]
        for place, label in enumerate(self._days):
            label.set(names[(today + 1 + place) % _DAYS], WHITE if place == _DAYS - 1 else GREY)

    def _show_goal(self) -> None:
        self._number.set(_grouped(self._goal))


def _grouped(number: int) -> str:
    """12,345."""
    return f"{number:,}"


def _kilometres(metres: int) -> str:
    """With a tenth as long as an estimate of steps may claim one."""
    tenths = (metres + _M_PER_TENTH // 2) // _M_PER_TENTH
    return "%d.%d" % (tenths // 10, tenths % 10) if tenths < _MOST_TENTHS else _grouped(tenths // 10)
