"""What the two pages look like."""

from micropython import const

from watch.apps.api import (
    AMBER,
    CENTRE,
    FAINT,
    GREEN,
    GREY,
    LEFT,
    RED,
    SKIES,
    WHITE,
    Box,
    Icon,
    Label,
    Paragraph,
    icons,
    line,
    rgb,
)

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional

    from watch.apps.api import App, Words

_NOW = {
    # y of the place, of the temperature, of the sky and its height, of high and low, of the age
    "large": (38, 104, 232, 84, 330, 396),
    "small": (2, 30, 118, 44, 162, 198),
}
_TILES = {
    # left, top, width, height, radius
    "large": (24, 76, 176, 168, 32),
    "small": (4, 10, 114, 102, 18),
}
_WATER = rgb(0x5AB8FF)
_SNOW = rgb(0xCFE6FF)
_CLOUD = rgb(0xB9BCC6)
_MOON = rgb(0xB7C4FF)
_ORANGE = rgb(0xFF8A3D)
_VIOLET = rgb(0xC77DFF)
_INKS = {
    "clear": AMBER,
    "clouds": _CLOUD,
    "drizzle": _WATER,
    "rain": _WATER,
    "snow": _SNOW,
    "fog": _CLOUD,
    "storm": AMBER,
}
_UV = ((3, GREEN), (6, AMBER), (8, _ORANGE), (11, RED), (99, _VIOLET))
"""First index that is above each level, and the level's colour (WHO, Global Solar UV Index, 2002)."""
_DRY, _DAMP = const(40), const(70)
"""Percent of humidity below which air is called dry, and above which damp: a common reading of hygrometers."""
_UNKNOWN = "–"
_DEGREE = "°"
_QUARTER_DEG = const(45)


def add_now(app: "App", weather: "Any", night: bool) -> Label:
    """The sky, how warm it is, where; returns the empty label for its age."""
    ui, words = app.ui, app.watch.text
    place_y, top, sky_y, sky_h, range_y, age_y = _NOW[ui.metrics.panel]
    margin, fonts = ui.metrics.margin, (ui.body_font, ui.caption_font)
    inset = margin + ui.corner // 3
    app.add(Label(ui, fonts[0 if ui.large else 1], inset, place_y, ui.width - 2 * inset, weather.place, GREY))
    _add_temperature(app, weather, night, top)
    sky = weather.text or (words.get(weather.sky) if weather.sky else "")
    sky = sky[:1].upper() + sky[1:]
    app.add(Paragraph(ui, fonts, margin, sky_y, ui.width - 2 * margin, sky_h, sky, WHITE, 2, True))
    _add_range(app, weather, range_y)
    return app.add(Label(ui, ui.caption_font, inset, age_y, ui.width - 2 * inset, "", GREY))


def _add_temperature(app: "App", weather: "Any", night: bool, top: int) -> None:
    """The picture of the sky and the degrees beside it, in the largest figures that fit."""
    ui = app.ui
    code, ink = SKIES.get(weather.sky, icons.CLOUDS), _INKS.get(weather.sky, _CLOUD)
    if night and weather.sky == "clear":
        code, ink = icons.MOON, _MOON
    picture = app.add(Icon(ui, icons.LARGE + code, 0, 0, ink))
    text, gap = str(weather.temp_c), 2 * ui.metrics.gap
    degree = line(ui.title_font, _DEGREE).width
    for font in (ui.display_font, ui.figures_font):
        width = line(font, text).width
        if picture.w + gap + width + degree <= ui.width - ui.metrics.margin:
            break
    x = (ui.width - picture.w - gap - width - degree) // 2
    height = ui.display_font.line_height
    picture.x, picture.y = x, top + (height - picture.h) // 2
    x += picture.w + gap
    top += (height - font.line_height) // 2
    app.add(Label(ui, font, x, top, width, text, WHITE, LEFT))
    app.add(Label(ui, ui.title_font, x + width, top, degree + 1, _DEGREE, WHITE, LEFT))


def _add_range(app: "App", weather: "Any", y: int) -> None:
    """The highest and the lowest of the day, as far as known."""
    ui = app.ui
    parts = []
    if weather.high_c is not None:
        parts.append("↑ %d°" % weather.high_c)
    if weather.low_c is not None:
        parts.append("↓ %d°" % weather.low_c)
    margin = ui.metrics.margin
    app.add(Label(ui, ui.body_font, margin, y, ui.width - 2 * margin, "   ".join(parts), GREY, CENTRE))


def add_details(app: "App", weather: "Any") -> None:
    """Four tiles: rain, wind, humidity, sun."""
    words = app.watch.text
    _add_tile(app, 0, words.get("chance"), _percent(weather.rain_percent), words.get("likely"), _WATER)
    wind, unit = weather.wind_kmh, words.get("kmh")
    _add_tile(app, 1, _wind(words, weather), _UNKNOWN if wind is None else str(wind), unit, WHITE)
    humidity = weather.humidity_percent
    damp = "" if humidity is None else words.get("dry" if humidity < _DRY else "damp" if humidity > _DAMP else "fair")
    _add_tile(app, 2, words.get("humidity"), _percent(humidity), damp, WHITE)
    level = 0
    ink = WHITE
    if weather.uv is not None:
        level = next(place for place, (above, _) in enumerate(_UV) if weather.uv < above)
        ink = _UV[level][1]
    sun = "" if weather.uv is None else words.get("levels").split("/")[level]
    _add_tile(app, 3, words.get("uv"), _UNKNOWN if weather.uv is None else str(weather.uv), sun, ink)


def _add_tile(app: "App", place: int, name: str, value: str, unit: str, ink: int) -> None:
    ui = app.ui
    left, top, w, h, radius = _TILES[ui.metrics.panel]
    gap = ui.metrics.gap
    x, y = left + place % 2 * (w + gap), top + place // 2 * (h + gap)
    app.add(Box(x, y, w, h, radius, FAINT))
    x, w = x + gap, w - 2 * gap
    caption, title = ui.caption_font, ui.title_font
    y += (h - title.line_height - 2 * caption.line_height) // 2
    app.add(Paragraph(ui, (caption,), x, y, w, caption.line_height, name, GREY, 1))
    app.add(Label(ui, title, x, y + caption.line_height, w, value, ink, CENTRE))
    app.add(Label(ui, caption, x, y + caption.line_height + title.line_height, w, unit, GREY, CENTRE))


def _percent(value: "Optional[int]") -> str:
    return _UNKNOWN if value is None else "%d%%" % value


def _wind(words: "Words", weather: "Any") -> str:
    """The wind by where it comes from, if the phone said that."""
    if weather.wind_deg is None:
        return words.get("calm")
    eighth = (weather.wind_deg + _QUARTER_DEG // 2) // _QUARTER_DEG % 8
    return words.get("wind", words.get("from").split("/")[eighth])
