"""One page: the track, a ring that shows how much of it has been, and the five keys of a player."""

from micropython import const

from watch.apps.api import (
    AMBER,
    CENTRE,
    FAILURE,
    FAINT,
    GREY,
    TICK,
    WHITE,
    App,
    Arc,
    Icon,
    Label,
    Paragraph,
    icons,
)

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.apps.api import Watch

_LAYOUT = {
    # y of the track and its height, of the artist, middle of the ring, its radius and thickness,
    # side of the keys beside it, y of the lower keys, their width and height, left of the first one, y of the time
    "large": (36, 84, 122, 244, 72, 8, 96, 372, 112, 88, 79, 326),
    "small": (2, 32, 34, 104, 40, 5, 64, 158, 72, 74, 4, 183),
}
_NO_PHONE = {
    # y of the picture, of the headline, of what to do and its height
    "large": (70, 206, 262, 168),
    "small": (14, 92, 128, 96),
}
_RIM = const(2)  # thicknesses of the ring between it and the key in it
_S_PER_MIN, _S_PER_H = const(60), const(3600)
_PERCENT = const(100)


def figures(seconds: int) -> str:
    """A span as minutes and seconds, with hours if there are any."""
    if seconds >= _S_PER_H:
        return "%d:%02d:%02d" % (seconds // _S_PER_H, seconds // _S_PER_MIN % 60, seconds % 60)
    return "%d:%02d" % (seconds // _S_PER_MIN, seconds % 60)


class MusicApp(App):
    """Follows the player of the phone. What a key does is seen when the phone says so."""

    def open(self, watch: "Watch") -> None:
        """Show what plays."""
        self._music, self._words = watch.music, watch.text
        self._build()

    def tick(self, now: int) -> None:
        """Show another track, another state, and where in it the player is."""
        music = self._music
        if music.phone != self._phone:
            self._build()
        elif self._keys and music.changes != self._changes:
            self._show()
        elif self._keys and self._shown_s != music.position_s():
            self._show_position()

    def _build(self) -> None:
        self.clear()
        now, self._phone = self._music.now(), self._music.phone
        self._keys = self._phone or bool(now.track or now.artist)
        if not self._keys:
            self._add_no_phone()
            return
        self._add_words()
        self._add_keys()
        self._show()

    def _add_words(self) -> None:
        ui = self.ui
        track_y, track_h, artist_y, *_ = _LAYOUT[ui.metrics.panel]
        inset = ui.metrics.margin + ui.metrics.gap
        width = ui.width - 2 * inset
        fonts = (ui.body_font, ui.caption_font)
        self._track = self.add(Paragraph(ui, fonts, inset, track_y, width, track_h, "", WHITE, 2, True))
        self._artist = self.add(Label(ui, ui.caption_font, inset, artist_y, width, "", GREY, CENTRE))

    def _add_keys(self) -> None:
        ui = self.ui
        _, _, _, middle, radius, rim, side, lower, w, h, left, time_y = _LAYOUT[ui.metrics.panel]
        x, medium = ui.width // 2, icons.MEDIUM
        self._ring = self.add(Arc(x, middle, radius, rim, WHITE, FAINT))
        inner = radius - _RIM * rim
        self._play = self.button(
            "play", x - inner, middle - inner, 2 * inner, 2 * inner, self._key("playpause"), face=ui.accent
        )
        target = ui.metrics.target
        outer = (x - target // 2 - side) // 2
        self.button(
            "previous", outer, middle - side // 2, side, side, self._key("previous"), "", medium + icons.PREVIOUS
        )
        self.button(
            "next", ui.width - outer - side, middle - side // 2, side, side, self._key("next"), "", medium + icons.NEXT
        )
        quieter, louder = medium + icons.QUIETER, medium + icons.LOUDER
        self.button("quieter", left, lower, w, h, self._key("volumedown"), "", quieter, repeats=True)
        self.button("louder", ui.width - left - w, lower, w, h, self._key("volumeup"), "", louder, repeats=True)
        room = 2 * target  # between the lower keys, or above them
        self._time = self.add(Label(ui, ui.caption_font, x - room // 2, time_y, room, "", GREY, CENTRE))

    def _show(self) -> None:
        """Show the track and the state."""
        words, now = self._words, self._music.now()
        self._changes, self._length_s = self._music.changes, now.length_s
        known = bool(now.track or now.artist or now.state)
        if known:
            self._track.set(now.track or words.get("unnamed"))
            below = now.artist or now.album
        else:
            self._track.set(words.get("nothing"))
            below = words.get("start")
        if self._phone:
            self._artist.set(below, GREY)
        else:
            self._artist.set(words.get("no-phone"), AMBER)
        picture = icons.PAUSE if now.state == "play" else icons.PLAY
        self._play.show("", icons.MEDIUM + picture, self.ui.accent)
        self._show_position()

    def _show_position(self) -> None:
        position_s = self._shown_s = self._music.position_s()
        length_s = self._length_s
        self._ring.set(position_s * _PERCENT // length_s if length_s else 0)
        self._time.set(figures(position_s) if length_s or position_s else "")

    def _key(self, name: str) -> "Callable[[], None]":
        """What a touch on a key does."""

        def press() -> None:
            self.watch.haptics.play(TICK if self._music.command(name) else FAILURE)

        return press

    def _add_no_phone(self) -> None:
        """Nothing is known, and nobody is there to ask: what to do."""
        ui, words = self.ui, self._words
        icon_y, title_y, text_y, height = _NO_PHONE[ui.metrics.panel]
        margin = ui.metrics.margin
        width = ui.width - 2 * margin
        picture = self.add(Icon(ui, icons.LARGE + icons.PHONE, 0, icon_y, GREY))
        picture.x = (ui.width - picture.w) // 2
        self.add(Label(ui, ui.body_font, margin, title_y, width, words.get("no-phone"), WHITE, CENTRE))
        self.add(Paragraph(ui, (ui.caption_font,), margin, text_y, width, height, words.get("no-phone-do"), GREY, 5))
